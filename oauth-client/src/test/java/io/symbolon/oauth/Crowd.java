package io.symbolon.oauth;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Many threads that do the same thing and begin at the same moment. */
public final class Crowd<T> {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final List<Thread> threads = new ArrayList<>();
  private final List<T> results = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();

  private Crowd() {}

  /** Lets them begin, and does not wait for them. */
  public static <T> Crowd<T> start(int size, Callable<T> work) throws InterruptedException {
    Crowd<T> crowd = new Crowd<>();
    CountDownLatch ready = new CountDownLatch(size);
    CountDownLatch go = new CountDownLatch(1);
    for (int i = 0; i < size; i++) {
      Thread thread = new Thread(() -> crowd.run(work, ready, go), "crowd-" + i);
      thread.setDaemon(true);
      crowd.threads.add(thread);
      thread.start();
    }
    ready.await();
    go.countDown();
    return crowd;
  }

  /** Lets them begin, and waits until all are done. */
  public static <T> Crowd<T> of(int size, Callable<T> work) throws InterruptedException {
    return start(size, work).await();
  }

  private void run(Callable<T> work, CountDownLatch ready, CountDownLatch go) {
    try {
      ready.countDown();
      go.await();
      begun.incrementAndGet();
      T result = work.call();
      synchronized (this) {
        results.add(result);
      }
    } catch (Throwable e) {
      synchronized (this) {
        errors.add(e);
      }
    }
  }

  /** Waits until all are done. */
  public Crowd<T> await() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (Thread thread : threads) {
      thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      if (thread.isAlive()) {
        AssertionError error = new AssertionError(thread.getName() + " is stuck");
        error.setStackTrace(thread.getStackTrace());
        throw error;
      }
    }
    return this;
  }

  /** Waits until so many of them wait for another thread. */
  public Crowd<T> awaitWaiting(int count) {
    await(
        () ->
            begun.get() == threads.size()
                && threads.stream().filter(Crowd::isWaiting).count() >= count);
    return this;
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  /** Waits until something is true that other threads make true. */
  public static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not become true");
      }
      Thread.onSpinWait();
    }
  }

  /** Interrupts all of them. */
  public void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  /** What they came back with. */
  public synchronized List<T> results() {
    return List.copyOf(results);
  }

  /** What they came back with, each only once. */
  public Set<T> distinctResults() {
    return new LinkedHashSet<>(results());
  }

  /** What they failed with. */
  public synchronized List<Throwable> errors() {
    return List.copyOf(errors);
  }
}
