package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LoginTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void aLoginEndsVerifiedAndItsTokensOpenTheApi() throws Exception {
    FakeAuthorizationServer server = extension.server();
    server.client("shop", "shop-secret").user("ada", Map.of("name", "Ada"));
    OidcClient oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("shop-secret"))
            .build();

    PendingLogin login =
        oidc.login()
            .redirectUri("https://shop.example.com/callback")
            .scope("profile offline_access")
            .begin();
    OidcTokens tokens = oidc.complete(login, server.authorize(login.url()));

    assertThat(tokens.idToken().subject()).isEqualTo("ada");
    assertThat(oidc.userInfo(tokens).text("name")).isEqualTo("Ada");
    OkHttpClient api =
        new OAuthInterceptor(oidc.tokenSource(tokens), server.issuer()).install(new OkHttpClient());
    server.revokeAllAccessTokens();
    Request call = new Request.Builder().url(server.url("/api/orders")).build();
    try (Response response = api.newCall(call).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }
}
