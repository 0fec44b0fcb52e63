package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A public key of a JWK Set to which can be encrypted (RFC 7517 §4). */
public final class EncryptionKey {
  private final @Nullable String keyId;
  private final @Nullable String algorithm;
  private final Key key;

  private EncryptionKey(@Nullable String keyId, @Nullable String algorithm, Key key) {
    this.keyId = keyId;
    this.algorithm = algorithm;
    this.key = key;
  }

  /** Reads one JWK; null when it is not a public key for encryption, whatever the reason. */
  static @Nullable EncryptionKey of(Map<?, ?> jwk) {
    Object operations = jwk.get("key_ops");
    boolean forbidden =
        (jwk.get("use") != null && !"enc".equals(jwk.get("use")))
            || (operations instanceof List<?> named
                && !named.contains("wrapKey")
                && !named.contains("encrypt")
                && !named.contains("deriveKey")
                && !named.contains("deriveBits"));
    Key key = forbidden ? null : VerificationKey.publicKey(jwk);
    boolean fits = key instanceof RSAPublicKey || key instanceof ECPublicKey;
    return key == null || !fits
        ? null
        : new EncryptionKey((String) jwk.get("kid"), (String) jwk.get("alg"), key);
  }

  /** Whether there is a public key to which can be encrypted with these. */
  public static boolean isPossible(String algorithm, String encryption) {
    KeyManagement management = KeyManagement.named(algorithm);
    return management != null
        && management != KeyManagement.RSA1_5
        && !management.keyType().equals("oct")
        && ContentEncryption.named(encryption) != null;
  }

  /** The name of the key; null when it has none. */
  public @Nullable String keyId() {
    return keyId;
  }

  /** Whether the {@code alg} goes with the key, and the key does not name another one. */
  public boolean fits(String wanted) {
    KeyManagement management = KeyManagement.named(wanted);
    String keyType = key instanceof RSAPublicKey ? "RSA" : "EC";
    return management != null
        && management != KeyManagement.RSA1_5
        && management.keyType().equals(keyType)
        && (algorithm == null || algorithm.equals(wanted));
  }

  /**
   * Encrypts a signed JWT, so that only the owner of the key can read it.
   *
   * @param algorithm such as {@code RSA-OAEP-256} or {@code ECDH-ES}
   * @param encryption such as {@code A256GCM}
   * @throws IllegalArgumentException when the key does not fit or one of them is not known
   */
  public String encrypt(String signedJwt, String algorithm, String encryption) {
    if (!fits(algorithm) || ContentEncryption.named(encryption) == null) {
      throw new IllegalArgumentException(
          "the key cannot encrypt with " + algorithm + " and " + encryption);
    }
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.parse(algorithm), EncryptionMethod.parse(encryption))
            .contentType("JWT")
            .keyID(keyId)
            .build();
    try {
      JWEObject jwe = new JWEObject(header, new Payload(signedJwt));
      jwe.encrypt(encrypter());
      return jwe.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("nothing here encrypts with " + algorithm, e);
    }
  }

  private JWEEncrypter encrypter() throws JOSEException {
    return key instanceof RSAPublicKey rsa
        ? new RSAEncrypter(rsa)
        : new ECDHEncrypter((ECPublicKey) key);
  }
}
