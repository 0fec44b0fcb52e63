package io.symbolon.oauth.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.Crowd;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both caches promise. */
class BoundedCacheTest {
  private static final int BOUND = 100;
  private static final Duration TIME = Duration.ofMinutes(10);
  private static final Duration TICK = Duration.ofMillis(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  enum Kind {
    CAFFEINE,
    MAP;

    <K, V> BoundedCache<K, V> cache(int bound, TestClock clock) {
      return this == CAFFEINE
          ? new CaffeineCache<>(bound, TIME, clock)
          : new MapCache<>(bound, TIME, clock);
    }
  }

  private <V> BoundedCache<String, V> cache(Kind kind) {
    return kind.cache(BOUND, clock);
  }

  @Test
  void caffeineIsUsedWhereItIs() {
    assertThat(BoundedCache.create(1, TIME, clock)).isInstanceOf(CaffeineCache.class);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPutLastIsThere(Kind kind) {
    BoundedCache<String, String> cache = cache(kind);
    assertThat(cache.get("a")).isNull();

    cache.put("a", "1");
    cache.put("a", "2");

    assertThat(cache.get("a")).isEqualTo("2");
    assertThat(cache.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRemovedIsGone(Kind kind) {
    BoundedCache<String, String> cache = cache(kind);
    cache.put("a", "1");

    cache.remove("a");
    cache.remove("b");

    assertThat(cache.get("a")).isNull();
    assertThat(cache.putIfAbsent("a", "2")).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void nothingStaysLongerThanItsTime(Kind kind) {
    BoundedCache<String, String> cache = cache(kind);
    cache.put("a", "1");

    clock.advance(TIME.minus(TICK));
    assertThat(cache.get("a")).isEqualTo("1");
    clock.advance(TICK);
    assertThat(cache.get("a")).isNull();
    assertThat(cache.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void readingDoesNotProlongTheTimeButWritingDoes(Kind kind) {
    BoundedCache<String, String> cache = cache(kind);
    cache.put("read", "1");
    cache.put("written", "1");
    cache.put("asked", "1");

    clock.advance(TIME.minus(TICK));
    cache.get("read");
    cache.put("written", "2");
    cache.putIfAbsent("asked", "2");
    clock.advance(TICK);

    assertThat(cache.get("read")).isNull();
    assertThat(cache.get("asked")).isNull();
    assertThat(cache.get("written")).isEqualTo("2");
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceIsFreeAgainWhenItsTimeIsOver(Kind kind) {
    BoundedCache<String, String> cache = cache(kind);
    assertThat(cache.putIfAbsent("a", "1")).isNull();
    assertThat(cache.putIfAbsent("a", "2")).isEqualTo("1");

    clock.advance(TIME);

    assertThat(cache.putIfAbsent("a", "3")).isNull();
    assertThat(cache.get("a")).isEqualTo("3");
  }

  @ParameterizedTest
  @EnumSource
  void thereAreNeverMoreThanTheBound(Kind kind) {
    BoundedCache<Integer, Integer> cache = kind.cache(BOUND, clock);

    for (int i = 0; i < 10_000; i++) {
      if (i % 2 == 0) {
        cache.put(i, i);
      } else {
        cache.putIfAbsent(i, i);
      }
      assertThat(cache.size()).isLessThanOrEqualTo(BOUND);
    }
    assertThat(cache.size()).isEqualTo(BOUND);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOverMakesRoomFirst(Kind kind) {
    BoundedCache<Integer, Integer> cache = kind.cache(BOUND, clock);
    for (int i = 0; i < BOUND; i++) {
      cache.put(i, i);
    }
    clock.advance(TIME);

    for (int i = 0; i < BOUND; i++) {
      cache.put(-i, i);
    }
    assertThat(cache.size()).isEqualTo(BOUND);
    assertThat(cache.get(-1)).isEqualTo(1);
  }

  @Test
  void theLatestAreKeptWhereThatIsAsked() {
    BoundedCache<Integer, Integer> cache = BoundedCache.ofLatest(BOUND, TIME, clock);
    for (int i = 0; i < 1_000; i++) {
      cache.putIfAbsent(i, i);
    }

    assertThat(cache.get(1_000 - BOUND - 1)).isNull();
    for (int i = 1_000 - BOUND; i < 1_000; i++) {
      assertThat(cache.get(i)).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneOfManyThreadsIsFirst(Kind kind) throws Exception {
    BoundedCache<Integer, Integer> cache = kind.cache(10_000, clock);
    AtomicInteger threads = new AtomicInteger();
    AtomicInteger firsts = new AtomicInteger();

    Crowd<Boolean> crowd =
        Crowd.of(
            32,
            () -> {
              int me = threads.incrementAndGet();
              for (int key = 0; key < 1_000; key++) {
                if (cache.putIfAbsent(key, me) == null) {
                  firsts.incrementAndGet();
                }
              }
              return true;
            });

    assertThat(crowd.errors()).isEmpty();
    assertThat(firsts).hasValue(1_000);
    assertThat(cache.size()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @EnumSource
  void theBoundHoldsUnderManyThreads(Kind kind) throws Exception {
    BoundedCache<Integer, Integer> cache = kind.cache(BOUND, clock);
    AtomicInteger next = new AtomicInteger();

    Crowd<Boolean> crowd =
        Crowd.of(
            16,
            () -> {
              for (int i = 0; i < 2_000; i++) {
                int key = next.incrementAndGet();
                cache.put(key, key);
                cache.get(key - 10);
                cache.remove(key - 20);
              }
              return true;
            });

    assertThat(crowd.errors()).isEmpty();
    assertThat(cache.size()).isLessThanOrEqualTo(BOUND);
  }
}
