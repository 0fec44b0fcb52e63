package io.symbolon.oauth.internal.cache;

import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same in 60 lines of JDK: insertion order is age order, so the oldest are at the front. */
final class MapCache<K, V> implements BoundedCache<K, V> {
  private record Timed<V>(V value, long expiresAtMillis) {}

  private final Map<K, Timed<V>> entries = new LinkedHashMap<>();
  private final int maximumSize;
  private final long timeToLiveMillis;
  private final Clock clock;

  MapCache(int maximumSize, Duration timeToLive, Clock clock) {
    this.maximumSize = maximumSize;
    this.timeToLiveMillis = timeToLive.toMillis();
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable V get(K key) {
    Timed<V> entry = entries.get(key);
    return entry == null || entry.expiresAtMillis <= clock.millis() ? null : entry.value;
  }

  @Override
  public synchronized void put(K key, V value) {
    entries.remove(key);
    entries.put(key, new Timed<>(value, clock.millis() + timeToLiveMillis));
    forgetOldest();
  }

  @Override
  public synchronized @Nullable V putIfAbsent(K key, V value) {
    V present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public synchronized void remove(K key) {
    entries.remove(key);
  }

  @Override
  public synchronized int size() {
    forgetOldest();
    return entries.size();
  }

  private void forgetOldest() {
    long now = clock.millis();
    Iterator<Timed<V>> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Timed<V> entry = oldest.next();
      if (entries.size() <= maximumSize && entry.expiresAtMillis > now) {
        return;
      }
      oldest.remove();
    }
  }
}
