package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the Basic profile and its form_post twin ask of the code flow. */
abstract class OidccCodeFlowModules extends OidccModules {
  /** A login up to the tokens, in the response mode of the plan. */
  abstract OidcTokens login(OidcClient client, LoginRequest request) throws Exception;

  private OidcTokens login(OidcClient client) throws Exception {
    return login(client, client.login().redirectUri(REDIRECT_URI));
  }

  private UserInfo loginAndUserInfo(OidcClient client) throws Exception {
    return client.userInfo(login(client));
  }

  private void assertIdTokenRefused(String check) {
    assertIdTokenRefused(check, () -> loginAndUserInfo(builder().build()));
    assertThat(wire()).contains(TOKEN).doesNotContain(USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test")
  void aLoginEndsAtUserInfo() throws Exception {
    assertThat(loginAndUserInfo(builder().build()).subject()).isEqualTo("ada");
    assertThat(wire()).containsExactly(DISCOVERY, AUTHORIZE, TOKEN, KEYS, USER_INFO);
    assertThat(last("/authorize").queryParameters())
        .containsEntry("response_type", "code")
        .containsEntry("scope", "openid")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge");
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-iss")
  void theTokenOfAnotherIssuerIsRefused() {
    server.idTokenClaims(claims -> claims.put("iss", server.issuer() + "1"));
    assertIdTokenRefused("iss");
  }

  @Test
  @DisplayName("oidcc-client-test-missing-sub")
  void aTokenAboutNobodyIsRefused() {
    server.idTokenClaims(claims -> claims.remove("sub"));
    assertIdTokenRefused("sub");
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-aud")
  void aTokenForAnotherClientIsRefused() {
    server.idTokenClaims(claims -> claims.put("aud", "rp1"));
    assertIdTokenRefused("aud");
  }

  @Test
  @DisplayName("oidcc-client-test-missing-aud")
  void aTokenForNobodyIsRefused() {
    server.idTokenClaims(claims -> claims.remove("aud"));
    assertIdTokenRefused("aud");
  }

  @Test
  @DisplayName("oidcc-client-test-missing-iat")
  void aTokenOfNoTimeIsRefused() {
    server.idTokenClaims(claims -> claims.remove("iat"));
    assertIdTokenRefused("iat");
  }

  @Test
  @DisplayName("oidcc-client-test-nonce-invalid")
  void theTokenOfAnotherLoginIsRefused() {
    server.idTokenClaims(claims -> claims.put("nonce", claims.get("nonce") + "1"));
    assertIdTokenRefused("nonce");
  }

  @Test
  @DisplayName("oidcc-client-test-kid-absent-single-jwks")
  void theOnlyKeyNeedsNoName() throws Exception {
    withoutKeyNames();

    assertThat(loginAndUserInfo(builder().build()).subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName("oidcc-client-test-kid-absent-multiple-jwks")
  void amongKeysWithoutNamesTheRightOneIsFound() throws Exception {
    server.rotateSigningKey().rotateSigningKey();
    withoutKeyNames();
    server.jwks(
        set -> {
          assertThat(keys(set)).hasSize(3);
          keys(set).forEach(key -> key.remove("kid"));
        });

    assertThat(loginAndUserInfo(builder().build()).subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-rs256")
  void aTokenSignedWithRs256IsBelieved() throws Exception {
    server.signIdTokensWith("RS256");

    assertThat(loginAndUserInfo(builder().build()).subject()).isEqualTo("ada");
    assertThat(wire()).contains(KEYS);
  }

  /** A client may refuse, and the suite then says SKIPPED. Nothing can make us accept. */
  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-none")
  void anUnsignedTokenIsRefused() {
    server.signIdTokensWith("none");
    assertIdTokenRefused("format");
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-rs256")
  void aBadRs256SignatureIsRefused() {
    server.signIdTokensWith("RS256").idToken(OidccModules::spoilt);
    assertIdTokenRefused("signature");
    assertThat(wire()).contains(KEYS);
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-es256")
  void aBadEs256SignatureIsRefused() {
    server.signIdTokensWith("ES256").idToken(OidccModules::spoilt);
    assertIdTokenRefused("signature");
    assertThat(wire()).contains(KEYS);
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-hs256")
  void aBadMacIsRefused() {
    server.signIdTokensWith("HS256").idToken(OidccModules::spoilt);

    OidcClient client = builder().idTokenAlgorithms("HS256").build();
    assertIdTokenRefused("signature", () -> loginAndUserInfo(client));
    assertThat(wire()).doesNotContain(USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test-userinfo-invalid-sub")
  void userInfoAboutAnotherUserIsRefused() {
    server.userInfoClaims(claims -> claims.put("sub", "ada1"));

    assertRefused("sub_mismatch", () -> loginAndUserInfo(builder().build()));
    assertThat(wire()).endsWith(USER_INFO);
  }

  @Test
  @DisplayName("oidcc-client-test-userinfo-bearer-header")
  void theAccessTokenTravelsInAHeader() throws Exception {
    OidcClient client = builder().build();
    OidcTokens tokens = login(client);
    client.userInfo(tokens);

    assertThat(last("/userinfo").bearerToken()).isEqualTo(tokens.accessToken().value().reveal());
    assertThat(last("/userinfo").query()).isNull();
    assertThat(last("/userinfo").body()).isEmpty();
  }

  @Test
  @DisplayName("oidcc-client-test-scope-userinfo-claims")
  void scopesBringClaims() throws Exception {
    Map<String, Object> address = Map.of("locality", "London", "country", "UK");
    server.user(
        "ada",
        Map.of(
            "name", "Ada", "email", "ada@example.com", "phone_number", "+44", "address", address));
    OidcClient client = builder().build();

    UserInfo info =
        client.userInfo(
            login(
                client,
                client.login().redirectUri(REDIRECT_URI).scope("profile email phone address")));

    assertThat(last("/authorize").queryParameters())
        .containsEntry("scope", "openid profile email phone address");
    assertThat(info.claims()).containsEntry("address", address).containsEntry("name", "Ada");
    assertThat(info.text("email")).isEqualTo("ada@example.com");
  }

  /** Client ids that the suite registers have characters that need encoding. */
  @Test
  @DisplayName("oidcc-client-test-client-secret-basic")
  void theSecretTravelsInTheAuthorizationHeader() throws Exception {
    String id = "rp\\^|:{";
    server.client(id, "s:\\^|{%+é", REDIRECT_URI);
    OidcClient client = builder().clientId(id).clientSecret(Secret.of("s:\\^|{%+é")).build();

    assertThat(loginAndUserInfo(client).subject()).isEqualTo("ada");
    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_basic");
    assertThat(server.lastTokenRequest().form())
        .containsOnlyKeys("grant_type", "code", "redirect_uri", "code_verifier");
  }

  @Test
  @DisplayName("oidcc-client-test-ignores-unparseable-key-in-jwks")
  void aKeyOfAnUnknownKindIsPassedOver() throws Exception {
    server.jwks(
        set -> {
          Map<String, Object> postQuantum = new LinkedHashMap<>();
          postQuantum.put("kty", "AKP");
          postQuantum.put("alg", "ML-DSA-1");
          postQuantum.put("kid", "post-quantum");
          postQuantum.put("pub", "AAAA");
          keys(set).add(0, postQuantum);
          keys(set).add(Map.of("kty", "made-up", "kid", "made-up"));
        });

    assertThat(loginAndUserInfo(builder().build()).subject()).isEqualTo("ada");
  }
}
