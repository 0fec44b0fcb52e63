package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real providers answer to a device that has no browser. */
class DeviceSamplesTest {
  private final MockWebServer server = new MockWebServer();
  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<ProviderSample> codes() {
    return of("device");
  }

  static Stream<ProviderSample> pauses() {
    return of("device-error");
  }

  private static Stream<ProviderSample> of(String kind) {
    return ProviderSample.all()
        .filter(sample -> sample.kind().equals(kind) && sample.pending() == null)
        .filter(DeviceSamplesTest::isByHand);
  }

  /** OpenID providers are run with their metadata, by oidc-client. */
  private static boolean isByHand(ProviderSample sample) {
    try {
      return ProviderSamplesTest.provider(sample).issuer() == null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("codes")
  void aCodeToShowEndsWhereItShould(ProviderSample sample) throws Exception {
    server.enqueue(sample.answer());
    OAuthClient client = client(ProviderSamplesTest.provider(sample));
    Map<?, ?> expected = sample.expected();

    if (!"ok".equals(expected.get("outcome"))) {
      OAuthException refusal =
          catchThrowableOfType(OAuthException.class, () -> client.device().begin());
      assertThat(refusal.code()).isEqualTo(expected.get("outcome"));
      return;
    }
    DeviceAuthorization device = client.device().begin();

    assertThat(device.userCode()).isEqualTo(expected.get("userCode"));
    assertThat(device.verificationUri()).hasToString((String) expected.get("verificationUri"));
    assertThat(Duration.between(clock.instant(), device.expiresAt()))
        .isEqualTo(Duration.ofSeconds(((Number) expected.get("expiresIn")).longValue()));
    assertThat(device.interval()).isEqualTo(interval(expected));
  }

  @ParameterizedTest
  @MethodSource("pauses")
  void anAnswerThatIsNoDecisionOnlySetsThePace(ProviderSample sample) throws Exception {
    server.enqueue(
        json(
            "{'device_code':'the-device-code','user_code':'WDJB-MJHT',"
                + "'verification_uri':'https://example.com/device','expires_in':900,'interval':5}"));
    server.enqueue(sample.answer());
    DeviceAuthorization device = client(ProviderSamplesTest.provider(sample)).device().begin();
    clock.advance(Duration.ofSeconds(5));

    assertThat(device.poll()).isNull();

    assertThat(device.interval()).isEqualTo(interval(sample.expected()));
  }

  @Test
  void yandexHasItsOwnWordsForADevice() throws Exception {
    server.enqueue(
        json(
            "{'device_code':'the-device-code','user_code':'7bsx8rjm',"
                + "'verification_url':'https://ya.ru/device','expires_in':300,'interval':5}"));
    server.enqueue(json("{'access_token':'AT','token_type':'bearer','expires_in':31536000}"));
    DeviceAuthorization device = client(Providers.yandex()).device().begin();
    clock.advance(Duration.ofSeconds(5));

    assertThat(device.poll()).isNotNull();

    assertThat(device.verificationUri()).hasToString("https://ya.ru/device");
    var asked = server.takeRequest();
    assertThat(
            asked.getHeaders().get("X-Asked-Host")
                + " "
                + asked.getTarget()
                + " "
                + asked.getBody().utf8())
        .isEqualTo("oauth.yandex.com /device/code client_id=client-1");
    assertThat(server.takeRequest().getBody().utf8())
        .isEqualTo("grant_type=device_code&code=the-device-code&client_id=client-1");
  }

  private OAuthClient client(Provider provider) {
    return provider
        .client("client-1")
        .httpClient(ProviderSample.everywhere(server))
        .clock(clock)
        .build();
  }

  private static Duration interval(Map<?, ?> expected) {
    return Duration.ofSeconds(((Number) expected.get("interval")).longValue());
  }

  private static MockResponse json(String body) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .body(body.replace('\'', '"'))
        .build();
  }
}
