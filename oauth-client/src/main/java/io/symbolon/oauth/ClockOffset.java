package io.symbolon.oauth;

import io.symbolon.oauth.internal.HttpAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a {@code Date} header tells about the server's clock. */
final class ClockOffset {
  private ClockOffset() {}

  static @Nullable Duration of(HttpAnswer answer, Clock clock) {
    Instant date = answer.date();
    return date == null
        ? null
        : Duration.ofSeconds(date.getEpochSecond() - clock.instant().getEpochSecond());
  }
}
