package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class FormFuzzTest {
  private static final int MAX_CHARS = 64 * 1024;

  static Stream<byte[]> seeds() {
    return HostileCases.of("authorization_responses")
        .all()
        .map(hostile -> hostile.object("request").get("query"))
        .filter(String.class::isInstance)
        .map(query -> ((String) query).getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsDecodedIsEncodedAndDecodedAgain(byte[] octets) {
    List<FormCodec.Pair> pairs;
    try {
      pairs = FormCodec.decode(new String(octets, StandardCharsets.UTF_8), MAX_CHARS, 100);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(FormCodec.decode(encoded(pairs), 9 * MAX_CHARS, 100)).isEqualTo(pairs);
  }

  private static String encoded(List<FormCodec.Pair> pairs) {
    return pairs.stream()
        .map(pair -> FormCodec.encode(pair.name()) + "=" + FormCodec.encode(pair.value()))
        .collect(Collectors.joining("&"));
  }
}
