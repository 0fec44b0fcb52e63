package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class ChallengeFuzzTest {
  static Stream<byte[]> seeds() {
    return HostileCases.of("www_authenticate_dpop")
        .all()
        .filter(hostile -> hostile.list("headers") != null)
        .flatMap(hostile -> hostile.list("headers").stream())
        .map(header -> String.valueOf(((List<?>) header).get(1)))
        .map(value -> value.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aFieldIsWholeChallengesOrNone(byte[] octets) {
    String field = new String(octets, StandardCharsets.ISO_8859_1);
    Headers headers =
        new Headers.Builder().addUnsafeNonAscii("WWW-Authenticate", visible(field)).build();
    for (Challenge challenge : Challenge.of(headers)) {
      assertThat(challenge.scheme()).matches("[a-z0-9!#$%&'*+.^_`|~-]+");
      assertThat(challenge.parameters().size()).isLessThanOrEqualTo(64);
      challenge.error();
      challenge.scope();
      challenge.acrValues();
      assertThat(challenge.toString()).isNotEmpty();
    }
    assertThat(ChallengeParser.parse(field).size()).isLessThanOrEqualTo(16);
  }

  /** HTTP has none of these in a header. */
  private static String visible(String field) {
    return field.replaceAll("[\\r\\n\\x00]", " ");
  }
}
