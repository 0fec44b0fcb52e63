package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server tells about a user, and about no other (OpenID Connect Core §5.3). */
final class UserInfoTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient client;
  private OidcTokens login;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    server.user("ada", Map.of("name", "Ada", "email", "ada@example.com", "email_verified", true));
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .build();
    PendingLogin pending = client.login().redirectUri("https://shop.example.com/cb").begin();
    login = client.complete(pending, server.authorize(pending.url()));
  }

  private void assertRefused(String code, int status, String message) {
    assertThatThrownBy(() -> client.userInfo(login))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.httpStatus()).isEqualTo(status);
            })
        .hasMessage("the answer of " + server.userInfoEndpoint() + " " + message);
  }

  @Test
  void itIsAskedWithTheAccessTokenInAHeader() throws Exception {
    UserInfo info = client.userInfo(login);

    assertThat(info.subject()).isEqualTo("ada");
    assertThat(info.text("email")).isEqualTo("ada@example.com");
    assertThat(info.emailVerified()).isTrue();
    assertThat(info.claims()).containsOnlyKeys("sub", "name", "email", "email_verified");
    ReceivedRequest request = server.requests().get(server.requests().size() - 1);
    assertThat(request).hasToString("GET /userinfo");
    assertThat(request.bearerToken()).isEqualTo(login.accessToken().value().reveal());
    assertThat(request.header("Accept")).isEqualTo("application/json");
    assertThat(request.header("Cache-Control")).isEqualTo("no-cache, no-store");
  }

  @Test
  void aClaimThatIsNoTextIsNoneThere() throws Exception {
    server.userInfoClaims(claims -> claims.put("email", List.of("ada@example.com")));

    UserInfo info = client.userInfo(login);

    assertThat(info.text("email")).isNull();
    assertThat(info.text("phone")).isNull();
    assertThat(info.toString())
        .startsWith("UserInfo with ")
        .contains("email")
        .doesNotContain("ada");
  }

  private MockResponse wantsNonce(String nonce) {
    return new MockResponse.Builder()
        .code(401)
        .setHeader("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"")
        .setHeader("DPoP-Nonce", nonce)
        .build();
  }

  /** RFC 9449 §9. */
  @Test
  void theNonceThatIsWantedIsGivenOnce() throws Exception {
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .dpop(SigningKey.generate("ES256"))
            .build();
    PendingLogin pending = client.login().redirectUri("https://shop.example.com/cb").begin();
    login = client.complete(pending, server.authorize(pending.url()));

    server.answerNext("/userinfo", wantsNonce("n-1"));
    assertThat(client.userInfo(login).subject()).isEqualTo("ada");
    server.answerNext("/userinfo", wantsNonce("n-2")).answerNext("/userinfo", wantsNonce("n-3"));
    assertRefused("http_error", 401, "has the HTTP status 401");
    assertThat(client.userInfo(login).subject()).isEqualTo("ada");

    assertThat(
            server.requests().stream()
                .filter(it -> it.path().equals("/userinfo"))
                .map(it -> nonce(it.header("DPoP"))))
        .containsExactly(null, "n-1", "n-1", "n-2", "n-3");
  }

  private static Object nonce(String proof) {
    byte[] claims = Base64.getUrlDecoder().decode(proof.split("\\.")[1]);
    return HostileJson.object(new String(claims, StandardCharsets.UTF_8)).get("nonce");
  }

  @Test
  void onlyTrueVerifiesAnAddress() throws Exception {
    server.userInfoClaims(claims -> claims.put("email_verified", "true"));

    assertThat(client.userInfo(login).emailVerified()).isFalse();
  }

  @Test
  void anAnswerAboutAnotherUserIsRefused() {
    server.userInfoClaims(claims -> claims.put("sub", "mallory"));
    assertRefused("sub_mismatch", 200, "is about another user than the ID token");
    server.userInfoClaims(claims -> claims.remove("sub"));
    assertRefused("sub_mismatch", 200, "is about another user than the ID token");
    assertThatThrownBy(() -> client.userInfo(login))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().actual()).isEqualTo("another"));
  }

  @Test
  void aTokenThatIsNoLongerGoodIsReported() {
    server.revokeAllAccessTokens();

    assertRefused("http_error", 401, "has the HTTP status 401");
  }

  @Test
  void aServerThatIsDownIsReported() {
    server.userInfoDown(true);

    assertRefused("http_error", 503, "has the HTTP status 503");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (FakeAuthorizationServer other = FakeAuthorizationServer.start()) {
      server.answerNext(
          "/userinfo",
          new MockResponse.Builder()
              .code(302)
              .setHeader("Location", other.url("/steal?token=x"))
              .build());

      assertRefused("redirect_refused", 302, "has the HTTP status 302");
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aPageIsNoAnswer() {
    server.answerNext(
        "/userinfo",
        new MockResponse.Builder().setHeader("Content-Type", "text/html").body("{}").build());
    assertRefused("malformed_response", 200, "is not application/json");

    server.answerNext(
        "/userinfo",
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/json")
            .body("[\"ada\"]")
            .build());
    assertRefused("malformed_response", 200, "cannot be read: it is not a JSON object");
  }

  @Test
  void aServerWithoutTheEndpointIsNotAsked() throws Exception {
    server.metadata(it -> it.remove("userinfo_endpoint"));
    OidcClient fresh =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .build();

    assertThatThrownBy(() -> fresh.userInfo(login))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the server has no userinfo_endpoint");
  }
}
