package io.symbolon.benchmarks;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;

import io.symbolon.benchmarks.Library.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many threads that want a token at the same moment: how many token requests the server gets, and
 * how long the callers wait.
 */
final class Load {
  private static final int ROUNDS = 5;
  private static final long PERIOD_MICROS = 5_000;

  private final int threads;
  private final Duration lifetime;
  private final Duration delay;

  /**
   * @param threads so many callers
   * @param lifetime of a token
   * @param delay between a token request and its answer
   */
  Load(int threads, Duration lifetime, Duration delay) {
    this.threads = threads;
    this.lifetime = lifetime;
    this.delay = delay;
  }

  /**
   * What came of a run.
   *
   * @param failures calls that ended with an exception
   */
  record Result(int tokenRequests, Latencies latencies, int failures) {}

  /** Prints two tables; takes about three minutes. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    Load load = new Load(threads, Duration.ofSeconds(5), Duration.ofMillis(100));
    load.printCold();
    load.printAcrossExpiries(Duration.ofSeconds(30));
  }

  private void printCold() throws IOException, InterruptedException {
    System.out.println("| " + threads + " callers, no token | token requests | median | slowest |");
    System.out.println("|---|---:|---:|---:|");
    for (Library library : Library.values()) {
      cold(library); // classes and connections
      for (int round = 1; round <= ROUNDS; round++) {
        Result result = cold(library);
        String name = library + ", round " + round;
        printRow(name, result.tokenRequests(), millis(result, 0.5), millis(result, 1));
      }
    }
  }

  private void printAcrossExpiries(Duration time) throws IOException, InterruptedException {
    System.out.println();
    System.out.printf(
        "| %d callers, each every %d ms, for %d s | token requests | calls | waited | 99.9 %% |"
            + " slowest | failed |%n",
        threads, PERIOD_MICROS / 1_000, time.toSeconds());
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    for (Library library : Library.values()) {
      Result result = acrossExpiries(library, time);
      printRow(
          library,
          result.tokenRequests(),
          result.latencies().count(),
          result.latencies().atLeast(delay.toNanos() / 2),
          millis(result, 0.999),
          millis(result, 1),
          result.failures());
    }
  }

  private static void printRow(Object... cells) {
    StringBuilder row = new StringBuilder("|");
    for (Object cell : cells) {
      row.append(' ').append(cell).append(" |");
    }
    System.out.println(row);
  }

  private static String millis(Result result, double part) {
    return String.format(Locale.ROOT, "%.1f ms", result.latencies().within(part) / 1e6);
  }

  /** All callers at once, without a token. */
  Result cold(Library library) throws IOException, InterruptedException {
    try (TokenServer server = new TokenServer(lifetime, delay)) {
      Callers callers = new Callers(library.tokens(server.tokenEndpoint(), lifetime), threads);
      CountDownLatch start = new CountDownLatch(1);
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      for (int i = 0; i < threads; i++) {
        pool.execute(() -> callers.callAfter(start));
      }
      start.countDown();
      pool.shutdown();
      pool.awaitTermination(1, MINUTES);
      return callers.result(server);
    }
  }

  /** Each caller at its own beat, with a token that ends several times meanwhile. */
  Result acrossExpiries(Library library, Duration time) throws IOException, InterruptedException {
    try (TokenServer server = new TokenServer(lifetime, delay)) {
      long most = threads * (time.toMillis() * 1_000 / PERIOD_MICROS + 1);
      Tokens tokens = library.tokens(server.tokenEndpoint(), lifetime);
      tokens.token();
      Callers callers = new Callers(tokens, Math.toIntExact(most));
      ScheduledExecutorService pool = Executors.newScheduledThreadPool(threads);
      List<Future<?>> beats = beats(pool, callers);
      pool.awaitTermination(time.toMillis(), MILLISECONDS);
      beats.forEach(it -> it.cancel(false));
      pool.shutdown();
      pool.awaitTermination(1, MINUTES);
      return callers.result(server);
    }
  }

  private List<Future<?>> beats(ScheduledExecutorService pool, Callers callers) {
    List<Future<?>> beats = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long first = i * PERIOD_MICROS / threads;
      beats.add(pool.scheduleAtFixedRate(callers::call, first, PERIOD_MICROS, MICROSECONDS));
    }
    return beats;
  }

  /** Many threads that use one cache. */
  private static final class Callers {
    private final Tokens tokens;
    private final Latencies latencies;
    private final AtomicInteger failures = new AtomicInteger();

    Callers(Tokens tokens, int mostCalls) {
      this.tokens = tokens;
      this.latencies = new Latencies(mostCalls);
    }

    void callAfter(CountDownLatch start) {
      try {
        start.await();
        call();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Whatever a library throws is counted; the beat goes on. */
    void call() {
      long begun = System.nanoTime();
      try {
        tokens.token();
      } catch (IOException | RuntimeException e) {
        failures.incrementAndGet();
      }
      latencies.add(System.nanoTime() - begun);
    }

    Result result(TokenServer server) {
      return new Result(server.tokenRequests(), latencies, failures.get());
    }
  }
}
