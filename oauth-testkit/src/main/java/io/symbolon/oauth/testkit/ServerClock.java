package io.symbolon.oauth.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What the server takes for the time: the test's clock, and how far it is off. */
final class ServerClock {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private volatile Duration shift = Duration.ZERO;

  ServerClock(Clock clock) {
    this.clock = clock;
  }

  void shift(Duration shift) {
    this.shift = shift;
  }

  Instant now() {
    return clock.instant().plus(shift);
  }

  String httpDate() {
    return HTTP_DATE.format(now());
  }
}
