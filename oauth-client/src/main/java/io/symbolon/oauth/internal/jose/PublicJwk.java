package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A public key as a JWK describes it: what it is, and nothing about its use (RFC 7517 §4). */
public final class PublicJwk {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 16384;
  private static final byte[] ED25519_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private final Map<String, Object> members;
  private final PublicKey key;
  private final String thumbprint;

  private PublicJwk(PublicKey key, JWK jwk) throws JOSEException {
    this.key = key;
    this.thumbprint = jwk.computeThumbprint().toString();
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(jwk.getRequiredParams()));
  }

  /**
   * Describes a key.
   *
   * @throws IllegalArgumentException when it is none of RSA (2048 bits or more), P-256, P-384,
   *     P-521 and Ed25519
   */
  public static PublicJwk of(PublicKey key) {
    try {
      return new PublicJwk(key, jwk(key));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the public key cannot be described", e);
    }
  }

  private static JWK jwk(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
        throw new IllegalArgumentException(
            "an RSA key has 2048 to 16384 bits, but this one has " + bits + " (RFC 7518 §3.3)");
      }
      return new RSAKey.Builder(rsa).build();
    }
    if (key instanceof ECPublicKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      if (Curve.P_256.equals(curve) || Curve.P_384.equals(curve) || Curve.P_521.equals(curve)) {
        return new ECKey.Builder(curve, ec).build();
      }
      throw new IllegalArgumentException("an EC key is on P-256, P-384 or P-521; this one is not");
    }
    byte[] point = ed25519(key);
    if (point == null) {
      throw new IllegalArgumentException(
          "a key is RSA, EC or Ed25519, but this one is " + key.getAlgorithm());
    }
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).build();
  }

  /** Android lacks the JDK's type for these keys, so the encoded form has to tell. */
  private static byte @Nullable [] ed25519(PublicKey key) {
    byte[] encoded = key.getEncoded();
    int prefix = ED25519_PREFIX.length;
    boolean is =
        encoded != null
            && encoded.length == prefix + 32
            && Arrays.equals(Arrays.copyOf(encoded, prefix), ED25519_PREFIX);
    return is ? Arrays.copyOfRange(encoded, prefix, encoded.length) : null;
  }

  /** The members that make the key, {@code kty} among them. */
  public Map<String, Object> members() {
    return members;
  }

  /** {@code RSA}, {@code EC} or {@code OKP}. */
  public String keyType() {
    return String.valueOf(members.get("kty"));
  }

  /** {@code P-256} and the like; null for a key without curve. */
  public @Nullable String curve() {
    return (String) members.get("crv");
  }

  /** The SHA-256 thumbprint in base64url (RFC 7638). */
  public String thumbprint() {
    return thumbprint;
  }

  /** The JCA key. */
  public PublicKey key() {
    return key;
  }

  /** Whether the key can be used with the algorithm. */
  public boolean fits(SignatureAlgorithm algorithm) {
    return algorithm.keyType().equals(keyType())
        && (algorithm.curve() == null || algorithm.curve().equals(curve()));
  }

  /** The algorithm that every server knows for such a key. */
  public SignatureAlgorithm usualAlgorithm() {
    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      if (fits(algorithm)) {
        return algorithm;
      }
    }
    throw new IllegalStateException("no algorithm for the key");
  }
}
