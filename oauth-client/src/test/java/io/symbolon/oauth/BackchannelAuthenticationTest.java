package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client-Initiated Backchannel Authentication, with a clock that a test moves. */
final class BackchannelAuthenticationTest {
  private static final String GRANT = "urn:openid:params:grant-type:ciba";
  private static final String BACKCHANNEL = "/backchannel";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final TestClock clock = TestClock.at(NOW);
  private FakeAuthorizationServer server;
  private OAuthClient counter;

  @BeforeEach
  void register() {
    server = extension.server().client("counter", "s3cret");
    counter =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("counter")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
  }

  private BackchannelAuthenticationRequest request() {
    return counter.backchannel(GRANT).scope("a").loginHint("ada");
  }

  private BackchannelAuthentication answered(
      BackchannelAuthenticationRequest request, String members) throws IOException {
    server.answerNext(
        BACKCHANNEL,
        new MockResponse.Builder()
            .addHeader("Content-Type", "application/json")
            .body("{\"auth_req_id\":\"1c266114\"" + members + "}")
            .build());
    return request.begin();
  }

  private BackchannelAuthentication pushed() throws IOException {
    return answered(request().push(), ",\"expires_in\":120");
  }

  private BackchannelAuthentication pinged() throws IOException {
    return answered(request().ping(), ",\"expires_in\":120,\"interval\":50");
  }

  private static String bearer(BackchannelAuthentication asked) {
    return "Bearer " + asked.notificationToken().reveal();
  }

  private ReceivedRequest last(String path) {
    return server.requests().stream()
        .filter(request -> request.path().equals(path))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  @Test
  void aUserIsAskedAndTheTokensComeWithAPoll() throws Exception {
    BackchannelAuthentication asked =
        counter
            .backchannel(GRANT)
            .scope("a")
            .scope("b a")
            .loginHint("ada")
            .bindingMessage("W4SCT")
            .userCode(Secret.of("1234"))
            .acrValues("gold silver")
            .requestedExpiry(Duration.ofMinutes(2))
            .parameter("x", "1")
            .begin();

    assertThat(last(BACKCHANNEL).body())
        .isEqualTo(
            "scope=a+b&login_hint=ada&binding_message=W4SCT&acr_values=gold+silver"
                + "&requested_expiry=120&x=1&user_code=1234");
    assertThat(last(BACKCHANNEL).clientAuthentication()).isEqualTo("client_secret_basic");
    assertThat(asked.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(asked.expiresAt()).isEqualTo(NOW.plusSeconds(600));
    assertThat(asked.notificationToken()).isNull();
    server.refuseNext("authorization_pending").refuseNext("slow_down");
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isZero();
    for (int i = 0; i < 2; i++) {
      clock.advance(Duration.ofSeconds(5));
      assertThat(asked.poll()).isNull();
    }
    clock.advance(Duration.ofSeconds(9));
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isEqualTo(2);

    clock.advance(Duration.ofSeconds(1));
    TokenSet tokens = asked.await();

    assertThat(tokens.scope()).containsExactly("a", "b");
    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=auth-req-id-1");
  }

  /** CIBA Core §7.1.1 and §10.1.1. */
  @Test
  void theExampleOfTheSpecification() throws Exception {
    BackchannelAuthentication asked =
        answered(
            counter
                .backchannel(GRANT)
                .scope("openid email example-scope")
                .loginHintToken(Secret.of("eyJraWQiOiJsdGFjZXNidyIsImFsZyI6IkVTMjU2In0.eyJ.GjLm"))
                .bindingMessage("W4SCT")
                .ping(),
            ",\"expires_in\":120,\"interval\":2");

    assertThat(last(BACKCHANNEL).body())
        .isEqualTo(
            "scope=openid+email+example-scope&binding_message=W4SCT"
                + "&login_hint_token=eyJraWQiOiJsdGFjZXNidyIsImFsZyI6IkVTMjU2In0.eyJ.GjLm"
                + "&client_notification_token="
                + asked.notificationToken().reveal());
    assertThat(asked.notificationToken().reveal()).matches("[A-Za-z0-9_-]{43}");
    assertThat(asked.interval()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_denied", "expired_token", "transaction_failed"})
  void aRefusalEndsTheWait(String error) throws Exception {
    BackchannelAuthentication asked = request().begin();
    server.refuseNext(error);
    clock.advance(Duration.ofSeconds(5));

    assertThatThrownBy(asked::await)
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(error));
    clock.advance(Duration.ofSeconds(50));
    assertThatThrownBy(asked::poll).isInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void exactlyOneHintSaysWhoItIs() {
    assertThatThrownBy(() -> counter.backchannel(GRANT).begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none");
    assertThatThrownBy(() -> request().loginHintToken(Secret.of("x")).begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("login_hint_token");
    assertThatThrownBy(() -> request().parameter("id_token_hint", Secret.of("x")).begin())
        .isInstanceOf(IllegalStateException.class);
    assertThat(server.requestCount(BACKCHANNEL)).isZero();
  }

  @Test
  void whatIsOursCannotBeReplaced() {
    for (String name : new String[] {"scope", "client_notification_token", "request"}) {
      assertThatThrownBy(() -> request().parameter(name, "x"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"expires_in\":0", ",\"expires_in\":\"x\""})
  void aRequestWithoutEndIsRefused(String members) {
    assertThatThrownBy(() -> answered(request(), members)).hasMessageContaining("expires_in");
  }

  @Test
  void aPingMakesUsAskAtOnce() throws Exception {
    BackchannelAuthentication asked = pinged();
    server.refuseNext("access_denied");
    assertThat(asked.poll()).isNull();

    asked.notified(bearer(asked), "{\"auth_req_id\":\"1c266114\"}");

    assertThatThrownBy(asked::poll).isInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAPushAsksNothing() throws Exception {
    BackchannelAuthentication asked = pushed();
    clock.advance(Duration.ofSeconds(119));
    assertThat(asked.poll()).isNull();

    asked.notified(
        bearer(asked).replace("Bearer", "bearer"),
        "{\"auth_req_id\":\"1c266114\",\"access_token\":\"at-1\",\"token_type\":\"Bearer\","
            + "\"refresh_token\":\"rt-1\",\"expires_in\":120}");

    TokenSet tokens = asked.await();
    assertThat(tokens.accessToken().value().reveal()).isEqualTo("at-1");
    assertThat(tokens.refreshToken().reveal()).isEqualTo("rt-1");
    assertThat(tokens.scope()).containsExactly("a");
    assertThat(server.tokenRequestCount()).isZero();
    asked.notified(
        bearer(asked),
        "{\"auth_req_id\":\"1c266114\",\"access_token\":\"at-2\",\"token_type\":\"Bearer\"}");
    assertThat(asked.await()).as("the first decision stays").isSameAs(tokens);
  }

  @Test
  void theFirstDecisionThatIsPushedStays() throws Exception {
    BackchannelAuthentication asked = pushed();
    String tokens =
        "{\"auth_req_id\":\"1c266114\",\"access_token\":\"a\",\"token_type\":\"Bearer\"}";
    asked.notified(bearer(asked), "{\"auth_req_id\":\"1c266114\",\"error\":\"access_denied\"}");
    asked.notified(bearer(asked), tokens);

    assertThatThrownBy(asked::await).isInstanceOf(OAuthErrorException.class);

    BackchannelAuthentication other = pushed();
    other.notified(bearer(other), tokens);
    other.notified(bearer(other), tokens.replace("\"a\"", "\"b\""));
    other.notified(bearer(other), "{\"auth_req_id\":\"1c266114\",\"error\":\"access_denied\"}");
    assertThat(other.await().accessToken().value().reveal()).isEqualTo("a");
  }

  @Test
  void aPushedErrorEndsTheWait() throws Exception {
    BackchannelAuthentication asked = pushed();

    asked.notified(
        bearer(asked), "{\"auth_req_id\":\"1c266114\",\"error\":\"transaction_failed\"}");

    assertThatThrownBy(asked::await)
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("transaction_failed"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Bearer ", "Bearer other", "Basic x", "Bearer"})
  void whoDoesNotKnowTheNotificationTokenIsNotBelieved(String authorization) throws Exception {
    BackchannelAuthentication asked = pushed();

    assertThatThrownBy(
            () ->
                asked.notified(
                    authorization, "{\"auth_req_id\":\"1c266114\",\"error\":\"access_denied\"}"))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("notification_token_mismatch");
              assertThat(e.explain()).doesNotContain(asked.notificationToken().reveal());
            });
    assertThat(asked.poll()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"auth_req_id\":\"another\",\"access_token\":\"a\",\"token_type\":\"Bearer\"}"
            + "|auth_req_id_mismatch",
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}|auth_req_id_mismatch",
        "{\"auth_req_id\":7,\"access_token\":\"a\",\"token_type\":\"Bearer\"}|auth_req_id_mismatch",
        "{\"error\":\"access_denied\"}|auth_req_id_mismatch",
        "{\"auth_req_id\":\"1c266114\"}|malformed_response",
        "{\"auth_req_id\":\"1c266114\",\"auth_req_id\":\"1c266114\"}|malformed_response",
        "{\"auth_req_id\":\"1c266114\",\"access_token\":\"a\"}|malformed_response",
        "{\"auth_req_id\":\"1c266114\",\"access_token\":\"a\",\"token_type\":\"x\"}"
            + "|unsupported_token_type",
        "auth_req_id=1c266114|malformed_response",
        "[]|malformed_response",
      })
  void aPushThatIsNotForThisRequestIsRefused(String body, String code) throws Exception {
    BackchannelAuthentication asked = pushed();

    assertThatThrownBy(() -> asked.notified(bearer(asked), body))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(asked.poll()).isNull();
  }

  @Test
  void tokensInAPingAreRefused() throws Exception {
    BackchannelAuthentication asked = pinged();

    assertThatThrownBy(
            () ->
                asked.notified(
                    bearer(asked),
                    "{\"auth_req_id\":\"1c266114\",\"access_token\":\"a\","
                        + "\"token_type\":\"Bearer\"}"))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(asked.poll()).isNull();
  }

  /** A ping says only when to ask; whether the user refused is said by the token endpoint. */
  @Test
  void anErrorInAPingIsNotBelieved() throws Exception {
    BackchannelAuthentication asked = pinged();

    assertThatThrownBy(
            () ->
                asked.notified(
                    bearer(asked), "{\"auth_req_id\":\"1c266114\",\"error\":\"access_denied\"}"))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void anEndlessNotificationIsRefused() throws Exception {
    BackchannelAuthentication asked = pinged();

    assertThatThrownBy(() -> asked.notified(bearer(asked), " ".repeat((1 << 20) + 1)))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("too_large"));
  }

  @Test
  void whoAskedForNoNotificationGetsNone() throws Exception {
    BackchannelAuthentication asked = request().begin();

    assertThatThrownBy(() -> asked.notified("Bearer x", "{}"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aConditionHoldsForPushedTokensToo() throws Exception {
    BackchannelAuthentication asked =
        answered(
            counter
                .backchannel(
                    GRANT,
                    tokens -> {
                      throw new InvalidResponseException(
                          "mine", "no", Verdict.about("a test").build());
                    })
                .loginHint("ada")
                .push(),
            ",\"expires_in\":120");

    assertThatThrownBy(
            () ->
                asked.notified(
                    bearer(asked),
                    "{\"auth_req_id\":\"1c266114\",\"access_token\":\"a\","
                        + "\"token_type\":\"Bearer\"}"))
        .hasMessage("no");
    assertThat(asked.poll()).isNull();
  }
}
