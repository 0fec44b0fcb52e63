package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.HostileKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJwsTest {
  private static final String HEADER = encoded("{\"alg\":\"RS256\"}");

  private static String encoded(String json) {
    byte[] octets = json.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  @Test
  void aSignedTokenIsTakenApart() throws Exception {
    CompactJws jws = CompactJws.parse(HostileKeys.signed("{\"alg\":\"RS256\"}", "{}"));
    assertThat(jws.header()).containsEntry("alg", "RS256");
    assertThat(jws.payload()).asString().isEqualTo("{}");
    assertThat(jws.signature()).hasSize(256);
  }

  /** Two texts of one token would pass for two tokens (RFC 7515 §2, RFC 8725). */
  @ParameterizedTest
  @ValueSource(
      strings = {"AB", "AAB", "AA==", "AA=", "A", "AA\n", " AA", "A+A", "A/A", "A%41", "ÅÅ"})
  void aPartThatIsNotCanonicalBase64urlIsRefused(String part) {
    assertRefused(HEADER + ".e30." + part);
    assertRefused(HEADER + "." + part + ".AA");
    assertRefused(part + ".e30.AA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a", "a.b", "e30.e30.", ".e30.AA", "a.b.c.d", "a.b.c.d.e"})
  void anyOtherShapeIsRefused(String text) {
    assertRefused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "{\"alg\":null}",
        "{\"alg\":\"RS256\",\"crit\":[]}",
        "{\"alg\":\"RS256\",\"crit\":null}",
        "{\"alg\":\"RS256\",\"b64\":true}",
        "{\"alg\":\"RS256\",\"zip\":\"DEF\"}",
        "{\"alg\":\"RS256\",\"kid\":1}",
        "{\"alg\":\"RS256\",\"typ\":1}",
        "{\"alg\":\"none\",\"alg\":\"RS256\"}"
      })
  void aHeaderThatSaysMoreThanWeKnowIsRefused(String header) {
    assertRefused(encoded(header) + ".e30.AA");
  }

  @Test
  void sizesAreBounded() {
    String kid = "k".repeat(257);
    assertRefused(encoded("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}") + ".e30.AA");
    assertRefused(encoded("{\"alg\":\"RS256\"" + " ".repeat(20_000) + "}") + ".e30.AA");
    assertRefused(HEADER + "." + "A".repeat(300_000) + ".AA");
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> CompactJws.parse(text)).isInstanceOf(MalformedJwtException.class);
  }
}
