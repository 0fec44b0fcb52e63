package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.jose.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Believes an introspection response only if the server has signed it for us (RFC 9701 §5). */
final class SignedIntrospection {
  static final String MEDIA_TYPE = "application/token-introspection+jwt";

  private static final String TYPE = "token-introspection+jwt";
  private static final String SECTION = "RFC 9701 §5";
  private static final long MAX_AGE_SECONDS = 600;
  private static final int MAX_TRIALS = 4;

  private final RemoteKeySet keys;
  private final Clock clock;
  private final long leewaySeconds;
  private final @Nullable Profile profile;

  SignedIntrospection(RemoteKeySet keys, Clock clock, Duration leeway, @Nullable Profile profile) {
    this.keys = keys;
    this.clock = clock;
    this.leewaySeconds = leeway.getSeconds();
    this.profile = profile;
  }

  Introspection read(EndpointAnswer answer, AuthorizationServer server, String audience)
      throws IOException {
    HttpAnswer http = answer.http();
    if (!http.isSuccess() || !MEDIA_TYPE.equals(http.mediaType())) {
      answer.object();
      throw answer.refused("malformed_response", "did not sign what it was asked to sign", SECTION);
    }
    Verdict.Builder verdict = Verdict.about("the signed introspection response of " + server);
    StrictJwt jwt = parse(http, verdict);
    checkType(jwt, verdict);
    checkSignature(jwt, server, verdict);
    return Introspection.of(content(jwt.claims(), server, audience, verdict), answer);
  }

  private static StrictJwt parse(HttpAnswer http, Verdict.Builder verdict)
      throws InvalidResponseException {
    try {
      return StrictJwt.parse(new String(http.body(), StandardCharsets.ISO_8859_1));
    } catch (MalformedJwtException e) {
      throw failed(verdict, e.check(), "a signed JWT", String.valueOf(e.getMessage()));
    }
  }

  private static void checkType(StrictJwt jwt, Verdict.Builder verdict)
      throws InvalidResponseException {
    if (!TYPE.equals(jwt.comparableType())) {
      throw failed(verdict, "typ", TYPE, Display.quote(jwt.type()));
    }
    verdict.passed("typ", TYPE, SECTION);
  }

  private void checkSignature(StrictJwt jwt, AuthorizationServer server, Verdict.Builder verdict)
      throws IOException {
    Collection<String> allowed = allowed(server);
    SignatureAlgorithm algorithm =
        allowed.contains(jwt.algorithm()) ? SignatureAlgorithm.named(jwt.algorithm()) : null;
    if (algorithm == null || algorithm.isSymmetric()) {
      throw failed(
          verdict,
          "alg",
          "a public key algorithm of " + Display.clean(allowed.toString()),
          Display.quote(jwt.algorithm()));
    }
    KeySet published = keys.keys(server.existing("jwks_uri", SECTION), jwt.keyId());
    List<VerificationKey> candidates = published.candidates(jwt.keyId(), algorithm);
    if (candidates.stream().limit(MAX_TRIALS).noneMatch(key -> key.verifies(algorithm, jwt))) {
      throw failed(
          verdict,
          "signature",
          "a signature of the server",
          candidates.isEmpty() ? "one by a key that it does not publish" : "not valid");
    }
    verdict.passed("signature", "valid", SECTION);
  }

  /** What the server announces, as far as the profile allows it. */
  private Collection<String> allowed(AuthorizationServer server) {
    List<String> named = server.strings("introspection_signing_alg_values_supported");
    if (profile == null) {
      return named == null ? Collections.singletonList("RS256") : named;
    }
    Set<String> allowed = new LinkedHashSet<>(profile.signatureAlgorithms());
    if (named != null) {
      allowed.retainAll(named);
    }
    return allowed;
  }

  /** The claims sub and exp of the outside would be about the response, and are ignored. */
  @SuppressWarnings("unchecked") // a JSON object has names for keys
  private Map<String, @Nullable Object> content(
      Map<String, @Nullable Object> claims,
      AuthorizationServer server,
      String audience,
      Verdict.Builder verdict)
      throws InvalidResponseException {
    Object iss = claims.get("iss");
    if (server.issuer() == null || !server.issuer().equals(iss)) {
      throw failed(verdict, "iss", Display.quote(server.issuer()), Display.quote(iss));
    }
    Object aud = claims.get("aud");
    if (!audience.equals(aud) && !(aud instanceof List<?> list && list.contains(audience))) {
      throw failed(verdict, "aud", Display.quote(audience), Display.quote(aud));
    }
    checkAge(claims.get("iat"), verdict);
    if (claims.get("token_introspection") instanceof Map<?, ?> content) {
      return (Map<String, @Nullable Object>) content;
    }
    throw failed(verdict, "token_introspection", "a JSON object", "none");
  }

  private void checkAge(@Nullable Object iat, Verdict.Builder verdict)
      throws InvalidResponseException {
    long now = clock.instant().getEpochSecond();
    double at = iat instanceof Number number ? number.doubleValue() : Double.NaN;
    if (!(at <= now + leewaySeconds && at >= now - MAX_AGE_SECONDS - leewaySeconds)) {
      throw failed(
          verdict, "iat", "from the last " + MAX_AGE_SECONDS + " s before " + now, iat + "");
    }
  }

  private static InvalidResponseException failed(
      Verdict.Builder verdict, String check, String expected, String actual) {
    String came = Display.clean(actual);
    return new InvalidResponseException(
        "invalid_introspection",
        "the signed introspection response is refused: "
            + (check + " should be " + expected + ", but is " + came),
        verdict.failed(check, expected, came, SECTION).build(),
        200);
  }
}
