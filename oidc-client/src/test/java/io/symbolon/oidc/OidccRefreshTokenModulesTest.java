package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The modules of {@code oidcc-client-refreshtoken-test-plan}, and their siblings. */
final class OidccRefreshTokenModulesTest extends OidccModules {
  private OidcTokens login(OidcClient client) throws Exception {
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).scope("offline_access").begin();
    return client.complete(login, server.authorize(login.url()));
  }

  /** The login is honest; the ID token of the refresh is not. */
  private void assertRefreshRefused(String check, Consumer<Map<String, Object>> forgery)
      throws Exception {
    OidcClient client = builder().build();
    OidcTokens tokens = login(client);
    server.idTokenClaims(forgery);

    assertIdTokenRefused(check, () -> client.userInfo(client.refresh(tokens)));
    assertThat(wire()).endsWith(TOKEN).doesNotContain(USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token")
  void aRefreshEndsAtUserInfo() throws Exception {
    OidcClient client = builder().build();
    OidcTokens tokens = login(client);
    OidcTokens refreshed = client.refresh(tokens);

    assertThat(client.userInfo(refreshed).subject()).isEqualTo("ada");
    assertThat(wire()).endsWith(TOKEN, USER_INFO);
    assertThat(server.lastTokenRequest().form()).containsOnlyKeys("grant_type", "refresh_token");
    assertThat(last("/userinfo").bearerToken())
        .isEqualTo(refreshed.accessToken().value().reveal())
        .isNotEqualTo(tokens.accessToken().value().reveal());
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-issuer")
  void theTokenOfAnotherIssuerIsRefused() throws Exception {
    assertRefreshRefused("iss", claims -> claims.put("iss", server.issuer() + "1"));
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-sub")
  void theTokenOfAnotherUserIsRefused() throws Exception {
    assertRefreshRefused("sub", claims -> claims.put("sub", "ada1"));
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-aud")
  void theTokenForAnotherClientIsRefused() throws Exception {
    assertRefreshRefused("aud", claims -> claims.put("aud", List.of("rp", "rp1")));
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-azp")
  void aPartyThatWasNotThereBeforeIsRefused() throws Exception {
    assertRefreshRefused("azp", claims -> claims.put("azp", "rp1"));
  }
}
