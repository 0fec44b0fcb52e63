package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.DemoServer;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.OidcClient;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SpringAuthorizationServerTest extends RelyingPartyContract {
  @AutoClose private static DemoServer server;

  @BeforeAll
  static void start() {
    server = DemoServer.start();
  }

  @Override
  String issuer() {
    return server.issuer();
  }

  @Override
  String user() {
    return DemoServer.USERNAME;
  }

  @Override
  String password() {
    return DemoServer.PASSWORD;
  }

  @Override
  String serviceId() {
    return server.reportsService().id();
  }

  @Override
  Secret serviceSecret() {
    return Secret.of(server.reportsService().secret());
  }

  @Override
  String serviceScope() {
    return "reports.read";
  }

  @Override
  String desktopId() {
    return server.desktop();
  }

  @Override
  String desktopScope() {
    return "profile email orders.read";
  }

  @Test
  void strangeCredentialsArriveAsTheyAre() throws Exception {
    OAuthClient weird =
        OAuthClient.builder()
            .issuer(issuer())
            .clientId(server.weird().id())
            .clientSecret(Secret.of(server.weird().secret()))
            .build();
    assertThat(weird.clientCredentials().scope("reports.read").execute().scope())
        .containsExactly("reports.read");
  }

  @Test
  void aUsersTokenOpensTheirOrders() throws Exception {
    OidcClient oidc = desktop();
    OkHttpClient api =
        new OAuthInterceptor(oidc.tokenSource(signIn(oidc)), server.api()).install(http());
    Request orders = new Request.Builder().url(server.api() + "/api/orders").build();
    try (Response response = api.newCall(orders).execute()) {
      assertThat(response.body().string()).contains("\"user\":\"ada\"");
    }
  }
}
