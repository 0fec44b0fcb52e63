package io.symbolon.oidc;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import io.symbolon.oauth.internal.jose.SharedKey;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.jose.VerificationKey;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a text is an ID token that we may believe: format, algorithm, key and signature
 * here, one after the other; then the claims, all of them, so that a refusal shows everything.
 */
final class IdTokenVerifier {
  private static final int MAX_TRIALS = 4;
  private static final String CORE = "OpenID Connect Core §3.1.3.7";

  /** Where the issuer's keys come from. */
  @FunctionalInterface
  interface Keys {
    KeySet keys(@Nullable String keyId) throws IOException;
  }

  private final IdTokenRules rules;
  private final Set<String> algorithms;
  private final @Nullable Secret clientSecret;
  private final Keys keys;

  /**
   * @param algorithms exact names of the algorithms that are allowed
   * @param clientSecret null for a public client, which cannot check a MAC
   */
  IdTokenVerifier(
      IdTokenRules rules, Set<String> algorithms, @Nullable Secret clientSecret, Keys keys) {
    this.rules = rules;
    this.algorithms = algorithms;
    this.clientSecret = clientSecret;
    this.keys = keys;
  }

  /**
   * Believes or refuses.
   *
   * @throws IdTokenException when the token is refused
   * @throws IOException when the issuer's keys cannot be had
   */
  IdToken verify(String text, IdTokenExpectation expectation) throws IOException {
    Verdict.Builder verdict = Verdict.about("the ID token from " + rules.issuer());
    StrictJwt jwt = parse(text, verdict);
    checkType(jwt, verdict);
    SignatureAlgorithm algorithm = algorithm(jwt, verdict);
    checkSignature(jwt, algorithm, verdict);
    rules.check(jwt.claims(), algorithm, expectation, verdict);
    return new IdToken(Secret.of(text), jwt.claims());
  }

  private static StrictJwt parse(String text, Verdict.Builder verdict) throws IdTokenException {
    try {
      StrictJwt jwt = StrictJwt.parse(text);
      verdict.passed("format", "a signed JWT", "RFC 7519 §7.2");
      return jwt;
    } catch (MalformedJwtException e) {
      verdict.failed(e.check(), "a signed JWT", e.getMessage() + "", "RFC 7519 §7.2");
      throw refused(e.check(), "it is " + e.getMessage(), verdict);
    }
  }

  /** A token of another kind must not pass for an ID token (RFC 8725 §3.11). */
  private static void checkType(StrictJwt jwt, Verdict.Builder verdict) throws IdTokenException {
    String type = jwt.type();
    boolean right = type == null || type.toLowerCase(Locale.ROOT).equals("jwt");
    if (!verdict.check("typ", right, "JWT or nothing", Display.quote(type), "RFC 8725 §3.11")) {
      throw refused("typ", "it is of the type " + Display.quote(type), verdict);
    }
  }

  private SignatureAlgorithm algorithm(StrictJwt jwt, Verdict.Builder verdict)
      throws IdTokenException {
    String name = jwt.algorithm();
    SignatureAlgorithm algorithm =
        algorithms.contains(name) ? SignatureAlgorithm.named(name) : null;
    verdict.check(
        "alg", algorithm != null, "one of " + algorithms, Display.quote(name), "RFC 8725 §3.1");
    if (algorithm == null) {
      verdict.fix(
          "if the server really signs with it for this client, allow it by idTokenAlgorithms(…);"
              + " \"none\" cannot be allowed");
      throw refused("alg", "it is signed with " + Display.quote(name), verdict);
    }
    if (algorithm.isSymmetric() && clientSecret == null) {
      verdict.failed("alg", "a public key algorithm", name, "OpenID Connect Core §10.1");
      throw refused("alg", "a client without secret cannot check " + name, verdict);
    }
    return algorithm;
  }

  private void checkSignature(StrictJwt jwt, SignatureAlgorithm algorithm, Verdict.Builder verdict)
      throws IOException {
    boolean verified =
        (algorithm.isSymmetric() && clientSecret != null)
            ? SharedKey.verifies(clientSecret.reveal(), algorithm, jwt)
            : verifiedByIssuer(jwt, algorithm, verdict);
    if (!verdict.check(
        "signature",
        verified,
        "a signature of the issuer",
        verified ? "valid" : "not valid",
        CORE)) {
      verdict.cause("the token was changed or made by somebody else, or the keys were replaced");
      throw refused("signature", "its signature is not the issuer's", verdict);
    }
  }

  private boolean verifiedByIssuer(
      StrictJwt jwt, SignatureAlgorithm algorithm, Verdict.Builder verdict) throws IOException {
    String keyId = jwt.keyId();
    List<VerificationKey> candidates = keys.keys(keyId).candidates(keyId, algorithm);
    if (!verdict.check(
        "key",
        !candidates.isEmpty(),
        "a key of the issuer for " + algorithm,
        candidates.isEmpty() ? "none named " + Display.quote(keyId) : "found",
        "RFC 7515 §6")) {
      throw refused("key", "the issuer publishes no key that fits", verdict);
    }
    return candidates.stream().limit(MAX_TRIALS).anyMatch(key -> key.verifies(algorithm, jwt));
  }

  static IdTokenException refused(String check, String reason, Verdict.Builder verdict) {
    return new IdTokenException(check, "the ID token is refused: " + reason, verdict.build());
  }
}
