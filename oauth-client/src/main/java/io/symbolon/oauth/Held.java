package io.symbolon.oauth;

import java.time.Duration;
import java.time.Instant;

/**
 * What was fetched, when it came, and after how many milliseconds it is due, stale, and ends.
 *
 * @param <T> a token, or the metadata of a server
 */
final class Held<T> {
  private static final long FOR_EVER = Long.MAX_VALUE;
  private static final Duration DECADES = Duration.ofDays(36_500);

  final T value;
  final long sinceMillis;
  final long sinceNanos;
  final long dueAfter;
  final long staleAfter;
  final long endsAfter;

  /**
   * @param nanos the reading of a timer that nobody sets
   */
  Held(T value, Instant now, long nanos, long dueAfter, long staleAfter, long endsAfter) {
    this.value = value;
    this.sinceMillis = now.toEpochMilli();
    this.sinceNanos = nanos;
    this.dueAfter = dueAfter;
    this.staleAfter = staleAfter;
    this.endsAfter = endsAfter;
  }

  /** What nobody will fetch again. */
  static <T> Held<T> forEver(T value, Instant now, long nanos) {
    return new Held<>(value, now, nanos, FOR_EVER, FOR_EVER, FOR_EVER);
  }

  /**
   * A token.
   *
   * @param jitter from 0 to 1, for {@link AccessToken#dueBeforeEnd}
   */
  static Held<AccessToken> of(AccessToken token, Instant now, long nanos, double jitter) {
    Instant expiresAt = token.expiresAt();
    if (expiresAt == null) {
      return forEver(token, now, nanos);
    }
    long left = left(token.issuedAt(), expiresAt, now);
    long due = left - token.dueBeforeEnd(jitter);
    return new Held<>(token, now, nanos, due, left - token.staleBeforeEnd(), left);
  }

  /** A stored token does not live longer than it was given, however wrong the clock is now. */
  private static long left(Instant issuedAt, Instant expiresAt, Instant now) {
    Duration left = Duration.between(now, expiresAt);
    Duration life = Duration.between(issuedAt, expiresAt);
    Duration shorter = left.compareTo(life) < 0 ? left : life;
    return shorter.compareTo(DECADES) > 0 ? DECADES.toMillis() : shorter.toMillis();
  }

  boolean isEndless() {
    return endsAfter == FOR_EVER;
  }

  /** Negative when the clock was set back meanwhile. */
  long wallAge(long nowMillis) {
    return nowMillis - sinceMillis;
  }

  /** By the clock or by the timer, whichever says that it is older. */
  long age(long nowMillis, long nowNanos) {
    return Math.max(wallAge(nowMillis), (nowNanos - sinceNanos) / 1_000_000);
  }
}
