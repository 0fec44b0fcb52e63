package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.FormCodec.Pair;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormCodecTest {
  @Test
  void theExampleOfRfc6749AppendixB() {
    assertThat(FormCodec.encode(" %&+£€")).isEqualTo("+%25%26%2B%C2%A3%E2%82%AC");
    assertThat(FormCodec.decode("v=+%25%26%2B%C2%A3%E2%82%AC", 100, 1))
        .containsExactly(new Pair("v", " %&+£€"));
  }

  @Test
  void whatIsEncodedDecodesToTheSameText() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int c = 1; c < 0x3000; c++) {
      parameters.put(
          "n" + new String(Character.toChars(c)), "v" + new String(Character.toChars(c)));
    }
    parameters.put("😀", "a=b&c");

    Map<String, String> decoded = new LinkedHashMap<>();
    FormCodec.decode(FormCodec.encode(parameters), 1 << 20, 1 << 16)
        .forEach(pair -> decoded.put(pair.name(), pair.value()));

    assertThat(decoded).isEqualTo(parameters);
  }

  @Test
  void unencodedTextBeyondTheBasicPlaneStaysWhatItIs() {
    assertThat(FormCodec.decode("a=😀é", 100, 1)).containsExactly(new Pair("a", "😀é"));
  }

  @Test
  void decodingHappensOnce() {
    assertThat(FormCodec.decode("a=%2541&b%3D=c%26d", 100, 2))
        .containsExactly(new Pair("a", "%41"), new Pair("b=", "c&d"));
  }

  @Test
  void emptyPiecesAreNoParameters() {
    assertThat(FormCodec.decode("&&a&b=&=c&", 100, 3))
        .containsExactly(new Pair("a", ""), new Pair("b", ""), new Pair("", "c"));
    assertThat(FormCodec.decode("", 0, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "a=%4g", "a=%+1", "a=%-1", "a=%４１", "a=%%41"})
  void aBrokenPercentSequenceIsRefused(String form) {
    assertThatThrownBy(() -> FormCodec.decode(form, 100, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a percent sign is not followed by two hex digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%FF", "a=%C0%AF", "a=%ED%A0%80", "a=%F4%90%80%80", "a=%C3", "%80=a"})
  void octetsThatAreNotUtf8AreRefused(String form) {
    assertThatThrownBy(() -> FormCodec.decode(form, 100, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("it does not decode to UTF-8");
  }

  @ParameterizedTest
  @CsvSource({"4, 9, it is longer than 4 characters", "9, 1, it has more than 1 parameters"})
  void lengthAndNumberAreBounded(int maxChars, int maxPairs, String message) {
    assertThatThrownBy(() -> FormCodec.decode("a=1&b", maxChars, maxPairs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
