package io.symbolon.oauth;

import io.symbolon.oauth.internal.jose.JweKey;
import io.symbolon.oauth.internal.jose.PemKey;
import io.symbolon.oauth.internal.jose.PrivateJwk;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The private key for tokens that a server encrypts to this client (RFC 7516). The server knows the
 * public half, {@link #publicJwk}. Several keys may be good at once, so that they can be rotated.
 *
 * <p>An RSA key is used with RSA-OAEP and RSA-OAEP-256, an EC key with ECDH-ES and its key wraps;
 * {@link #algorithm} holds the server to the one that was registered. RSA1_5 needs to be named: it
 * is weak. Immutable, safe for many threads; shows nothing of the private half.
 */
public sealed interface DecryptionKey permits JweKey {
  /**
   * A private JWK in JSON: RSA, or EC on P-256, P-384 or P-521; or a symmetric one that names its
   * algorithm. Its {@code kid} and {@code alg} are used.
   *
   * @throws IllegalArgumentException when it is not one, or is meant for something else
   */
  static DecryptionKey ofJwk(Secret json) {
    return JweKey.ofJson(json.reveal());
  }

  /**
   * An unencrypted private key in PEM, as {@link SigningKey#ofPem} reads it.
   *
   * @throws IllegalArgumentException when it cannot be used, with the command that helps
   */
  static DecryptionKey ofPem(Secret pem) {
    return JweKey.of(PemKey.read(pem.reveal()));
  }

  /**
   * A private key of any JCA provider, with its public half: in memory or in hardware. It is never
   * exported.
   */
  static DecryptionKey of(PrivateKey privateKey, PublicKey publicKey) {
    return JweKey.of(PrivateJwk.of(privateKey, publicKey));
  }

  /**
   * An entry of a key store, such as a PKCS #12 file.
   *
   * @param password of the entry; null where there is none
   * @throws IllegalArgumentException when there is no such private key or the password is wrong
   */
  static DecryptionKey of(KeyStore store, String alias, @Nullable Secret password) {
    return JweKey.of(
        PrivateJwk.of(store, alias, password == null ? null : password.reveal().toCharArray()));
  }

  /**
   * The client secret, for a client that registered symmetric encryption: the key is the left part
   * of its SHA-2 hash.
   *
   * @param algorithm what was registered: {@code A128KW}, {@code A192KW}, {@code A256KW}, the same
   *     with {@code GCMKW}, or {@code dir}
   */
  static DecryptionKey ofClientSecret(Secret clientSecret, String algorithm) {
    return JweKey.ofClientSecret(clientSecret.reveal(), algorithm);
  }

  /**
   * The same key for this algorithm only, such as {@code RSA-OAEP-256}: tokens with another one are
   * refused.
   *
   * @throws IllegalArgumentException when the key cannot be used with it
   */
  DecryptionKey algorithm(String algorithm);

  /** The same key under the name by which the server knows it ({@code kid}). */
  DecryptionKey keyId(String keyId);

  /**
   * Its name: the thumbprint of the public key (RFC 7638) unless the JWK or you gave another; null
   * for a shared secret.
   */
  @Nullable String keyId();

  /**
   * The public half as a JWK in JSON, as a server wants it for registration (RFC 7517 §4).
   *
   * @throws IllegalStateException for a shared secret, which has none
   */
  String publicJwk();
}
