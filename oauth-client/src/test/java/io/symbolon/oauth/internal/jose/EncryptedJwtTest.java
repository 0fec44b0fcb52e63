package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.util.Base64URL;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedJwtTest {
  private static final KeyPair RSA_PAIR = new HeldCertificate.Builder().rsa2048().build().keyPair();
  private static final DecryptionKey RSA =
      DecryptionKey.of(RSA_PAIR.getPrivate(), RSA_PAIR.getPublic());
  private static final List<String> ANY = List.of();

  private static final String SIGNED =
      base64url("{\"alg\":\"RS256\"}") + "." + base64url("{\"iss\":\"a\"}") + ".AA";

  private static String base64url(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  private static DecryptionKey ec(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    return DecryptionKey.of(pair.getPrivate(), pair.getPublic());
  }

  /** As a server does it that has our public JWK. */
  private static String encrypted(DecryptionKey to, String content, String alg, String enc)
      throws Exception {
    Map<String, Object> jwk = StrictJson.parseObject(to.publicJwk());
    EncryptionKey key = KeySet.of(Map.of("keys", List.of(jwk))).encryptionKey(alg);
    return key.encrypt(content, alg, enc);
  }

  private static String jwe(JWEHeader header, String content, JWEEncrypter encrypter)
      throws Exception {
    JWEObject jwe = new JWEObject(header, new Payload(content));
    jwe.encrypt(encrypter);
    return jwe.serialize();
  }

  private static String jwe(UnaryOperator<JWEHeader.Builder> header) throws Exception {
    JWEHeader.Builder builder =
        new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM);
    return jwe(
        header.apply(builder).build(),
        SIGNED,
        new RSAEncrypter((RSAPublicKey) RSA_PAIR.getPublic()));
  }

  private static String inside(String text, DecryptionKey... keys) throws Exception {
    return EncryptedJwt.signedInside(text, Arrays.asList(keys), ANY, ANY);
  }

  private static void assertRefused(String check, String text, DecryptionKey... keys) {
    assertThatThrownBy(() -> inside(text, keys))
        .isInstanceOfSatisfying(
            MalformedJwtException.class, e -> assertThat(e.check()).isEqualTo(check))
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-OAEP, A128GCM",
    "RSA-OAEP-256, A256GCM",
    "RSA-OAEP-256, A128CBC-HS256",
    "RSA-OAEP-256, A192CBC-HS384"
  })
  void whatIsEncryptedToAnRsaKeyComesOut(String alg, String enc) throws Exception {
    assertThat(inside(encrypted(RSA, SIGNED, alg, enc), RSA)).isEqualTo(SIGNED);
  }

  @ParameterizedTest
  @CsvSource({
    "secp256r1, ECDH-ES, A128GCM",
    "secp256r1, ECDH-ES, A256CBC-HS512",
    "secp384r1, ECDH-ES+A128KW, A192GCM",
    "secp521r1, ECDH-ES+A192KW, A256GCM",
    "secp256r1, ECDH-ES+A256KW, A128CBC-HS256"
  })
  void whatIsEncryptedToAnEcKeyComesOut(String curve, String alg, String enc) throws Exception {
    DecryptionKey key = ec(curve);
    assertThat(inside(encrypted(key, SIGNED, alg, enc), key)).isEqualTo(SIGNED);
  }

  @Test
  void everySourceOfAKeyDecrypts() throws Exception {
    HeldCertificate held = new HeldCertificate.Builder().rsa2048().build();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    java.security.cert.Certificate[] chain = {held.certificate()};
    store.setKeyEntry("shop", held.keyPair().getPrivate(), "changeit".toCharArray(), chain);
    DecryptionKey stored = DecryptionKey.of(store, "shop", Secret.of("changeit"));
    DecryptionKey pem = DecryptionKey.ofPem(Secret.of(held.privateKeyPkcs8Pem()));
    String text = encrypted(stored, SIGNED, "RSA-OAEP", "A128GCM");

    assertThat(inside(text, stored)).isEqualTo(SIGNED);
    assertThat(inside(text, pem)).isEqualTo(SIGNED);
    assertThat(pem.keyId()).isEqualTo(stored.keyId());
  }

  /** OpenID Connect Core §10.2. */
  @ParameterizedTest
  @CsvSource({
    "A128KW, A128GCM, SHA-256, 16",
    "A192KW, A128GCM, SHA-256, 24",
    "A256KW, A256CBC-HS512, SHA-256, 32",
    "A256GCMKW, A128GCM, SHA-256, 32",
    "dir, A128GCM, SHA-256, 16",
    "dir, A128CBC-HS256, SHA-256, 32",
    "dir, A192CBC-HS384, SHA-384, 48",
    "dir, A256CBC-HS512, SHA-512, 64"
  })
  void theClientSecretDecryptsWhenThatWasRegistered(String alg, String enc, String hash, int octets)
      throws Exception {
    String secret = "a secret with é and 😀";
    byte[] digest = MessageDigest.getInstance(hash).digest(secret.getBytes(StandardCharsets.UTF_8));
    SecretKeySpec key = new SecretKeySpec(Arrays.copyOf(digest, octets), "AES");
    JWEHeader header = new JWEHeader(JWEAlgorithm.parse(alg), EncryptionMethod.parse(enc));
    String text =
        jwe(header, SIGNED, alg.equals("dir") ? new DirectEncrypter(key) : new AESEncrypter(key));

    assertThat(inside(text, DecryptionKey.ofClientSecret(Secret.of(secret), alg)))
        .isEqualTo(SIGNED);
    assertRefused("decryption", text, DecryptionKey.ofClientSecret(Secret.of("other"), alg));
    assertRefused("alg", text, RSA);
  }

  /** RFC 8725 §2.3: anybody can encrypt to a public key. */
  @Test
  void whatIsEncryptedButNotSignedIsRefused() throws Exception {
    String none = base64url("{\"alg\":\"none\"}");
    for (String content : List.of("{\"iss\":\"a\"}", none + ".e30.", "x", "a.b", SIGNED + "\n")) {
      String text = encrypted(RSA, content, "RSA-OAEP", "A128GCM");
      assertThatThrownBy(() -> inside(text, RSA)).isInstanceOf(MalformedJwtException.class);
    }
  }

  @Test
  void twoLevelsOfEncryptionAreRefused() throws Exception {
    String once = encrypted(RSA, SIGNED, "RSA-OAEP", "A128GCM");
    assertRefused("encryption", encrypted(RSA, once, "RSA-OAEP", "A128GCM"), RSA);
  }

  @Test
  void otherContentIsReadOnlyAsWhatItIs() throws Exception {
    String text = encrypted(RSA, "{\"sub\":\"ada\"}", "RSA-OAEP", "A128GCM");
    assertThat(EncryptedJwt.content(text, List.of(RSA), ANY, ANY))
        .asString()
        .isEqualTo("{\"sub\":\"ada\"}");
  }

  @Test
  void compressedContentIsNeverInflated() throws Exception {
    String text =
        jwe(header -> header.compressionAlgorithm(com.nimbusds.jose.CompressionAlgorithm.DEF));
    assertRefused("crit", text, RSA);
  }

  @Test
  void pbes2IsUnknown() {
    String header =
        "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\",\"p2c\":1000000,\"p2s\":\"AA\"}";
    String part = base64url(header);
    String text = part + ".AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
    assertRefused("alg", text, RSA);
    assertThatThrownBy(() -> RSA.algorithm("PBES2-HS256+A128KW"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void weakAlgorithmsHaveToBeNamed() throws Exception {
    RSAEncrypter encrypter = new RSAEncrypter((RSAPublicKey) RSA_PAIR.getPublic());
    for (JWEAlgorithm weak : List.of(new JWEAlgorithm("RSA1_5"), JWEAlgorithm.RSA_OAEP_512)) {
      String text = jwe(new JWEHeader(weak, EncryptionMethod.A128GCM), SIGNED, encrypter);
      assertRefused("alg", text, RSA);
      assertThat(inside(text, RSA.algorithm(weak.getName()))).isEqualTo(SIGNED);
      assertThat(EncryptedJwt.signedInside(text, List.of(RSA), List.of(weak.getName()), ANY))
          .isEqualTo(SIGNED);
    }
    assertThat(
            KeySet.of(Map.of("keys", List.of(StrictJson.parseObject(RSA.publicJwk()))))
                .encryptionKey("RSA1_5"))
        .isNull();
  }

  @Test
  void onlyWhatWasAgreedUponIsDecrypted() throws Exception {
    String text = encrypted(RSA, SIGNED, "RSA-OAEP", "A256GCM");
    assertThatThrownBy(
            () -> EncryptedJwt.signedInside(text, List.of(RSA), List.of("RSA-OAEP-256"), ANY))
        .hasMessage("encrypted with RSA-OAEP instead of RSA-OAEP-256");
    assertThatThrownBy(() -> EncryptedJwt.signedInside(text, List.of(RSA), ANY, List.of("A128GCM")))
        .hasMessage("encrypted with A256GCM instead of A128GCM");
    assertRefused("alg", text, RSA.algorithm("RSA-OAEP-256"));
    assertThat(
            EncryptedJwt.signedInside(
                text, List.of(RSA), List.of("RSA-OAEP"), List.of("A128GCM", "A256GCM")))
        .isEqualTo(SIGNED);
  }

  @Test
  void severalKeysAreGoodAtOnce() throws Exception {
    KeyPair pair = new HeldCertificate.Builder().rsa2048().build().keyPair();
    DecryptionKey old = DecryptionKey.of(pair.getPrivate(), pair.getPublic());
    DecryptionKey nameless = RSA.keyId("what only the server calls it");
    String text = encrypted(nameless, SIGNED, "RSA-OAEP", "A128GCM");

    assertThat(inside(text, old, RSA)).isEqualTo(SIGNED);
    assertThat(inside(text, ec("secp256r1"), old, nameless)).isEqualTo(SIGNED);
    assertRefused("decryption", text, old);
    assertRefused("alg", text);
  }

  /** Whoever tries texts must not learn what was wrong with them (RFC 7516 §11.5). */
  @Test
  void everyFailureToDecryptHasTheSameWords() throws Exception {
    for (String alg : List.of("RSA-OAEP", "RSA-OAEP-256")) {
      String[] parts = encrypted(RSA, SIGNED, alg, "A128CBC-HS256").split("\\.");
      for (int i = 1; i < parts.length; i++) {
        String[] changed = parts.clone();
        changed[i] = (parts[i].charAt(0) == 'A' ? "B" : "A") + parts[i].substring(1);
        assertThatThrownBy(() -> inside(String.join(".", changed), RSA))
            .hasMessage("a token that cannot be decrypted")
            .hasNoCause();
      }
    }
  }

  @Test
  void anEphemeralKeyOffTheCurveIsRefused() throws Exception {
    DecryptionKey key = ec("secp256r1");
    String text = encrypted(key, SIGNED, "ECDH-ES", "A128GCM");
    String[] parts = text.split("\\.");
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    String ones = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    String off = header.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":\"" + ones + "\"");
    parts[0] = base64url(off);
    assertThat(off).isNotEqualTo(header);
    assertRefused("decryption", String.join(".", parts), key);
  }

  @Test
  void claimsInTheHeaderHaveToAgree() throws Exception {
    assertThat(inside(jwe(header -> header.issuer("a")), RSA)).isEqualTo(SIGNED);
    assertRefused("iss", jwe(header -> header.issuer("evil")), RSA);
    assertRefused("sub", jwe(header -> header.subject("ada")), RSA);
    assertRefused("aud", jwe(header -> header.audience(List.of("x", "y"))), RSA);
    Base64URL nobody =
        Base64URL.encode("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\",\"sub\":null}");
    assertRefused("sub", jwe(header -> header.parsedBase64URL(nobody)), RSA);
  }

  /**
   * Each trial costs an operation with a private key, and whoever sends tokens chooses the name.
   */
  @Test
  void aNameThatWeNeverGaveIsTriedWithFourKeys() throws Exception {
    DecryptionKey[] four = {ec("secp256r1"), ec("secp256r1"), ec("secp256r1"), ec("secp256r1")};
    DecryptionKey fifth = ec("secp256r1").keyId("fifth");
    DecryptionKey[] five = Arrays.copyOf(four, 5);
    five[4] = fifth;

    String named = encrypted(fifth, SIGNED, "ECDH-ES", "A128GCM");
    assertThat(inside(named, five)).isEqualTo(SIGNED);
    String unnamed = encrypted(fifth.keyId("unknown"), SIGNED, "ECDH-ES", "A128GCM");
    assertRefused("decryption", unnamed, five);
    String fourth = encrypted(four[3].keyId("unknown"), SIGNED, "ECDH-ES", "A128GCM");
    assertThat(inside(fourth, five)).isEqualTo(SIGNED);
  }

  /** The others are not tried then. */
  @Test
  void aNameThatWeGaveIsTriedWithItsKeysAlone() throws Exception {
    DecryptionKey ours = ec("secp256r1").keyId("ours");
    String text = encrypted(ec("secp256r1").keyId("ours"), SIGNED, "ECDH-ES", "A128GCM");
    DecryptionKey other = ec("secp256r1").keyId("other");
    String forOther = encrypted(other.keyId("ours"), SIGNED, "ECDH-ES", "A128GCM");

    assertRefused("decryption", text, ours, other);
    assertRefused("decryption", forOther, ours, other);
    DecryptionKey[] namesakes = new DecryptionKey[5];
    for (int i = 0; i < 5; i++) {
      namesakes[i] = ec("secp256r1").keyId("ours");
    }
    assertRefused("decryption", encrypted(namesakes[4], SIGNED, "ECDH-ES", "A128GCM"), namesakes);
    assertThat(inside(encrypted(namesakes[3], SIGNED, "ECDH-ES", "A128GCM"), namesakes))
        .isEqualTo(SIGNED);
  }

  @Test
  void aHeaderThatSaysMoreThanWeKnowIsRefused() throws Exception {
    assertRefused("crit", jwe(header -> header.criticalParams(java.util.Set.of("exp"))), RSA);
    assertRefused("cty", jwe(header -> header.contentType("text/plain")), RSA);
    assertRefused("kid", jwe(header -> header.keyID("k".repeat(257))), RSA);
    assertRefused("format", jwe(header -> header.customParam("x", "y".repeat(16 * 1024))), RSA);
    assertThat(inside(jwe(header -> header.contentType("jwt")), RSA)).isEqualTo(SIGNED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "....", "a.b.c", "a.b.c.d.e.f", "e30.A.A.A.A", "{}", "AB.AAAA.AAAA.AAAA.AAAA"})
  void anyOtherShapeIsRefused(String text) {
    assertThatThrownBy(() -> inside(text, RSA)).isInstanceOf(MalformedJwtException.class);
  }

  @Test
  void aTextThatIsTooLongIsNotEvenLookedAt() {
    assertRefused("format", "A".repeat(256 * 1024 + 1), RSA);
  }

  @Test
  void aTruncatedTagIsRefusedBeforeAnythingIsDecrypted() throws Exception {
    String text = encrypted(RSA, SIGNED, "RSA-OAEP", "A128GCM");
    assertRefused("format", text.substring(0, text.length() - 6) + "AA", RSA);
  }

  @Test
  void aKeyForSigningDoesNotDecrypt() throws Exception {
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertThatThrownBy(() -> DecryptionKey.of(edwards.getPrivate(), edwards.getPublic()))
        .hasMessage("an Ed25519 key signs; it cannot decrypt");
    assertThatThrownBy(() -> RSA.algorithm("ECDH-ES"))
        .hasMessage("the key is of the type RSA and cannot be used with \"ECDH-ES\"");
    assertThatThrownBy(
            () ->
                DecryptionKey.ofJwk(
                    Secret.of("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePublicJwkIsForEncryption() throws Exception {
    assertThat(StrictJson.parseObject(RSA.algorithm("RSA-OAEP-256").publicJwk()))
        .containsOnlyKeys("kty", "n", "e", "kid", "use", "alg")
        .containsEntry("use", "enc")
        .containsEntry("alg", "RSA-OAEP-256");
    DecryptionKey secret = DecryptionKey.ofClientSecret(Secret.of("x"), "dir");
    assertThatThrownBy(secret::publicJwk).isInstanceOf(IllegalStateException.class);
    assertThat(secret).hasToString("shared decryption key for dir");
  }

  @Test
  void noKeyForSignaturesIsEncryptedTo() throws Exception {
    Map<String, Object> jwk = StrictJson.parseObject(RSA.publicJwk());
    for (Map<String, Object> change :
        List.<Map<String, Object>>of(
            Map.of("use", "sig"),
            Map.of("alg", "RS256"),
            Map.of("key_ops", List.of("verify")),
            Map.of("kty", "EC"))) {
      Map<String, Object> changed = new java.util.LinkedHashMap<>(jwk);
      changed.putAll(change);
      assertThat(KeySet.of(Map.of("keys", List.of(changed))).encryptionKey("RSA-OAEP")).isNull();
    }
  }
}
