package io.symbolon.oauth.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.Attempt;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  @Test
  void sixtyFourLevelsAreReadAndNoMore() throws Exception {
    assertThat(StrictJson.parse(nested(64))).isNotNull();
    Attempt.at(() -> StrictJson.parse(nested(65))).refusal(ParseException.class);
    Attempt.at(() -> StrictJson.parse(nested(500_000))).refusal(ParseException.class);
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  @Test
  void aNumberOfAMillionDigitsCostsNothing() throws Exception {
    String digits = "9".repeat(1_000_000);
    Attempt.at(() -> StrictJson.parse("[" + digits + "]")).refusal(ParseException.class);
    Attempt.at(() -> StrictJson.parse("[1." + digits + "]")).refusal(ParseException.class);
    Attempt.at(() -> StrictJson.parse("[1e" + digits + "]")).refusal(ParseException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{} {}",
        "{}x",
        "{\"a\":1e400}",
        "{\"a\":NaN}",
        "{\"a\":True}",
        "{\"a\":'b'}",
        "{a:1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":01}",
        "{\"a\":1;\"b\":2}",
        "{\"a\"=1}",
        "{\"a\":1,}",
        "\uFEFF{}",
        ")]}'\n{}",
        "[{}]",
        "null",
        ""
      })
  void whatIsNotOneStrictObjectIsRefused(String json) {
    assertThatThrownBy(() -> StrictJson.parseObject(json)).isInstanceOf(ParseException.class);
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    byte[] latin = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> StrictJson.parseObject(latin)).isInstanceOf(ParseException.class);
  }

  @Test
  void noMessageQuotesTheDocument() {
    for (String json : new String[] {"{\"token\":topsecret}", "topsecret", "{\"topsecret\":1"}) {
      assertThatThrownBy(() -> StrictJson.parseObject(json))
          .hasNoCause()
          .message()
          .doesNotContain("topsecret");
    }
  }

  @Test
  void valuesKeepTheirTypes() throws Exception {
    Map<String, Object> object =
        StrictJson.parseObject("{\"a\":\"1\",\"b\":1,\"c\":1.5,\"d\":true,\"e\":null}");
    assertThat(object.values()).containsExactly("1", 1L, 1.5, true, null);
  }
}
