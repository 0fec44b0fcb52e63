package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A refresh goes on with the login that was there, and with no other (Core §12.2). */
final class RefreshedLoginTest {
  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OidcClient client;
  private OidcTokens login;
  private String nonce;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .executor(Runnable::run)
            .build();
    PendingLogin pending =
        client.login().redirectUri("https://shop.example.com/cb").scope("offline_access").begin();
    nonce = pending.attachment(LoginRequest.NONCE);
    login = client.complete(pending, server.authorize(pending.url()));
    clock.advance(Duration.ofMinutes(30));
  }

  private void assertRefused(String check) throws Exception {
    assertThatThrownBy(() -> client.refresh(login))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo(check));
    assertThat(api(login.accessToken()::value)).isEqualTo(200);
  }

  private interface Bearer {
    Secret token() throws Exception;
  }

  private int api(Bearer bearer) throws Exception {
    Request request =
        new Request.Builder()
            .url(server.url("/api/orders"))
            .header("Authorization", "Bearer " + bearer.token().reveal())
            .build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      return response.code();
    }
  }

  @Test
  void theNewIdTokenReplacesTheOldOne() throws Exception {
    OidcTokens refreshed = client.refresh(login);

    assertThat(refreshed.idToken().subject()).isEqualTo("alice");
    assertThat(refreshed.idToken().issuedAt()).isEqualTo(clock.instant());
    assertThat(refreshed.idToken().serialized()).isNotEqualTo(login.idToken().serialized());
    assertThat(refreshed.accessToken().value()).isNotEqualTo(login.accessToken().value());
    assertThat(refreshed.refreshToken()).isNotEqualTo(login.refreshToken());
    assertThat(server.lastTokenRequest().body())
        .isEqualTo("grant_type=refresh_token&refresh_token=" + login.refreshToken().reveal());
  }

  @Test
  void withoutANewIdTokenTheLoginsOneStays() throws Exception {
    server.tokenResponse(body -> body.remove("id_token"));

    OidcTokens refreshed = client.refresh(login);

    assertThat(refreshed.idToken()).isSameAs(login.idToken());
    assertThat(refreshed.accessToken().value()).isNotEqualTo(login.accessToken().value());
  }

  @Test
  void anotherUserIsRefusedAndTheOldTokensAreStillInUse() throws Exception {
    server.idTokenClaims(claims -> claims.put("sub", "mallory"));

    assertRefused("sub");
  }

  @Test
  void aTokenSourceKeepsItsTokenWhenTheRefreshIsAboutAnotherUser() throws Exception {
    server.rotateRefreshTokens(false);
    TokenSource tokens = client.tokenSource(login);
    server.idTokenClaims(claims -> claims.put("sub", "mallory"));
    clock.advance(Duration.ofMinutes(29).plusSeconds(45)); // stale, and not yet at its end

    assertThat(tokens.token()).isSameAs(login.accessToken());
    assertThat(server.tokenRequestCount()).isEqualTo(2);

    clock.advance(Duration.ofSeconds(15));
    assertThatThrownBy(tokens::token).isInstanceOf(IdTokenException.class);
  }

  @Test
  void aTokenSourceGoesOnWithTheSameUser() throws Exception {
    OkHttpClient api =
        new OAuthInterceptor(client.tokenSource(login), server.issuer())
            .install(new OkHttpClient());
    clock.advance(Duration.ofHours(2));

    Request request = new Request.Builder().url(server.url("/api/orders")).build();
    try (Response response = api.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void anotherAudienceIsRefused() throws Exception {
    OidcClient trusting =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .trustedAudiences("api")
            .clock(clock)
            .build();
    server.idTokenClaims(claims -> claims.put("aud", List.of("shop", "api")));

    assertThatThrownBy(() -> trusting.refresh(login))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("aud"));
  }

  @Test
  void anAudienceMayBeWrittenAsAList() throws Exception {
    server.idTokenClaims(claims -> claims.put("aud", List.of("shop")));

    assertThat(client.refresh(login).idToken().audience()).containsExactly("shop");
  }

  @Test
  void anotherIssuerIsRefused() throws Exception {
    server.idTokenClaims(claims -> claims.put("iss", "https://evil.example"));

    assertRefused("iss");
  }

  @Test
  void theNonceIsThatOfTheLoginOrAbsent() throws Exception {
    server.idTokenClaims(claims -> claims.put("nonce", "another"));
    assertRefused("nonce");
  }

  @Test
  void theNonceOfTheLoginMayBeRepeated() throws Exception {
    server.idTokenClaims(claims -> claims.put("nonce", nonce));

    assertThat(client.refresh(login).idToken().text("nonce")).isEqualTo(nonce);
  }

  @Test
  void anotherLoginTimeIsRefused() throws Exception {
    server.idTokenClaims(claims -> claims.put("auth_time", clock.instant().getEpochSecond()));

    assertRefused("auth_time");
  }

  @Test
  void theOldIdTokenAgainIsRefused() throws Exception {
    server.idToken(token -> login.idToken().serialized().reveal());

    assertRefused("exp");
  }

  @Test
  void aTokenThatIsNotNewerThanTheLoginIsRefused() throws Exception {
    long issuedAt = login.idToken().issuedAt().getEpochSecond();
    server.idTokenClaims(claims -> claims.put("iat", issuedAt));

    assertRefused("iat");
  }

  @Test
  void anUnsignedIdTokenIsRefusedHereToo() throws Exception {
    server.signIdTokensWith("none");

    assertRefused("format");
  }

  @Test
  void aRefusalOfTheServerIsPassedOn() {
    server.refuseNext("invalid_grant");

    assertThatThrownBy(() -> client.refresh(login))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_grant"));
  }

  @Test
  void withoutRefreshTokenThereIsNoRefresh() throws Exception {
    server.issueRefreshTokens(false);
    PendingLogin pending = client.login().redirectUri("https://shop.example.com/cb").begin();
    OidcTokens without = client.complete(pending, server.authorize(pending.url()));

    assertThat(without.refreshToken()).isNull();
    assertThatThrownBy(() -> client.refresh(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is no refresh token; many servers give one only for the scope offline_access");
  }
}
