package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.SharedVectors;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JWS vectors of C2SP Wycheproof, through our own gate and keys. */
class WycheproofJwsTest {
  private static final Map<Long, String> DEFECTS =
      Map.of(
          346L, "the header says PS384, the key PS256 (RFC 7517 §4.4)",
          350L, "the header says PS384, the key PS256 (RFC 7517 §4.4)",
          347L, "the key's alg is the slip of the pen ES521",
          351L, "the key's alg is the slip of the pen ES521",
          367L, "the text is that of the valid vector 357",
          370L, "the text is that of the valid vector 357",
          372L, "the token holds a question mark (RFC 7515 §2)",
          373L, "the token holds a question mark (RFC 7515 §2)");

  private record Vector(Map<?, ?> key, Map<?, ?> json) {
    long id() {
      return (Long) json.get("tcId");
    }

    boolean isValid() {
      return json.get("result").equals("valid");
    }
  }

  @Test
  void everyVectorHasTheVerdictThatItAsksFor() throws IOException {
    List<Vector> vectors = vectors().filter(vector -> !DEFECTS.containsKey(vector.id())).toList();

    assertThat(vectors).hasSize(393);
    assertThat(vectors).allSatisfy(v -> assertThat(isVerified(v)).isEqualTo(v.isValid()));
  }

  private static Stream<Vector> vectors() throws IOException {
    Map<String, Object> file = SharedVectors.json("wycheproof/json_web_signature_test.json");
    return ((List<?>) file.get("testGroups")).stream().flatMap(group -> vectors((Map<?, ?>) group));
  }

  private static Stream<Vector> vectors(Map<?, ?> group) {
    Map<?, ?> key = (Map<?, ?>) group.get(group.containsKey("public") ? "public" : "private");
    return ((List<?>) group.get("tests")).stream().map(test -> new Vector(key, (Map<?, ?>) test));
  }

  private static boolean isVerified(Vector vector) {
    return isVerified(vector.key, (String) vector.json.get("jws"));
  }

  /** Whether the one key has signed the text. */
  static boolean isVerified(Map<?, ?> key, String text) {
    try {
      CompactJws jws = CompactJws.parse(text);
      String name = (String) jws.header().get("alg");
      SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
      boolean agreed = key.get("alg") == null || key.get("alg").equals(name);
      return algorithm != null && agreed && isVerified(key, algorithm, jws);
    } catch (MalformedJwtException e) {
      return false;
    }
  }

  private static boolean isVerified(Map<?, ?> key, SignatureAlgorithm algorithm, CompactJws jws) {
    if (key.get("kty").equals("oct")) {
      byte[] secret = Base64.getUrlDecoder().decode((String) key.get("k"));
      return algorithm.isSymmetric() && SharedKey.verifies(secret, algorithm, jws);
    }
    return KeySet.of(Map.of("keys", List.of(key)))
        .candidates((String) jws.header().get("kid"), algorithm)
        .stream()
        .anyMatch(candidate -> candidate.verifies(algorithm, jws));
  }
}
