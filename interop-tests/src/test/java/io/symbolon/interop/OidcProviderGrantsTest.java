package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins that the user decides on another device, at node-oidc-provider. */
final class OidcProviderGrantsTest {
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private static OidcClient client(String clientId) {
    OidcClient.Builder builder =
        OidcClient.builder()
            .issuer(provider.issuer())
            .clientId(clientId)
            .httpClient(provider.http());
    return clientId.equals("native")
        ? builder.build()
        : builder.clientSecret(Secret.of(OidcProviderProcess.SECRET)).build();
  }

  @Test
  void aDeviceGetsTokensWhenItsUserAgreesElsewhere() throws Exception {
    DeviceAuthorization device = client("native").oauth().device().scope("openid profile").begin();
    assertThat(device.poll()).isNull();
    ScriptedBrowser.of(provider.http(), "ada", "anything")
        .visit(device.verificationUriComplete().reveal());

    TokenSet tokens = device.await();

    assertThat(tokens.scope()).containsExactlyInAnyOrder("openid", "profile");
    assertThat(device.await()).isSameAs(tokens);
  }

  @Test
  void aUserWhoAgreesOnThePhoneIsKnown() throws Exception {
    OidcClient oidc = client("ciba");
    BackchannelAuthentication asked =
        oidc.backchannel().scope("profile").loginHint("ada").bindingMessage("W4SCT").begin();
    assertThat(asked.poll()).isNull();

    OidcTokens tokens = oidc.await(asked);

    assertThat(tokens.idToken().subject()).isEqualTo("ada");
    assertThat(oidc.userInfo(tokens).claims()).containsEntry("preferred_username", "ada");
  }

  @Test
  void theRequestForThePhoneIsSigned() throws Exception {
    String jwk = provider.clientKeys().getKeyByKeyId("sig-ES256").toJSONString();
    SigningKey key = SigningKey.ofJwk(Secret.of(jwk));
    OidcClient oidc =
        OidcClient.builder()
            .issuer(provider.issuer())
            .clientId("ciba-signed")
            .authentication(ClientAuthentication.privateKeyJwt(key))
            .httpClient(provider.http())
            .build();

    BackchannelAuthentication asked =
        oidc.backchannel().loginHint("ada").bindingMessage("W4SCT").signedWith(key).begin();

    assertThat(oidc.await(asked).idToken().subject()).isEqualTo("ada");
    assertThatThrownBy(() -> oidc.backchannel().loginHint("ada").begin())
        .isInstanceOf(OAuthErrorException.class);
    assertThatThrownBy(
            () ->
                oidc.backchannel()
                    .loginHint("ada")
                    .signedWith(SigningKey.generate("ES256"))
                    .begin())
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void aUserWhoRefusesOnThePhoneIsRespected() throws Exception {
    BackchannelAuthentication asked = client("ciba").backchannel().loginHint("denied").begin();

    assertThatThrownBy(asked::await)
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
  }

  @Test
  void aUserNobodyKnowsCannotBeAsked() {
    assertThatThrownBy(() -> client("ciba").backchannel().loginHint("nobody").begin())
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("unknown_user_id"));
  }
}
