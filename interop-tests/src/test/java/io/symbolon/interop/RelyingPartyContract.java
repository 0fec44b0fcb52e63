package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.loopback.LoopbackRedirect;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** The same code against every server: what differs between them is in the server's own test. */
abstract class RelyingPartyContract {
  abstract String issuer();

  /** Trusts the server. */
  OkHttpClient http() {
    return new OkHttpClient();
  }

  abstract String user();

  abstract String password();

  /** A confidential client with client credentials. */
  abstract String serviceId();

  abstract Secret serviceSecret();

  abstract String serviceScope();

  /** A public client for logins on this computer, which gets refresh tokens. */
  abstract String desktopId();

  abstract String desktopScope();

  /** What makes the server issue a refresh token. */
  String[] offlineParameter() {
    return new String[0];
  }

  final OAuthClient service() {
    return OAuthClient.builder()
        .issuer(issuer())
        .clientId(serviceId())
        .clientSecret(serviceSecret())
        .httpClient(http())
        .build();
  }

  final OidcClient desktop() {
    return OidcClient.builder().issuer(issuer()).clientId(desktopId()).httpClient(http()).build();
  }

  final OidcTokens signIn(OidcClient oidc) throws IOException {
    try (LoopbackRedirect redirect = LoopbackRedirect.listen("http://127.0.0.1" + callbackPath())) {
      var request = oidc.login().redirectUri(redirect.uri()).scope(desktopScope());
      if (offlineParameter().length == 2) {
        request.parameter(offlineParameter()[0], offlineParameter()[1]);
      }
      PendingLogin login = request.begin();
      Thread browser = new Thread(() -> browse(login), "browser");
      browser.setDaemon(true);
      browser.start();
      return oidc.complete(login, redirect.await(login.state(), Duration.ofSeconds(60)));
    }
  }

  String callbackPath() {
    return "/callback";
  }

  private void browse(PendingLogin login) {
    try {
      ScriptedBrowser.of(http(), user(), password()).signIn(login.url().toString());
    } catch (IOException e) {
      throw new AssertionError("the browser could not sign in", e);
    }
  }

  @Test
  void theServerIsFoundByItsIssuer() throws Exception {
    assertThat(service().server().issuer()).isEqualTo(issuer());
    assertThat(service().server().tokenEndpoint().toString()).startsWith(originOf(issuer()));
  }

  private static String originOf(String issuer) {
    return issuer.replaceFirst("(https?://[^/]+).*", "$1");
  }

  @Test
  void aServiceGetsATokenAndKeepsIt() throws Exception {
    TokenSource tokens = service().clientCredentials().scope(serviceScope()).tokenSource();
    AccessToken first = tokens.token();
    assertThat(first.type()).isEqualTo("Bearer");
    assertThat(first.expiresAt()).isAfter(first.issuedAt());
    assertThat(tokens.token()).isSameAs(first);
  }

  @Test
  void aWrongSecretIsTheServersNo() {
    OAuthClient stranger =
        OAuthClient.builder()
            .issuer(issuer())
            .clientId(serviceId())
            .clientSecret(Secret.of("wrong-" + "x".repeat(40)))
            .httpClient(http())
            .build();
    assertThatThrownBy(() -> stranger.clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.code()).isIn("invalid_client", "unauthorized_client");
              assertThat(e.explain()).doesNotContain("wrong-");
            });
  }

  @Test
  void aUserSignsInVerified() throws Exception {
    OidcClient oidc = desktop();
    OidcTokens tokens = signIn(oidc);
    assertThat(tokens.idToken().issuer()).isEqualTo(issuer());
    assertThat(tokens.idToken().audience()).contains(desktopId());
    assertThat(oidc.userInfo(tokens).subject()).isEqualTo(tokens.idToken().subject());
  }

  @Test
  void aLoginIsRenewedWithARotatingRefreshToken() throws Exception {
    OidcClient oidc = desktop();
    OidcTokens login = signIn(oidc);
    OidcTokens renewed = oidc.refresh(login);
    assertThat(renewed.accessToken().value()).isNotEqualTo(login.accessToken().value());
    assertThat(renewed.idToken().subject()).isEqualTo(login.idToken().subject());
    assertThat(renewed.refreshToken()).isNotNull().isNotEqualTo(login.refreshToken());
    OidcTokens again = oidc.refresh(renewed);
    assertThat(again.accessToken().value()).isNotEqualTo(renewed.accessToken().value());
  }

  @Test
  void aRefreshTokenThatWasRotatedAwayIsTheServersNo() throws Exception {
    OidcClient oidc = desktop();
    OidcTokens login = signIn(oidc);
    oidc.refresh(login);
    assertThatThrownBy(() -> oidc.refresh(login))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.code()).isEqualTo("invalid_grant"));
  }

  @Test
  void aCallbackIsGoodOnce() throws Exception {
    OidcClient oidc = desktop();
    PendingLogin login =
        oidc.login()
            .redirectUri("http://127.0.0.1:1" + callbackPath())
            .scope(desktopScope())
            .begin();
    String callback =
        ScriptedBrowser.of(http(), user(), password())
            .callback(login.url().toString())
            .url()
            .toString();
    TokenSet tokens = oidc.complete(login, callback).tokens();
    assertThat(tokens.issuer()).isEqualTo(issuer());
    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.code()).isEqualTo("login_spent"));
    assertThatThrownBy(() -> desktop().complete(login, callback))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.code()).isEqualTo("invalid_grant"));
  }
}
