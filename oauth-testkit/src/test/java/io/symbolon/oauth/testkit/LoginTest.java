package io.symbolon.oauth.testkit;

import static io.symbolon.oauth.testkit.App.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LoginTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void aBrowserIsSentBackWithCodeStateAndIssuer() throws Exception {
    App app = App.publicClient(extension.server());

    String callback = app.server.authorize(app.authorizationUrl("openid").build());

    assertThat(callback).startsWith(App.CALLBACK + "?code=");
    assertThat(parameter(callback, "state")).isEqualTo("s t&te");
    assertThat(parameter(callback, "iss")).isEqualTo(app.server.issuer());
  }

  @Test
  void theAuthorizationUrlMayBeAStringOrAUri() throws Exception {
    App app = App.publicClient(extension.server());
    String url = app.authorizationUrl("openid").build().toString();

    assertThat(app.server.authorize(url)).startsWith(App.CALLBACK);
    assertThat(app.server.authorize(URI.create(url))).startsWith(App.CALLBACK);
  }

  @Test
  void aCodeBecomesTokens() throws Exception {
    App app = App.publicClient(extension.server());

    App.Answer tokens = app.login("openid orders");

    assertThat(tokens.status()).isEqualTo(200);
    assertThat(tokens.headers().get("Cache-Control")).isEqualTo("no-store");
    assertThat(tokens.json())
        .containsOnlyKeys(
            "access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token")
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 3600L)
        .containsEntry("scope", "openid orders");
  }

  @Test
  void withoutOpenidThereIsNoIdToken() throws Exception {
    App app = App.publicClient(extension.server());
    assertThat(app.login("orders").json()).doesNotContainKey("id_token");
  }

  @Test
  void issIsLeftOutOnDemand() throws Exception {
    App app = App.publicClient(extension.server().includeIss(false));

    String callback = app.server.authorize(app.authorizationUrl("openid").build());

    assertThat(parameter(callback, "iss")).isNull();
    assertThat(app.get(app.server.url("/.well-known/openid-configuration")).json())
        .containsEntry("authorization_response_iss_parameter_supported", false);
  }

  @Test
  void aDenialComesBackAsAnErrorOnce() throws Exception {
    App app = App.publicClient(extension.server().denyNextAuthorization("access_denied"));

    String denied = app.server.authorize(app.authorizationUrl("openid").build());
    String agreed = app.server.authorize(app.authorizationUrl("openid").build());

    assertThat(parameter(denied, "error")).isEqualTo("access_denied");
    assertThat(parameter(denied, "state")).isEqualTo("s t&te");
    assertThat(parameter(denied, "iss")).isEqualTo(app.server.issuer());
    assertThat(parameter(denied, "code")).isNull();
    assertThat(parameter(agreed, "code")).isNotNull();
  }

  @Test
  void formPostBringsTheSameParametersInAForm() throws Exception {
    App app = App.publicClient(extension.server());
    String url =
        app.authorizationUrl("openid")
            .setQueryParameter("state", "<\"&'>")
            .addQueryParameter("response_mode", "form_post")
            .toString();

    Map<String, String> form = Parameters.parse(app.server.authorizeByFormPost(url)).asMap();

    assertThat(form).containsOnlyKeys("code", "state", "iss").containsEntry("state", "<\"&'>");
    assertThat(app.redeem(form.get("code"), App.VERIFIER).status()).isEqualTo(200);
    assertThatThrownBy(() -> app.server.authorize(url))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no redirect");
  }

  @Test
  void withoutPkceThereIsNoCode() throws Exception {
    App app = App.publicClient(extension.server());

    String none = app.authorizationUrl("a").removeAllQueryParameters("code_challenge").toString();
    String plain =
        app.authorizationUrl("a").setQueryParameter("code_challenge_method", "plain").toString();
    String brief = app.authorizationUrl("a").setQueryParameter("code_challenge", "x").toString();

    for (String url : new String[] {none, plain, brief}) {
      assertThat(parameter(app.server.authorize(url), "error")).isEqualTo("invalid_request");
    }
  }

  @Test
  void withoutACodeThereIsNoResponseType() throws Exception {
    App app = App.publicClient(extension.server());
    String url = app.authorizationUrl("a").setQueryParameter("response_type", "token").toString();

    assertThat(HttpUrl.get(app.server.authorize(url)).fragment())
        .contains("error=unsupported_response_type");
  }

  @Test
  void anUnknownResponseModeIsRefused() throws Exception {
    App app = App.publicClient(extension.server());
    String url = app.authorizationUrl("a").addQueryParameter("response_mode", "x").toString();

    assertThat(parameter(app.server.authorize(url), "error")).isEqualTo("invalid_request");
  }

  @Test
  void aRepeatedParameterIsRefused() throws Exception {
    App app = App.publicClient(extension.server());
    String url = app.authorizationUrl("a").addQueryParameter("scope", "b").toString();

    assertThat(parameter(app.server.authorize(url), "error")).isEqualTo("invalid_request");
  }

  @Test
  void anUnknownClientIsNotRedirected() {
    App app = new App(extension.server(), "nobody");

    assertThatThrownBy(() -> app.server.authorize(app.authorizationUrl("a").build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("400 unknown client nobody");
  }

  @Test
  void aRegisteredRedirectUriMustMatchExactly() {
    extension.server().publicClient("app", "https://app.example.com/other", App.CALLBACK + "/");
    App app = new App(extension.server(), "app");

    assertThatThrownBy(() -> app.server.authorize(app.authorizationUrl("a").build()))
        .hasMessageContaining("redirect_uri " + App.CALLBACK + " is none of");
  }

  @Test
  void onlyThePortOfALoopbackRedirectUriMayVary() {
    Client client = new Client("app", null, List.of("http://127.0.0.1/cb", "https://a.example/cb"));

    assertThat(client.allows("http://127.0.0.1:4711/cb")).isTrue();
    assertThat(client.allows("http://127.0.0.1:4711/other")).isFalse();
    assertThat(client.allows("http://127.0.0.1.evil.example:4711/cb")).isFalse();
    assertThat(client.allows("http://[::1]:4711/cb")).isFalse();
    assertThat(client.allows("https://a.example:444/cb")).isFalse();
  }

  @Test
  void theQueryOfARedirectUriIsKept() throws Exception {
    App app = App.publicClient(extension.server());
    String url =
        app.authorizationUrl("a").setQueryParameter("redirect_uri", "app:/cb?x=1").toString();

    assertThat(app.server.authorize(url)).startsWith("app:/cb?x=1&code=");
  }
}
