package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** Looks whether a request comes from the holder of a key (RFC 9449, section 4.3); ES256 only. */
final class DpopProofs {
  private static final Duration MOST_APART = Duration.ofSeconds(30);
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "k");

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final String origin;
  private final ServerClock clock;
  private final Policy policy;

  DpopProofs(String origin, ServerClock clock, Policy policy) {
    this.origin = origin;
    this.clock = clock;
    this.policy = policy;
  }

  /** Says which nonce the next proof needs, if any. */
  MockResponse announced(MockResponse response) {
    String nonce = policy.dpopNonce;
    return nonce == null ? response : response.newBuilder().addHeader("DPoP-Nonce", nonce).build();
  }

  /**
   * The thumbprint of the key of the proof; null if there is no proof.
   *
   * @param token the access token beside it, if there is to be one
   */
  @Nullable String key(ReceivedRequest request, @Nullable String token) {
    List<String> proofs = request.headers().values("DPoP");
    if (proofs.isEmpty()) return null;
    need(proofs.size() == 1, "there are " + proofs.size());
    try {
      return key(proofs.get(0), request, token);
    } catch (GeneralSecurityException | RuntimeException e) {
      if (e instanceof Refusal refusal) throw refusal;
      throw Refusal.of("invalid_dpop_proof", "it cannot be read: " + e);
    }
  }

  private String key(String proof, ReceivedRequest request, @Nullable String token)
      throws GeneralSecurityException {
    String[] parts = proof.split("\\.", -1);
    Map<String, ?> header = json(parts[0]);
    Map<String, ?> claims = json(parts[1]);
    Map<?, ?> jwk = (Map<?, ?>) Objects.requireNonNull(header.get("jwk"));
    need("dpop+jwt".equals(header.get("typ")), "typ");
    need("ES256".equals(header.get("alg")), "alg");
    need(PRIVATE.stream().noneMatch(jwk::containsKey), "jwk is private");
    need(verifies(jwk, parts), "signature");
    need(request.method().equals(claims.get("htm")), "htm");
    need((origin + request.path()).equals(claims.get("htu")), "htu");
    need(Objects.equals(claims.get("ath"), token == null ? null : hash(token)), "ath");
    Number iat = (Number) Objects.requireNonNull(claims.get("iat"));
    long apart = iat.longValue() - clock.now().getEpochSecond();
    need(Math.abs(apart) <= MOST_APART.toSeconds(), "iat");
    String nonce = policy.dpopNonce;
    if (nonce != null && !nonce.equals(claims.get("nonce"))) {
      throw Refusal.of("use_dpop_nonce", "the nonce is not the newest");
    }
    need(seen.add(String.valueOf(claims.get("jti"))), "jti was seen before");
    return hash(
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(jwk.get("x"), jwk.get("y")));
  }

  private static void need(boolean met, String what) {
    if (!met) throw Refusal.of("invalid_dpop_proof", what);
  }

  private static Map<String, ?> json(String part) {
    return Json.read(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }

  private static boolean verifies(Map<?, ?> jwk, String[] parts) throws GeneralSecurityException {
    Signature es256 = Signature.getInstance("SHA256withECDSAinP1363Format");
    es256.initVerify(key(jwk));
    es256.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
    return es256.verify(Base64.getUrlDecoder().decode(parts[2]));
  }

  private static PublicKey key(Map<?, ?> jwk) throws GeneralSecurityException {
    AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
    p256.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(coordinate(jwk.get("x")), coordinate(jwk.get("y")));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger coordinate(@Nullable Object value) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(String.valueOf(value)));
  }

  private static String hash(String text) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }
}
