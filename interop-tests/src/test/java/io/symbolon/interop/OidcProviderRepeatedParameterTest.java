package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.UserIdentity;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A provider that wants at each renewal what the browser brought at the login. */
final class OidcProviderRepeatedParameterTest {
  @AutoClose private static OidcProviderProcess server;

  @BeforeAll
  static void start() {
    server = OidcProviderProcess.start();
  }

  @Test
  void aRenewalRepeatsWhatTheBrowserBrought() throws Exception {
    Provider provider = provider();
    OAuthClient client =
        provider
            .client("basic", Secret.of(OidcProviderProcess.SECRET))
            .httpClient(server.http())
            .build();
    PendingAuthorization pending =
        provider.authorize(client).redirectUri("https://rp.localhost/cb").begin();

    TokenSet tokens = client.complete(pending, callback(pending));
    UserIdentity user = provider.identity(tokens, client);
    TokenSet renewed = client.refresh(tokens).execute();

    assertThat(user.key()).isEqualTo(server.issuer() + " ada");
    assertThat(provider.identity(renewed, client).key()).isEqualTo(user.key());
    assertThat(renewed.accessToken().value()).isNotEqualTo(tokens.accessToken().value());
    assertThat(renewed.member("state")).isEqualTo(pending.state().reveal());
  }

  private static Provider provider() {
    Dialect dialect =
        Dialect.builder()
            .authorizationParameter("prompt", "consent")
            .keepResponseParameter("state")
            .repeatResponseParameter("state")
            .build();
    return Provider.named("node-oidc-provider", "https://example.com/docs")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint(server.issuer() + "/auth")
                .tokenEndpoint(server.issuer() + "/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::basic)
        .identityIssuer(server.issuer())
        .scope("openid offline_access")
        .userInfo(server.issuer() + "/me", Dialect.builder().build())
        .build();
  }

  private static String callback(PendingAuthorization pending) throws Exception {
    return ScriptedBrowser.of(server.http(), "ada", "anything")
        .callback(pending.url().toString())
        .url()
        .toString();
  }
}
