package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is encrypted to a client that registered for it: who made it still has to be proved. */
class EncryptedTokensTest {
  private static final DecryptionKey KEY =
      DecryptionKey.ofJwk(Secret.of(HostileKeys.privateJwk("rp_enc")));
  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rs1\"}";
  private static final String USER =
      "{\"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\",\"sub\":\"24400320\"}";

  private ExampleSite site;

  @BeforeEach
  void start() throws Exception {
    site = ExampleSite.start();
    site.answer(
        "/.well-known/openid-configuration",
        HostileCases.of("discovery_jwks").named("META-OK-01").response().mock());
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set("default")));
    site.answer(
        "/token", "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"Bearer\"}");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private OidcClient.Builder builder() {
    return OidcClient.builder()
        .issuer(ExampleSite.ISSUER)
        .clientId("s6BhdRkqt3")
        .httpClient(site.http())
        .clock(TestClock.at(Instant.ofEpochSecond(1767225600)));
  }

  /** Anybody can do this: the key is public. */
  private static String encrypted(String content) {
    return KeySet.of(Map.of("keys", List.of(HostileJson.object(KEY.publicJwk()))))
        .encryptionKey("RSA-OAEP-256")
        .encrypt(content, "RSA-OAEP-256", "A256GCM");
  }

  private UserInfo userInfo(OidcClient oidc, String type, String body) throws Exception {
    site.answer(
        "/userinfo", new MockResponse.Builder().setHeader("Content-Type", type).body(body).build());
    IdToken login =
        new IdToken(Secret.of("a.b.c"), Map.of("iss", ExampleSite.ISSUER, "sub", "24400320"));
    return oidc.userInfo(new OidcTokens(login, oidc.oauth().clientCredentials().execute()));
  }

  private static void assertRefused(String check, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo(check));
  }

  @Test
  void userInfoMayBeSignedAndEncryptedOrEncrypted() throws Exception {
    OidcClient oidc = builder().userInfoDecryption(KEY).build();
    String signed = encrypted(HostileKeys.signed(HEADER, USER));

    assertThat(userInfo(oidc, "application/jwt", signed).subject()).isEqualTo("24400320");
    assertThat(userInfo(oidc, "application/jwt", encrypted(USER)).subject()).isEqualTo("24400320");
    assertRefused(
        "sub", () -> userInfo(oidc, "application/jwt", encrypted(USER.replace("24400320", "999"))));
  }

  @Test
  void encryptionIsNoSignature() throws Exception {
    OidcClient oidc = builder().userInfoDecryption(KEY).userInfoAlgorithms("RS256").build();
    String forged = HostileKeys.signed(HEADER, USER) + "A";

    assertRefused("format", () -> userInfo(oidc, "application/jwt", encrypted(USER)));
    assertRefused("signature", () -> userInfo(oidc, "application/jwt", encrypted(forged)));
    String other = HostileKeys.signed(HEADER.replace("rs1", "rs2"), USER);
    assertRefused("key", () -> userInfo(oidc, "application/jwt", encrypted(other)));
  }

  @Test
  void userInfoInClearIsADowngrade() throws Exception {
    OidcClient oidc = builder().userInfoDecryption(KEY).build();

    assertRefused("media type", () -> userInfo(oidc, "application/json", USER));
    assertThatThrownBy(() -> userInfo(oidc, "application/json", USER))
        .hasMessageEndingWith("is not encrypted")
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().fix()).contains("userinfo_encrypted_response_alg"));
    String signed = HostileKeys.signed(HEADER, USER);
    assertRefused("encryption", () -> userInfo(oidc, "application/jwt", signed));
  }

  @Test
  void anEncryptedAnswerThatNobodyAskedForIsRefused() {
    assertRefused("format", () -> userInfo(builder().build(), "application/jwt", encrypted(USER)));
  }

  @Test
  void anotherContentEncryptionThanTheRegisteredOneIsRefused() {
    OidcClient oidc = builder().userInfoDecryption(KEY).contentEncryption("A128GCM").build();

    assertRefused("enc", () -> userInfo(oidc, "application/jwt", encrypted(USER)));
  }

  @Test
  void aLogoutTokenMayBeEncryptedToTheKeysForIdTokens() throws Exception {
    String token =
        HostileCases.of("logout_userinfo_jarm_introspection").named("LOGOUT-07").text("token");

    assertThat(logout(token).subject()).isEqualTo("24400320");
    assertThat(logout(encrypted(token)).subject()).isEqualTo("24400320");
    assertRefused("format", () -> logout(encrypted(USER)));
    assertRefused(
        "signature", () -> logout(encrypted(token.substring(0, token.length() - 8) + "AAAAAAAA")));
  }

  private LogoutToken logout(String token) throws Exception {
    return builder().idTokenDecryption(KEY).build().backchannelLogout("logout_token=" + token);
  }
}
