package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.SharedVectors;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of C2SP Wycheproof for keys and for single signature algorithms. */
class WycheproofAlgorithmsTest {
  private static Stream<Map<?, ?>> groups(String file) throws IOException {
    List<?> groups = (List<?>) SharedVectors.json("wycheproof/" + file).get("testGroups");
    return groups.stream().map(group -> (Map<?, ?>) group);
  }

  private static Stream<Map<?, ?>> tests(Map<?, ?> group) {
    return ((List<?>) group.get("tests")).stream().map(test -> (Map<?, ?>) test);
  }

  private static boolean isValid(Map<?, ?> test) {
    return test.get("result").equals("valid");
  }

  /**
   * The JDK refuses these valid ones, which no honest signer will ever meet (p = 2^-32 and less).
   */
  private static final String LARGE_X = "k*G has a large x-coordinate";

  /** Groups without a JWK hold keys that no JWK can describe. */
  @ParameterizedTest
  @CsvSource({
    "ed25519_test.json, EdDSA, publicKeyJwk",
    "ecdsa_secp256r1_sha256_p1363_test.json, ES256, publicKeyJwk",
    "ecdsa_secp384r1_sha384_p1363_test.json, ES384, publicKeyJwk",
    "ecdsa_secp521r1_sha512_p1363_test.json, ES512, publicKeyJwk",
    "rsa_pss_2048_sha256_mgf1_32_test.json, PS256, publicKeyJwk",
    "rsa_signature_2048_sha256_test.json, RS256, keyJwk"
  })
  void everySignatureHasTheVerdictThatItAsksFor(String file, String name, String jwk)
      throws IOException {
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
    List<Map<?, ?>> groups = groups(file).filter(group -> group.get(jwk) != null).toList();

    assertThat(groups).isNotEmpty();
    for (Map<?, ?> group : groups) {
      VerificationKey key = VerificationKey.of((Map<?, ?>) group.get(jwk));
      assertThat(key).isNotNull();
      assertThat(tests(group).filter(test -> verifies(algorithm, key, test) != isValid(test)))
          .filteredOn(test -> !test.get("result").equals("acceptable"))
          .filteredOn(test -> !LARGE_X.equals(test.get("comment")))
          .isEmpty();
    }
  }

  private static boolean verifies(
      SignatureAlgorithm algorithm, VerificationKey key, Map<?, ?> test) {
    return algorithm.verifies(
        key.publicKey(),
        HexFormat.of().parseHex((String) test.get("msg")),
        HexFormat.of().parseHex((String) test.get("sig")));
  }

  private static final String NO_SET = "a MAC key is the client secret, never one of a set";
  private static final Map<Long, String> OTHER_POLICY =
      Map.of(
          2L, NO_SET,
          13L, NO_SET,
          14L, NO_SET,
          15L, NO_SET,
          7L, "whether a modulus is weak by its making (ROCA) is not looked at");

  /** Only sets of asymmetric keys: a shared secret never comes in a set. */
  @Test
  void everyKeySetHasTheVerdictThatItAsksFor() throws IOException {
    List<Map<?, ?>> groups = groups("json_web_key_test.json").toList();
    assertThat(groups.stream().flatMap(WycheproofAlgorithmsTest::tests)).hasSize(26);
    for (Map<?, ?> group : groups) {
      assertThat(tests(group))
          .filteredOn(test -> !OTHER_POLICY.containsKey((Long) test.get("tcId")))
          .filteredOn(
              test ->
                  isVerified(
                          (Map<?, ?>) group.get(group.containsKey("public") ? "public" : "private"),
                          test)
                      != isValid(test))
          .isEmpty();
    }
  }

  @SuppressWarnings("unchecked") // JSON
  static boolean isVerified(Map<?, ?> set, Map<?, ?> test) {
    try {
      CompactJws jws = CompactJws.parse((String) test.get("jws"));
      SignatureAlgorithm algorithm = SignatureAlgorithm.named((String) jws.header().get("alg"));
      return KeySet.of((Map<String, Object>) set)
          .candidates((String) jws.header().get("kid"), algorithm)
          .stream()
          .anyMatch(key -> key.verifies(algorithm, jws));
    } catch (MalformedJwtException e) {
      return false;
    }
  }
}
