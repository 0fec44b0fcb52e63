package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.SharedVectors;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The vectors of C2SP Wycheproof for what is done to tokens: parts cut off, changed, exchanged. */
class WycheproofCryptoTest {
  private static final Map<Long, String> OTHER_POLICY =
      Map.of(
          46L, "whether a modulus is weak by its making (ROCA) is not looked at",
          48L, "a MAC key is the client secret, never one of a set");

  private record Vector(Map<?, ?> group, Map<?, ?> json) {
    long id() {
      return (Long) json.get("tcId");
    }

    boolean isRight() throws IOException {
      boolean taken = json.containsKey("jwe") ? isDecrypted() : isVerified();
      return taken == json.get("result").equals("valid");
    }

    private boolean isVerified() {
      Map<?, ?> key = (Map<?, ?>) group.get(group.containsKey("public") ? "public" : "private");
      return key.containsKey("keys")
          ? WycheproofAlgorithmsTest.isVerified(key, json)
          : WycheproofJwsTest.isVerified(key, text("jws"));
    }

    /** A few are not in compact form but JSON. */
    @SuppressWarnings("unchecked") // JSON
    private String text(String name) {
      return json.get(name) instanceof Map<?, ?> members
          ? StrictJson.write((Map<String, Object>) members)
          : (String) json.get(name);
    }

    @SuppressWarnings("unchecked") // JSON
    private boolean isDecrypted() {
      String jwk = StrictJson.write((Map<String, Object>) group.get("private"));
      DecryptionKey key = DecryptionKey.ofJwk(Secret.of(jwk));
      try {
        EncryptedJwt.content(text("jwe"), List.of(key), List.of(), List.of());
        return true;
      } catch (MalformedJwtException e) {
        return false;
      }
    }
  }

  @Test
  void everyVectorHasTheVerdictThatItAsksFor() throws IOException {
    List<Vector> vectors =
        vectors().filter(vector -> !OTHER_POLICY.containsKey(vector.id())).toList();

    assertThat(vectors).hasSize(81);
    assertThat(vectors).allSatisfy(v -> assertThat(v.isRight()).isTrue());
  }

  private static Stream<Vector> vectors() throws IOException {
    Map<String, Object> file = SharedVectors.json("wycheproof/json_web_crypto_test.json");
    return ((List<?>) file.get("testGroups")).stream().flatMap(group -> vectors((Map<?, ?>) group));
  }

  private static Stream<Vector> vectors(Map<?, ?> group) {
    return ((List<?>) group.get("tests")).stream().map(test -> new Vector(group, (Map<?, ?>) test));
  }
}
