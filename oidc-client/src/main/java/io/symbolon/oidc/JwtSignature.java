package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
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
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a JWT was signed by the issuer: format, type, algorithm, key and signature, one
 * after the other. What its claims say is for others to judge.
 */
final class JwtSignature {
  private static final int MAX_TRIALS = 4;
  private static final String CORE = "OpenID Connect Core §3.1.3.7";

  /** Where the issuer's keys come from. */
  @FunctionalInterface
  interface Keys {
    KeySet keys(@Nullable String keyId) throws IOException;

    /** The keys as they are now, for a token that none of these has signed and that names none. */
    default KeySet fresherThan(KeySet seen) throws IOException {
      return seen;
    }
  }

  /** How a token of this kind is refused. */
  @FunctionalInterface
  interface Refusal {
    InvalidResponseException of(String check, String reason, Verdict.Builder verdict);
  }

  /** A JWT whose signature was verified, as it was signed. */
  record Signed(String text, Map<String, @Nullable Object> claims, SignatureAlgorithm algorithm) {}

  private final Set<String> algorithms;
  private final String setting;
  private final @Nullable Secret clientSecret;
  private final Keys keys;
  private final Decryption decryption;

  /**
   * @param algorithms exact names of the algorithms that are allowed
   * @param setting with what a program allows others
   * @param clientSecret null for a public client, which cannot check a MAC
   */
  JwtSignature(
      Set<String> algorithms,
      String setting,
      @Nullable Secret clientSecret,
      Keys keys,
      Decryption decryption) {
    this.algorithms = algorithms;
    this.setting = setting;
    this.clientSecret = clientSecret;
    this.keys = keys;
    this.decryption = decryption;
  }

  /** The same for a client that registered no encryption. */
  JwtSignature(Set<String> algorithms, String setting, @Nullable Secret clientSecret, Keys keys) {
    this(algorithms, setting, clientSecret, keys, Decryption.NONE);
  }

  /**
   * The JWT, if the issuer signed it.
   *
   * @param types what its header may say it is, each as {@link StrictJwt#comparable}; it may also
   *     say nothing
   * @throws InvalidResponseException the refusal
   * @throws IOException when the issuer's keys cannot be had
   */
  Signed verify(String text, Set<String> types, Verdict.Builder verdict, Refusal refusal)
      throws IOException {
    String signed = decryption.opened(text, verdict, refusal);
    StrictJwt jwt = parse(signed, verdict, refusal);
    checkType(jwt, types, verdict, refusal);
    SignatureAlgorithm algorithm = algorithm(jwt, verdict, refusal);
    checkSignature(jwt, algorithm, verdict, refusal);
    return new Signed(signed, jwt.claims(), algorithm);
  }

  private static StrictJwt parse(String text, Verdict.Builder verdict, Refusal refusal)
      throws InvalidResponseException {
    try {
      StrictJwt jwt = StrictJwt.parse(text);
      verdict.passed("format", "a signed JWT", "RFC 7519 §7.2");
      return jwt;
    } catch (MalformedJwtException e) {
      verdict.failed(e.check(), "a signed JWT", e.getMessage() + "", "RFC 7519 §7.2");
      throw refusal.of(e.check(), "it is " + e.getMessage(), verdict);
    }
  }

  /** A token of another kind must not pass for one of this (RFC 8725 §3.11). */
  private static void checkType(
      StrictJwt jwt, Set<String> types, Verdict.Builder verdict, Refusal refusal)
      throws InvalidResponseException {
    String type = jwt.type();
    boolean right = type == null || types.contains(jwt.comparableType());
    String expected = types.size() == 1 ? "JWT or nothing" : "one of " + types + " or nothing";
    if (!verdict.check("typ", right, expected, Display.quote(type), "RFC 8725 §3.11")) {
      throw refusal.of("typ", "it is of the type " + Display.quote(type), verdict);
    }
  }

  private SignatureAlgorithm algorithm(StrictJwt jwt, Verdict.Builder verdict, Refusal refusal)
      throws InvalidResponseException {
    String name = jwt.algorithm();
    SignatureAlgorithm algorithm =
        algorithms.contains(name) ? SignatureAlgorithm.named(name) : null;
    verdict.check(
        "alg", algorithm != null, "one of " + algorithms, Display.quote(name), "RFC 8725 §3.1");
    if (algorithm == null) {
      verdict.fix(
          "if the server really signs with it for this client, allow it by "
              + setting
              + "; \"none\" cannot be allowed");
      throw refusal.of("alg", "it is signed with " + Display.quote(name), verdict);
    }
    if (algorithm.isSymmetric() && clientSecret == null) {
      verdict.failed("alg", "a public key algorithm", name, "OpenID Connect Core §10.1");
      throw refusal.of("alg", "a client without secret cannot check " + name, verdict);
    }
    return algorithm;
  }

  private void checkSignature(
      StrictJwt jwt, SignatureAlgorithm algorithm, Verdict.Builder verdict, Refusal refusal)
      throws IOException {
    boolean verified =
        (algorithm.isSymmetric() && clientSecret != null)
            ? SharedKey.verifies(clientSecret.reveal(), algorithm, jwt)
            : verifiedByIssuer(jwt, algorithm, verdict, refusal);
    if (!verdict.check(
        "signature",
        verified,
        "a signature of the issuer",
        verified ? "valid" : "not valid",
        CORE)) {
      verdict.cause("the token was changed or made by somebody else, or the keys were replaced");
      throw refusal.of("signature", "its signature is not the issuer's", verdict);
    }
  }

  private boolean verifiedByIssuer(
      StrictJwt jwt, SignatureAlgorithm algorithm, Verdict.Builder verdict, Refusal refusal)
      throws IOException {
    String keyId = jwt.keyId();
    KeySet known = keys.keys(keyId);
    List<VerificationKey> candidates = known.candidates(keyId, algorithm);
    boolean verified = verifies(candidates, algorithm, jwt);
    if (!verified && keyId == null) { // a key that was replaced shows only in this way
      KeySet fresh = keys.fresherThan(known);
      candidates = fresh.candidates(null, algorithm);
      verified = fresh != known && verifies(candidates, algorithm, jwt);
    }
    if (!verdict.check(
        "key",
        !candidates.isEmpty(),
        "a key of the issuer for " + algorithm,
        candidates.isEmpty() ? "none named " + Display.quote(keyId) : "found",
        "RFC 7515 §6")) {
      throw refusal.of("key", "the issuer publishes no key that fits", verdict);
    }
    return verified;
  }

  private static boolean verifies(
      List<VerificationKey> candidates, SignatureAlgorithm algorithm, StrictJwt jwt) {
    return candidates.stream().limit(MAX_TRIALS).anyMatch(key -> key.verifies(algorithm, jwt));
  }
}
