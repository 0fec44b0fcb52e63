package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.jose.EncryptedJwt;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import io.symbolon.oauth.internal.jose.SharedKey;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.jose.VerificationKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authorization responses that are JWTs (JARM §2.4). In this order: decryption, form, issuer,
 * audience, time, algorithm, signature; only then the parameters. No key is looked for before the
 * issuer is known.
 */
final class SignedResponses {
  private static final String JARM = "JARM §2.4";
  private static final int MAX_TRIALS = 4;
  private static final long LAST_SECOND = 253_402_300_799L; // of the year 9999
  private static final List<String> NO_PARAMETERS =
      Arrays.asList("aud", "exp", "iat", "nbf", "jti");

  private final @Nullable Set<String> algorithms;
  private final @Nullable Secret clientSecret;
  private final List<DecryptionKey> decryptionKeys;
  private final Supplier<RemoteKeySet> keys;
  private final Clock clock;
  private final long leewaySeconds;

  /**
   * @param algorithms the names that are allowed; null for those that the server announces
   * @param decryptionKeys when there are any, a response must be encrypted to one of them
   * @param leeway how far the server's clock may be from ours
   */
  SignedResponses(
      @Nullable Set<String> algorithms,
      @Nullable Secret clientSecret,
      List<DecryptionKey> decryptionKeys,
      Supplier<RemoteKeySet> keys,
      Clock clock,
      Duration leeway) {
    this.algorithms = algorithms;
    this.clientSecret = clientSecret;
    this.decryptionKeys = decryptionKeys;
    this.keys = keys;
    this.clock = clock;
    this.leewaySeconds = leeway.getSeconds();
  }

  /** The parameters that the server signed: texts only, as every one that we read is a text. */
  Map<String, String> parameters(
      @Nullable String response,
      String clientId,
      AuthorizationServer server,
      Verdict.Builder verdict)
      throws IOException {
    StrictJwt jwt = parse(response, verdict);
    checkType(jwt, verdict);
    checkIssuer(jwt, server, verdict);
    checkAudience(jwt, clientId, verdict);
    checkTimes(jwt, verdict);
    checkSignature(jwt, algorithm(jwt, server, verdict), server, verdict);
    Map<String, String> parameters = new HashMap<>();
    for (Map.Entry<String, @Nullable Object> claim : jwt.claims().entrySet()) {
      if (claim.getValue() instanceof String text && !NO_PARAMETERS.contains(claim.getKey())) {
        parameters.put(claim.getKey(), text);
      }
    }
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  private StrictJwt parse(@Nullable String response, Verdict.Builder verdict)
      throws InvalidResponseException {
    if (response == null) {
      verdict.failed("response", "a signed JWT", "none", JARM);
      throw refused("it is not there, and what stands beside it does not count", verdict);
    }
    requireEncryption(response, verdict);
    try {
      return StrictJwt.parse(decrypted(response));
    } catch (MalformedJwtException e) {
      verdict.failed(e.check(), "a signed JWT", e.getMessage() + "", "RFC 7519 §7.2");
      throw refused("it is " + e.getMessage(), verdict);
    }
  }

  /** With keys, one that is not encrypted is refused: the server was told to, so who made it? */
  private void requireEncryption(String response, Verdict.Builder verdict)
      throws InvalidResponseException {
    if (!decryptionKeys.isEmpty() && !EncryptedJwt.isOne(response)) {
      verdict.failed("encryption", "encrypted to this client", "not encrypted", "JARM §2.2");
      throw refused("it is not encrypted", verdict);
    }
  }

  private String decrypted(String response) throws MalformedJwtException {
    return decryptionKeys.isEmpty()
        ? response
        : EncryptedJwt.signedInside(
            response, decryptionKeys, Collections.emptySet(), Collections.emptySet());
  }

  /** A token of another kind must not pass for a response (RFC 8725 §3.11). */
  private static void checkType(StrictJwt jwt, Verdict.Builder verdict)
      throws InvalidResponseException {
    String type = jwt.type();
    boolean right = type == null || "jwt".equals(jwt.comparableType());
    check("typ", right, "JWT or nothing", Display.quote(type), "RFC 8725 §3.11", verdict);
  }

  private static void checkIssuer(
      StrictJwt jwt, AuthorizationServer server, Verdict.Builder verdict)
      throws InvalidResponseException {
    Object iss = jwt.claims().get("iss");
    boolean right = server.issuer() != null && server.issuer().equals(iss);
    check("iss", right, Display.quote(server.issuer()), Display.quote(iss), JARM, verdict);
  }

  private static void checkAudience(StrictJwt jwt, String clientId, Verdict.Builder verdict)
      throws InvalidResponseException {
    Object aud = jwt.claims().get("aud");
    boolean right = clientId.equals(aud) || Collections.singletonList(clientId).equals(aud);
    check("aud", right, Display.quote(clientId) + " alone", Display.quote(aud), JARM, verdict);
  }

  private void checkTimes(StrictJwt jwt, Verdict.Builder verdict) throws InvalidResponseException {
    long now = clock.instant().getEpochSecond();
    Double exp = seconds(jwt, "exp");
    boolean live = exp != null && now < exp + leewaySeconds;
    check("exp", live, "after " + at(now), at(exp), JARM, verdict);
    for (String name : Arrays.asList("nbf", "iat")) {
      if (jwt.claims().containsKey(name)) {
        Double begin = seconds(jwt, name);
        boolean begun = begin != null && begin <= now + leewaySeconds;
        check(name, begun, "not after " + at(now), at(begin), "RFC 7519 §4.1", verdict);
      }
    }
  }

  private SignatureAlgorithm algorithm(
      StrictJwt jwt, AuthorizationServer server, Verdict.Builder verdict)
      throws InvalidResponseException {
    Set<String> allowed = allowed(server);
    String name = jwt.algorithm();
    SignatureAlgorithm algorithm = allowed.contains(name) ? SignatureAlgorithm.named(name) : null;
    verdict.check("alg", algorithm != null, "one of " + allowed, Display.quote(name), JARM);
    if (algorithm == null) {
      verdict.fix(
          "if the server really signs with it for this client, allow it by"
              + " signedResponseAlgorithms(…); \"none\" cannot be allowed");
      throw refused("it is signed with " + Display.quote(name), verdict);
    }
    return algorithm;
  }

  /** Without a wish of the program: what the server announces, but never none and never a MAC. */
  private Set<String> allowed(AuthorizationServer server) {
    if (algorithms != null) {
      return algorithms;
    }
    List<String> announced = server.strings("authorization_signing_alg_values_supported");
    Set<String> usable = new LinkedHashSet<>();
    for (String name : announced == null ? Collections.singletonList("RS256") : announced) {
      SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
      if (algorithm != null && !algorithm.isSymmetric()) {
        usable.add(name);
      }
    }
    return usable;
  }

  private void checkSignature(
      StrictJwt jwt,
      SignatureAlgorithm algorithm,
      AuthorizationServer server,
      Verdict.Builder verdict)
      throws IOException {
    boolean valid =
        algorithm.isSymmetric()
            ? clientSecret != null && SharedKey.verifies(clientSecret.reveal(), algorithm, jwt)
            : verifiedByServer(jwt, algorithm, server);
    String actual = valid ? "valid" : "not valid";
    check("signature", valid, "a signature of the server", actual, JARM, verdict);
  }

  private boolean verifiedByServer(
      StrictJwt jwt, SignatureAlgorithm algorithm, AuthorizationServer server) throws IOException {
    String keyId = jwt.keyId();
    List<VerificationKey> candidates =
        keys.get()
            .keys(server.existing("jwks_uri", "RFC 8414 §2"), keyId)
            .candidates(keyId, algorithm);
    return candidates.stream().limit(MAX_TRIALS).anyMatch(key -> key.verifies(algorithm, jwt));
  }

  private static void check(
      String name,
      boolean right,
      String expected,
      String actual,
      String section,
      Verdict.Builder verdict)
      throws InvalidResponseException {
    if (!verdict.check(name, right, expected, actual, section)) {
      throw refused(name + " should be " + expected + ", but is " + actual, verdict);
    }
  }

  private static InvalidResponseException refused(String reason, Verdict.Builder verdict) {
    return new InvalidResponseException(
        "invalid_signed_response", "the signed response is refused: " + reason, verdict.build());
  }

  private static @Nullable Double seconds(StrictJwt jwt, String name) {
    if (!(jwt.claims().get(name) instanceof Number number)) {
      return null;
    }
    double seconds = number.doubleValue();
    return seconds >= 0 && seconds <= LAST_SECOND ? seconds : null;
  }

  private static String at(long seconds) {
    return Instant.ofEpochSecond(seconds).toString();
  }

  private static String at(@Nullable Double seconds) {
    return seconds == null ? "not a time" : at(seconds.longValue());
  }
}
