package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A public key of a JWK Set that may verify signatures (RFC 7517 §4). */
public final class VerificationKey {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 16384;
  private static final byte[] ED25519_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private final @Nullable String keyId;
  private final @Nullable String algorithm;
  private final String keyType;
  private final @Nullable String curve;
  private final Key key;

  private VerificationKey(
      @Nullable String keyId,
      @Nullable String algorithm,
      String keyType,
      @Nullable String curve,
      Key key) {
    this.keyId = keyId;
    this.algorithm = algorithm;
    this.keyType = keyType;
    this.curve = curve;
    this.key = key;
  }

  /**
   * Reads one JWK. Certificates in it are neither read nor fetched.
   *
   * @return null when it is not a public key for signatures that we know, whatever the reason: an
   *     odd key must not spoil its set (RFC 7517 §5)
   */
  static @Nullable VerificationKey of(Map<?, ?> jwk) {
    Key publicKey = isForVerifying(jwk) ? publicKey(jwk) : null;
    if (publicKey == null) {
      return null;
    }
    VerificationKey key =
        new VerificationKey(
            (String) jwk.get("kid"),
            (String) jwk.get("alg"),
            String.valueOf(jwk.get("kty")),
            (String) jwk.get("crv"),
            publicKey);
    return Arrays.stream(SignatureAlgorithm.values()).anyMatch(key::fits) ? key : null;
  }

  /** The key itself, whatever it is for; then all names in the JWK are texts. */
  static @Nullable Key publicKey(Map<?, ?> jwk) {
    boolean texts =
        List.of("kid", "alg", "use", "crv").stream()
            .allMatch(name -> !jwk.containsKey(name) || jwk.get(name) instanceof String);
    if (!texts || !(jwk.get("kty") instanceof String keyType)) {
      return null;
    }
    try {
      return key(keyType, (String) jwk.get("crv"), jwk);
    } catch (GeneralSecurityException | JOSEException | RuntimeException e) {
      return null;
    }
  }

  private static boolean isForVerifying(Map<?, ?> jwk) {
    Object use = jwk.get("use");
    if (use != null && !use.equals("sig")) {
      return false;
    }
    Object operations = jwk.get("key_ops");
    return operations == null || (operations instanceof List<?> list && list.contains("verify"));
  }

  private static @Nullable Key key(String keyType, @Nullable String curve, Map<?, ?> jwk)
      throws GeneralSecurityException, JOSEException {
    return switch (keyType) {
      case "RSA" -> rsa(jwk);
      case "EC" ->
          List.of("P-256", "P-384", "P-521").contains(String.valueOf(curve))
              ? new ECKey.Builder(Curve.parse(curve), part(jwk, "x"), part(jwk, "y"))
                  .build()
                  .toECPublicKey()
              : null;
      case "OKP" -> "Ed25519".equals(curve) ? ed25519(part(jwk, "x").decode()) : null;
      default -> null;
    };
  }

  private static @Nullable Key rsa(Map<?, ?> jwk) throws JOSEException {
    Base64URL modulus = part(jwk, "n");
    if (modulus.toString().length() > MAX_RSA_BITS / 6 + 2) {
      return null;
    }
    RSAPublicKey key = new RSAKey.Builder(modulus, part(jwk, "e")).build().toRSAPublicKey();
    int bits = key.getModulus().bitLength();
    boolean oddExponent =
        key.getPublicExponent().testBit(0)
            && key.getPublicExponent().bitLength() > 1
            && key.getPublicExponent().bitLength() <= 64;
    boolean odd = oddExponent && key.getModulus().testBit(0);
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && odd ? key : null;
  }

  private static @Nullable PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    if (point.length != 32) {
      return null;
    }
    byte[] encoded = new byte[ED25519_PREFIX.length + point.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static Base64URL part(Map<?, ?> jwk, String name) {
    if (jwk.get(name) instanceof String text && text.matches("[A-Za-z0-9_-]+")) {
      return new Base64URL(text);
    }
    throw new IllegalArgumentException("no usable " + name);
  }

  /** The name of the key; null when it has none. */
  public @Nullable String keyId() {
    return keyId;
  }

  PublicKey publicKey() {
    return (PublicKey) key;
  }

  /** Whether the algorithm goes with the key, and the key does not name another one. */
  public boolean fits(SignatureAlgorithm wanted) {
    return keyType.equals(wanted.keyType())
        && (wanted.curve() == null || wanted.curve().equals(curve))
        && (algorithm == null || fitsName(wanted));
  }

  private boolean fitsName(SignatureAlgorithm wanted) {
    boolean edwards = keyType.equals("OKP");
    return edwards
        ? "EdDSA".equals(algorithm) || "Ed25519".equals(algorithm)
        : Objects.equals(algorithm, wanted.name());
  }

  /** Whether this key made the signature of the token. */
  public boolean verifies(SignatureAlgorithm wanted, StrictJwt jwt) {
    return verifies(wanted, jwt.jws());
  }

  boolean verifies(SignatureAlgorithm wanted, CompactJws jws) {
    return wanted.verifies(key, jws.signingInput(), jws.signature());
  }
}
