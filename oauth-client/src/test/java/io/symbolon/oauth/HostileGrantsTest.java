package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd answers to device, backchannel and exchange requests. */
class HostileGrantsTest {
  private static final String DEVICE = "/device_authorization";
  private static final String BACKCHANNEL = "/backchannel";
  private static final String CIBA = "urn:example:grant-type:ciba"; // as the program calls it
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String CLIENT_SECRET = "7Fjfp0ZBr1KtDRbnfVdmIw-9aKx2Lq8VvYtR4sWmE1o";
  private static final Set<String> OTHERS =
      Set.of("authorization_code", "refresh_token", "client_credentials");

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;

  /** One go, which brings something or nothing yet. */
  @FunctionalInterface
  private interface Go {
    Object go() throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> cases() {
    return HostileCases.of("token_responses").toRun().filter(HostileGrantsTest::isToRun);
  }

  static boolean isToRun(HostileCase hostile) {
    return isDeviceAuthorization(hostile)
        || (hostile.isContext("endpoint", "token")
            && !hostile.isContext("openid", true)
            && !OTHERS.contains(grant(hostile)));
  }

  private static boolean isDeviceAuthorization(HostileCase hostile) {
    return hostile.isContext("endpoint", "device_authorization");
  }

  private static String grant(HostileCase hostile) {
    return hostile.contextText("grant");
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .metadata("device_authorization_endpoint", ExampleSite.ISSUER + DEVICE)
                .metadata("backchannel_authentication_endpoint", ExampleSite.ISSUER + BACKCHANNEL)
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(site.http())
        .clock(clock)
        .callTimeout(Duration.ofSeconds(8))
        .build();
  }

  private Go go(HostileCase hostile) throws IOException {
    if (isDeviceAuthorization(hostile)) {
      site.answer(DEVICE, hostile.response().mock());
      return () -> client().device().begin();
    }
    Go go = grant(hostile).contains("exchange") ? exchange(hostile) : poll(hostile);
    site.answer("/token", hostile.response().mock());
    return go;
  }

  private Go exchange(HostileCase hostile) {
    TokenExchangeRequest request = client().exchange(Secret.of("subject-token-1"), ACCESS_TOKEN);
    String wanted = hostile.contextText("requested_token_type");
    return (wanted == null ? request : request.requestedTokenType(wanted))::execute;
  }

  private Go poll(HostileCase hostile) throws IOException {
    Object interval = hostile.context("interval");
    String ending = ",\"expires_in\":1800,\"interval\":" + (interval == null ? 5 : interval) + "}";
    boolean ciba = grant(hostile).contains("ciba");
    site.answer(BACKCHANNEL, "{\"auth_req_id\":\"auth-req-1\"" + ending);
    site.answer(
        DEVICE,
        "{\"device_code\":\"device-code-1\",\"user_code\":\"WDJB-MJHT\","
            + "\"verification_uri\":\"https://as.example.com/device\""
            + ending);
    if (ciba) {
      BackchannelAuthentication asked = client().backchannel(CIBA).loginHint("ada").begin();
      clock.advance(asked.interval());
      return asked::poll;
    }
    DeviceAuthorization device = client().device().begin();
    clock.advance(device.interval());
    return device::poll;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anAnswerIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    Go go = go(hostile);

    Attempt<Object> attempt =
        Attempt.at(go::go)
            .hides(hostile.response().secrets().toList())
            .hides(List.of(CLIENT_SECRET, "subject-token-1", "device-code-1", "auth-req-1"));

    if ("poll_again".equals(hostile.outcomeKind())) {
      assertThat(attempt.value()).isNull();
      assertPause(go, hostile.outcome().get("interval"));
    } else if (hostile.isAccepted()) {
      assertAccepted(hostile, attempt.value());
    } else {
      assertRefused(hostile, attempt.refusal(OAuthException.class));
    }
  }

  private void assertPause(Go go, Object seconds) throws IOException {
    if (seconds instanceof Long interval) {
      int before = site.requests("/token").size();
      clock.advance(Duration.ofSeconds(interval - 1));
      assertThat(go.go()).isNull();
      assertThat(site.requests("/token")).hasSize(before);
      clock.advance(Duration.ofSeconds(1));
      Attempt<Object> again = attempt(go);
      assertThat(again).isNotNull();
      assertThat(site.requests("/token")).hasSize(before + 1);
    }
  }

  private static Attempt<Object> attempt(Go go) {
    try {
      return Attempt.at(go::go);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertAccepted(HostileCase hostile, Object value) {
    Map<String, Object> body = hostile.response().jsonBody();
    if (value instanceof DeviceAuthorization device) {
      assertThat(device.userCode()).isEqualTo(body.get("user_code"));
      assertThat(device.verificationUri()).hasToString((String) body.get("verification_uri"));
      assertInterval(hostile.outcome().get("interval"), body, device);
    } else if (value instanceof ExchangedToken exchanged) {
      assertThat(exchanged.value().reveal()).isEqualTo(body.get("access_token"));
      assertThat(exchanged.issuedTokenType()).isEqualTo(body.get("issued_token_type"));
      assertThat(exchanged.isAccessToken()).isEqualTo(!"N_A".equals(body.get("token_type")));
    } else {
      assertThat(((TokenSet) value).accessToken().value().reveal())
          .isEqualTo(body.get("access_token"));
    }
  }

  private static void assertInterval(
      Object expected, Map<String, Object> body, DeviceAuthorization device) {
    assertThat(device.interval()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(device.interval().getSeconds()).isLessThanOrEqualTo((Long) body.get("expires_in"));
    if (expected instanceof Long seconds) {
      assertThat(device.interval()).isEqualTo(Duration.ofSeconds(seconds));
    }
  }

  private static void assertRefused(HostileCase hostile, OAuthException refusal) {
    if (hostile.outcomeKind().equals("oauth_error")) {
      assertThat(((OAuthErrorException) refusal).error()).isEqualTo(hostile.outcome().get("error"));
      return;
    }
    assertThat(refusal.code()).isEqualTo(hostile.outcomeKind());
    Object field = hostile.outcome().get("field");
    if (field != null) {
      assertThat(refusal.getMessage()).contains((String) field);
    }
  }
}
