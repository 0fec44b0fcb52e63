package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8628, with a clock that a test moves. */
final class DeviceAuthorizationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DEVICE = "/device_authorization";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final TestClock clock = TestClock.at(NOW);
  private FakeAuthorizationServer server;
  private OAuthClient tv;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("tv");
    tv =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("tv")
            .clock(clock)
            .callTimeout(Duration.ofMillis(500))
            .build();
  }

  private static MockResponse json(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  private DeviceAuthorization answered(String members) throws IOException {
    server.answerNext(
        DEVICE,
        json(
            "{\"device_code\":\"GmRh\",\"user_code\":\"WDJB-MJHT\","
                + "\"verification_uri\":\"https://example.com/device\""
                + members
                + "}"));
    return tv.device().scope("a b").begin();
  }

  /** Whether a poll after so many seconds is sent. */
  private boolean asksAfter(DeviceAuthorization device, int seconds) throws IOException {
    int before = server.tokenRequestCount();
    clock.advance(Duration.ofSeconds(seconds));
    device.poll();
    return server.tokenRequestCount() > before;
  }

  @Test
  void theUserSeesACodeAndThenTheDeviceHasTokens() throws Exception {
    DeviceAuthorization device = tv.device().scope("a b").resource("https://api.example/").begin();

    assertThat(device.userCode()).isEqualTo("WDJB-MJHT");
    assertThat(device.verificationUri()).hasToString(server.issuer() + "/device");
    assertThat(device.verificationUriComplete().reveal())
        .isEqualTo(server.issuer() + "/device?user_code=WDJB-MJHT");
    assertThat(device.expiresAt()).isEqualTo(NOW.plusSeconds(600));
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(device.toString()).doesNotContain("WDJB");
    ReceivedRequest asked = server.requests().get(server.requests().size() - 1);
    assertThat(asked.path()).isEqualTo(DEVICE);
    assertThat(asked.body())
        .isEqualTo("scope=a+b&client_id=tv&resource=https%3A%2F%2Fapi.example%2F");

    clock.advance(Duration.ofSeconds(5));
    TokenSet tokens = device.await();

    assertThat(tokens.scope()).containsExactly("a", "b");
    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
                + "&device_code=device-code-1&client_id=tv");
    assertThat(device.await()).isSameAs(tokens);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void theFirstRequestWaitsForTheIntervalToo() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":60,\"interval\":7");
    server.refuseNext("authorization_pending").refuseNext("authorization_pending");

    assertThat(asksAfter(device, 0)).isFalse();
    assertThat(asksAfter(device, 6)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
    assertThat(asksAfter(device, 6)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'',5",
    "',\"interval\":0',1",
    "',\"interval\":-5',5",
    "',\"interval\":1000000000',60",
    "',\"interval\":\"7\"',7",
    "',\"interval\":2.5',3",
    "',\"interval\":null',5",
    "',\"interval\":1e300',60",
    "',\"interval\":[]',5"
  })
  void anIntervalThatMakesNoSenseIsNotBelieved(String member, int seconds) throws Exception {
    assertThat(answered(",\"expires_in\":60" + member).interval())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void slowDownCountsForAllThatFollows() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    server.refuseNext("slow_down").refuseNext("authorization_pending");
    server.refuseNext(400, "{\"error\":\"slow_down\",\"interval\":40}");

    assertThat(asksAfter(device, 5)).isTrue();
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(asksAfter(device, 9)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
    assertThat(asksAfter(device, 10)).isTrue();
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(40));
    assertThat(asksAfter(device, 39)).isFalse();
  }

  @Test
  void aSmallIntervalInSlowDownDoesNotMakeUsFaster() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    server.refuseNext(400, "{\"error\":\"slow_down\",\"interval\":1}");

    assertThat(asksAfter(device, 5)).isTrue();

    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void retryAfterIsHonoured() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    server.refuseNext(503, "", "Retry-After", "30").refuseNext("authorization_pending");

    assertThat(asksAfter(device, 5)).isTrue();

    assertThat(asksAfter(device, 29)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
  }

  @Test
  void retryAfterIsHonouredWhileTheUserThinksToo() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    server.refuseNext(400, "{\"error\":\"authorization_pending\"}", "Retry-After", "20");
    server.refuseNext("authorization_pending");

    assertThat(asksAfter(device, 5)).isTrue();
    assertThat(asksAfter(device, 19)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void howeverManyFailuresThereAreNobodyWaitsLongerThanFiveMinutes() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":3600");
    for (int i = 0; i < 8; i++) {
      server.refuseNext(503, "");
    }
    for (int seconds : new int[] {5, 10, 20, 40, 80, 160, 300}) {
      assertThat(asksAfter(device, seconds - 1)).isFalse();
      assertThat(asksAfter(device, 1)).isTrue();
    }

    assertThat(asksAfter(device, 299)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
  }

  @Test
  void afterAFailureTheServersOwnIntervalIsKeptHoweverLongItIs() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":3600,\"interval\":400");
    server.refuseNext(503, "");
    server.refuseNext("authorization_pending");

    assertThat(asksAfter(device, 400)).isTrue();
    assertThat(asksAfter(device, 399)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
  }

  @Test
  void timeoutsDoubleTheWait() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":6000");
    server.cutNext(Cut.BEFORE_ANSWER).cutNext(Cut.BEFORE_ANSWER);
    server.refuseNext("authorization_pending").refuseNext("authorization_pending");

    assertThat(asksAfter(device, 5)).isTrue();
    assertThat(asksAfter(device, 9)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
    assertThat(asksAfter(device, 19)).isFalse();
    assertThat(asksAfter(device, 1)).isTrue();
    assertThat(asksAfter(device, 5)).as("the server is back").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_denied", "expired_token", "invalid_grant", "odd"})
  void anyOtherErrorEndsTheWaitForGood(String error) throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    server.refuseNext(error);
    clock.advance(Duration.ofSeconds(5));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(device::await)
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(error));
      clock.advance(Duration.ofSeconds(60));
    }
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void nothingIsAskedAfterTheEnd() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":60");
    clock.advance(Duration.ofSeconds(60));

    assertThatThrownBy(device::await)
        .isInstanceOfSatisfying(
            LoginRequiredException.class, e -> assertThat(e.code()).isEqualTo("expired_token"))
        .hasMessageContaining("2026-01-01T00:01:00Z");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aWaitGoesOnWhenTheClockMoves() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600,\"interval\":500");
    server.refuseNext("access_denied");
    FutureTask<TokenSet> waiting = new FutureTask<>(device::await);
    new Thread(waiting).start();

    clock.advance(Duration.ofSeconds(500));

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OAuthErrorException.class);
  }

  @Test
  void aWaitCanBeCancelled() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    FutureTask<TokenSet> waiting = new FutureTask<>(device::await);
    new Thread(waiting).start();

    device.cancel();

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("cancelled");
    clock.advance(Duration.ofSeconds(60));
    assertThatThrownBy(device::poll).hasMessageContaining("cancelled");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aWaitCanBeInterrupted() throws Exception {
    DeviceAuthorization device = answered(",\"expires_in\":600");
    Thread.currentThread().interrupt();

    assertThatThrownBy(device::await)
        .isInstanceOf(InterruptedIOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/device",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a@example.com/",
        "https://example.com/\\u001b]0;x",
        "https://example.com/\\u202Emoc",
        "//example.com",
        ""
      })
  void aPageThatMustNotBeOpenedIsRefused(String uri) {
    for (String member : new String[] {"verification_uri", "verification_uri_complete"}) {
      server.answerNext(
          DEVICE,
          json(
              "{\"device_code\":\"GmRh\",\"user_code\":\"A\",\"expires_in\":9,"
                  + (member.endsWith("complete")
                      ? "\"verification_uri\":\"https://example.com\","
                      : "")
                  + "\""
                  + member
                  + "\":\""
                  + uri
                  + "\"}"));

      assertRefused(member);
    }
  }

  /** A page behind http on loopback is for a server that is itself there. */
  @Test
  void aServerBehindHttpsNamesNoPageOnLoopback() {
    AuthorizationServer https =
        AuthorizationServer.builder()
            .tokenEndpoint("https://login.example.com/token")
            .metadata("device_authorization_endpoint", server.issuer() + DEVICE)
            .build();
    OAuthClient client = OAuthClient.builder().server(https).clientId("tv").build();

    assertThatThrownBy(() -> client.device().begin())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("sent a verification_uri that must not be opened");
  }

  private void assertRefused(String member) {
    assertThatThrownBy(() -> tv.device().begin())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("malformed_response"))
        .hasMessageContaining(member);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\\u001b]0;pwn\\u0007W", "\\u00e9", "\\u202e1", "a\\nb"})
  void aCodeThatCannotBePrintedIsRefused(String code) {
    server.answerNext(
        DEVICE,
        json(
            "{\"device_code\":\"GmRh\",\"verification_uri\":\"https://example.com\","
                + "\"expires_in\":9,\"user_code\":\""
                + code
                + "\"}"));

    assertRefused("user_code");
  }

  @Test
  void aCodeOfEndlessLengthIsRefused() {
    server.answerNext(
        DEVICE,
        json(
            "{\"device_code\":\"GmRh\",\"verification_uri\":\"https://example.com\","
                + "\"expires_in\":9,\"user_code\":\""
                + "A".repeat(65)
                + "\"}"));

    assertRefused("user_code");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",\"expires_in\":0", ",\"expires_in\":\"soon\"", ",\"expires_in\":-1"})
  void aCodeWithoutEndIsRefused(String member) {
    assertThatThrownBy(() -> answered(member)).hasMessageContaining("expires_in");
  }

  @Test
  void aServerWithoutTheEndpointIsNotToBlameOnTheProgram() {
    server.metadata(document -> document.remove("device_authorization_endpoint"));

    assertThatThrownBy(() -> tv.device().begin())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("names no device_authorization_endpoint");
  }

  @Test
  void theExampleOfTheSpecification() throws Exception {
    server.publicClient("1406020730");
    server.answerNext(
        DEVICE,
        json(
            "{\"device_code\": \"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS\","
                + "\"user_code\": \"WDJB-MJHT\",\"verification_uri\": \"https://example.com/device\","
                + "\"verification_uri_complete\":"
                + "\"https://example.com/device?user_code=WDJB-MJHT\","
                + "\"expires_in\": 1800,\"interval\": 5}"));
    server.refuseNext(400, "{\"error\":\"slow_down\"}");
    OAuthClient client =
        OAuthClient.builder().issuer(server.issuer()).clientId("1406020730").clock(clock).build();

    DeviceAuthorization device = client.device().scope("example_scope").begin();
    clock.advance(Duration.ofSeconds(5));
    device.poll();

    assertThat(server.requests().get(1).body())
        .isEqualTo("scope=example_scope&client_id=1406020730");
    assertThat(device.verificationUriComplete().reveal())
        .isEqualTo("https://example.com/device?user_code=WDJB-MJHT");
    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
                + "&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"
                + "&client_id=1406020730");
    assertThat(device.interval()).isEqualTo(Duration.ofSeconds(10));
  }
}
