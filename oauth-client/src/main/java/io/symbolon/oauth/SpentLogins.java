package io.symbolon.oauth;

import io.symbolon.oauth.internal.cache.BoundedCache;
import java.time.Clock;

/**
 * States that have been used: a pending login that was read twice from a session or a cookie is
 * still good only once in this process.
 */
final class SpentLogins {
  private static final int REMEMBERED = 10_000;

  private final BoundedCache<Secret, Boolean> states;

  SpentLogins(Clock clock) {
    this.states = BoundedCache.ofLatest(REMEMBERED, PendingAuthorization.LIFETIME, clock);
  }

  /** Whether this is the first time. */
  boolean spend(Secret state) {
    return states.putIfAbsent(state, Boolean.TRUE) == null;
  }
}
