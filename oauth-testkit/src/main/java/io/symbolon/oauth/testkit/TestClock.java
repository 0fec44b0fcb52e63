package io.symbolon.oauth.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it.
 *
 * <pre>{@code
 * TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
 * clock.advance(Duration.ofMinutes(59));
 * }</pre>
 *
 * Safe for use by many threads: a move is seen by all of them at once.
 */
public final class TestClock extends Clock {
  private final AtomicReference<Instant> now;
  private final ZoneId zone;

  private TestClock(AtomicReference<Instant> now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  /** A clock that shows {@code instant}, in UTC. */
  public static TestClock at(Instant instant) {
    return new TestClock(new AtomicReference<>(instant), ZoneOffset.UTC);
  }

  /** A clock that shows an instant such as {@code 2026-01-01T00:00:00Z}, in UTC. */
  public static TestClock at(String instant) {
    return at(Instant.parse(instant));
  }

  /** Moves the clock; a negative duration moves it back. */
  public TestClock advance(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
    return this;
  }

  /** Moves the clock to {@code instant}, earlier or later. */
  public TestClock set(Instant instant) {
    now.set(instant);
    return this;
  }

  @Override
  public Instant instant() {
    return Objects.requireNonNull(now.get());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock seen from another zone: moving one moves both. */
  @Override
  public TestClock withZone(ZoneId zone) {
    return new TestClock(now, zone);
  }

  @Override
  public String toString() {
    return "TestClock[" + instant() + "]";
  }
}
