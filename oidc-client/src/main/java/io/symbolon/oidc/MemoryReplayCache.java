package io.symbolon.oidc;

import io.symbolon.oauth.internal.cache.BoundedCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The tokens that this process has seen. Only verified ones come here, so nobody can flood it. */
final class MemoryReplayCache implements ReplayCache {
  private static final int REMEMBERED = 10_000;

  private final BoundedCache<String, Boolean> ids;

  MemoryReplayCache(Duration longest, Clock clock) {
    ids = BoundedCache.ofLatest(REMEMBERED, longest, clock);
  }

  @Override
  public boolean add(String id, Instant until) {
    return ids.putIfAbsent(id, Boolean.TRUE) == null;
  }
}
