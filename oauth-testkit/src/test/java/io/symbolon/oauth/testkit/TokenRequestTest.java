package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TokenRequestTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @Test
  void aWrongVerifierIsRefusedAndSpendsTheCode() throws Exception {
    App app = App.publicClient(extension.server());
    String code = app.code("orders");

    assertRefused(app.redeem(code, "x".repeat(43)), 400, "invalid_grant");
    assertRefused(app.redeem(code, App.VERIFIER), 400, "invalid_grant");
  }

  @Test
  void aSecondUseOfACodeRevokesWhatTheFirstOneGot() throws Exception {
    App app = App.publicClient(extension.server());
    String code = app.code("orders");
    App.Answer first = app.redeem(code, App.VERIFIER);
    assertThat(app.get(app.server.url("/api/x"), first.string("access_token")).status())
        .isEqualTo(200);

    assertRefused(app.redeem(code, App.VERIFIER), 400, "invalid_grant");

    assertThat(app.get(app.server.url("/api/x"), first.string("access_token")).status())
        .isEqualTo(401);
    assertRefused(app.refresh(first.string("refresh_token")), 400, "invalid_grant");
    assertThat(app.server.reuseDetections()).isZero();
  }

  @Test
  void aCodeIsForItsRedirectUri() throws Exception {
    App app = App.publicClient(extension.server());

    App.Answer answer =
        app.token(
            "grant_type",
            "authorization_code",
            "code",
            app.code("orders"),
            "redirect_uri",
            App.CALLBACK + "2",
            "code_verifier",
            App.VERIFIER);

    assertRefused(answer, 400, "invalid_grant");
  }

  @Test
  void aCodeIsForItsClient() throws Exception {
    App app = App.publicClient(extension.server().publicClient("thief"));
    String code = app.code("orders");

    App.Answer stolen = new App(app.server, "thief").redeem(code, App.VERIFIER);

    assertRefused(stolen, 400, "invalid_grant");
    assertThat(app.redeem(code, App.VERIFIER).status()).isEqualTo(200);
  }

  @Test
  void aCodeExpires() throws Exception {
    App app = App.publicClient(extension.server());
    String code = app.code("orders");

    clock.advance(Duration.ofMinutes(10).plusSeconds(1));

    assertRefused(app.redeem(code, App.VERIFIER), 400, "invalid_grant");
  }

  @Test
  void aConfidentialClientGetsATokenForItself() throws Exception {
    App app = new App(extension.server().client("reports", "s3cret"), "reports");

    App.Answer answer =
        app.tokenWithBasic("reports", "s3cret", "grant_type", "client_credentials", "scope", "r");

    assertThat(answer.json())
        .containsOnlyKeys("access_token", "token_type", "expires_in", "scope")
        .containsEntry("scope", "r");
    assertThat(app.server.lastTokenRequest().clientAuthentication())
        .isEqualTo("client_secret_basic");
  }

  @Test
  void basicCredentialsAreFormEncoded() throws Exception {
    App app = new App(extension.server().client("a:b", "s+3 %é"), "a:b");

    App.Answer encoded =
        app.tokenWithBasic("a%3Ab", "s%2B3+%25%C3%A9", "grant_type", "client_credentials");
    App.Answer plain = app.tokenWithBasic("a:b", "s+3 %é", "grant_type", "client_credentials");
    App.Answer broken = app.tokenWithBasic("a", "%zz", "grant_type", "client_credentials");

    assertThat(encoded.status()).isEqualTo(200);
    assertRefused(plain, 401, "invalid_client");
    assertRefused(broken, 401, "invalid_client");
  }

  @Test
  void aSecretMayComeInTheForm() throws Exception {
    App app = new App(extension.server().client("reports", "s3cret"), "reports");

    App.Answer answer = app.token("grant_type", "client_credentials", "client_secret", "s3cret");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(app.server.lastTokenRequest().clientAuthentication())
        .isEqualTo("client_secret_post");
  }

  @Test
  void aWrongSecretIsRefusedWithAChallenge() throws Exception {
    App app = new App(extension.server().client("reports", "s3cret"), "reports");

    App.Answer answer = app.tokenWithBasic("reports", "guess", "grant_type", "client_credentials");

    assertRefused(answer, 401, "invalid_client");
    assertThat(answer.headers().get("WWW-Authenticate")).startsWith("Basic ");
    assertRefused(app.token("grant_type", "client_credentials"), 401, "invalid_client");
  }

  @Test
  void aClientMayGetANewSecretAndKeepsItsTokens() throws Exception {
    App app = new App(extension.server().client("web", "old"), "web");
    String code = app.code("orders");

    app.server.client("web", "new");
    App.Answer answer =
        app.tokenWithBasic(
            "web",
            "new",
            "grant_type",
            "authorization_code",
            "code",
            code,
            "redirect_uri",
            App.CALLBACK,
            "code_verifier",
            App.VERIFIER);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void twoWaysOfAuthenticationAreOneTooMany() throws Exception {
    App app = new App(extension.server().client("reports", "s3cret"), "reports");

    App.Answer answer =
        app.tokenWithBasic(
            "reports", "s3cret", "grant_type", "client_credentials", "client_secret", "s3cret");

    assertRefused(answer, 400, "invalid_request");
  }

  @Test
  void aPublicClientHasNothingToShowForItself() throws Exception {
    App app = App.publicClient(extension.server());
    assertRefused(app.token("grant_type", "client_credentials"), 400, "unauthorized_client");
    assertThat(app.server.lastTokenRequest().clientAuthentication()).isEqualTo("none");
  }

  @Test
  void anUnknownGrantTypeIsRefused() throws Exception {
    App app = App.publicClient(extension.server());
    assertRefused(app.token("grant_type", "password"), 400, "unsupported_grant_type");
    assertRefused(app.token("grant_type", ""), 400, "invalid_request");
  }

  @Test
  void aTokenRequestIsAFormInAPost() throws Exception {
    App app = App.publicClient(extension.server());
    RequestBody json = RequestBody.create("{}", MediaType.get("application/json"));

    App.Answer answer =
        app.send(new Request.Builder().url(app.server.tokenEndpoint()).post(json).build());

    assertRefused(answer, 400, "invalid_request");
    assertRefused(app.get(app.server.tokenEndpoint()), 400, "invalid_request");
  }

  @Test
  void brokenEncodingIsRefused() throws Exception {
    App app = App.publicClient(extension.server());
    RequestBody form =
        RequestBody.create("a=%zz", MediaType.get("application/x-www-form-urlencoded"));

    App.Answer answer =
        app.send(new Request.Builder().url(app.server.tokenEndpoint()).post(form).build());

    assertRefused(answer, 400, "invalid_request");
  }

  @Test
  void theScopeMayBeLessThanWanted() throws Exception {
    App app = App.publicClient(extension.server().allowedScopes("read", "openid"));

    assertThat(app.login("openid read write").string("scope")).isEqualTo("openid read");
    String callback = app.server.authorize(app.authorizationUrl("write").build());
    assertThat(App.parameter(callback, "error")).isEqualTo("invalid_scope");
  }

  @Test
  void accessTokensLiveAsLongAsTheTestWants() throws Exception {
    App app = App.publicClient(extension.server().accessTokenLifetime(Duration.ofSeconds(90)));
    App.Answer tokens = app.login("orders");
    String accessToken = tokens.string("access_token");
    assertThat(tokens.json()).containsEntry("expires_in", 90L);

    clock.advance(Duration.ofSeconds(89));
    assertThat(app.get(app.server.url("/api/x"), accessToken).status()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertThat(app.get(app.server.url("/api/x"), accessToken).status()).isEqualTo(401);
  }

  @Test
  void theBodyOfTokenResponsesCanBeForged() throws Exception {
    App app = App.publicClient(extension.server().tokenResponse(body -> body.remove("expires_in")));
    assertThat(app.login("orders").json()).doesNotContainKey("expires_in");
  }

  @Test
  void noRefreshTokenOnDemand() throws Exception {
    App app = App.publicClient(extension.server().issueRefreshTokens(false));
    assertThat(app.login("orders").json()).doesNotContainKey("refresh_token");
  }

  @Test
  void anEndpointCanBeAdded() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.endpoint("/par", request -> Answers.json(201, Map.of("got", request.form())));

    App.Answer answer = app.post(app.server.url("/par"), Map.of("a", "b"), Headers.of());

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json()).containsEntry("got", Map.of("a", "b"));
    assertThat(app.server.requestCount("/par")).isEqualTo(1);
  }

  private static void assertRefused(App.Answer answer, int status, String error) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.string("error")).isEqualTo(error);
    assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
  }
}
