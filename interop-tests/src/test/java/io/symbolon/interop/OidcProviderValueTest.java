package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oidc.IdTokenException;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** node-oidc-provider as a value like those of the catalogue. */
final class OidcProviderValueTest {
  @AutoClose private static OidcProviderProcess server;

  @BeforeAll
  static void start() {
    server = OidcProviderProcess.start();
  }

  private static OidcClient client(Dialect dialect) {
    Provider provider =
        Provider.named("node-oidc-provider", "https://github.com/panva/node-oidc-provider")
            .issuer(server.issuer(), dialect)
            .authentication(ClientAuthentication::basic)
            .scope("profile email")
            .build();
    return OidcClient.builder()
        .provider(provider)
        .clientId("basic")
        .clientSecret(Secret.of(OidcProviderProcess.SECRET))
        .httpClient(server.http())
        .build();
  }

  private static OidcTokens signIn(OidcClient oidc, LoginRequest request) throws IOException {
    PendingLogin login = request.redirectUri("https://rp.localhost/cb").begin();
    Request callback =
        ScriptedBrowser.of(server.http(), "ada", "anything").callback(login.url().toString());
    return oidc.complete(login, response(callback));
  }

  private static AuthorizationResponse response(Request callback) throws IOException {
    if (callback.body() == null) {
      return AuthorizationResponse.ofUrl(callback.url().toString());
    }
    Buffer form = new Buffer();
    callback.body().writeTo(form);
    return AuthorizationResponse.ofForm(form.readUtf8());
  }

  @Test
  void theUsualScopeAndUserInfoMakeAnIdentity() throws Exception {
    OidcClient oidc = client(Dialect.builder().build());

    UserIdentity user = oidc.identity(signIn(oidc, oidc.login()));

    assertThat(user.key()).isEqualTo(server.issuer() + " ada");
    assertThat(user.email()).isEqualTo("ada@example.com");
  }

  @Test
  void aServerThatPostsIsAnsweredInItsWay() throws Exception {
    OidcClient oidc =
        client(Dialect.builder().formPost().keepResponseParameter("iss").untiedLogins().build());

    OidcTokens tokens = signIn(oidc, oidc.login());

    assertThat(tokens.identity().subject()).isEqualTo("ada");
    assertThat(tokens.tokens().member("iss")).isEqualTo(server.issuer());
  }

  @Test
  void whatALoginDemandsIsDemanded() throws Exception {
    OidcClient oidc = client(Dialect.builder().issuerAlias("https://other.example.com").build());
    OidcTokens tokens = signIn(oidc, oidc.login().requireClaim("sub", "bob", "ada"));
    assertThat(tokens.idToken().issuer()).isEqualTo(server.issuer());

    assertThatThrownBy(() -> signIn(oidc, oidc.login().requireClaim("hd", "example.com")))
        .isInstanceOfSatisfying(IdTokenException.class, e -> assertThat(e.check()).isEqualTo("hd"));
  }
}
