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

  private final Instant end;
  private final long due;
  private final long stale;

  private RenewalWindow(Instant end, long due, long stale) {
    this.end = end;
    this.due = due;
    this.stale = stale;
  }

  static RenewalWindow of(AccessToken token) {
    Instant end = token.expiresAt();
    if (end == null) {
      return new RenewalWindow(Instant.MAX, 0, 0);
    }
    long life = upToADay(Duration.between(token.issuedAt(), end)).toMillis();
    long due = Math.min(LONGEST_DUE.toMillis(), life / 5);
    long stale = Math.min(LONGEST_STALE.toMillis(), life / 10);
    return new RenewalWindow(end, due, stale);
  }

  /** The windows of a longer life are no wider, and its milliseconds may not fit a long. */
  private static Duration upToADay(Duration life) {
    if (life.isNegative()) {
      return Duration.ZERO;
    }
    return life.compareTo(DAY) > 0 ? DAY : life;
  }

  /**
   * How many milliseconds before its end the renewal in the background begins.
   *
   * @param jitter from 0 to 1: moves it by up to half of the due time
   */
  long dueBeforeEnd(double jitter) {
    return due - (long) (jitter * (due - stale) / 2);
  }

  /** From how many milliseconds before its end on callers wait for a new one. */
  long staleBeforeEnd() {
    return stale;
  }

  boolean isFresh(Instant now) {
    return now.isBefore(end.minusMillis(stale));
  }
}
