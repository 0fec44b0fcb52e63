package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.SharedVectors;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The vectors of C2SP Wycheproof for the content encryptions and for key agreement with X curves.
 */
class WycheproofContentTest {
  private static Stream<Map<?, ?>> tests(String file) throws IOException {
    List<?> groups = (List<?>) SharedVectors.json("wycheproof/" + file).get("testGroups");
    return groups.stream()
        .flatMap(group -> ((List<?>) ((Map<?, ?>) group).get("tests")).stream())
        .map(test -> (Map<?, ?>) test);
  }

  /** None is left out: each becomes a token with a key that both sides know. */
  @ParameterizedTest
  @CsvSource({"a128cbc_hs256_test.json, A128CBC-HS256", "a256cbc_hs512_test.json, A256CBC-HS512"})
  void everyContentHasTheVerdictThatItAsksFor(String file, String encryption) throws IOException {
    List<Map<?, ?>> tests = tests(file).toList();

    assertThat(tests).hasSize(94);
    assertThat(tests)
        .allSatisfy(
            test ->
                assertThat(content(test, encryption))
                    .isEqualTo(test.get("result").equals("valid") ? test.get("msg") : "refused"));
  }

  private static String content(Map<?, ?> test, String encryption) throws MalformedJwtException {
    byte[] header = StrictJson.write(Map.of("alg", "dir", "enc", encryption)).getBytes();
    String text =
        String.join(
            ".",
            base64(header),
            "",
            base64(octets(test, "iv")),
            base64(octets(test, "ct")),
            base64(octets(test, "tag")));
    JweKey key =
        JweKey.ofJson(
            StrictJson.write(Map.of("kty", "oct", "alg", "dir", "k", base64(octets(test, "key")))));
    byte[] content = key.decrypt(CompactJwe.parse(text), octets(test, "aad"));
    return content == null ? "refused" : HexFormat.of().formatHex(content);
  }

  private static byte[] octets(Map<?, ?> test, String name) {
    return HexFormat.of().parseHex((String) test.get(name));
  }

  private static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  /** We agree on keys with NIST curves only; so no point on another one is ever multiplied. */
  @ParameterizedTest
  @CsvSource({"x25519_jwk_test.json, 531", "x448_jwk_test.json, 523"})
  void noKeyIsAgreedOnWithACurveThatWeDoNotKnow(String file, int size) throws IOException {
    List<Map<?, ?>> tests = tests(file).toList();

    assertThat(tests).hasSize(size);
    for (Map<?, ?> test : tests) {
      assertThatThrownBy(() -> JweKey.ofJson(privateKey(test)))
          .isInstanceOf(IllegalArgumentException.class);
      Map<?, ?> publicKey = (Map<?, ?>) test.get("public");
      boolean known = String.valueOf(publicKey.get("crv")).startsWith("P-");
      assertThat(VerificationKey.of(publicKey) == null)
          .as("%s", test.get("tcId"))
          .isNotEqualTo(known);
    }
  }

  @SuppressWarnings("unchecked") // JSON
  private static String privateKey(Map<?, ?> test) {
    return StrictJson.write((Map<String, Object>) test.get("private"));
  }
}
