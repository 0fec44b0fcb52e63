package io.symbolon.oauth.store.redis;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.TestClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/**
 * A program that shares ada's login with others. For each line that it reads, a time, many threads
 * ask for the token; it answers with a line of the tokens they got. It ends when its input does.
 */
final class SharingProcess {
  private SharingProcess() {}

  public static void main(String[] arguments) throws Exception {
    String issuer = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    int sources = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    boolean stopsBeforeSending = Boolean.parseBoolean(arguments[4]);

    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxWait(Duration.ofSeconds(10));
    TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    try (RedisClient redis =
        RedisClient.builder().hostAndPort("127.0.0.1", port).poolConfig(pool).build()) {
      TokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
      OAuthClient client = client(issuer, clock);
      List<TokenSource> tokens = new ArrayList<>();
      for (int i = 0; i < sources; i++) {
        tokens.add(client.tokenSource(new ShortLeases(store, stopsBeforeSending), "ada"));
      }
      System.out.println("ready");
      answerLines(clock, tokens, threads);
    }
  }

  static OAuthClient client(String issuer, TestClock clock) {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .clock(clock)
        .build();
  }

  private static void answerLines(TestClock clock, List<TokenSource> tokens, int threads)
      throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      clock.set(Instant.parse(line));
      System.out.println(String.join(" ", askAll(pool, tokens, threads)));
    }
    pool.shutdownNow();
  }

  private static Set<String> askAll(ExecutorService pool, List<TokenSource> tokens, int threads)
      throws Exception {
    CountDownLatch together = new CountDownLatch(threads);
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      TokenSource source = tokens.get(i % tokens.size());
      calls.add(
          () -> {
            together.countDown();
            together.await();
            return ask(source);
          });
    }
    Set<String> answers = new TreeSet<>();
    for (Future<String> answer : pool.invokeAll(calls)) {
      answers.add(answer.get());
    }
    return answers;
  }

  private static String ask(TokenSource source) {
    try {
      return source.token().value().reveal();
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  /** The store, with leases that end while a test can wait; stands still after its first save. */
  private record ShortLeases(TokenStore store, boolean stopsBeforeSending) implements TokenStore {
    @Override
    public @Nullable StoredTokens load(String key) throws IOException {
      return store.load(key);
    }

    @Override
    public @Nullable StoredTokens save(
        String key, StoredTokens tokens, long expectedVersion, long fence) throws IOException {
      StoredTokens saved = store.save(key, tokens, expectedVersion, fence);
      if (stopsBeforeSending) {
        System.out.println("saved");
        standStill();
      }
      return saved;
    }

    private static void standStill() throws IOException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public boolean delete(String key, long expectedVersion, long fence) throws IOException {
      return store.delete(key, expectedVersion, fence);
    }

    @Override
    public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
      return store.tryLease(key, stopsBeforeSending ? Duration.ofSeconds(2) : duration);
    }
  }
}
