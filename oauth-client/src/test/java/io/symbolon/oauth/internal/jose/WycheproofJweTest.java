package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.SharedVectors;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JWE vectors of C2SP Wycheproof, through our own gate and keys. */
class WycheproofJweTest {
  private static final Map<Long, String> EXCEPTIONS =
      Map.of(
          132L, "the key's alg is that of the content, not dir (RFC 7517 §4.4)",
          135L, "the content is compressed, which we refuse (RFC 8725 §3.6)");

  private record Vector(Map<String, Object> key, Map<?, ?> json) {
    long id() {
      return (Long) json.get("tcId");
    }

    boolean isValid() {
      return json.get("result").equals("valid");
    }

    boolean isRight() {
      return isValid() ? decrypted().equals(json.get("pt")) : decrypted().startsWith("refused");
    }

    String report() {
      return id() + " " + json.get("comment") + " " + json.get("result") + ": " + decrypted();
    }

    /** The content in hexadecimal; or why there is none. */
    String decrypted() {
      try {
        DecryptionKey decryptionKey = DecryptionKey.ofJwk(Secret.of(StrictJson.write(key)));
        byte[] content =
            EncryptedJwt.content(
                (String) json.get("jwe"), List.of(decryptionKey), List.of(), List.of());
        return HexFormat.of().formatHex(content);
      } catch (MalformedJwtException | IllegalArgumentException e) {
        return "refused: " + e.getMessage();
      }
    }
  }

  @Test
  void everyVectorHasTheVerdictThatItAsksFor() throws IOException {
    List<Vector> vectors =
        vectors().filter(vector -> !EXCEPTIONS.containsKey(vector.id())).toList();

    assertThat(vectors).hasSize(137);
    assertThat(vectors.stream().filter(it -> !it.isRight()).map(Vector::report)).isEmpty();
  }

  private static Stream<Vector> vectors() throws IOException {
    Map<String, Object> file = SharedVectors.json("wycheproof/json_web_encryption_test.json");
    return ((List<?>) file.get("testGroups")).stream().flatMap(group -> vectors((Map<?, ?>) group));
  }

  @SuppressWarnings("unchecked") // JSON
  private static Stream<Vector> vectors(Map<?, ?> group) {
    Map<String, Object> key = (Map<String, Object>) group.get("private");
    return ((List<?>) group.get("tests")).stream().map(test -> new Vector(key, (Map<?, ?>) test));
  }
}
