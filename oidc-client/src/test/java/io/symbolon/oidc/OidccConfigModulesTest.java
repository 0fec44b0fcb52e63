package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import mockwebserver3.MockResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The modules of {@code oidcc-client-config-certification-test-plan}. */
final class OidccConfigModulesTest extends OidccModules {
  private UserInfo loginAndUserInfo(OidcClient client) throws Exception {
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();
    return client.userInfo(client.complete(login, server.authorize(login.url())));
  }

  @Test
  @DisplayName("oidcc-client-test-discovery-openid-config")
  void theMetadataIsFetchedAndUsed() throws Exception {
    assertThat(builder().build().oauth().server().tokenEndpoint())
        .hasToString(server.tokenEndpoint());
    assertThat(wire()).containsExactly(DISCOVERY);
  }

  @Test
  @DisplayName("oidcc-client-test-discovery-jwks-uri-keys")
  void keysComeFromWhereTheMetadataSays() throws Exception {
    server.endpoint(
        "/jwksQkXbZpTrLw",
        request ->
            new MockResponse.Builder().code(302).setHeader("Location", server.jwksUri()).build());
    server.metadata(it -> it.put("jwks_uri", server.url("/jwksQkXbZpTrLw")));

    assertRefused("redirect_refused", () -> loginAndUserInfo(builder().build()));
    assertThat(wire())
        .containsExactly(DISCOVERY, AUTHORIZE, TOKEN, "GET /jwksQkXbZpTrLw")
        .doesNotContain(KEYS);
  }

  @Test
  @DisplayName("oidcc-client-test-discovery-issuer-mismatch")
  void theMetadataOfAnotherIssuerIsRefused() {
    server.metadata(it -> it.put("issuer", "https://other.example.com"));

    assertRefused("issuer_mismatch", () -> loginAndUserInfo(builder().build()));
    assertThat(wire()).containsExactly(DISCOVERY);
  }

  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-none")
  void anUnsignedTokenIsRefused() {
    server.signIdTokensWith("none");

    assertIdTokenRefused("format", () -> loginAndUserInfo(builder().build()));
    assertThat(wire()).containsExactly(DISCOVERY, AUTHORIZE, TOKEN);
  }

  @Test
  @DisplayName("oidcc-client-test-signing-key-rotation-just-before-signing")
  void aKeyThatIsNewerThanOurCopyIsFetched() throws Exception {
    OidcClient client = builder().build();
    loginAndUserInfo(client); // now the client knows the old keys
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();
    String callback = server.authorize(login.url());
    server.replaceSigningKeys();

    assertThat(client.userInfo(client.complete(login, callback)).subject()).isEqualTo("ada");
    assertThat(wire()).endsWith(TOKEN, KEYS, USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test-signing-key-rotation")
  void aSecondLoginAfterTheRotationIsBelieved() throws Exception {
    OidcClient client = builder().build();
    loginAndUserInfo(client);
    server.replaceSigningKeys();
    loginAndUserInfo(client);

    assertThat(wire())
        .containsExactly(
            DISCOVERY, AUTHORIZE, TOKEN, KEYS, USER_INFO, AUTHORIZE, TOKEN, KEYS, USER_INFO);
  }
}
