package io.symbolon.benchmarks;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.TokenSet;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cache that everybody has written once. Whoever comes during a renewal waits for the lock. */
final class SynchronizedTokens {
  private final Origin origin;
  private final Duration beforeEnd;
  private final Clock clock = Clock.systemUTC();
  private @Nullable AccessToken held;

  /** Where new tokens come from. */
  @FunctionalInterface
  interface Origin {
    TokenSet tokens() throws IOException;
  }

  SynchronizedTokens(Origin origin, Duration beforeEnd) {
    this.origin = origin;
    this.beforeEnd = beforeEnd;
  }

  synchronized String token() throws IOException {
    AccessToken current = held;
    if (current == null || clock.instant().isAfter(current.expiresAt().minus(beforeEnd))) {
      current = origin.tokens().accessToken();
      held = current;
    }
    return current.value().reveal();
  }
}
