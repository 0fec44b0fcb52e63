package io.symbolon.interop.conformance;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of a {@link FapiProvider} and what it signs with them. */
final class FapiTokens {
  private static final RSAKey ALTERNATE = alternate();

  private final RSAKey key;

  FapiTokens(JWKSet configured) {
    this.key = configured.getKeys().get(0).toRSAKey();
  }

  static Map<String, Object> claims() {
    return new LinkedHashMap<>();
  }

  static long in(long seconds) {
    return Instant.now().getEpochSecond() + seconds;
  }

  /**
   * As the suite publishes them: beside the right key others of the same name, and some that nobody
   * can use.
   */
  Map<String, Object> publicKeys() throws JOSEException {
    JWK decoy = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate().toPublicJWK();
    OctetKeyPair other =
        new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[32]))
            .keyID(key.getKeyID())
            .build();
    return Map.of(
        "keys",
        List.of(
            other.toJSONObject(),
            key.toPublicJWK().toJSONObject(),
            decoy.toJSONObject(),
            Map.of("kty", "AKP", "alg", "ML-DSA-9999", "kid", "pq", "use", "sig", "pub", "Zg"),
            Map.of("kty", "UNHEARD-OF", "alg", "UNHEARD-OF", "kid", "odd", "use", "sig"),
            Map.of(
                "kty", "EC", "crv", "P-999", "alg", "ES256", "kid", "ec", "x", "AA", "y", "AA")));
  }

  String signed(Map<String, Object> claims) {
    return sign(JWSAlgorithm.PS256, key, claims);
  }

  /** Signed as FAPI does not allow it. */
  String signedWithRs256(Map<String, Object> claims) {
    return sign(JWSAlgorithm.RS256, ALTERNATE, claims);
  }

  private static RSAKey alternate() {
    try {
      return new RSAKeyGenerator(2048).keyID("alternate").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(JWSAlgorithm algorithm, RSAKey key, Map<String, Object> claims) {
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), new Payload(claims));
    try {
      jws.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jws.serialize();
  }

  /** The same without a signature. */
  static String unsigned(String jwt) {
    return Base64URL.encode("{\"alg\":\"none\"}") + "." + jwt.split("\\.")[1] + ".";
  }

  /** The same with another last octet in its signature. */
  static String spoilt(String jwt) {
    int dot = jwt.lastIndexOf('.') + 1;
    byte[] signature = new Base64URL(jwt.substring(dot)).decode();
    signature[signature.length - 1] ^= 0x5a;
    return jwt.substring(0, dot) + Base64URL.encode(signature);
  }

  /** {@code at_hash} for a token that is signed with SHA-256. */
  String halfHash(String accessToken) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(accessToken.getBytes(StandardCharsets.US_ASCII));
      return Base64URL.encode(Arrays.copyOf(hash, hash.length / 2)).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
