package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.FormCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a back-channel logout request is one (Back-Channel Logout §2.5, §2.6). */
final class LogoutTokenVerifier {
  static final String CODE = "invalid_logout_token";
  private static final String SECTION = "OpenID Connect Back-Channel Logout §2.6";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Set<String> TYPES =
      Collections.unmodifiableSet(new HashSet<>(Arrays.asList("logout+jwt", "jwt")));
  private static final int MAX_FORM_CHARS = 512 * 1024;
  private static final int MAX_PARAMETERS = 100;
  private static final int MAX_CHARS = 1024;

  private final IdTokenRules rules;
  private final JwtSignature signature;
  private final String clientId;
  private final ReplayCache replays;

  LogoutTokenVerifier(
      IdTokenRules rules, JwtSignature signature, String clientId, ReplayCache replays) {
    this.rules = rules;
    this.signature = signature;
    this.clientId = clientId;
    this.replays = replays;
  }

  LogoutToken verify(String form) throws IOException {
    Verdict.Builder verdict = Verdict.about("the logout token from " + rules.issuer());
    String text = token(form, verdict);
    JwtSignature.Signed jwt = signature.verify(text, TYPES, verdict, LogoutTokenVerifier::refused);
    Map<String, @Nullable Object> claims = rules.properlyNamed(jwt.claims());
    rules.checkOrigin(claims, jwt.algorithm(), verdict);
    checkEvent(claims, verdict);
    checkWho(claims, verdict);
    Verdict.Check failure = verdict.build().failure();
    if (failure == null && claims.get("jti") instanceof String jti) {
      checkFirstUse(jti, claims, verdict);
      failure = verdict.build().failure();
    }
    if (failure != null) {
      throw refused(
          failure.name(),
          failure.name() + " should be " + failure.expected() + ", but is " + failure.actual(),
          verdict);
    }
    return new LogoutToken(String.valueOf(claims.get("iss")), claims);
  }

  /** A parameter that comes twice is none (RFC 6749 §3.1): who reads which one is open. */
  private static String token(String form, Verdict.Builder verdict)
      throws InvalidResponseException {
    List<String> tokens = new ArrayList<>();
    try {
      for (FormCodec.Pair pair : FormCodec.decode(form, MAX_FORM_CHARS, MAX_PARAMETERS)) {
        if (pair.name().equals("logout_token")) {
          tokens.add(pair.value());
        }
      }
    } catch (IllegalArgumentException e) {
      verdict.failed("request", "a form", e.getMessage() + "", SECTION);
      throw refused("request", "the form cannot be read: " + e.getMessage(), verdict);
    }
    if (!verdict.check(
        "request",
        tokens.size() == 1,
        "one logout_token in the form",
        tokens.size() + " of them",
        "OpenID Connect Back-Channel Logout §2.5")) {
      verdict.fix("hand over the raw body of a POST; answer anything else with 405");
      throw refused("request", "the form has " + tokens.size() + " of them", verdict);
    }
    return tokens.get(0);
  }

  private static void checkWho(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    if (claims.get("sub") != null || !claims.containsKey("sid")) {
      IdTokenRules.checkSubject(claims, verdict);
    } else if (claims.containsKey("sub")) {
      verdict.failed("sub", "a text", "null", SECTION);
    }
    if (claims.containsKey("sid")) {
      checkText("sid", claims, verdict);
    }
    checkText("jti", claims, verdict);
  }

  private static void checkText(
      String name, Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    boolean usable =
        claims.get(name) instanceof String text && !text.isEmpty() && text.length() <= MAX_CHARS;
    verdict.check(
        name,
        usable,
        "a text of 1 to " + MAX_CHARS + " characters",
        usable ? "such a text" : claims.containsKey(name) ? "not usable" : "nothing",
        SECTION);
  }

  private static void checkEvent(Map<String, @Nullable Object> claims, Verdict.Builder verdict) {
    boolean logout =
        claims.get("events") instanceof Map<?, ?> events && events.get(EVENT) instanceof Map;
    verdict.check(
        "events",
        logout,
        "the event of a logout",
        logout ? "it" : claims.containsKey("events") ? "something else" : "nothing",
        SECTION);
    boolean nonce = claims.containsKey("nonce");
    verdict.check(
        "nonce", !nonce, "nothing", nonce ? "a nonce, as in an ID token" : "nothing", SECTION);
  }

  private void checkFirstUse(
      String jti, Map<String, @Nullable Object> claims, Verdict.Builder verdict)
      throws IOException {
    boolean first = replays.add(hash(jti), rules.lastAcceptedAt(claims));
    verdict.check(
        "jti", first, "a token that was not used", first ? "new" : "used before", SECTION);
  }

  private String hash(String jti) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (rules.issuer() + '\n' + clientId + '\n' + jti).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-2", e);
    }
  }

  private static InvalidResponseException refused(
      String check, String reason, Verdict.Builder verdict) {
    return new InvalidResponseException(
        CODE, "the logout token is refused: " + reason, verdict.build());
  }
}
