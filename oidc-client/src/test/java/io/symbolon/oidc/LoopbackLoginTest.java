package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.loopback.LoopbackRedirect;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program on the user's own computer logs in with the browser that is there (RFC 8252). */
@Timeout(30)
final class LoopbackLoginTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient client;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("cli", "http://127.0.0.1/callback");
    server.signIdTokensWith("ES256");
    client = OidcClient.builder().issuer(server.issuer()).clientId("cli").build();
  }

  /** Goes where the server sends the user, and back to the program. */
  private CompletableFuture<String> browse(PendingLogin login) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Request request = new Request.Builder().url(server.authorize(login.url())).build();
            try (Response response = new OkHttpClient().newCall(request).execute()) {
              return response.code() + " " + response.body().string();
            }
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void theBrowserComesBackAndTheUserIsLoggedIn() throws Exception {
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      PendingLogin login = client.login().redirectUri(redirect.uri()).begin();
      CompletableFuture<String> page = browse(login);

      OidcTokens tokens = client.complete(login, redirect.await(login.state(), LONG));

      assertThat(tokens.idToken().subject()).isEqualTo("alice");
      assertThat(page.get()).startsWith("200 ").contains("You are signed in");
      assertThat(server.lastTokenRequest().form()).containsEntry("redirect_uri", redirect.uri());
    }
  }

  @Test
  void aUserWhoRefusesIsReported() throws Exception {
    server.denyNextAuthorization("access_denied");
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      PendingLogin login = client.login().redirectUri(redirect.uri()).begin();
      CompletableFuture<String> page = browse(login);
      String callback = redirect.await(login.state(), LONG);

      assertThatThrownBy(() -> client.complete(login, callback))
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
      assertThat(page.get()).startsWith("200 ").contains("Sign-in did not finish");
    }
  }
}
