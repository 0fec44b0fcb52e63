package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.HttpUrl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logouts that begin with us, and those of which the browser brings word. */
final class LogoutTest {
  private static final String RETURN = "https://shop.example.com/bye";

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OidcClient client;

  @BeforeEach
  void start() {
    server = extension.server().client("shop", "s3cret").user("ada", Map.of());
    server.metadata(
        it -> {
          it.put("end_session_endpoint", server.url("/logout?tenant=7"));
          it.put("check_session_iframe", server.url("/session"));
        });
    server.idTokenClaims(claims -> claims.put("sid", "08a5019c"));
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
  }

  private OidcTokens login() throws Exception {
    return login("");
  }

  private OidcTokens login(String extraParameters) throws Exception {
    PendingLogin login = client.login().redirectUri("https://shop.example.com/cb").begin();
    return client.complete(login, server.authorize(login.url()) + extraParameters);
  }

  private static void assertRefused(String code, String check, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
  }

  // The logout that begins with us.

  @Test
  void theBrowserBringsEverythingThatTheProviderNeeds() throws Exception {
    IdToken login = login().idToken();
    PendingLogout logout =
        client
            .logout()
            .idTokenHint(login)
            .logoutHint("ada@example.com")
            .uiLocales("fr-CA fr")
            .postLogoutRedirectUri(RETURN)
            .begin();

    assertThat(logout.url().toString())
        .isEqualTo(
            server.url("/logout?tenant=7&client_id=shop&id_token_hint=")
                + login.serialized().reveal()
                + "&logout_hint=ada%40example.com&ui_locales=fr-CA%20fr"
                + "&post_logout_redirect_uri=https%3A%2F%2Fshop.example.com%2Fbye&state="
                + logout.state().reveal());
    assertThat(logout.state().reveal()).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void aFormKeepsTheIdTokenOutOfTheUrl() throws Exception {
    IdToken login = login().idToken();
    PendingLogout logout = client.logout().idTokenHint(login).postLogoutRedirectUri(RETURN).begin();

    assertThat(logout.endpoint()).hasToString(server.url("/logout?tenant=7"));
    assertThat(logout.parameters())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "client_id", Secret.of("shop"),
                "id_token_hint", login.serialized(),
                "post_logout_redirect_uri", Secret.of(RETURN),
                "state", logout.state()));
  }

  @Test
  void aLogoutThatDoesNotComeBackHasNoState() throws Exception {
    PendingLogout logout = client.logout().begin();

    assertThat(logout.state()).isNull();
    assertThat(logout.url().toString()).isEqualTo(server.url("/logout?tenant=7&client_id=shop"));
  }

  @Test
  void everyLogoutHasAStateOfItsOwn() throws Exception {
    LogoutRequest request = client.logout().postLogoutRedirectUri(RETURN);

    assertThat(request.begin().state()).isNotEqualTo(request.begin().state());
  }

  @Test
  void aProviderWithoutTheEndpointIsNotGuessed() {
    server.metadata(it -> it.remove("end_session_endpoint"));

    assertRefused("invalid_metadata", "end_session_endpoint", () -> client.logout());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bye", "https://shop.example.com/bye#top", "", "https: //x"})
  void theWayBackIsAnAbsoluteUri(String uri) throws Exception {
    LogoutRequest request = client.logout();

    assertThatThrownBy(() -> request.postLogoutRedirectUri(uri))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theWayBackRepeatsTheState() throws Exception {
    Secret state = client.logout().postLogoutRedirectUri(RETURN).begin().state();

    PendingLogout.checkReturn(state, RETURN + "?state=" + state.reveal());
    PendingLogout.checkReturn(state, RETURN + "?a=b&state=" + state.reveal() + "#top");
  }

  @Test
  void anotherWayBackIsRefused() throws Exception {
    Secret state = client.logout().postLogoutRedirectUri(RETURN).begin().state();
    String right = "state=" + state.reveal();

    for (String query :
        new String[] {"", "?state=", "?state=x", "?" + right + "&" + right, "?a=%"}) {
      assertRefused(
          "state_mismatch", "state", () -> PendingLogout.checkReturn(state, RETURN + query));
    }
    assertRefused(
        "state_mismatch", "state", () -> PendingLogout.checkReturn(null, RETURN + "?" + right));
    assertRefused(
        "state_mismatch", "state", () -> PendingLogout.checkReturn(state, RETURN + "#" + right));
  }

  // The logout that another application began.

  @Test
  void aBackchannelLogoutIsBelievedOnce() throws Exception {
    IdToken login = login().idToken();
    server.idTokenHeader(header -> header.put("typ", "logout+jwt"));
    server.idTokenClaims(
        claims -> {
          claims.keySet().removeAll(Set.of("nonce", "at_hash", "auth_time"));
          claims.put("sid", "08a5019c");
          claims.put("jti", "bWJq");
          claims.put(
              "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        });
    AtomicReference<String> signed = new AtomicReference<>();
    server.idToken(
        token -> {
          signed.set(token);
          return token;
        });
    assertThatThrownBy(this::login).isInstanceOf(IdTokenException.class);
    String form = "logout_token=" + signed.get();

    assertThat(client.backchannelLogout(form).ends(login)).isTrue();
    assertRefused("invalid_logout_token", "jti", () -> client.backchannelLogout(form));
    assertThat(server.requestCount("/jwks")).isEqualTo(1);
  }

  @Test
  void anIdTokenLogsNobodyOut() throws Exception {
    String form = "logout_token=" + login().idToken().serialized().reveal();

    assertRefused("invalid_logout_token", "events", () -> client.backchannelLogout(form));
  }

  @Test
  void aFrontchannelLogoutIsAboutThisSession() throws Exception {
    IdToken login = login().idToken();
    HttpUrl url =
        HttpUrl.get("https://shop.example.com/frontchannel?app=1")
            .newBuilder()
            .addQueryParameter("iss", server.issuer())
            .addQueryParameter("sid", "08a5019c")
            .build();

    client.checkFrontchannelLogout(login, url.toString());

    assertRefused(
        "invalid_logout_request",
        "iss",
        () ->
            client.checkFrontchannelLogout(
                login,
                url.newBuilder().setQueryParameter("iss", "https://evil").build().toString()));
    assertRefused(
        "invalid_logout_request",
        "sid",
        () ->
            client.checkFrontchannelLogout(
                login, url.newBuilder().setQueryParameter("sid", "x").build().toString()));
    assertRefused(
        "invalid_logout_request",
        "sid",
        () -> client.checkFrontchannelLogout(login, url + "&sid=08a5019c"));
    assertRefused(
        "invalid_logout_request",
        "iss",
        () -> client.checkFrontchannelLogout(login, "https://shop.example.com/frontchannel"));
    assertRefused(
        "invalid_logout_request",
        "request",
        () -> client.checkFrontchannelLogout(login, url + "&x=%"));
  }

  @Test
  void aLoginWithoutSessionIsNotEndedByTheFrontChannel() throws Exception {
    server.idTokenClaims(claims -> {});
    IdToken login = login().idToken();

    assertThat(login.sessionId()).isNull();
    assertRefused(
        "invalid_logout_request",
        "sid",
        () ->
            client.checkFrontchannelLogout(
                login, "https://shop.example.com/f?iss=" + server.issuer() + "&sid="));
  }

  // Sessions that a page watches.

  @Test
  void thePageLearnsWhatToAskTheIframe() throws Exception {
    assertThat(login("&session_state=abc.salt").sessionState()).isEqualTo("abc.salt");
    assertThat(login().sessionState()).isNull();
    assertThat(client.checkSessionIframe()).hasToString(server.url("/session"));
  }

  @Test
  void theStateOfTheSessionMayBeSigned() throws Exception {
    server.signedResponse(claims -> claims.put("session_state", "abc.salt"));
    PendingLogin pending =
        client.login().redirectUri("https://shop.example.com/callback").signedResponse().begin();
    String callback = server.authorize(pending.url());

    assertThat(client.complete(pending, callback + "&session_state=evil").sessionState())
        .isEqualTo("abc.salt");
  }

  @Test
  void anIframeOfAnotherKindIsRefused() {
    server.metadata(it -> it.put("check_session_iframe", "javascript:alert(1)"));

    assertRefused("invalid_metadata", "check_session_iframe", () -> client.checkSessionIframe());
  }
}
