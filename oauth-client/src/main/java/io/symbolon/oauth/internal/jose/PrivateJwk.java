package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.json.StrictJson;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A private key with its public half. Shows nothing of the private half. */
public final class PrivateJwk {
  private static final List<String> KEY_MEMBERS =
      Arrays.asList("kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi");
  private static final byte[] ED25519_PREFIX = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  private final PrivateKey key;
  private final PublicJwk publicHalf;
  private final @Nullable String keyId;
  private final @Nullable String algorithm;

  private PrivateJwk(
      PrivateKey key, PublicJwk publicHalf, @Nullable String keyId, @Nullable String algorithm) {
    this.key = key;
    this.publicHalf = publicHalf;
    this.keyId = keyId;
    this.algorithm = algorithm;
  }

  /** Two halves that belong together; the private one may be in hardware and is not looked at. */
  public static PrivateJwk of(PrivateKey key, PublicKey publicKey) {
    return new PrivateJwk(key, PublicJwk.of(publicKey), null, null);
  }

  /**
   * An entry of a key store.
   *
   * @throws IllegalArgumentException when there is no such private key or the password is wrong
   */
  public static PrivateJwk of(KeyStore store, String alias, char @Nullable [] password) {
    try {
      Key key = store.getKey(alias, password);
      Certificate certificate = store.getCertificate(alias);
      if (key instanceof PrivateKey privateKey && certificate != null) {
        return of(privateKey, certificate.getPublicKey());
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the key " + Display.quote(alias) + " cannot be taken out of the key store", e);
    }
    throw new IllegalArgumentException(
        "the key store has no private key with a certificate as " + Display.quote(alias));
  }

  /**
   * Reads a private JWK (RFC 7517, RFC 7518 §6, RFC 8037).
   *
   * @param use {@code sig} or {@code enc}: what it is wanted for, and may say that it is not for
   * @throws IllegalArgumentException when it is none, quoting nothing of it
   */
  public static PrivateJwk ofJson(String json, String use) {
    Map<String, @Nullable Object> jwk = object(json);
    if (!(jwk.get("d") instanceof String)) {
      throw new IllegalArgumentException("the JWK is not a private key: it has no d");
    }
    if (!isFor(use, jwk)) {
      throw new IllegalArgumentException(
          "the JWK says that it is not for " + (use.equals("sig") ? "signing" : "decryption"));
    }
    try {
      PrivateJwk halves = halves(jwk);
      return new PrivateJwk(
              halves.key, halves.publicHalf, text(jwk.get("kid")), text(jwk.get("alg")))
          .belongingTogether();
    } catch (GeneralSecurityException | JOSEException | ParseException | IllegalStateException e) {
      // Their messages may quote the key, so they are neither repeated nor chained.
      throw new IllegalArgumentException("the JWK is not a usable private key (RFC 7518 §6)");
    }
  }

  private static boolean isFor(String use, Map<String, @Nullable Object> jwk) {
    List<String> operations =
        use.equals("sig")
            ? Collections.singletonList("sign")
            : Arrays.asList("decrypt", "unwrapKey", "deriveKey", "deriveBits");
    return (jwk.get("use") == null || use.equals(jwk.get("use")))
        && (!(jwk.get("key_ops") instanceof List<?> named)
            || operations.stream().anyMatch(named::contains));
  }

  static Map<String, @Nullable Object> object(String json) {
    try {
      return StrictJson.parseObject(json);
    } catch (ParseException e) {
      throw new IllegalArgumentException("the JWK cannot be read: " + e.getMessage());
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  /** Only what makes the key goes to the parser: odd certificates must not matter. */
  private static PrivateJwk halves(Map<String, @Nullable Object> jwk)
      throws GeneralSecurityException, JOSEException, ParseException {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name : KEY_MEMBERS) {
      if (jwk.get(name) instanceof String text && text.matches("[A-Za-z0-9_-]+|P-[0-9]+")) {
        members.put(name, text);
      }
    }
    String keyType = String.valueOf(members.get("kty"));
    if (keyType.equals("RSA")) {
      RSAKey rsa = RSAKey.parse(members);
      return of(rsa.toRSAPrivateKey(), rsa.toRSAPublicKey());
    }
    if (keyType.equals("EC")) {
      ECKey ec = ECKey.parse(members);
      return of(ec.toECPrivateKey(), ec.toECPublicKey());
    }
    return ed25519(jwk, members);
  }

  private static PrivateJwk ed25519(Map<String, @Nullable Object> jwk, Map<String, Object> members)
      throws GeneralSecurityException {
    VerificationKey publicKey = VerificationKey.of(publicOkp(jwk));
    byte[] seed = Base64.getUrlDecoder().decode(String.valueOf(members.get("d")));
    if (publicKey == null || seed.length != 32) {
      throw new IllegalArgumentException("a JWK is of the type RSA, EC or OKP with Ed25519");
    }
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + seed.length);
    System.arraycopy(seed, 0, encoded, ED25519_PREFIX.length, seed.length);
    return of(
        KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
        publicKey.publicKey());
  }

  private static Map<String, @Nullable Object> publicOkp(Map<String, @Nullable Object> jwk) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String name : Arrays.asList("kty", "crv", "x")) {
      members.put(name, jwk.get(name));
    }
    return members;
  }

  /** Halves of different keys would be noticed by the server only, and late. */
  PrivateJwk belongingTogether() {
    byte[] probe = {1, 2, 3};
    SignatureAlgorithm usual = publicHalf.usualAlgorithm();
    boolean together;
    try {
      together = usual.verifies(publicHalf.key(), probe, usual.sign(key, probe));
    } catch (GeneralSecurityException e) {
      together = false;
    }
    if (!together) {
      throw new IllegalArgumentException("the private key and the public key are not a pair");
    }
    return this;
  }

  /** The private half. */
  public PrivateKey key() {
    return key;
  }

  /** The public half. */
  public PublicJwk publicHalf() {
    return publicHalf;
  }

  /** The name that the JWK gives; null when it gives none. */
  public @Nullable String keyId() {
    return keyId;
  }

  /** The algorithm that the JWK names; null when it names none. */
  public @Nullable String algorithm() {
    return algorithm;
  }

  /** Nothing of the key. */
  @Override
  public String toString() {
    return "private key " + publicHalf.thumbprint();
  }
}
