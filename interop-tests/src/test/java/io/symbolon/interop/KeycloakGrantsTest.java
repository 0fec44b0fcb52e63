package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.ExchangedToken;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.OidcClient;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Device logins, backchannel logins and token exchange at Keycloak. */
@Tag("keycloak")
final class KeycloakGrantsTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

  @AutoClose private static KeycloakProcess keycloak;

  @BeforeAll
  static void start() {
    keycloak = KeycloakProcess.start();
  }

  private static OidcClient confidential() {
    return OidcClient.builder()
        .issuer(keycloak.issuer())
        .clientId("conf")
        .clientSecret(Secret.of("conf-secret"))
        .build();
  }

  private static TokenSet byDevice(OidcClient oidc) throws Exception {
    DeviceAuthorization device = oidc.oauth().device().scope("openid profile").begin();
    ScriptedBrowser.of(new OkHttpClient(), KeycloakProcess.USERNAME, KeycloakProcess.PASSWORD)
        .visit(device.verificationUriComplete().reveal());
    return device.await();
  }

  @Test
  void aDeviceGetsTokensWhenItsUserAgreesElsewhere() throws Exception {
    assertThat(byDevice(confidential()).scope()).contains("openid", "profile");
  }

  @Test
  void aUserWhoAgreesOnThePhoneIsKnown() throws Exception {
    OidcClient oidc = confidential();
    BackchannelAuthentication asked =
        oidc.backchannel()
            .scope("profile")
            .loginHint(KeycloakProcess.USERNAME)
            .bindingMessage("W4SCT")
            .begin();

    assertThat(oidc.await(asked).idToken().claim("preferred_username"))
        .isEqualTo(KeycloakProcess.USERNAME);
  }

  @Test
  void aUsersTokenIsExchangedForAnother() throws Exception {
    OidcClient oidc = confidential();
    Secret subject = byDevice(oidc).accessToken().value();

    ExchangedToken exchanged =
        oidc.oauth()
            .exchange(subject, ACCESS_TOKEN)
            .requestedTokenType(ACCESS_TOKEN)
            .scope("profile")
            .execute();

    assertThat(exchanged.issuedTokenType()).isEqualTo(ACCESS_TOKEN);
    assertThat(exchanged.tokens().accessToken().value()).isNotEqualTo(subject);
  }

  @Test
  void anExchangeThatTheServerDoesNotAllowIsRefused() throws Exception {
    OidcClient oidc = confidential();
    Secret subject = byDevice(oidc).accessToken().value();

    assertThatThrownBy(
            () ->
                oidc.oauth()
                    .exchange(subject, ACCESS_TOKEN)
                    .requestedTokenType(REFRESH_TOKEN)
                    .execute())
        .isInstanceOf(OAuthErrorException.class);
  }
}
