package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The modules of {@code oidcc-client-hybrid-certification-test-plan}, for each of its response
 * types.
 */
final class OidccHybridModulesTest extends OidccModules {
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"code id_token", "code token", "code id_token token"})
  @Retention(RetentionPolicy.RUNTIME)
  private @interface EveryHybridType {}

  private UserInfo loginAndUserInfo(OidcClient client, String type) throws Exception {
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).responseType(type).begin();
    return client.userInfo(client.complete(login, server.authorize(login.url())));
  }

  private void assertCompletes(String type) throws Exception {
    assertThat(loginAndUserInfo(builder().build(), type).subject()).isEqualTo("ada");
  }

  /** A bad ID token from the browser costs the code, which is never sent. */
  private void assertRefused(String type, String check, Consumer<Map<String, Object>> forgery) {
    server.idTokenClaims(forgery);
    assertRefused(type, check);
  }

  private void assertRefused(String type, String check) {
    assertIdTokenRefused(check, () -> loginAndUserInfo(builder().build(), type));
    assertThat(wire()).doesNotContain(USER_INFO);
    assertThat(wire().contains(TOKEN)).isEqualTo(!type.contains("id_token"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test")
  void aLoginEndsAtUserInfo(String type) throws Exception {
    assertCompletes(type);
    assertThat(last("/authorize").queryParameters()).containsEntry("response_type", type);
    assertThat(wire()).contains(TOKEN).endsWith(USER_INFO);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-invalid-iss")
  void theTokenOfAnotherIssuerIsRefused(String type) {
    assertRefused(type, "iss", claims -> claims.put("iss", server.issuer() + "1"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-missing-sub")
  void aTokenAboutNobodyIsRefused(String type) {
    assertRefused(type, "sub", claims -> claims.remove("sub"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-invalid-aud")
  void aTokenForAnotherClientIsRefused(String type) {
    assertRefused(type, "aud", claims -> claims.put("aud", "rp1"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-missing-iat")
  void aTokenOfNoTimeIsRefused(String type) {
    assertRefused(type, "iat", claims -> claims.remove("iat"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-nonce-invalid")
  void theTokenOfAnotherLoginIsRefused(String type) {
    assertRefused(type, "nonce", claims -> claims.put("nonce", claims.get("nonce") + "1"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-nonce-unless-code-flow")
  void theNonceIsAlwaysSent(String type) throws Exception {
    assertCompletes(type);
    assertThat(last("/authorize").queryParameters().get("nonce")).hasSizeGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"code id_token", "code id_token token"})
  @DisplayName("oidcc-client-test-invalid-chash")
  void aTokenForAnotherCodeIsRefused(String type) {
    assertRefused(
        type, "c_hash", claims -> claims.computeIfPresent("c_hash", (name, hash) -> hash + "1"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"code id_token", "code id_token token"})
  @DisplayName("oidcc-client-test-missing-chash")
  void aTokenForNoCodeIsRefused(String type) {
    assertRefused(type, "c_hash", claims -> claims.remove("c_hash"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "code id_token token")
  @DisplayName("oidcc-client-test-invalid-athash")
  void aTokenForAnotherAccessTokenIsRefused(String type) {
    assertRefused(type, "at_hash", claims -> claims.put("at_hash", claims.get("at_hash") + "1"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "code id_token token")
  @DisplayName("oidcc-client-test-missing-athash")
  void aTokenForNoAccessTokenIsRefused(String type) {
    assertRefused(type, "at_hash", claims -> claims.remove("at_hash"));
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-idtoken-sig-rs256")
  void aTokenSignedWithRs256IsBelieved(String type) throws Exception {
    server.signIdTokensWith("RS256");
    assertCompletes(type);
    assertThat(wire()).contains(KEYS);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-invalid-sig-rs256")
  void aBadRs256SignatureIsRefused(String type) {
    server.signIdTokensWith("RS256").idToken(OidccModules::spoilt);
    assertRefused(type, "signature");
    assertThat(wire()).contains(KEYS);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-kid-absent-single-jwks")
  void theOnlyKeyNeedsNoName(String type) throws Exception {
    withoutKeyNames();
    assertCompletes(type);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-kid-absent-multiple-jwks")
  void amongKeysWithoutNamesTheRightOneIsFound(String type) throws Exception {
    server.rotateSigningKey().rotateSigningKey();
    withoutKeyNames();
    assertCompletes(type);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-userinfo-invalid-sub")
  void userInfoAboutAnotherUserIsRefused(String type) {
    server.userInfoClaims(claims -> claims.put("sub", "ada1"));
    assertRefused("sub_mismatch", () -> loginAndUserInfo(builder().build(), type));
    assertThat(wire()).endsWith(USER_INFO);
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-scope-userinfo-claims")
  void scopesBringClaims(String type) throws Exception {
    server.user("ada", Map.of("email", "ada@example.com", "phone_number", "+44"));
    OidcClient client = builder().build();
    PendingLogin login =
        client
            .login()
            .redirectUri(REDIRECT_URI)
            .responseType(type)
            .scope("profile email phone address")
            .begin();

    UserInfo info = client.userInfo(client.complete(login, server.authorize(login.url())));

    assertThat(info.claims()).containsEntry("phone_number", "+44");
  }

  @EveryHybridType
  @DisplayName("oidcc-client-test-client-secret-basic")
  void theSecretTravelsInTheAuthorizationHeader(String type) throws Exception {
    assertCompletes(type);
    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_basic");
  }
}
