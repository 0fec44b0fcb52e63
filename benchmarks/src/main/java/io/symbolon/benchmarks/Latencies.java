package io.symbolon.benchmarks;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** How long calls took. Many threads add; one reads when they have ended. */
final class Latencies {
  private final long[] nanos;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param capacity calls beyond it are not kept
   */
  Latencies(int capacity) {
    nanos = new long[capacity];
  }

  void add(long duration) {
    int index = next.getAndIncrement();
    if (index < nanos.length) {
      nanos[index] = duration;
    }
  }

  int count() {
    return Math.min(next.get(), nanos.length);
  }

  /** How many took at least that many nanoseconds. */
  long atLeast(long duration) {
    return Arrays.stream(nanos, 0, count()).filter(it -> it >= duration).count();
  }

  /**
   * The shortest time in which that part of the calls had ended, in nanoseconds; 0 without calls.
   *
   * @param part from 0 to 1
   */
  long within(double part) {
    long[] sorted = Arrays.copyOf(nanos, count());
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
  }
}
