package io.symbolon.oauth.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The only class that names Caffeine, so that nothing else needs it to be loaded. */
final class CaffeineCache<K, V> implements BoundedCache<K, V> {
  private final Cache<K, V> cache;

  CaffeineCache(int maximumSize, Duration timeToLive, Clock clock) {
    cache =
        Caffeine.newBuilder()
            .maximumSize(maximumSize)
            .expireAfterWrite(timeToLive)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  @Override
  public @Nullable V get(K key) {
    return cache.getIfPresent(key);
  }

  @Override
  public void put(K key, V value) {
    cache.put(key, value);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return cache.asMap().putIfAbsent(key, value);
  }

  @Override
  public void remove(K key) {
    cache.invalidate(key);
  }

  @Override
  public int size() {
    cache.cleanUp();
    return (int) cache.estimatedSize();
  }
}
