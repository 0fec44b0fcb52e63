package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class TokenResponseFuzzTest {
  private static final CannedServer SERVER = new CannedServer();
  private static final OAuthClient CLIENT =
      OAuthClient.builder()
          .server(
              AuthorizationServer.builder().tokenEndpoint("https://as.example.com/token").build())
          .clientId("reports")
          .clientSecret(Secret.of("a-secret-that-nobody-may-see"))
          .httpClient(SERVER.http())
          .build();

  static Stream<byte[]> seeds() {
    return HostileCases.of("token_responses")
        .all()
        .filter(hostile -> hostile.object("response").containsKey("body"))
        .map(hostile -> hostile.response().octets());
  }

  @MethodSource("seeds")
  @FuzzTest
  void anAnswerIsATokenOrAReason(byte[] body) {
    for (int status : new int[] {200, 400}) {
      SERVER.answer(status, body);
      try {
        TokenSet tokens = CLIENT.clientCredentials().scope("read").execute();
        assertThat(status).isEqualTo(200);
        assertThat(tokens.accessToken().value().reveal()).matches("[\\x20-\\x7E]+");
        assertThat(tokens.toString()).doesNotContain(tokens.accessToken().value().reveal() + "!");
      } catch (OAuthException e) {
        assertThat(e.explain()).doesNotContain("a-secret-that-nobody-may-see");
      } catch (java.io.IOException e) {
        throw new AssertionError("nothing was sent, so nothing can fail to arrive", e);
      }
    }
  }
}
