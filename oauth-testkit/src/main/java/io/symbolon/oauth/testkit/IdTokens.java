package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** ID tokens (OpenID Connect Core, section 2), honest or forged. */
final class IdTokens {
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private final String issuer;
  private final SigningKeys keys;
  private final ServerClock clock;
  private final Policy policy;

  IdTokens(String issuer, SigningKeys keys, ServerClock clock, Policy policy) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
    this.policy = policy;
  }

  /** The token for a login, or, without its nonce, for a refresh (section 12.2). */
  String make(Issued issued, boolean withNonce) {
    Map<String, Object> hashes = new LinkedHashMap<>();
    hashes.put("at_hash", hash(issued.accessToken(), keys.algorithm()));
    return make(issued.grant(), withNonce, hashes);
  }

  /** The token that comes beside a code, by the browser (section 3.3.2.11). */
  String make(Grant grant, String code, @Nullable String state, @Nullable String accessToken) {
    String algorithm = keys.algorithm();
    Map<String, Object> hashes = new LinkedHashMap<>();
    hashes.put("c_hash", hash(code, algorithm));
    if (state != null) hashes.put("s_hash", hash(state, algorithm));
    if (accessToken != null) hashes.put("at_hash", hash(accessToken, algorithm));
    return make(grant, true, hashes);
  }

  /** An authorization response as a JWT (JARM, section 2.1). */
  String response(Client client, Map<String, String> parameters) {
    Map<String, Object> claims = new LinkedHashMap<>(parameters);
    claims.put("iss", issuer);
    claims.put("aud", client.id());
    claims.put("exp", clock.now().plus(LIFETIME).getEpochSecond());
    policy.signedResponse.accept(claims);
    String algorithm = keys.algorithm();
    SigningKey key = keys.current();
    String input = part(header(algorithm, key)) + "." + part(claims);
    return input + "." + base64Url(sign(algorithm, key, client, input));
  }

  private String make(Grant grant, boolean withNonce, Map<String, Object> hashes) {
    String algorithm = keys.algorithm();
    SigningKey key = keys.current();
    String input = part(header(algorithm, key)) + "." + part(claims(grant, withNonce, hashes));
    String signature = base64Url(sign(algorithm, key, grant.client, input));
    return policy.idToken.apply(input + "." + signature);
  }

  private Map<String, Object> header(String algorithm, @Nullable SigningKey key) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm);
    if (key != null) header.put("kid", key.kid());
    header.put("typ", "JWT");
    policy.idTokenHeader.accept(header);
    return header;
  }

  private Map<String, Object> claims(Grant grant, boolean withNonce, Map<String, Object> hashes) {
    Instant now = clock.now();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", grant.subject);
    claims.put("aud", grant.client.id());
    claims.put("exp", now.plus(LIFETIME).getEpochSecond());
    claims.put("iat", now.getEpochSecond());
    claims.put("auth_time", grant.authTime.getEpochSecond());
    if (withNonce && grant.nonce != null) claims.put("nonce", grant.nonce);
    claims.putAll(hashes);
    policy.idTokenClaims.accept(claims);
    return claims;
  }

  /**
   * The left half of the hash that goes with the algorithm (section 3.1.3.6); Ed25519 goes with
   * SHA-512.
   */
  private static String hash(String text, String algorithm) {
    String bits = algorithm.equals("EdDSA") ? "512" : algorithm.replaceAll("\\D", "");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-" + (bits.isEmpty() ? "256" : bits));
      byte[] hash = digest.digest(text.getBytes(US_ASCII));
      return base64Url(Arrays.copyOf(hash, hash.length / 2));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sign(
      String algorithm, @Nullable SigningKey key, Client client, String input) {
    if (key != null) return key.sign(input.getBytes(US_ASCII));
    return algorithm.equals("none") ? new byte[0] : mac(algorithm, client, input);
  }

  private static byte[] mac(String algorithm, Client client, String input) {
    if (client.secret() == null) throw new IllegalStateException(algorithm + " needs a secret");
    try {
      String name = "HmacSHA" + algorithm.substring(2);
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(client.secret().getBytes(UTF_8), name));
      return mac.doFinal(input.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(Map<String, Object> json) {
    return base64Url(Json.write(json).getBytes(UTF_8));
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
