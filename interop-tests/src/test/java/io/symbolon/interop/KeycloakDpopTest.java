package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.ExchangedToken;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens that Keycloak binds to a key, by every grant that it has for them. */
@Tag("keycloak")
final class KeycloakDpopTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  @AutoClose private static KeycloakProcess keycloak;

  private final SigningKey key = SigningKey.generate("ES256");

  @BeforeAll
  static void start() {
    keycloak = KeycloakProcess.start();
  }

  private static OidcClient client(SigningKey key) {
    return OidcClient.builder()
        .issuer(keycloak.issuer())
        .clientId("dpop")
        .clientSecret(Secret.of("dpop-secret"))
        .dpop(key)
        .build();
  }

  private static ScriptedBrowser alice() {
    return ScriptedBrowser.of(
        new OkHttpClient(), KeycloakProcess.USERNAME, KeycloakProcess.PASSWORD);
  }

  private static OidcTokens login(OidcClient oidc) throws IOException {
    PendingLogin login =
        oidc.login().redirectUri("http://127.0.0.1:8765/cb").scope("profile").begin();
    return oidc.complete(login, alice().callback(login.url().toString()).url().toString());
  }

  private static TokenSet byDevice(OidcClient oidc) throws IOException {
    DeviceAuthorization device = oidc.oauth().device().scope("openid profile").begin();
    alice().visit(device.verificationUriComplete().reveal());
    return device.await();
  }

  @Test
  void aServiceGetsABoundToken() throws Exception {
    assertThat(client(key).oauth().clientCredentials().execute().accessToken().type())
        .isEqualTo("DPoP");
  }

  @Test
  void aLoginIsBoundItsUserIsToldAndItIsRenewed() throws Exception {
    OidcClient oidc = client(key);
    OidcTokens login = login(oidc);

    assertThat(login.accessToken().type()).isEqualTo("DPoP");
    assertThat(oidc.userInfo(login).claims())
        .containsEntry("preferred_username", KeycloakProcess.USERNAME);
    CachingTokenSource source = oidc.oauth().tokenSource(login.tokens());
    source.invalidate(login.accessToken());
    assertThat(source.token().type()).isEqualTo("DPoP");
    assertThat(source.token().value()).isNotEqualTo(login.accessToken().value());
  }

  @Test
  void aDevicesTokensAreBound() throws Exception {
    assertThat(byDevice(client(key)).accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void aBackchannelLoginsTokensAreBound() throws Exception {
    OidcClient oidc = client(key);
    BackchannelAuthentication asked =
        oidc.backchannel().loginHint(KeycloakProcess.USERNAME).bindingMessage("W4SCT").begin();

    assertThat(oidc.await(asked).accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void anExchangedTokenIsBound() throws Exception {
    OidcClient oidc = client(key);
    Secret subject = byDevice(oidc).accessToken().value();

    ExchangedToken exchanged =
        oidc.oauth().exchange(subject, ACCESS_TOKEN).requestedTokenType(ACCESS_TOKEN).execute();

    assertThat(exchanged.tokens().accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void aCodeIsGoodWithTheKeyOfItsLoginOnly() throws Exception {
    PendingLogin login =
        client(key).login().redirectUri("http://127.0.0.1:8765/cb").scope("profile").begin();
    String callback = alice().callback(login.url().toString()).url().toString();

    assertThatThrownBy(() -> client(SigningKey.generate("ES256")).complete(login, callback))
        .isInstanceOf(OAuthErrorException.class);
  }
}
