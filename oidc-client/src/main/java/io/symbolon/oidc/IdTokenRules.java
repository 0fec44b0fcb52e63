package io.symbolon.oidc;

import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Constant;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the claims of an ID token must say (OpenID Connect Core §2, §3.1.3.7, §12.2). */
final class IdTokenRules {
  private static final String CORE = "OpenID Connect Core §3.1.3.7";
  private static final String REFRESH = "OpenID Connect Core §12.2";
  private static final String PUSH = "CIBA Core §10.3.1";
  private static final String JWT = "RFC 7519 §4.1";
  private static final long LAST_SECOND = 253_402_300_799L; // of the year 9999
  private static final Pattern SUBJECT = Pattern.compile("[\\x20-\\x7E]{1,255}");

  private static final String RT_HASH = "urn:openid:params:jwt:claim:rt_hash";
  private static final String AUTH_REQ_ID = "urn:openid:params:jwt:claim:auth_req_id";
  private static final Map<String, String> HASHED =
      Map.of(
          "at_hash", "access token", "c_hash", "code", "s_hash", "state", RT_HASH, "refresh token");

  private final KnownIssuer issuer;
  private final String clientId;
  private final Set<String> trustedAudiences;
  private final Duration leeway;
  private final Duration maxTokenAge;
  private final Clock clock;
  private final @Nullable Duration clockOffset;

  /**
   * @param clockOffset how far the server's clock is ahead of ours; null when unknown
   */
  IdTokenRules(
      KnownIssuer issuer,
      String clientId,
      Set<String> trustedAudiences,
      Duration leeway,
      Duration maxTokenAge,
      Clock clock,
      @Nullable Duration clockOffset) {
    this.issuer = issuer;
    this.clientId = clientId;
    // A set that answers when it is asked for null, as a hostile token makes us ask.
    this.trustedAudiences = new HashSet<>(trustedAudiences);
    this.leeway = leeway;
    this.maxTokenAge = maxTokenAge;
    this.clock = clock;
    this.clockOffset = clockOffset;
  }

  String issuer() {
    return issuer.name();
  }

  /** The same claims with the proper name of the issuer, which may have others, too. */
  Map<String, @Nullable Object> properlyNamed(Map<String, @Nullable Object> claims) {
    String proper = issuer.properName(claims);
    if (proper == null || proper.equals(claims.get("iss"))) {
      return claims;
    }
    Map<String, @Nullable Object> named = new LinkedHashMap<>(claims);
    named.put("iss", proper);
    return Collections.unmodifiableMap(named);
  }

  /** Runs every check, then refuses if one failed. */
  void check(
      Map<String, @Nullable Object> claims,
      SignatureAlgorithm algorithm,
      IdTokenExpectation expected,
      Verdict.Builder verdict)
      throws IdTokenException {
    checkIssuer(claims, verdict);
    checkSubject(claims, verdict);
    checkAudience(claims, algorithm, verdict);
    checkTimes(claims, verdict);
    checkKind(claims, verdict);
    checkNonce(claims, expected, verdict);
    checkHash("at_hash", expected.accessToken(), claims, algorithm, expected, verdict);
    checkHash("c_hash", expected.code(), claims, algorithm, expected, verdict);
    checkHash("s_hash", expected.state(), claims, algorithm, expected, verdict);
    checkHash(RT_HASH, expected.refreshToken(), claims, algorithm, expected, verdict);
    checkPushed(claims, expected, verdict);
    checkDemandedSubject(claims, expected, verdict);
    checkTwin(claims, expected, verdict);
    checkAuthentication(claims, expected, verdict);
    checkContinuity(claims, expected, verdict);
    Verdict.Check failure = verdict.build().failure();
    if (failure != null) {
      throw IdTokenVerifier.refused(
          failure.name(),
          failure.name() + " should be " + failure.expected() + ", but is " + failure.actual(),
          verdict);
    }
  }

  /** Whether a token of another kind is from our issuer, for us, and of now. */
  void checkOrigin(
      Map<String, @Nullable Object> claims, SignatureAlgorithm algorithm, Verdict.Builder verdict) {
    checkIssuer(claims, verdict);
    checkAudience(claims, algorithm, verdict);
    checkTimes(claims, verdict);
  }

  /** What a signed JWT must say that is not a token: only for whom and by whom is required. */
  void checkStatement(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    checkIssuer(claims, verdict);
    checkAmongAudience(claims, verdict);
    checkPresentTimes(claims, verdict);
    checkKind(claims, verdict);
  }

  /** The same for claims that another provider passes on, for whom it likes (§5.6.2). */
  void checkProvided(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    checkIssuer(claims, verdict);
    if (claims.containsKey("aud")) {
      checkAmongAudience(claims, verdict);
    }
    checkPresentTimes(claims, verdict);
    checkKind(claims, verdict);
    if (claims.containsKey("nonce")) {
      verdict.failed("nonce", "nothing", "a nonce, as in an ID token", "RFC 8725 §3.12");
    }
  }

  private void checkAmongAudience(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    boolean right = asList(claims.get("aud")).contains(clientId);
    verdict.check(
        "aud",
        right,
        "\"" + clientId + "\", perhaps among others",
        Display.quote(claims.get("aud")),
        "OpenID Connect Core §5.3.2");
  }

  private void checkPresentTimes(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    long now = clock.instant().getEpochSecond();
    if (claims.containsKey("exp")) {
      Double exp = seconds(claims, "exp");
      boolean live = exp != null && now < exp + leeway.getSeconds();
      verdict.check("exp", live, "after " + at(now), at(claims, "exp"), JWT);
    }
    checkNotBefore(claims, now, verdict);
  }

  private void checkNotBefore(
      Map<String, @Nullable Object> claims, long now, Verdict.Builder verdict) {
    if (claims.containsKey("nbf")) {
      Double nbf = seconds(claims, "nbf");
      boolean begun = nbf != null && nbf <= now + leeway.getSeconds();
      verdict.check("nbf", begun, "not after " + at(now), at(claims, "nbf"), JWT);
    }
  }

  /** Until when a token with these claims passes {@link #checkOrigin}. */
  Instant lastAcceptedAt(Map<String, @Nullable Object> claims) {
    Double exp = seconds(claims, "exp");
    Double iat = seconds(claims, "iat");
    if (exp == null || iat == null) {
      throw new IllegalStateException("an accepted token has exp and iat");
    }
    double last = Math.min(exp, iat + maxTokenAge.getSeconds());
    return Instant.ofEpochSecond((long) last + 1).plus(leeway);
  }

  private void checkIssuer(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    Object iss = claims.get("iss");
    boolean ours = issuer.properName(claims) != null;
    String whose =
        !ours && issuer.names().contains(iss) ? ", for another tenant than it names" : "";
    verdict.check("iss", ours, issuer.expected(), Display.quote(iss) + whose, CORE);
  }

  static void checkSubject(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    boolean usable = claims.get("sub") instanceof String sub && SUBJECT.matcher(sub).matches();
    verdict.check(
        "sub",
        usable,
        "a text of 1 to 255 ASCII characters",
        usable
            ? String.valueOf(claims.get("sub")).length() + " such characters"
            : kind(claims.get("sub")),
        "OpenID Connect Core §2");
  }

  private void checkAudience(
      Map<String, @Nullable Object> claims, SignatureAlgorithm algorithm, Verdict.Builder verdict) {
    Object aud = claims.get("aud");
    List<?> audience = aud instanceof List<?> list ? list : Collections.singletonList(aud);
    boolean right =
        audience.contains(clientId)
            && audience.stream()
                .allMatch(member -> clientId.equals(member) || trustedAudiences.contains(member))
            && !(algorithm.isSymmetric() && audience.size() > 1);
    verdict.check(
        "aud", right, "\"" + clientId + "\" and trusted audiences only", Display.quote(aud), CORE);
    if (claims.containsKey("azp")) {
      Object azp = claims.get("azp");
      verdict.check("azp", clientId.equals(azp), "\"" + clientId + "\"", Display.quote(azp), CORE);
    }
  }

  private void checkTimes(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    long now = clock.instant().getEpochSecond();
    Double exp = seconds(claims, "exp");
    boolean live = exp != null && now < exp + leeway.getSeconds();
    verdict.check("exp", live, "after " + at(now), at(claims, "exp"), CORE);
    Double iat = seconds(claims, "iat");
    boolean fresh =
        iat != null
            && iat <= now + leeway.getSeconds()
            && iat >= now - maxTokenAge.getSeconds() - leeway.getSeconds()
            && (exp == null || iat <= exp);
    verdict.check(
        "iat",
        fresh,
        "from " + at(now - maxTokenAge.getSeconds()) + " to " + at(now) + ", and before exp",
        at(claims, "iat"),
        CORE);
    checkNotBefore(claims, now, verdict);
    if (!live || !fresh) {
      verdict.cause(
          "our clock or the server's is wrong, or the token was kept and shown again"
              + (clockOffset == null
                  ? ""
                  : "; by its last answer the server's clock is "
                      + clockOffset.abs().getSeconds()
                      + (clockOffset.isNegative() ? " s behind ours" : " s ahead of ours")));
    }
  }

  /** A logout token is signed by the same issuer for the same audience. */
  private static void checkKind(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    if (claims.containsKey("events")) {
      verdict.failed("events", "nothing", "a security event", "RFC 8725 §3.12");
    }
  }

  private void checkNonce(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    if (expected.original() != null) {
      return;
    }
    Object nonce = claims.get("nonce");
    boolean mayBeMissing = expected.nonce() == null || !issuer.tiesLogins();
    boolean same =
        nonce instanceof String text
            && expected.nonce() != null
            && Constant.timeEquals(text, expected.nonce());
    boolean right = claims.containsKey("nonce") ? same : mayBeMissing;
    verdict.check(
        "nonce",
        right,
        expected.nonce() == null ? "nothing" : "the nonce of this login",
        right ? "as expected" : nonce == null ? "nothing" : "another",
        CORE);
  }

  /** In the browser a code or token could be replaced by another user's, but for its hash. */
  private static void checkHash(
      String name,
      @Nullable String value,
      Map<String, @Nullable Object> claims,
      SignatureAlgorithm algorithm,
      IdTokenExpectation expected,
      Verdict.Builder verdict) {
    boolean vouched = expected.fromBrowser() || expected.isPushed();
    boolean required = vouched && value != null && !name.equals("s_hash");
    if (!claims.containsKey(name) && !required) {
      return;
    }
    Object hash = claims.get(name);
    boolean right =
        hash instanceof String text
            && (value == null || Constant.timeEquals(text, halfHash(value, algorithm)));
    verdict.check(
        name,
        right,
        "the hash of the " + HASHED.get(name),
        right ? "the same" : hash == null ? "nothing" : "another",
        hashSection(expected));
  }

  private static String hashSection(IdTokenExpectation expected) {
    if (expected.isPushed()) {
      return PUSH;
    }
    return expected.fromBrowser()
        ? "OpenID Connect Core §3.3.2.11"
        : "OpenID Connect Core §3.1.3.8";
  }

  /** Tokens that are pushed could be those of another request, but for its name in the token. */
  private static void checkPushed(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    if (!expected.isPushed()) {
      return;
    }
    Object named = claims.get(AUTH_REQ_ID);
    boolean right = named instanceof String text && Constant.timeEquals(text, expected.authReqId());
    verdict.check(
        AUTH_REQ_ID,
        right,
        "the auth_req_id of this request",
        right ? "the same" : named == null ? "nothing" : "another",
        PUSH);
  }

  private static void checkDemandedSubject(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    if (!expected.subjects().isEmpty()) {
      boolean right = expected.subjects().contains(claims.get("sub"));
      verdict.check(
          "sub",
          right,
          "the user who was asked for",
          right ? "the same" : "another",
          "OpenID Connect Core §3.1.2.2");
    }
  }

  /** Both ID tokens of a hybrid login are about one user. */
  private static void checkTwin(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    IdToken twin = expected.twin();
    if (twin == null) {
      return;
    }
    for (String name : Arrays.asList("iss", "sub")) {
      boolean same = Objects.equals(claims.get(name), twin.claim(name));
      verdict.check(
          name,
          same,
          "as in the ID token that came by the browser",
          same ? "the same" : "another",
          "OpenID Connect Core §3.3.3.6");
    }
  }

  private static String halfHash(String token, SignatureAlgorithm algorithm) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm.hash())
              .digest(token.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, digest.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }

  private void checkAuthentication(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    long now = clock.instant().getEpochSecond();
    Double authTime = seconds(claims, "auth_time");
    Long maxAge = expected.maxAgeSeconds();
    if (claims.containsKey("auth_time") || maxAge != null) {
      boolean right =
          authTime != null
              && authTime <= now + leeway.getSeconds()
              && (maxAge == null || now - authTime <= maxAge + leeway.getSeconds());
      verdict.check(
          "auth_time",
          right,
          maxAge == null ? "a time" : "not before " + at(now - maxAge),
          at(claims, "auth_time"),
          CORE);
    }
    if (!expected.acrValues().isEmpty()) {
      Object acr = claims.get("acr");
      verdict.check(
          "acr",
          acr instanceof String && expected.acrValues().contains(acr),
          "one of " + expected.acrValues(),
          Display.quote(acr),
          "OpenID Connect Core §5.5.1.1");
    }
  }

  /** A refresh must not hand us another user, or the old token again. */
  private void checkContinuity(
      Map<String, @Nullable Object> claims, IdTokenExpectation expected, Verdict.Builder verdict) {
    Map<String, @Nullable Object> original = expected.original();
    if (original == null) {
      return;
    }
    if (original.containsKey("iss")) {
      same("iss", claims, original, verdict);
    }
    same("sub", claims, original, verdict);
    same("aud", claims, original, verdict);
    for (String optional : Arrays.asList("nonce", "azp", "auth_time")) {
      if (claims.containsKey(optional) && original.containsKey(optional)) {
        same(optional, claims, original, verdict);
      }
    }
    for (String own : Arrays.asList("nonce", "azp")) {
      if (claims.containsKey(own) && !original.containsKey(own)) {
        verdict.failed(own, "nothing, as at the login", "not nothing", REFRESH);
      }
    }
    Double iat = seconds(claims, "iat");
    Double before = seconds(original, "iat");
    long now = clock.instant().getEpochSecond();
    boolean newer =
        iat != null
            && before != null
            && iat >= before
            && (iat > before || now - before <= leeway.getSeconds());
    verdict.check("iat", newer, "newer than at the login", at(claims, "iat"), REFRESH);
  }

  private static void same(
      String name,
      Map<String, @Nullable Object> claims,
      Map<String, @Nullable Object> original,
      Verdict.Builder verdict) {
    boolean same = sameValue(claims.get(name), original.get(name));
    verdict.check(name, same, "as at the login", same ? "the same" : "another", REFRESH);
  }

  /** However it is written: 1767221600 and 1767221600.0, or one audience before the other. */
  private static boolean sameValue(@Nullable Object one, @Nullable Object other) {
    return (one instanceof Number a && other instanceof Number b)
        ? new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0
        : new HashSet<>(asList(one)).equals(new HashSet<>(asList(other)));
  }

  private static List<?> asList(@Nullable Object value) {
    return value instanceof List<?> list ? list : Collections.singletonList(value);
  }

  /** A NumericDate in a sane range; null for anything else (RFC 7519 §2). */
  private static @Nullable Double seconds(Map<String, @Nullable Object> claims, String name) {
    if (!(claims.get(name) instanceof Number number)) {
      return null;
    }
    double seconds = number.doubleValue();
    return seconds >= 0 && seconds <= LAST_SECOND ? seconds : null;
  }

  private static String at(Map<String, @Nullable Object> claims, String name) {
    Double seconds = seconds(claims, name);
    return seconds == null ? kind(claims.get(name)) : at(seconds.longValue());
  }

  private static String at(long seconds) {
    return Instant.ofEpochSecond(seconds).toString();
  }

  private static String kind(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    return value instanceof Number ? "a number out of range" : "not usable";
  }
}
