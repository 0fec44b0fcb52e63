package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.BackchannelAuthenticationRequest;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that the user decides on their own phone. */
final class BackchannelLoginTest {
  private static final String GRANT = "urn:openid:params:grant-type:ciba";
  private static final String RT_HASH = "urn:openid:params:jwt:claim:rt_hash";
  private static final String AUTH_REQ_ID = "urn:openid:params:jwt:claim:auth_req_id";

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void start() throws IOException {
    server = FakeAuthorizationServer.builder().clock(clock).start().client("counter", "s3cret");
    oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("counter")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private BackchannelAuthenticationRequest request() {
    return oidc.backchannel().scope("profile").loginHint("alice");
  }

  @Test
  void aPollTellsWhoAgreed() throws Exception {
    BackchannelAuthentication asked = request().begin();
    clock.advance(Duration.ofSeconds(5));

    OidcTokens tokens = oidc.await(asked);

    assertThat(tokens.idToken().subject()).isEqualTo("alice");
    assertThat(tokens.tokens().scope()).containsExactly("openid", "profile");
    assertThat(tokens.idToken().claim("nonce")).isNull();
    assertThat(server.lastTokenRequest().form())
        .containsEntry("grant_type", "urn:openid:params:grant-type:ciba");
  }

  @Test
  void theScopeIsAlwaysOpenid() throws Exception {
    oidc.backchannel().loginHint("alice").begin();

    assertThat(server.requests().get(1).body()).isEqualTo("scope=openid&login_hint=alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "exp", "nonce", "at_hash"})
  void nobodyGetsTokensBesideAnIdTokenThatIsRefused(String claim) throws Exception {
    server.idTokenClaims(claims -> claims.put(claim, claim.equals("exp") ? 1 : "forged"));
    BackchannelAuthentication asked = request().begin();
    clock.advance(Duration.ofSeconds(5));

    assertThatThrownBy(asked::await).isInstanceOf(IdTokenException.class);
    assertThatThrownBy(() -> oidc.await(asked)).isInstanceOf(IdTokenException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  /** A login without browser has no nonce, and a renewal brings none. */
  @Test
  void aRenewalBringsNoNonceToALoginThatHadNone() throws Exception {
    BackchannelAuthentication asked = request().begin();
    clock.advance(Duration.ofSeconds(5));
    OidcTokens login = oidc.await(asked);
    clock.advance(Duration.ofMinutes(5));
    server.idTokenClaims(claims -> claims.put("nonce", "n-0S6_WzA2Mj"));

    assertThatThrownBy(() -> oidc.refresh(login))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("nonce"));
  }

  @Test
  void anAnswerWithoutIdTokenIsRefused() throws Exception {
    server.tokenResponse(body -> body.remove("id_token"));
    BackchannelAuthentication asked = request().begin();
    clock.advance(Duration.ofSeconds(5));

    assertThatThrownBy(asked::await).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void aRefusalIsReported() throws Exception {
    BackchannelAuthentication asked = request().begin();
    server.refuseNext("access_denied");
    clock.advance(Duration.ofSeconds(5));

    assertThatThrownBy(() -> oidc.await(asked)).isInstanceOf(OAuthErrorException.class);
  }

  private static String halfHash(String text) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
  }

  /** The tokens of a poll, whose ID token names this refresh token, as a push. */
  private String pushed(Consumer<Map<String, Object>> change) throws Exception {
    Map<String, Object> body = new LinkedHashMap<>();
    server.tokenResponse(
        answer -> {
          answer.put("refresh_token", "rt-1");
          body.putAll(answer);
        });
    String hash = halfHash("rt-1");
    server.idTokenClaims(
        claims -> {
          claims.put(AUTH_REQ_ID, "1c266114");
          claims.put(RT_HASH, hash);
          change.accept(claims);
        });
    BackchannelAuthentication other =
        oidc.oauth().backchannel(GRANT).scope("openid").loginHint("alice").begin();
    clock.advance(Duration.ofSeconds(5));
    other.await();
    body.put("auth_req_id", "1c266114");
    return StrictJson.write(body);
  }

  private BackchannelAuthentication asked() throws IOException {
    server.answerNext(
        "/backchannel",
        new MockResponse.Builder()
            .addHeader("Content-Type", "application/json")
            .body(new Buffer().writeUtf8("{\"auth_req_id\":\"1c266114\",\"expires_in\":120}"))
            .build());
    return request().push().begin();
  }

  private void notify(BackchannelAuthentication asked, String body) throws IOException {
    asked.notified("Bearer " + asked.notificationToken().reveal(), body);
  }

  @Test
  void aPushTellsWhoAgreed() throws Exception {
    String body = pushed(claims -> {});
    BackchannelAuthentication asked = asked();

    notify(asked, body);

    assertThat(oidc.await(asked).idToken().subject()).isEqualTo("alice");
    assertThat(asked.await().refreshToken().reveal()).isEqualTo("rt-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at_hash", RT_HASH, AUTH_REQ_ID})
  void aPushVouchesForAllThatCameWithIt(String claim) throws Exception {
    String without = pushed(claims -> claims.remove(claim));
    String wrong = pushed(claims -> claims.put(claim, "MTCRtW9wfhKJ4qr8CsH9Ug"));
    BackchannelAuthentication asked = asked();

    for (String body : new String[] {without, wrong}) {
      assertThatThrownBy(() -> notify(asked, body))
          .isInstanceOf(IdTokenException.class)
          .hasMessageContaining(claim);
    }
    assertThat(asked.poll()).isNull();
  }

  @Test
  void aPushWithoutRefreshTokenNeedsNoHashOfOne() throws Exception {
    String body =
        pushed(claims -> claims.remove(RT_HASH)).replace("\"refresh_token\":\"rt-1\",", "");
    assertThat(body).doesNotContain("rt-1");
    BackchannelAuthentication asked = asked();

    notify(asked, body);

    assertThat(oidc.await(asked).refreshToken()).isNull();
  }
}
