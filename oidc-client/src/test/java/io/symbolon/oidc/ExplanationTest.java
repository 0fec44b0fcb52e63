package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a developer reads when something failed, whole: it has to stay readable. */
final class ExplanationTest {
  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OidcClient client;
  private PendingLogin login;

  @BeforeEach
  void begin() throws Exception {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
    login = client.login().redirectUri("https://shop.example.com/callback").begin();
  }

  /** Without the port, which is another one each time. */
  private String explanation(ThrowingCallable call) {
    return catchThrowableOfType(OAuthException.class, call)
        .explain()
        .replace(server.issuer(), "https://login.example.com");
  }

  @Test
  void anIdTokenForSomebodyElseFromAServerWithAWrongClock() throws Exception {
    server.shiftClock(Duration.ofMinutes(-10));
    server.idTokenClaims(
        claims -> {
          claims.put("aud", "blog");
          claims.remove("nonce");
        });
    String callback = server.authorize(login.url());

    assertThat(explanation(() -> client.complete(login, callback)))
        .isEqualTo(
            """
            invalid_id_token: the ID token is refused: aud should be "shop" and trusted audiences only, but is "blog"
            the ID token from https://login.example.com
              ✓ format: a signed JWT  [RFC 7519 §7.2]
              ✓ typ: "JWT"  [RFC 8725 §3.11]
              ✓ alg: "ES256"  [RFC 8725 §3.1]
              ✓ key: found  [RFC 7515 §6]
              ✓ signature: valid  [OpenID Connect Core §3.1.3.7]
              ✓ iss: "https://login.example.com"  [OpenID Connect Core §3.1.3.7]
              ✓ sub: 5 such characters  [OpenID Connect Core §2]
              ✗ aud: expected "shop" and trusted audiences only, got "blog"  [OpenID Connect Core §3.1.3.7]
              ✗ exp: expected after 2026-03-01T08:00:00Z, got 2026-03-01T07:55:00Z  [OpenID Connect Core §3.1.3.7]
              ✓ iat: 2026-03-01T07:50:00Z  [OpenID Connect Core §3.1.3.7]
              ✗ nonce: expected the nonce of this login, got nothing  [OpenID Connect Core §3.1.3.7]
              ✓ at_hash: the same  [OpenID Connect Core §3.1.3.8]
              ✓ auth_time: 2026-03-01T07:50:00Z  [OpenID Connect Core §3.1.3.7]
              likely cause: our clock or the server's is wrong, or the token was kept and shown again; by its last answer the server's clock is 600 s behind ours""");
  }

  @Test
  void aResponseOfAnotherLogin() throws Exception {
    String callback =
        server.authorize(client.login().redirectUri(login.redirectUri()).begin().url());

    assertThat(explanation(() -> client.complete(login, callback)))
        .isEqualTo(
            """
            state_mismatch: the response does not carry the state of this login
            the response to the redirect URI
              ✓ client: shop at https://login.example.com  [RFC 9700 §4.4.2]
              ✓ age: 2026-03-01T08:00:00Z  [limit of this library]
              ✓ response_mode: query  [OAuth 2.0 Multiple Response Types §2.1]
              ✓ redirect_uri: "https://shop.example.com/callback"  [RFC 9700 §4.4.2.2]
              ✗ state: expected the state of this login, got another  [RFC 6749 §10.12]
              likely cause: two logins in one browser were mixed up, the session was lost, or somebody else's response was planted
              what to do: start the login again in the browser that is to be logged in""");
  }

  @Test
  void aMixUp() throws Exception {
    String callback =
        server.authorize(login.url()).replaceAll("iss=.*", "iss=https://evil.example");

    assertThat(explanation(() -> client.complete(login, callback)))
        .isEqualTo(
            """
            issuer_mismatch: the response is from "https://evil.example", not from "https://login.example.com"
            the response to the redirect URI
              ✓ client: shop at https://login.example.com  [RFC 9700 §4.4.2]
              ✓ age: 2026-03-01T08:00:00Z  [limit of this library]
              ✓ response_mode: query  [OAuth 2.0 Multiple Response Types §2.1]
              ✓ redirect_uri: "https://shop.example.com/callback"  [RFC 9700 §4.4.2.2]
              ✓ state: the same  [RFC 6749 §10.12]
              ✗ iss: expected https://login.example.com, got "https://evil.example"  [RFC 9207 §2.4]
              likely cause: another server answered in the place of ours (mix-up)""");
  }

  @Test
  void aWrongClientSecret() throws Exception {
    server.client("shop", "another");
    String callback = server.authorize(login.url());

    assertThat(explanation(() -> client.complete(login, callback)))
        .isEqualTo(
            """
            invalid_client: https://login.example.com/token answered invalid_client: wrong secret
            the answer of https://login.example.com/token
              ✗ error: expected no error, got invalid_client  [RFC 6749 §5.2]
              what to do: check client id and secret, and that the server allows this way to authenticate""");
  }

  @Test
  void anIssuerThatIsWrittenDifferently() {
    server.metadata(it -> it.put("issuer", server.issuer() + "/"));
    OidcClient fresh = OidcClient.builder().issuer(server.issuer()).clientId("shop").build();

    assertThat(explanation(() -> fresh.login().redirectUri(login.redirectUri()).begin()))
        .isEqualTo(
            """
            issuer_mismatch: the metadata is for the issuer "https://login.example.com/", not for "https://login.example.com"
            the metadata document https://login.example.com/.well-known/openid-configuration
              ✗ issuer: expected "https://login.example.com", got "https://login.example.com/"  [RFC 8414 §3.3]
              likely cause: the issuer is written differently here and there, or somebody answers in the server's place
              what to do: configure the issuer exactly as the server writes it: every character counts""");
  }

  @Test
  void aLogoutTokenThatIsAnIdToken() throws Exception {
    String idToken =
        client.complete(login, server.authorize(login.url())).idToken().serialized().reveal();

    assertThat(explanation(() -> client.backchannelLogout("logout_token=" + idToken)))
        .isEqualTo(
            """
            invalid_logout_token: the logout token is refused: events should be the event of a logout, but is nothing
            the logout token from https://login.example.com
              ✓ request: 1 of them  [OpenID Connect Back-Channel Logout §2.5]
              ✓ format: a signed JWT  [RFC 7519 §7.2]
              ✓ typ: "JWT"  [RFC 8725 §3.11]
              ✓ alg: "ES256"  [RFC 8725 §3.1]
              ✓ key: found  [RFC 7515 §6]
              ✓ signature: valid  [OpenID Connect Core §3.1.3.7]
              ✓ iss: "https://login.example.com"  [OpenID Connect Core §3.1.3.7]
              ✓ aud: "shop"  [OpenID Connect Core §3.1.3.7]
              ✓ exp: 2026-03-01T08:05:00Z  [OpenID Connect Core §3.1.3.7]
              ✓ iat: 2026-03-01T08:00:00Z  [OpenID Connect Core §3.1.3.7]
              ✗ events: expected the event of a logout, got nothing  [OpenID Connect Back-Channel Logout §2.6]
              ✗ nonce: expected nothing, got a nonce, as in an ID token  [OpenID Connect Back-Channel Logout §2.6]
              ✓ sub: 5 such characters  [OpenID Connect Core §2]
              ✗ jti: expected a text of 1 to 1024 characters, got nothing  [OpenID Connect Back-Channel Logout §2.6]""");
  }

  @Test
  void aReturnFromALogoutOfSomebodyElse() {
    assertThat(
            explanation(
                () ->
                    PendingLogout.checkReturn(
                        Secret.of("mine"), "https://shop.example.com/bye?state=theirs")))
        .isEqualTo(
            """
            state_mismatch: the return is not from this logout: it does not carry its state
            the return from a logout
              ✗ state: expected the state of this logout, got another  [OpenID Connect RP-Initiated Logout §3]
              likely cause: the cookie was lost, or somebody else sent the browser here""");
  }

  @Test
  void userInfoThatIsNotSignedThoughItShouldBe() throws Exception {
    OidcClient strict =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .userInfoAlgorithms("ES256")
            .build();
    OidcTokens tokens = client.complete(login, server.authorize(login.url()));

    assertThat(explanation(() -> strict.userInfo(tokens)))
        .isEqualTo(
            """
            invalid_userinfo: the answer of https://login.example.com/userinfo is not signed
            the answer of https://login.example.com/userinfo
              ✓ status: 200  [OpenID Connect Core §5.3.2]
              ✗ media type: expected application/jwt, got "application/json"  [OpenID Connect Core §5.3.2]
              what to do: register userinfo_signed_response_alg for this client, or leave out userInfoAlgorithms(…)""");
  }

  @Test
  void anIdentifierThatIsNone() {
    OidcDiscovery discovery = new OidcDiscovery(new OkHttpClient());

    assertThat(explanation(() -> discovery.issuerOf("joe@127.0.0.1")))
        .isEqualTo(
            """
            invalid_identifier: the text is not the identifier of a user: its host is not a name
            the identifier that the user typed
              ✗ form: expected an account, a host or a URL, got its host is not a name  [OpenID Connect Discovery §2.1]
              what to do: ask the user again""");
  }
}
