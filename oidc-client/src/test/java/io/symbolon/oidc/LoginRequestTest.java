package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a login can ask for, and what of it is checked (OpenID Connect Core §3.1.2, §5.5). */
final class LoginRequestTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("app").signIdTokensWith("ES256");
    oidc = OidcClient.builder().issuer(server.issuer()).clientId("app").build();
  }

  private LoginRequest request() {
    return oidc.login().redirectUri(REDIRECT_URI);
  }

  private OidcTokens complete(LoginRequest request) throws Exception {
    PendingLogin login = request.begin();
    return oidc.complete(login, server.authorize(login.url()));
  }

  private void assertRefused(String check, LoginRequest request) {
    assertThatThrownBy(() -> complete(request))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo(check));
  }

  @Test
  void wishesStandInTheUrl() throws Exception {
    HttpUrl url =
        HttpUrl.get(
            request()
                .prompt("login consent")
                .loginHint("ada@example.com")
                .uiLocales("fr-CA fr")
                .display("popup")
                .acrValues("gold", "silver")
                .begin()
                .url());

    assertThat(url.queryParameter("prompt")).isEqualTo("login consent");
    assertThat(url.queryParameter("login_hint")).isEqualTo("ada@example.com");
    assertThat(url.queryParameter("ui_locales")).isEqualTo("fr-CA fr");
    assertThat(url.queryParameter("display")).isEqualTo("popup");
    assertThat(url.queryParameter("acr_values")).isEqualTo("gold silver");
  }

  @Test
  void claimsAndAcrStandInOneParameter() throws Exception {
    HttpUrl url =
        HttpUrl.get(
            request()
                .requireAcr("gold")
                .claims(
                    Map.of(
                        "id_token", Map.of("auth_time", Map.of("essential", true)),
                        "userinfo", Map.of("email", Map.of())))
                .begin()
                .url());

    assertThat(url.queryParameterValues("claims")).hasSize(1);
    assertThat(url.queryParameter("claims"))
        .contains("\"auth_time\":{\"essential\":true}")
        .contains("\"acr\":{\"essential\":true,\"values\":[\"gold\"]}")
        .contains("\"userinfo\":{\"email\":{}}");
  }

  @Test
  void anEssentialAcrOfTheClaimsIsChecked() throws Exception {
    Map<String, Object> gold = Map.of("essential", true, "value", "gold");
    LoginRequest request = request().claims(Map.of("id_token", Map.of("acr", gold)));

    server.idTokenClaims(claims -> claims.put("acr", "gold"));
    assertThat(complete(request).idToken().acr()).isEqualTo("gold");
    server.idTokenClaims(claims -> claims.put("acr", "silver"));
    assertRefused("acr", request);
    server.idTokenClaims(claims -> {});
    assertRefused("acr", request);
  }

  @Test
  void aVoluntaryAcrIsAWishOnly() throws Exception {
    server.idTokenClaims(claims -> claims.put("acr", "bronze"));

    assertThat(
            complete(
                    request()
                        .acrValues("gold")
                        .claims(
                            Map.of("id_token", Map.of("acr", Map.of("values", List.of("gold"))))))
                .idToken()
                .acr())
        .isEqualTo("bronze");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id_token", "userinfo"})
  void anotherUserThanTheOneThatWasAskedForIsRefused(String place) throws Exception {
    assertThat(complete(request().claims(Map.of(place, Map.of("sub", Map.of("value", "alice"))))))
        .isNotNull();
    assertRefused("sub", request().claims(Map.of(place, Map.of("sub", Map.of("value", "bob")))));
  }

  @Test
  void anotherUserThanTheOneOfTheHintIsRefused() throws Exception {
    IdToken alice = complete(request()).idToken();
    LoginRequest again = request().prompt("none").idTokenHint(alice);

    assertThat(HttpUrl.get(again.begin().url()).queryParameter("id_token_hint"))
        .isEqualTo(alice.serialized().reveal());
    assertThat(complete(again).idToken().subject()).isEqualTo("alice");
    server.user("mallory", Map.of());
    assertRefused("sub", again);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login_required",
        "interaction_required",
        "consent_required",
        "account_selection_required"
      })
  void aSilentLoginThatNeedsTheUserSaysSo(String error) throws Exception {
    server.denyNextAuthorization(error);

    assertThatThrownBy(() -> complete(request().prompt("none")))
        .isInstanceOfSatisfying(
            LoginRequiredException.class, e -> assertThat(e.code()).isEqualTo(error))
        .hasCauseInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aPushedSilentLoginSaysSoToo() throws Exception {
    server.denyNextAuthorization("login_required");

    assertThatThrownBy(() -> complete(request().prompt("none").pushed()))
        .isInstanceOf(LoginRequiredException.class);
  }

  @Test
  void otherErrorsOfASilentLoginStayWhatTheyAre() {
    server.denyNextAuthorization("access_denied");

    assertThatThrownBy(() -> complete(request().prompt("none")))
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void anInteractiveLoginHasNoSilentRefusal() {
    server.denyNextAuthorization("login_required");

    assertThatThrownBy(() -> complete(request())).isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void mistakesAreRefusedAtOnce() {
    assertThatThrownBy(() -> request().prompt("none login"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt is \"none\" or something else, but not both");
    assertThatThrownBy(() -> request().claims(Map.of("access_token", Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("claims are asked for in \"id_token\" and \"userinfo\", not in [access_token]");
  }
}
