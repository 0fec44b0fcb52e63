package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.providers.ProviderSample;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** A dialect that forgives whatever one can forgive. */
@Tag("fuzz")
final class DialectFuzzTest {
  private static final CannedServer SERVER = new CannedServer();
  private static final Dialect DIALECT =
      Dialect.builder()
          .anyMediaType()
          .envelope("data", "alipay_system_oauth_token_response", "response.0")
          .member("accessToken", "access_token")
          .member("expireIn", "expires_in")
          .member("authed_user.access_token", "access_token")
          .errors("errcode", "errmsg")
          .errors("data.error_code", "data.description")
          .errors("errors.0.errorType", "errors.0.message")
          .errors("error.code", "error.message")
          .error("40029", "invalid_grant")
          .scopeSeparator(",")
          .bearerTypes("bot")
          .bearerUnlessSaid()
          .build();
  private static final OAuthClient CLIENT =
      OAuthClient.builder()
          .server(
              AuthorizationServer.builder()
                  .tokenEndpoint("https://as.example.com/token")
                  .dialect(DIALECT)
                  .build())
          .clientId("reports")
          .clientSecret(Secret.of("a-secret-that-nobody-may-see"))
          .httpClient(SERVER.http())
          .build();

  static Stream<byte[]> seeds() {
    return ProviderSample.all().map(ProviderSample::body);
  }

  @MethodSource("seeds")
  @FuzzTest
  void anAnswerIsATokenOrAReason(byte[] body) {
    for (int status : new int[] {200, 400}) {
      SERVER.answer(status, body);
      try {
        TokenSet tokens = CLIENT.clientCredentials().scope("read").execute();
        assertThat(status).isEqualTo(200);
        assertThat(tokens.accessToken().type()).isEqualTo("Bearer");
        assertThat(tokens.accessToken().value().reveal()).matches("[\\x20-\\x7E]+");
      } catch (OAuthException e) {
        assertThat(e.explain()).doesNotContain("a-secret-that-nobody-may-see");
      } catch (java.io.IOException e) {
        throw new AssertionError("nothing was sent, so nothing can fail to arrive", e);
      }
    }
  }
}
