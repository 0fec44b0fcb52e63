package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.jose.PemKey;
import io.symbolon.oauth.internal.jose.PrivateJwk;
import io.symbolon.oauth.internal.jose.PublicJwk;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.SignedJwt;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The private key with which a client signs: its assertions ({@code private_key_jwt}) and request
 * objects. The server knows the public half, {@link #publicJwk}.
 *
 * <pre>{@code
 * SigningKey key = SigningKey.ofPem(Secret.fromEnv("REPORTS_KEY")).algorithm("PS256");
 * }</pre>
 *
 * <p>The private half stays where it is: in memory, in a key store, in hardware, in a key service.
 * RSA keys sign with RS256 unless {@link #algorithm} says otherwise, because that is what every
 * server takes; profiles such as FAPI want PS256 instead. EC keys sign with the algorithm of their
 * curve, Ed25519 keys with EdDSA. Immutable, safe for many threads as far as the signer is; shows
 * nothing of the private half.
 */
public final class SigningKey {
  /** Signs somewhere else: in a key service, a hardware module without a JCA provider. */
  @FunctionalInterface
  public interface Signer {
    /**
     * The signature as a JWS carries it (RFC 7518 §3): for ES256 the 64 octets of r and s, not DER.
     * Called by whichever thread needs a token, which waits for it.
     *
     * @param signingInput what is to be signed, not yet hashed
     * @throws IOException when the service cannot be reached or refuses
     */
    byte[] sign(byte[] signingInput) throws IOException;
  }

  private final PublicJwk publicHalf;
  private final SignatureAlgorithm algorithm;
  private final String keyId;
  private final @Nullable String certificateThumbprint;
  private final @Nullable PrivateKey privateKey;
  private final @Nullable Signer signer;
  private final AtomicReference<@Nullable String> boundAt;

  private SigningKey(
      PublicJwk publicHalf,
      SignatureAlgorithm algorithm,
      String keyId,
      @Nullable String certificateThumbprint,
      @Nullable PrivateKey privateKey,
      @Nullable Signer signer,
      AtomicReference<@Nullable String> boundAt) {
    this.publicHalf = publicHalf;
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.certificateThumbprint = certificateThumbprint;
    this.privateKey = privateKey;
    this.signer = signer;
    this.boundAt = boundAt;
  }

  /**
   * A private JWK in JSON: RSA, EC on P-256, P-384 or P-521, or Ed25519. Its {@code kid} and {@code
   * alg} are used.
   *
   * @throws IllegalArgumentException when it is not one, or is meant for something else
   */
  public static SigningKey ofJwk(Secret json) {
    return of(PrivateJwk.ofJson(json.reveal(), "sig"));
  }

  /**
   * An unencrypted private key in PEM (PKCS #8, {@code BEGIN PRIVATE KEY}). The public key or a
   * certificate may stand beside it, and has to for an EC key that does not contain its own.
   *
   * @throws IllegalArgumentException when it cannot be used, with the command that helps
   */
  public static SigningKey ofPem(Secret pem) {
    return of(PemKey.read(pem.reveal()));
  }

  /**
   * A private key of any JCA provider, with its public half: in memory, in hardware, in the Android
   * key store. It is never exported.
   *
   * @throws IllegalArgumentException when the public key is none of RSA with 2048 bits or more,
   *     P-256, P-384, P-521 and Ed25519
   */
  public static SigningKey of(PrivateKey privateKey, PublicKey publicKey) {
    return of(PrivateJwk.of(privateKey, publicKey));
  }

  /**
   * An entry of a key store, such as a PKCS #12 file.
   *
   * @param password of the entry; null where there is none, as in the Android key store
   * @throws IllegalArgumentException when there is no such private key or the password is wrong
   */
  public static SigningKey of(KeyStore store, String alias, @Nullable Secret password) {
    return of(
        PrivateJwk.of(store, alias, password == null ? null : password.reveal().toCharArray()));
  }

  /**
   * A key that signs elsewhere.
   *
   * @param algorithm what it signs with, such as {@code ES256}
   */
  public static SigningKey external(String algorithm, PublicKey publicKey, Signer signer) {
    PublicJwk publicHalf = PublicJwk.of(publicKey);
    return new SigningKey(
        publicHalf,
        fitting(algorithm, publicHalf),
        publicHalf.thumbprint(),
        null,
        null,
        signer,
        new AtomicReference<>());
  }

  /**
   * A new key in memory, for {@code ES256} and the like: for tests, or for a client that registers
   * itself.
   */
  public static SigningKey generate(String algorithm) {
    try {
      KeyPair pair = generator(known(algorithm)).generateKeyPair();
      return of(pair.getPrivate(), pair.getPublic()).algorithm(algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no key for " + algorithm + " can be made here", e);
    }
  }

  private static KeyPairGenerator generator(SignatureAlgorithm algorithm)
      throws GeneralSecurityException {
    return switch (algorithm) {
      case ES256 -> ec("secp256r1");
      case ES384 -> ec("secp384r1");
      case ES512 -> ec("secp521r1");
      case EdDSA, Ed25519 -> KeyPairGenerator.getInstance("Ed25519");
      default -> {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(3072);
        yield rsa;
      }
    };
  }

  private static KeyPairGenerator ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator;
  }

  private static SigningKey of(PrivateJwk key) {
    PublicJwk publicHalf = key.publicHalf();
    String named = key.algorithm();
    String keyId = key.keyId();
    return new SigningKey(
        publicHalf,
        named == null ? publicHalf.usualAlgorithm() : fitting(named, publicHalf),
        keyId == null ? publicHalf.thumbprint() : keyId,
        null,
        key.key(),
        null,
        new AtomicReference<>());
  }

  private static SignatureAlgorithm fitting(String name, PublicJwk publicHalf) {
    SignatureAlgorithm algorithm = known(name);
    if (!publicHalf.fits(algorithm)) {
      throw new IllegalArgumentException(
          "the key cannot sign with " + name + "; it is good for " + publicHalf.usualAlgorithm());
    }
    return algorithm;
  }

  private static SignatureAlgorithm known(String name) {
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
    if (algorithm == null || algorithm.isSymmetric()) {
      throw new IllegalArgumentException(
          "a key signs with RS, PS or ES and 256, 384 or 512, EdDSA or Ed25519, not with "
              + Display.quote(name));
    }
    return algorithm;
  }

  /**
   * The same key signing with another algorithm.
   *
   * @throws IllegalArgumentException when the key cannot
   */
  public SigningKey algorithm(String algorithm) {
    return new SigningKey(
        publicHalf,
        fitting(algorithm, publicHalf),
        keyId,
        certificateThumbprint,
        privateKey,
        signer,
        boundAt);
  }

  /** The same key under the name by which the server knows it ({@code kid}). */
  public SigningKey keyId(String keyId) {
    return new SigningKey(
        publicHalf, algorithm, keyId, certificateThumbprint, privateKey, signer, boundAt);
  }

  /**
   * The same key, naming a certificate of it by its thumbprint ({@code x5t#S256}, RFC 7515 §4.1.8),
   * for a server that knows certificates instead of keys.
   *
   * @throws IllegalArgumentException when the certificate is for another key
   */
  public SigningKey certificate(X509Certificate certificate) {
    PublicJwk certified = PublicJwk.of(certificate.getPublicKey());
    if (!certified.thumbprint().equals(publicHalf.thumbprint())) {
      throw new IllegalArgumentException("the certificate is for another key");
    }
    return new SigningKey(
        publicHalf, algorithm, keyId, thumbprint(certificate), privateKey, signer, boundAt);
  }

  private static String thumbprint(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate cannot be encoded", e);
    }
  }

  /** What it signs with, such as {@code PS256}. */
  public String algorithm() {
    return algorithm.name();
  }

  /** Its name; the thumbprint of the public key (RFC 7638) unless the JWK or you gave another. */
  public String keyId() {
    return keyId;
  }

  /** The public half as a JWK in JSON, as a server wants it for registration (RFC 7517 §4). */
  public String publicJwk() {
    Map<String, Object> jwk = new LinkedHashMap<>(publicHalf.members());
    jwk.put("kid", keyId);
    jwk.put("use", "sig");
    jwk.put("alg", algorithm.name());
    return StrictJson.write(jwk);
  }

  /**
   * From now on tokens are bound to this key at one server (FAPI 2.0 Security Profile §6.3).
   *
   * @throws IllegalStateException when it is the key for another server already
   */
  void bindAt(String server) {
    if (!boundAt.compareAndSet(null, server) && !server.equals(boundAt.get())) {
      throw new IllegalStateException(
          "a DPoP key is for one server, and this one is used at "
              + boundAt.get()
              + " and not at "
              + server
              + ", which could have a token presented that it stole there; make a key for each");
    }
  }

  /** The public half alone, for proofs of possession. */
  PublicJwk publicHalf() {
    return publicHalf;
  }

  /**
   * A JWT whose header names this key.
   *
   * @param type the {@code typ} of the header; null for none
   */
  String jwt(@Nullable String type, Map<String, ? extends @Nullable Object> claims)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    if (type != null) {
      header.put("typ", type);
    }
    header.put("kid", keyId);
    if (certificateThumbprint != null) {
      header.put("x5t#S256", certificateThumbprint);
    }
    return jwt(header, claims);
  }

  /** A JWT with this header, to which only {@code alg} is added. */
  String jwt(
      Map<String, ? extends @Nullable Object> header,
      Map<String, ? extends @Nullable Object> claims)
      throws IOException {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    whole.put("alg", algorithm.name());
    whole.putAll(header);
    return SignedJwt.of(whole, claims, this::sign);
  }

  private byte[] sign(byte[] signingInput) throws IOException {
    if (privateKey != null) {
      return algorithm.signature(privateKey, signingInput);
    }
    if (signer == null) {
      throw new IllegalStateException("a key signs here or elsewhere");
    }
    byte[] signature = signer.sign(signingInput);
    int expected = algorithm.signatureOctets();
    if (expected != 0 && signature.length != expected) {
      throw new IOException(
          "the signer made "
              + signature.length
              + " octets, but a signature with "
              + algorithm
              + " has "
              + expected
              + "; r and s side by side, not DER (RFC 7518 §3.4)");
    }
    return signature;
  }

  /** Algorithm and name; nothing of the private half. */
  @Override
  public String toString() {
    return "signing key " + Display.quote(keyId) + " for " + algorithm;
  }
}
