package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class TestClockTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @Test
  void itStandsStill() {
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
  }

  @Test
  void itMovesBothWays() {
    assertThat(clock.advance(Duration.ofHours(1)).instant()).isEqualTo("2026-01-01T01:00:00Z");
    assertThat(clock.advance(Duration.ofHours(-2)).instant()).isEqualTo("2025-12-31T23:00:00Z");
    assertThat(clock.set(Instant.EPOCH).instant()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void anotherZoneIsTheSameClock() {
    TestClock vienna = clock.withZone(ZoneId.of("Europe/Vienna"));

    clock.advance(Duration.ofHours(1));

    assertThat(vienna.getZone()).isEqualTo(ZoneId.of("Europe/Vienna"));
    assertThat(vienna).hasToString("TestClock[2026-01-01T01:00:00Z]");
  }
}
