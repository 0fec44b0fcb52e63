package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
  private static final Map<String, Object> CLAIMS = Map.of("iss", "shop", "n", 1L);

  private static final SigningKey RSA = SigningKey.generate("RS256");

  /** RFC 8037 appendix A.1. */
  private static final String ED25519 =
      """
      {"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
       "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

  /** RFC 7515 appendix A.3. */
  private static final String P256 =
      """
      {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
       "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
       "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""";

  private static final String P384_PEM =
      """
      -----BEGIN PRIVATE KEY-----
      MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDlc65im6z/MsTT3LOc
      qsH8dQrbOn7zzXL3g3HLVX4I0RVnL66gnIEBpVlBAjIVzBehZANiAAQpY0CEMPq0
      m4KtkqE0jDKBvX6qLMZTGPLqhdJqya4PeoHRggC2B7OwrVsptbYSd3B5IyCa1PS0
      sfP71pt3K+3AegJGKLrjRCeXIrKP7K8cCRax9y2sFwZYTGUMP66RP+Q=
      -----END PRIVATE KEY-----
      """;

  private static final String ED25519_PEM =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJOsPuZokb8fG/+7uQCJV5hOcAdoTKQZRCoovqyrGN1i
      -----END PRIVATE KEY-----
      """;

  private static final String SEC1_PEM =
      """
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEILlqOV8CwTxxkhgNAbmIzHBX41//JcX9WeoeBwEtjlnBoAoGCCqGSM49
      AwEHoUQDQgAE9fgXSndk9seoR/DkHAewnchwWq/0jPhW41cx5utk57NGj/D3TK+1
      mlQrxCe9h5Z7aNAQv7XukNBWvBVZ83YnGg==
      -----END EC PRIVATE KEY-----
      """;

  private static void assertSigns(SigningKey key, String algorithm) throws Exception {
    StrictJwt jwt = StrictJwt.parse(key.jwt("JWT", CLAIMS));
    SignatureAlgorithm named = SignatureAlgorithm.named(algorithm);
    KeySet published = KeySet.of(Map.of("keys", List.of(StrictJson.parseObject(key.publicJwk()))));

    assertThat(key.algorithm()).isEqualTo(algorithm);
    assertThat(jwt.algorithm()).isEqualTo(algorithm);
    assertThat(jwt.keyId()).isEqualTo(key.keyId());
    assertThat(jwt.claims()).isEqualTo(CLAIMS);
    assertThat(published.candidates(key.keyId(), named)).hasSize(1);
    assertThat(published.keys().get(0).verifies(named, jwt)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        "Ed25519"
      })
  void theServerVerifiesWithThePublicJwk(String algorithm) throws Exception {
    SigningKey key =
        algorithm.startsWith("E") ? SigningKey.generate(algorithm) : RSA.algorithm(algorithm);
    assertSigns(key, algorithm);
    assertThat(StrictJson.parseObject(key.publicJwk()))
        .doesNotContainKeys("d", "p", "q", "dp", "dq", "qi")
        .containsEntry("use", "sig")
        .containsEntry("alg", algorithm);
  }

  /** RFC 8037 appendix A.3; the name is the same wherever the key comes from. */
  @Test
  void aKeyIsNamedByItsThumbprint() throws Exception {
    SigningKey key = SigningKey.ofJwk(Secret.of(ED25519));
    assertThat(key.keyId()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assertSigns(key, "EdDSA");
  }

  @Test
  void theNamesInAJwkAreUsed() throws Exception {
    String named =
        P256.replace("{", "{\"kid\":\"2026\",\"alg\":\"ES256\",\"use\":\"sig\",\"x5c\":[1],");
    SigningKey key = SigningKey.ofJwk(Secret.of(named));
    assertThat(key.keyId()).isEqualTo("2026");
    assertSigns(key, "ES256");
    assertThat(key.keyId("other").keyId()).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use\":\"enc\",",
        "\"key_ops\":[\"verify\"],",
        "\"alg\":\"ES384\",",
        "\"alg\":\"RS256\",",
        "\"alg\":\"none\",",
        "\"alg\":\"HS256\",",
        "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\","
      })
  void aJwkForSomethingElseIsRefused(String member) {
    assertRefused(P256.replace("{", "{" + member));
  }

  @Test
  void aJwkWhoseHalvesAreNotAPairIsRefused() {
    assertRefused(P256.replace("jpsQ", "kpsQ"));
    assertRefused(ED25519.replace("nWGx", "nWGy"));
    assertRefused(P256.replace("f83O", "f83P"));
    assertRefused(P256.replace("\"d\"", "\"D\""));
    assertRefused("{}");
    assertRefused("[]");
    assertRefused("{\"kty\":\"oct\",\"k\":\"AAAA\",\"d\":\"AAAA\"}");
  }

  private static void assertRefused(String jwk) {
    assertThatThrownBy(() -> SigningKey.ofJwk(Secret.of(jwk)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("jpsQnn")
        .hasMessageNotContaining("nWGxne");
  }

  @Test
  void aSmallRsaKeyIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair pair = generator.generateKeyPair();
    assertThatThrownBy(() -> SigningKey.of(pair.getPrivate(), pair.getPublic()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2048 to 16384 bits, but this one has 1024");
  }

  private static String pem(String label, byte[] octets) {
    String lines = Base64.getMimeEncoder().encodeToString(octets);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  @Test
  void pkcs8InPemIsRead() throws Exception {
    HeldCertificate rsa = new HeldCertificate.Builder().rsa2048().build();
    assertSigns(SigningKey.ofPem(Secret.of(rsa.privateKeyPkcs8Pem())), "RS256");
    assertSigns(SigningKey.ofPem(Secret.of(P384_PEM)), "ES384");
    assertSigns(SigningKey.ofPem(Secret.of(P384_PEM.replace("\n", "\r\n"))), "ES384");
    assertSigns(SigningKey.ofPem(Secret.of(ED25519_PEM)), "EdDSA");
  }

  @Test
  void aKeyWithoutItsPublicHalfNeedsItBeside() throws Exception {
    HeldCertificate ec = new HeldCertificate.Builder().ecdsa256().build();
    String bare = ec.privateKeyPkcs8Pem();
    byte[] publicKey = ec.keyPair().getPublic().getEncoded();

    assertThatThrownBy(() -> SigningKey.ofPem(Secret.of(bare)))
        .hasMessageEndingWith("append it: openssl pkey -in key.pem -pubout >> key.pem");
    assertSigns(SigningKey.ofPem(Secret.of(bare + pem("PUBLIC KEY", publicKey))), "ES256");
    assertSigns(SigningKey.ofPem(Secret.of(ec.certificatePem() + bare)), "ES256");
    String other = new HeldCertificate.Builder().ecdsa256().build().certificatePem();
    assertThatThrownBy(() -> SigningKey.ofPem(Secret.of(bare + other)))
        .hasMessage("the private key and the public key are not a pair");
  }

  @Test
  void otherPemIsRefusedWithTheCommandThatHelps() {
    String rsa = new HeldCertificate.Builder().rsa2048().build().privateKeyPkcs1Pem();
    for (String pem : List.of(SEC1_PEM, rsa, pem("ENCRYPTED PRIVATE KEY", new byte[40]))) {
      assertThatThrownBy(() -> SigningKey.ofPem(Secret.of(pem)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.p8.pem");
    }
    for (String pem :
        List.of("x", pem("PRIVATE KEY", new byte[40]), pem("PUBLIC KEY", new byte[4]))) {
      assertThatThrownBy(() -> SigningKey.ofPem(Secret.of(pem)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anEntryOfAKeyStoreSigns() throws Exception {
    HeldCertificate held = new HeldCertificate.Builder().ecdsa256().build();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "shop",
        held.keyPair().getPrivate(),
        "changeit".toCharArray(),
        new java.security.cert.Certificate[] {held.certificate()});

    assertSigns(SigningKey.of(store, "shop", Secret.of("changeit")), "ES256");
    assertThatThrownBy(() -> SigningKey.of(store, "shop", Secret.of("wrong one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("wrong one");
    assertThatThrownBy(() -> SigningKey.of(store, "other", Secret.of("changeit")))
        .hasMessage("the key store has no private key with a certificate as \"other\"");
  }

  /** What hardware gives out: a key that has a name, and neither format nor octets. */
  private record HardwareKey(PrivateKey inside) implements PrivateKey {
    @Override
    public String getAlgorithm() {
      return inside.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return null;
    }

    @Override
    public byte[] getEncoded() {
      return null;
    }
  }

  @Test
  void aKeyThatCannotBeExportedIsLeftAlone() {
    KeyPair pair = new HeldCertificate.Builder().ecdsa256().build().keyPair();
    SigningKey key = SigningKey.of(new HardwareKey(pair.getPrivate()), pair.getPublic());
    assertThat(key.algorithm()).isEqualTo("ES256");
    assertThatThrownBy(() -> key.jwt("JWT", CLAIMS))
        .isInstanceOf(IOException.class)
        .hasMessage("the signing key failed to sign with ES256");
  }

  @Test
  void aSignerElsewhereSigns() throws Exception {
    KeyPair pair = new HeldCertificate.Builder().rsa2048().build().keyPair();
    SigningKey.Signer service =
        input -> {
          try {
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initSign(pair.getPrivate());
            rsa.update(input);
            return rsa.sign();
          } catch (java.security.GeneralSecurityException e) {
            throw new IOException(e);
          }
        };
    assertSigns(SigningKey.external("RS256", pair.getPublic(), service), "RS256");
  }

  @Test
  void aFailureOfASignerElsewhereIsItsOwn() {
    KeyPair pair = new HeldCertificate.Builder().ecdsa256().build().keyPair();
    IOException failure = new IOException("the key service is down");
    SigningKey down =
        SigningKey.external(
            "ES256",
            pair.getPublic(),
            input -> {
              throw failure;
            });
    SigningKey der = SigningKey.external("ES256", pair.getPublic(), input -> new byte[71]);

    assertThatThrownBy(() -> down.jwt("JWT", CLAIMS)).isSameAs(failure);
    assertThatThrownBy(() -> der.jwt("JWT", CLAIMS))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the signer made 71 octets, but a signature with ES256 has 64");
    assertThatThrownBy(() -> SigningKey.external("RS256", pair.getPublic(), input -> input))
        .hasMessage("the key cannot sign with RS256; it is good for ES256");
  }

  @Test
  void aCertificateIsNamedWhenWanted() throws Exception {
    HeldCertificate held = new HeldCertificate.Builder().rsa2048().build();
    SigningKey key = SigningKey.of(held.keyPair().getPrivate(), held.keyPair().getPublic());
    byte[] hash =
        java.security.MessageDigest.getInstance("SHA-256").digest(held.certificate().getEncoded());

    assertThat(header(key)).containsOnlyKeys("alg", "typ", "kid");
    assertThat(header(key.certificate(held.certificate())))
        .containsEntry("x5t#S256", Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    HeldCertificate other = new HeldCertificate.Builder().rsa2048().build();
    assertThatThrownBy(() -> key.certificate(other.certificate()))
        .hasMessage("the certificate is for another key");
  }

  private static Map<String, Object> header(SigningKey key) throws Exception {
    String part = key.jwt("JWT", CLAIMS).split("\\.")[0];
    return StrictJson.parseObject(Base64.getUrlDecoder().decode(part));
  }

  @Test
  void aKeyShowsItsNameOnly() {
    SigningKey key = SigningKey.ofJwk(Secret.of(P256));
    assertThat(key.toString())
        .isEqualTo("signing key \"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U\" for ES256");
  }
}
