package io.symbolon.oauth;

import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.QuietListener;
import io.symbolon.oauth.internal.Urls;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * How far the server's clock is ahead of ours. Learnt from the {@code Date} of its answers, each
 * time anew, so that a wrong one costs one refusal at most: only over TLS or loopback, where nobody
 * else can have written it, and never more than a day, which no clock in use is wrong by.
 */
final class ClockOffset {
  private static final Duration MOST = Duration.ofDays(1);

  /** A {@code Date} has whole seconds, and the answer was on its way. */
  private static final Duration NOISE = Duration.ofSeconds(2);

  private final Clock clock;
  private final @Nullable QuietListener listener;
  private volatile @Nullable Duration offset;

  ClockOffset(Clock clock, @Nullable QuietListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** An answer that says nothing, or says it out of a cache, changes nothing. */
  void learn(HttpAnswer answer, HttpUrl url) {
    Instant date = answer.date();
    boolean trusted = url.isHttps() || Urls.isLoopback(url.host());
    if (date == null || !trusted || answer.header("Age") != null) {
      return;
    }
    Duration learnt = Duration.ofSeconds(date.getEpochSecond() - clock.instant().getEpochSecond());
    if (learnt.abs().compareTo(MOST) <= 0) {
      replace(learnt);
    }
  }

  private void replace(Duration learnt) {
    Duration before = offset;
    offset = learnt;
    boolean changed = !isNoise(before == null ? learnt : learnt.minus(before));
    if (listener != null && changed) {
      listener.learntOffset(learnt);
    }
  }

  private static boolean isNoise(Duration difference) {
    return difference.abs().compareTo(NOISE) <= 0;
  }

  /** Null before the first. */
  @Nullable Duration offset() {
    return offset;
  }

  /** What the server takes for now, as far as we know. */
  Instant serverTime() {
    Duration known = offset;
    Instant now = clock.instant();
    return known == null || isNoise(known) ? now : now.plus(known);
  }
}
