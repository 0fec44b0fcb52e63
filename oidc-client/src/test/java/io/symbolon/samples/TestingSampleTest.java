package io.symbolon.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How users test their own code. */
final class TestingSampleTest {
  // README: test
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @Test
  void theUserStaysLoggedInForADay() throws Exception {
    FakeAuthorizationServer server = extension.server();
    server.client("shop", "secret").accessTokenLifetime(Duration.ofHours(1));
    OidcClient oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("secret"))
            .clock(clock)
            .build();
    PendingLogin login = oidc.login().redirectUri("https://shop.example.com/callback").begin();
    OidcTokens tokens = oidc.complete(login, server.authorize(login.url())); // the browser's part
    var source = oidc.tokenSource(tokens);
    for (int hour = 0; hour < 24; hour++) {
      clock.advance(Duration.ofHours(1));
      assertThat(source.token().expiresAt()).isAfter(clock.instant());
    }
    assertThat(server.reuseDetections()).isZero();
  }
  // README: end
}
