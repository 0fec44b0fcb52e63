package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that the user decides elsewhere bring bound tokens, at node-oidc-provider. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class OidcProviderDpopGrantsTest {
  private final SigningKey key = SigningKey.generate("ES256");
  private final OidcProviderProcess provider;

  OidcProviderDpopGrantsTest(boolean withNonce) {
    provider =
        withNonce ? OidcProviderProcess.with().dpopNonce().start() : OidcProviderProcess.start();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private OidcClient.Builder builder(String clientId, SigningKey dpopKey) {
    return OidcClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .httpClient(provider.http())
        .dpop(dpopKey);
  }

  @Test
  void aDevicesTokensAreBoundAndOnlyItsKeyRenewsThem() throws Exception {
    OidcClient oidc = builder("native", key).build();
    DeviceAuthorization device =
        oidc.oauth().device().scope("openid offline_access").parameter("prompt", "consent").begin();
    ScriptedBrowser.of(provider.http(), "ada", "anything")
        .visit(device.verificationUriComplete().reveal());

    TokenSet tokens = device.await();

    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
    OidcClient thief = builder("native", SigningKey.generate("ES256")).build();
    assertThatThrownBy(() -> thief.oauth().refresh(tokens).execute())
        .isInstanceOf(OAuthErrorException.class);
    assertThat(oidc.oauth().refresh(tokens).execute().accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void aBackchannelLoginsTokensAreBoundAndItsUserIsTold() throws Exception {
    OidcClient oidc =
        builder("dpop", key).clientSecret(Secret.of(OidcProviderProcess.SECRET)).build();
    BackchannelAuthentication asked = oidc.backchannel().scope("profile").loginHint("ada").begin();

    OidcTokens tokens = oidc.await(asked);

    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
    assertThat(oidc.userInfo(tokens).subject()).isEqualTo("ada");
  }
}
