package io.symbolon.oauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What is in a {@link DecryptionKey}: a private key, or octets that both sides know. */
public final class JweKey implements DecryptionKey {
  /** Gives a shared key of so many octets; null when it cannot. */
  private interface SharedOctets {
    byte @Nullable [] of(int length);
  }

  private final @Nullable PrivateJwk pair;
  private final @Nullable SharedOctets shared;
  private final @Nullable KeyManagement agreed;
  private final @Nullable String keyId;

  private JweKey(
      @Nullable PrivateJwk pair,
      @Nullable SharedOctets shared,
      @Nullable KeyManagement agreed,
      @Nullable String keyId) {
    this.pair = pair;
    this.shared = shared;
    this.agreed = agreed;
    this.keyId = keyId;
  }

  /** A private key with its public half. */
  public static JweKey of(PrivateJwk pair) {
    if (pair.publicHalf().keyType().equals("OKP")) {
      throw new IllegalArgumentException("an Ed25519 key signs; it cannot decrypt");
    }
    String named = pair.keyId();
    JweKey key =
        new JweKey(pair, null, null, named == null ? pair.publicHalf().thumbprint() : named);
    String algorithm = pair.algorithm();
    return algorithm == null ? key : key.algorithm(algorithm);
  }

  /** A private or symmetric JWK; a symmetric one has to name its algorithm. */
  public static JweKey ofJson(String json) {
    Map<String, @Nullable Object> jwk = PrivateJwk.object(json);
    if (!"oct".equals(jwk.get("kty"))) {
      return of(PrivateJwk.ofJson(json, "enc"));
    }
    boolean forbidden = jwk.get("use") != null && !"enc".equals(jwk.get("use"));
    if (!(jwk.get("k") instanceof String k)
        || !(jwk.get("alg") instanceof String alg)
        || forbidden) {
      throw new IllegalArgumentException(
          "a symmetric JWK for decryption has k and alg, and no use but enc");
    }
    byte[] octets;
    try {
      octets = CompactJws.decode("k", k);
    } catch (MalformedJwtException e) {
      throw new IllegalArgumentException("the k of the JWK is not base64url");
    }
    return ofOctets(octets, alg, jwk.get("kid") instanceof String kid ? kid : null);
  }

  /** Octets that both sides know, for one algorithm. */
  private static JweKey ofOctets(byte[] octets, String algorithm, @Nullable String keyId) {
    SharedOctets shared = length -> length == octets.length ? octets : null;
    return new JweKey(null, shared, null, keyId).algorithm(algorithm);
  }

  /** The client secret: the left part of its hash. */
  public static JweKey ofClientSecret(String secret, String algorithm) {
    byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
    SharedOctets shared = length -> Arrays.copyOf(hash(octets, length), length);
    return new JweKey(null, shared, null, null).algorithm(algorithm);
  }

  private static byte[] hash(byte[] octets, int length) {
    String name = length <= 32 ? "SHA-256" : length <= 48 ? "SHA-384" : "SHA-512";
    try {
      return MessageDigest.getInstance(name).digest(octets);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name + " is not there", e);
    }
  }

  @Override
  public JweKey algorithm(String algorithm) {
    KeyManagement named = KeyManagement.named(algorithm);
    if (named == null || !named.keyType().equals(keyType())) {
      throw new IllegalArgumentException(
          "the key is of the type "
              + keyType()
              + " and cannot be used with "
              + Display.quote(algorithm));
    }
    return new JweKey(pair, shared, named, keyId);
  }

  @Override
  public JweKey keyId(String keyId) {
    return new JweKey(pair, shared, agreed, keyId);
  }

  @Override
  public @Nullable String keyId() {
    return keyId;
  }

  @Override
  public String publicJwk() {
    if (pair == null) {
      throw new IllegalStateException("a shared secret has no public half");
    }
    Map<String, Object> jwk = new LinkedHashMap<>(pair.publicHalf().members());
    jwk.put("kid", String.valueOf(keyId));
    jwk.put("use", "enc");
    if (agreed != null) {
      jwk.put("alg", agreed.id());
    }
    return StrictJson.write(jwk);
  }

  private String keyType() {
    return pair == null ? "oct" : pair.publicHalf().keyType();
  }

  /** Whether the key goes with the algorithm, and the algorithm was agreed upon or is usual. */
  boolean fits(KeyManagement algorithm, boolean namedElsewhere) {
    return algorithm.keyType().equals(keyType())
        && (agreed == null ? namedElsewhere || algorithm.isUsual() : agreed == algorithm);
  }

  /** The content; null when it cannot be decrypted, and nobody learns why (RFC 7516 §11.5). */
  byte @Nullable [] decrypt(CompactJwe jwe) {
    return decrypt(jwe, jwe.part(0).getBytes(StandardCharsets.US_ASCII));
  }

  /** The same for what was authenticated with other octets than those of the header. */
  byte @Nullable [] decrypt(CompactJwe jwe, byte[] authenticated) {
    try {
      JWEHeader header = JWEHeader.parse(new Base64URL(jwe.part(0)));
      String encryptedKey = jwe.part(1);
      return decrypter(jwe)
          .decrypt(
              header,
              encryptedKey.isEmpty() ? null : new Base64URL(encryptedKey),
              new Base64URL(jwe.part(2)),
              new Base64URL(jwe.part(3)),
              new Base64URL(jwe.part(4)),
              authenticated);
    } catch (JOSEException | ParseException | RuntimeException e) {
      return null;
    }
  }

  private JWEDecrypter decrypter(CompactJwe jwe) throws JOSEException {
    if (pair == null) {
      SecretKey key = shared(jwe);
      return jwe.management() == KeyManagement.DIR
          ? new DirectDecrypter(key)
          : new AESDecrypter(key);
    }
    return keyType().equals("RSA")
        ? new RSADecrypter(pair.key())
        : new ECDHDecrypter(pair.key(), null, Curve.parse(pair.publicHalf().curve()));
  }

  private SecretKey shared(CompactJwe jwe) {
    byte[] octets = shared == null ? null : shared.of(jwe.management().keyOctets(jwe.encryption()));
    if (octets == null) {
      throw new IllegalArgumentException("a shared key of another length");
    }
    return new SecretKeySpec(octets, "AES");
  }

  /** Its name; nothing of the key. */
  @Override
  public String toString() {
    String name =
        keyId == null ? "shared decryption key" : "decryption key " + Display.quote(keyId);
    return agreed == null ? name : name + " for " + agreed.id();
  }
}
