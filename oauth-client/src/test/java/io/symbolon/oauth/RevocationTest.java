package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of tokens (RFC 7009), and what the server says about them (RFC 7662). */
class RevocationTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final MemoryTokenStore store = new MemoryTokenStore(10);
  private FakeAuthorizationServer server;
  private OAuthClient client;
  private TokenSet tokens;

  @BeforeEach
  void logIn() throws IOException {
    server = extension.server().client("shop", "s3cret");
    client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .build();
    PendingAuthorization pending = client.authorize().redirectUri(REDIRECT_URI).begin();
    tokens = client.complete(pending, server.authorize(pending.url()));
    store.save("ada", tokens);
  }

  private ReceivedRequest last() {
    return server.requests().get(server.requests().size() - 1);
  }

  private boolean isActive(Secret token) throws IOException {
    return client.introspect(token).isActive();
  }

  private static MockResponse response(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Test
  void theRequestIsThatOfTheRfc() throws IOException {
    client.revoke(Secret.of("45ghiukldjahdnhzdauz"));

    assertThat(last().method()).isEqualTo("POST");
    assertThat(last().path()).isEqualTo("/revoke");
    assertThat(last().body()).isEqualTo("token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token");
    assertThat(last().header("Authorization")).isEqualTo("Basic c2hvcDpzM2NyZXQ=");
  }

  @Test
  void anIntrospectionRequestIsThatOfTheRfc() throws IOException {
    assertThat(isActive(Secret.of("mF_9.B5f-4.1JqM"))).isFalse();

    assertThat(last().path()).isEqualTo("/introspect");
    assertThat(last().body()).isEqualTo("token=mF_9.B5f-4.1JqM&token_type_hint=access_token");
    assertThat(last().header("Accept")).isEqualTo("application/json");
  }

  @Test
  void aTokenIsActiveUntilItIsRevokedAndNothingIsCached() throws IOException {
    assertThat(isActive(tokens.accessToken().value())).isTrue();

    client.revoke(tokens.accessToken());

    assertThat(isActive(tokens.accessToken().value())).isFalse();
    assertThat(isActive(tokens.refreshToken())).isTrue();
  }

  @Test
  void aRefreshTokenTakesItsAccessTokensAlong() throws IOException {
    client.revoke(tokens);

    assertThat(isActive(tokens.refreshToken())).isFalse();
    assertThat(isActive(tokens.accessToken().value())).isFalse();
  }

  @Test
  void theServerSignsItsAnswer() throws IOException {
    Introspection introspection = client.introspectSigned(tokens.accessToken().value());

    assertThat(introspection.isActive()).isTrue();
    assertThat(introspection.subject()).isEqualTo("alice");
  }

  @Test
  void anAnswerWithAnyBodyOrNoneIsSuccess() throws IOException {
    server.answerNext("/revoke", response(200, "OK"));
    client.revoke(tokens);
    server.answerNext("/revoke", response(200, ""));
    client.revoke(tokens);
    server.answerNext("/revoke", response(204, ""));
    client.revoke(tokens);
  }

  @Test
  void aRefusalSaysWhatWasExpected() {
    server.answerNext("/revoke", response(500, ""));
    server.answerNext("/introspect", response(200, "OK"));

    assertExpected(() -> client.revoke(tokens), "a usable revocation response");
    assertExpected(
        () -> client.introspect(tokens.accessToken().value()), "a usable introspection response");
  }

  private static void assertExpected(ThrowingCallable call, String expected) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().expected()).isEqualTo(expected));
  }

  @Test
  void anErrorIsAnErrorWhateverTheStatus() {
    for (int status : new int[] {200, 400}) {
      server.answerNext("/revoke", response(status, "{\"error\":\"unsupported_token_type\"}"));

      assertThatThrownBy(() -> client.revoke(tokens.accessToken()))
          .isInstanceOfSatisfying(
              OAuthErrorException.class,
              e -> assertThat(e.error()).isEqualTo("unsupported_token_type"));
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.answerNext(
        "/revoke", response(307, "").newBuilder().addHeader("Location", server.issuer()).build());

    assertThatThrownBy(() -> client.revoke(tokens))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("redirect_refused"));
  }

  @Test
  void aServerThatIsDownMeansThatTheTokenIsAlive() {
    server.answerNext(
        "/revoke", response(503, "").newBuilder().addHeader("Retry-After", "30").build());

    InvalidResponseException refusal =
        catchThrowableOfType(InvalidResponseException.class, () -> client.revoke(tokens));

    assertThat(refusal.isTemporary()).isTrue();
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aServerWithoutTheEndpointIsNoMistakeOfTheProgram() {
    server.metadata(document -> document.remove("revocation_endpoint"));
    OAuthClient other = OAuthClient.builder().issuer(server.issuer()).clientId("shop").build();

    assertThatThrownBy(() -> other.revoke(tokens))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("revocation_endpoint");
  }

  // The store.

  @Test
  void aLogoutRevokesThenRemoves() throws IOException {
    client.revoke(store, "ada");

    assertThat(store.load("ada")).isNull();
    assertThat(isActive(tokens.refreshToken())).isFalse();
    assertThatThrownBy(() -> client.tokenSource(store, "ada").token())
        .isInstanceOf(LoginRequiredException.class);
  }

  @Test
  void aLogoutOfNobodySendsNothing() throws IOException {
    int before = server.requests().size();

    client.revoke(store, "bob");

    assertThat(server.requests()).hasSize(before);
  }

  @Test
  void nothingUsableStaysBehindWhenTheServerIsDown() throws IOException {
    server.cutNext("/revoke", Cut.values()[0]);

    assertThatThrownBy(() -> client.revoke(store, "ada")).isInstanceOf(IOException.class);

    assertThat(store.load("ada")).isNull();
  }

  @Test
  void aLoginThatWasRenewedMeanwhileIsRevokedAndRemovedToo() throws Exception {
    var held = server.holdNext("/revoke");
    Thread logout =
        new Thread(
            () -> {
              try {
                client.revoke(store, "ada");
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    logout.start();
    held.awaitArrival(Duration.ofSeconds(10));
    PendingAuthorization pending = client.authorize().redirectUri(REDIRECT_URI).begin();
    TokenSet other = client.complete(pending, server.authorize(pending.url()));
    store.save("ada", other);
    held.release();
    logout.join(10_000);

    assertThat(store.load("ada")).isNull();
    assertThat(isActive(other.refreshToken())).isFalse();
  }
}
