package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ResourcesTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void userInfoTellsAboutTheUser() throws Exception {
    App app = App.publicClient(extension.server().user("bob", Map.of("name", "Bob")));
    String token = app.login("openid").string("access_token");

    assertThat(app.get(app.server.userInfoEndpoint(), token).json())
        .isEqualTo(Map.of("sub", "bob", "name", "Bob"));
  }

  @Test
  void userInfoStaysWithTheUserWhoLoggedIn() throws Exception {
    App app = App.publicClient(extension.server().user("bob", Map.of("name", "Bob")));
    String token = app.login("openid").string("access_token");

    app.server.user("eve", Map.of("name", "Eve"));

    assertThat(app.get(app.server.userInfoEndpoint(), token).json())
        .isEqualTo(Map.of("sub", "bob"));
  }

  @Test
  void userInfoCanLie() throws Exception {
    App app =
        App.publicClient(extension.server().userInfoClaims(claims -> claims.put("sub", "mallory")));
    String token = app.login("openid").string("access_token");

    assertThat(app.get(app.server.userInfoEndpoint(), token).string("sub")).isEqualTo("mallory");
  }

  @Test
  void userInfoNeedsTheScopeOpenid() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("access_token");

    App.Answer answer = app.get(app.server.userInfoEndpoint(), token);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().get("WWW-Authenticate"))
        .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"openid\"");
  }

  @Test
  void theApiOpensToALiveToken() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("access_token");

    assertThat(app.get(app.server.url("/api/orders/7"), token).json())
        .containsEntry("path", "/api/orders/7")
        .containsEntry("sub", "alice")
        .containsEntry("scope", "orders");
  }

  @Test
  void aDeadTokenIsToldApartFromNone() throws Exception {
    App app = App.publicClient(extension.server());

    App.Answer dead = app.get(app.server.url("/api/orders"), "dead");
    App.Answer none = app.get(app.server.url("/api/orders"));

    assertThat(dead.status()).isEqualTo(401);
    assertThat(dead.headers().get("WWW-Authenticate"))
        .isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.headers().get("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\"");
  }

  @Test
  void theApiCanAskForAScope() throws Exception {
    App app = App.publicClient(extension.server().requireApiScope("admin"));
    String token = app.login("orders").string("access_token");

    App.Answer refused = app.get(app.server.url("/api/orders"), token);
    app.server.requireApiScope(null);
    App.Answer answered = app.get(app.server.url("/api/orders"), token);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.headers().get("WWW-Authenticate")).contains("scope=\"admin\"");
    assertThat(answered.status()).isEqualTo(200);
  }

  @Test
  void userInfoCanBeDown() throws Exception {
    App app = App.publicClient(extension.server().userInfoDown(true));
    String token = app.login("openid").string("access_token");
    assertThat(app.get(app.server.userInfoEndpoint(), token).status()).isEqualTo(503);
  }
}
