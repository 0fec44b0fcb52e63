package io.symbolon.oauth;

import io.symbolon.oauth.internal.cache.BoundedCache;
import java.time.Clock;

/**
 * States that have been used: a pending login that was read twice from a session or a cookie is
 * still good only once in this process.
 */
final class SpentLogins {
  private static final int REMEMBERED = 10_000;

  private final Clock clock;
  private volatile BoundedCache<Secret, Boolean> states;

  @SuppressWarnings("NullAway.Init") // made by the first login, so that a service never loads it
  SpentLogins(Clock clock) {
    this.clock = clock;
  }

  /** Whether this is the first time. */
  boolean spend(Secret state) {
    return cache().putIfAbsent(state, Boolean.TRUE) == null;
  }

  private synchronized BoundedCache<Secret, Boolean> cache() {
    if (states == null) {
      states = BoundedCache.ofLatest(REMEMBERED, PendingAuthorization.LIFETIME, clock);
    }
    return states;
  }
}
