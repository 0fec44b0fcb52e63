package io.symbolon.oauth.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client at work, as its meters show it. */
class MicrometerListenerTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private FakeAuthorizationServer server;
  private OAuthClient oauth;
  private TokenSource tokens;

  @BeforeEach
  void begin() {
    server = extension.server().client("reports", "s3cret");
    oauth = MetricsRecipe.measured(registry, log::add, server.issuer(), Secret.of("s3cret"), clock);
    tokens = oauth.clientCredentials().tokenSource();
  }

  private long timed(String name, String... tags) {
    return registry.get(name).tags(tags).tag("client", "reports").timer().count();
  }

  private double counted(String name, String... tags) {
    return registry.get(name).tags(tags).tag("client", "reports").counter().count();
  }

  @Test
  void requestsRenewalsAndHitsAreCounted() throws Exception {
    for (int i = 0; i < 11; i++) {
      tokens.token();
    }
    clock.advance(Duration.ofHours(1));
    tokens.token();

    assertThat(
            timed(
                "oauth.client.requests",
                "endpoint",
                "token_endpoint",
                "status",
                "2xx",
                "outcome",
                "ok"))
        .isEqualTo(2);
    assertThat(timed("oauth.client.requests", "endpoint", "metadata")).isEqualTo(1);
    assertThat(timed("oauth.client.renewals", "reason", "first", "outcome", "ok")).isEqualTo(1);
    assertThat(timed("oauth.client.renewals", "reason", "stale", "outcome", "ok")).isEqualTo(1);
    assertThat(counted("oauth.client.cache.hits")).isEqualTo(10);
    assertThat(
            timed(
                "oauth.client.fetches",
                "document",
                "metadata",
                "reason",
                "first",
                "outcome",
                "ok",
                "kept_old",
                "false"))
        .isEqualTo(1);
    assertThat(
            registry
                .get("oauth.client.requests")
                .tag("endpoint", "token_endpoint")
                .timer()
                .totalTime(TimeUnit.NANOSECONDS))
        .isPositive();
    assertThat(log).hasSize(16).anyMatch(line -> line.startsWith("Renewal[reason=stale"));
    assertThat(MetricsRecipe.status(oauth)).isEqualTo("UP");
  }

  @Test
  void failuresAreCountedByTheirCode() throws Exception {
    server.refuseNext("invalid_client");
    assertThat(catchThrowable(tokens::token)).isNotNull();
    clock.advance(Duration.ofMinutes(2));
    server.cutNext(Cut.BEFORE_ANSWER);
    assertThat(catchThrowable(tokens::token)).isNotNull();
    clock.advance(Duration.ofMinutes(2));
    server.tokenResponse(body -> body.remove("access_token"));
    assertThat(catchThrowable(tokens::token)).isNotNull();

    assertThat(timed("oauth.client.requests", "status", "4xx", "outcome", "invalid_client"))
        .isEqualTo(1);
    assertThat(timed("oauth.client.requests", "status", "none", "outcome", "IOException"))
        .isEqualTo(1);
    assertThat(timed("oauth.client.renewals", "reason", "first", "outcome", "invalid_client"))
        .isEqualTo(1);
    assertThat(counted("oauth.client.refusals", "code", "malformed_response", "check", "response"))
        .isEqualTo(1);
    assertThat(MetricsRecipe.status(oauth)).isEqualTo("token endpoint: malformed_response");
  }

  @Test
  void theClockOffsetIsAGauge() throws Exception {
    assertThat(registry.get("oauth.client.clock.offset").gauge().value()).isNaN();
    server.shiftClock(Duration.ofMinutes(-5));
    oauth.server();

    assertThat(registry.get("oauth.client.clock.offset").gauge().value()).isEqualTo(-300);
    assertThat(registry.get("oauth.client.unsaved.logins").gauge().value()).isZero();
  }

  @Test
  void everyEventHasAMeter() {
    MicrometerListener listener = new MicrometerListener(registry, "client", "reports");
    listener.on(new OAuthEvent.StoreFault("save", "kept_in_memory"));
    listener.on(new OAuthEvent.LeaseWait("leased", Duration.ofMillis(7)));

    assertThat(
            counted("oauth.client.store.faults", "operation", "save", "failure", "kept_in_memory"))
        .isEqualTo(1);
    assertThat(timed("oauth.client.lease.waits", "outcome", "leased")).isEqualTo(1);
  }

  @Test
  void aServerCannotInventMetersWithoutEnd() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      server.refuseNext(400, "{\"error\":\"word_" + i + "\"}");
      assertThat(catchThrowable(() -> oauth.clientCredentials().execute())).isNotNull();
    }
    tokens.token();

    assertThat(registry.find("oauth.client.requests").timers()).hasSizeBetween(50, 110);
    assertThat(timed("oauth.client.requests", "status", "4xx", "outcome", "other"))
        .isGreaterThan(800);
    assertThat(timed("oauth.client.requests", "status", "2xx", "endpoint", "token_endpoint"))
        .isEqualTo(1);
  }

  @Test
  void noMeterHasASecretAUrlOrAUser() throws Exception {
    server.refuseNext(400, "{\"error\":\"your secret is s3cret\"}");
    assertThat(catchThrowable(tokens::token)).isNotNull();

    for (Meter meter : registry.getMeters()) {
      assertThat(meter.getId().toString()).doesNotContain("s3cret").doesNotContain("http:");
    }
  }

  @Test
  void aTagWithoutAValueIsAMistake() {
    assertThatThrownBy(() -> new MicrometerListener(registry, "client"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
