package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.SharedVectors;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7520, RFC 7797 and RFC 8037: what we do is done right, the rest refused. */
class JoseCookbookTest {
  @SuppressWarnings("unchecked") // JSON
  private static Map<String, Object> member(Map<String, Object> json, String name) {
    return (Map<String, Object>) json.get(name);
  }

  private static Map<String, Object> example(String name) throws Exception {
    return SharedVectors.json("jose-cookbook/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jws/4_1.rsa_v15_signature.json",
        "jws/4_2.rsa-pss_signature.json",
        "jws/4_3.ecdsa_signature.json",
        "jws/4_4.hmac-sha2_integrity_protection.json",
        "curve25519/jws.json"
      })
  void aSignatureVerifiesAndAReproducibleOneIsMadeAgain(String name) throws Exception {
    Map<String, Object> example = example(name);
    Map<String, Object> jwk = member(member(example, "input"), "key");
    CompactJws jws = CompactJws.parse((String) member(example, "output").get("compact"));
    SignatureAlgorithm algorithm = SignatureAlgorithm.named((String) jws.header().get("alg"));

    java.security.Key privateKey;
    if (algorithm.isSymmetric()) {
      byte[] octets = Base64.getUrlDecoder().decode((String) jwk.get("k"));
      privateKey = new SecretKeySpec(octets, "HMAC");
      assertThat(SharedKey.verifies(octets, algorithm, jws)).isTrue();
    } else {
      privateKey = PrivateJwk.ofJson(StrictJson.write(jwk), "sig").key();
      assertThat(VerificationKey.of(jwk).verifies(algorithm, jws)).isTrue();
    }
    if (Boolean.TRUE.equals(example.get("reproducible"))) {
      assertThat(algorithm.sign(privateKey, jws.signingInput())).isEqualTo(jws.signature());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json",
        "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json",
        "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json",
        "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json",
        "jwe/5_6.direct_encryption_using_aes-gcm.json",
        "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json",
        "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json"
      })
  void whatWasEncryptedComesOut(String name) throws Exception {
    Map<String, Object> example = example(name);
    Map<String, Object> input = member(example, "input");
    Map<String, Object> jwk = new LinkedHashMap<>(member(input, "key"));
    jwk.put("alg", input.get("alg"));

    assertThat(content((String) member(example, "output").get("compact"), jwk))
        .asString()
        .isEqualTo(input.get("plaintext"));
  }

  private static byte[] content(String text, Map<String, Object> jwk) throws Exception {
    DecryptionKey key = DecryptionKey.ofJwk(Secret.of(StrictJson.write(jwk)));
    return EncryptedJwt.content(text, List.of(key), List.of(), List.of());
  }

  @Test
  void aSignedTokenComesOutOfAnEncryptedOne() throws Exception {
    Map<String, Object> example = example("6.nesting_signatures_and_encryption.json");
    Map<String, Object> encrypt = member(example, "encrypt");
    Map<String, Object> jwk = member(member(encrypt, "input"), "key");
    DecryptionKey key = DecryptionKey.ofJwk(Secret.of(StrictJson.write(jwk)));
    String text = (String) member(encrypt, "output").get("compact");

    assertThat(EncryptedJwt.signedInside(text, List.of(key), List.of(), List.of()))
        .isEqualTo(member(member(example, "sign"), "output").get("compact"));
  }

  @Test
  void compressedContentIsRefused() throws Exception {
    Map<String, Object> example = example("jwe/5_9.compressed_content.json");
    Map<String, Object> jwk = member(member(example, "input"), "key");
    String text = (String) member(example, "output").get("compact");
    assertThatThrownBy(() -> content(text, jwk))
        .isInstanceOf(MalformedJwtException.class)
        .hasMessage("a header with zip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jws/4_5.signature_with_detached_content.json",
        "rfc7797/hmac-sha2_b64_false.json",
        "jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json",
        "curve25519/ecdh-es.json"
      })
  void whatWeDoNotDoIsRefused(String name) throws Exception {
    String text = (String) member(example(name), "output").get("compact");

    assertThatThrownBy(() -> parsed(text)).isInstanceOf(MalformedJwtException.class);
  }

  private static final DecryptionKey SHARED =
      DecryptionKey.ofClientSecret(Secret.of("a secret of 32 characters and more"), "dir");

  private static void parsed(String text) throws MalformedJwtException {
    if (EncryptedJwt.isOne(text)) {
      EncryptedJwt.content(text, List.of(SHARED), List.of(), List.of());
    } else {
      StrictJwt.parse(text);
    }
  }

  /** Some examples have no other form. */
  @Test
  void tokensInJsonAreRefused() throws Exception {
    Map<String, String> forms = new LinkedHashMap<>();
    for (String name : names()) {
      if (!name.startsWith("jwk/") && !name.startsWith("6.")) {
        Map<String, Object> output = member(example(name), "output");
        output.keySet().removeIf(form -> form.equals("compact"));
        output.forEach((form, json) -> forms.put(name + " " + form, text(json)));
      }
    }

    assertThat(forms).hasSize(48);
    assertThat(forms.values())
        .allSatisfy(
            json -> {
              assertThatThrownBy(() -> CompactJws.parse(json))
                  .isInstanceOf(MalformedJwtException.class);
              assertThatThrownBy(() -> CompactJwe.parse(json))
                  .isInstanceOf(MalformedJwtException.class);
            });
  }

  @SuppressWarnings("unchecked") // JSON
  private static String text(Object json) {
    return StrictJson.write((Map<String, Object>) json);
  }

  private static List<String> names() throws Exception {
    Path folder = SharedVectors.path("jose-cookbook");
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .filter(name -> name.endsWith(".json") && !name.equals("package.json"))
          .sorted()
          .toList();
    }
  }

  @Test
  void keysAreReadForWhatTheyAre() throws Exception {
    for (String name : new String[] {"3_1.ec_public_key", "3_3.rsa_public_key"}) {
      assertThat(VerificationKey.of(example("jwk/" + name + ".json"))).as(name).isNotNull();
    }
    for (String name : new String[] {"3_2.ec_private_key", "3_4.rsa_private_key"}) {
      String json = StrictJson.write(example("jwk/" + name + ".json"));
      assertThat(PrivateJwk.ofJson(json, "sig").keyId()).as(name).isNotNull();
      assertThatThrownBy(() -> PrivateJwk.ofJson(json, "enc"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Map<String, Object> forMac = example("jwk/3_5.symmetric_key_mac_computation.json");
    assertThat(VerificationKey.of(forMac)).isNull();
    assertThatThrownBy(() -> JweKey.ofJson(StrictJson.write(forMac)))
        .isInstanceOf(IllegalArgumentException.class);
    Map<String, Object> forContent = example("jwk/3_6.symmetric_key_encryption.json");
    assertThatThrownBy(() -> JweKey.ofJson(StrictJson.write(forContent)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("A256GCM");
  }
}
