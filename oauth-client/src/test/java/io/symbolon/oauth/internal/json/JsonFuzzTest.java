package io.symbolon.oauth.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import java.text.ParseException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class JsonFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of("token_responses", "discovery_jwks")
        .flatMap(name -> HostileCases.of(name).all())
        .filter(hostile -> hostile.object("response").containsKey("body"))
        .map(hostile -> hostile.response().octets());
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsReadIsWrittenAndReadAgain(byte[] octets) throws Exception {
    Map<String, Object> object;
    try {
      object = StrictJson.parseObject(octets);
    } catch (ParseException e) {
      return;
    }
    assertThat(StrictJson.parseObject(StrictJson.write(object))).isEqualTo(object);
  }
}
