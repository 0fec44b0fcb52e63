package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.InvalidResponseException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class UserIdentifierFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "joe@example.com",
            "acct:joe@example.com",
            "https://example.com:8080/joe?a=b#me",
            "juliet@capulet.example@shopping.example.com",
            "joe@bücher.example",
            "①②⑦.0.0.1",
            "http://[::1]/",
            "2130706433")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Only a host with a name is asked, and only over https. */
  @MethodSource("seeds")
  @FuzzTest
  void whatAUserTypesIsAHostWithANameOrRefused(byte[] octets) {
    try {
      UserIdentifier identifier = UserIdentifier.of(new String(octets, StandardCharsets.UTF_8));
      assertThat(identifier.host().isHttps()).isTrue();
      assertThat(identifier.host().host()).doesNotMatch("[0-9.]+|.*:.*");
      assertThat(identifier.host().username()).isEmpty();
      assertThat(identifier.resource()).matches("(acct:|https?://)\\S+");
    } catch (InvalidResponseException e) {
      assertThat(e.code()).isEqualTo("invalid_identifier");
    }
  }
}
