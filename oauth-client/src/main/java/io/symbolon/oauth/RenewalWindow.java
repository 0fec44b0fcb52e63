package io.symbolon.oauth;

import java.time.Duration;
import java.time.Instant;

/**
 * When a token becomes due and stale. Both depend on its whole life: the last fifth, at most five
 * minutes; the last tenth, at most 30 seconds.
 */
final class RenewalWindow {
  private static final Duration LONGEST_DUE = Duration.ofMinutes(5);
  private static final Duration LONGEST_STALE = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  private final Instant dueAt;
  private final Instant staleAt;
  private final Duration between;

  private RenewalWindow(Instant dueAt, Instant staleAt, Duration between) {
    this.dueAt = dueAt;
    this.staleAt = staleAt;
    this.between = between;
  }

  static RenewalWindow of(AccessToken token) {
    Instant end = token.expiresAt();
    if (end == null) {
      return new RenewalWindow(Instant.MAX, Instant.MAX, Duration.ZERO);
    }
    long life = upToADay(Duration.between(token.issuedAt(), end)).toMillis();
    long due = Math.min(LONGEST_DUE.toMillis(), life / 5);
    long stale = Math.min(LONGEST_STALE.toMillis(), life / 10);
    return new RenewalWindow(
        end.minusMillis(due), end.minusMillis(stale), Duration.ofMillis(due - stale));
  }

  /** The windows of a longer life are no wider, and its milliseconds may not fit a long. */
  private static Duration upToADay(Duration life) {
    if (life.isNegative()) {
      return Duration.ZERO;
    }
    return life.compareTo(DAY) > 0 ? DAY : life;
  }

  /**
   * When the renewal in the background begins.
   *
   * @param jitter from 0 to 1: moves it by up to half of the due time
   */
  Instant dueAt(double jitter) {
    return dueAt.plusMillis((long) (jitter * between.toMillis() / 2));
  }

  /** From when on callers wait for a new one. */
  Instant staleAt() {
    return staleAt;
  }

  boolean isFresh(Instant now) {
    return now.isBefore(staleAt);
  }
}
