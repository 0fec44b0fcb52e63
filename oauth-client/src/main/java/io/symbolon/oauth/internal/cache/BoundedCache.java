package io.symbolon.oauth.internal.cache;

import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A map that forgets: at most so many entries, each at most so long. Safe for many threads.
 *
 * <p>Caffeine does it where it is present; Android cannot run Caffeine, and there (or where the jar
 * is left out) a map under a lock does.
 */
public interface BoundedCache<K, V> {
  /** The value that was put last and is still remembered, or null. */
  @Nullable V get(K key);

  /** Remembers the value. */
  void put(K key, V value);

  /** Remembers the value unless there is one; returns that one, or null when it was free. */
  @Nullable V putIfAbsent(K key, V value);

  /** Forgets the key. */
  void remove(K key);

  /** How many entries are remembered, give or take those that are about to be forgotten. */
  int size();

  /**
   * A cache that forgets the oldest when there are too many, for what must not be seen twice.
   * Caffeine would keep what is read often, and forget the newest.
   */
  static <K, V> BoundedCache<K, V> ofLatest(int maximumSize, Duration timeToLive, Clock clock) {
    return new MapCache<>(maximumSize, timeToLive, clock);
  }

  /** A cache for this platform; when there are too many, it forgets what is of least use. */
  static <K, V> BoundedCache<K, V> create(int maximumSize, Duration timeToLive, Clock clock) {
    return Platform.HAS_CAFFEINE
        ? new CaffeineCache<>(maximumSize, timeToLive, clock)
        : new MapCache<>(maximumSize, timeToLive, clock);
  }
}
