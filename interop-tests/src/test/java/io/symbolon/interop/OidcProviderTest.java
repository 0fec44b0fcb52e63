package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class OidcProviderTest extends RelyingPartyContract {
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  @Override
  String issuer() {
    return provider.issuer();
  }

  @Override
  OkHttpClient http() {
    return provider.http();
  }

  @Override
  String user() {
    return "ada";
  }

  @Override
  String password() {
    return "anything";
  }

  @Override
  String serviceId() {
    return "basic";
  }

  @Override
  Secret serviceSecret() {
    return Secret.of(OidcProviderProcess.SECRET);
  }

  @Override
  String serviceScope() {
    return "api:read";
  }

  @Override
  String desktopId() {
    return "native";
  }

  @Override
  String desktopScope() {
    return "profile email offline_access";
  }

  @Override
  String[] offlineParameter() {
    return new String[] {"prompt", "consent"};
  }

  @Override
  String callbackPath() {
    return "/cb";
  }

  @Test
  void strangeCredentialsArriveAsTheyAre() throws Exception {
    OAuthClient weird =
        OAuthClient.builder()
            .issuer(issuer())
            .clientId("weird:id%&+/")
            .clientSecret(Secret.of(OidcProviderProcess.WEIRD_SECRET))
            .httpClient(http())
            .build();
    assertThat(weird.clientCredentials().scope("api:read").execute().scope())
        .containsExactly("api:read");
  }

  @Test
  void theSecretMayBeInTheForm() throws Exception {
    OAuthClient post =
        OAuthClient.builder()
            .issuer(issuer())
            .clientId("post")
            .authentication(ClientAuthentication.post(serviceSecret()))
            .httpClient(http())
            .build();
    assertThat(post.clientCredentials().scope("api:read").execute().accessToken()).isNotNull();
  }

  @Test
  void anAnswerCanComeAsAFormPost() throws Exception {
    OidcClient shop =
        OidcClient.builder()
            .issuer(issuer())
            .clientId("basic")
            .clientSecret(serviceSecret())
            .httpClient(http())
            .build();
    PendingLogin login = shop.login().redirectUri("https://rp.localhost/cb").formPost().begin();
    Request callback =
        ScriptedBrowser.of(http(), user(), password()).callback(login.url().toString());
    Buffer form = new Buffer();
    callback.body().writeTo(form);
    OidcTokens tokens = shop.complete(login, AuthorizationResponse.ofForm(form.readUtf8()));
    assertThat(tokens.idToken().subject()).isEqualTo("ada");
  }
}
