package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The module of {@code oidcc-client-test-3rd-party-init-login-test-plan}. */
final class OidccThirdPartyModulesTest extends OidccModules {
  private static String query(String issuer) {
    return new HttpUrl.Builder()
        .scheme("https")
        .host("rp.example.com")
        .addQueryParameter("iss", issuer)
        .build()
        .encodedQuery();
  }

  @Test
  @DisplayName("oidcc-client-test-3rd-party-init-login")
  void aLoginThatAnotherSiteBeginsEndsAtUserInfo() throws Exception {
    OidcClient client = builder().build();

    PendingLogin login =
        client.thirdPartyLogin(query(server.issuer())).redirectUri(REDIRECT_URI).begin();
    UserInfo info = client.userInfo(client.complete(login, server.authorize(login.url())));

    assertThat(info.subject()).isEqualTo("ada");
    assertThat(wire()).containsExactly(DISCOVERY, AUTHORIZE, TOKEN, KEYS, USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test-3rd-party-init-login, with an issuer that is not ours")
  void nobodyMakesUsAskAnotherServer() {
    assertRefused(
        "issuer_mismatch",
        () -> builder().build().thirdPartyLogin(query("https://evil.example.com")));
    assertThat(wire()).isEmpty();
  }
}
