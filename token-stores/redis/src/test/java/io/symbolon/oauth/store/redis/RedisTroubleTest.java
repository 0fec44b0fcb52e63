package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.Held;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/** Redis restarts, hangs, is full or gone. */
final class RedisTroubleTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String[] KEEPS_ALL = {"--appendonly", "yes", "--appendfsync", "always"};

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable it : open) {
      it.close();
    }
  }

  private <T extends AutoCloseable> T closing(T it) {
    open.add(0, it);
    return it;
  }

  private TestRedis server(String... settings) throws IOException {
    return closing(TestRedis.start(settings));
  }

  private RedisTokenStore store(TestRedis server) {
    return RedisTokenStore.of(closing(server.client()), TestRedis.KEYS);
  }

  // Restarts.

  @Test
  void whatWasSavedAndLeasedIsThereAfterAKill() throws Exception {
    TestRedis server = server(KEEPS_ALL);
    TokenStore store = store(server);
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    server.kill();
    server.startAgain();
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo("at-1");
    assertThat(store(server).tryLease("ada", LEASE)).isNull();
    assertThat(store.save("ada", entry, entry.version(), lease.fence())).isNotNull();
    lease.close();
    assertThat(store.tryLease("ada", LEASE).fence()).isGreaterThan(lease.fence());
  }

  @Test
  void aRedisThatKeepsNothingHasNoLoginAfterAKill() throws Exception {
    TestRedis server = server();
    TokenStore store = store(server);
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    server.kill();
    server.startAgain();
    assertThat(store.load("ada")).isNull();
    assertThat(store.save("ada", entry, entry.version(), 0)).isNull();
    store.save("ada", Tokens.of("2"));
    assertThat(store.load("ada").version()).isGreaterThan(entry.version());
  }

  @Test
  void aConnectionThatWasClosedMeanwhileFailsTheCallThatFindsIt() throws Exception {
    TestRedis server = server(KEEPS_ALL);
    RedisClient redis = closing(server.client(Duration.ofSeconds(2), false));
    TokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    store.save("ada", Tokens.of("1"));
    server.kill();
    server.startAgain();
    assertThatThrownBy(() -> store.load("ada")).isInstanceOf(IOException.class);
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo("at-1");
  }

  // Gone, hung, full.

  @Test
  void aRedisThatIsGoneIsAnIOExceptionSoon() throws Exception {
    TestRedis server = server();
    TokenStore store = store(server);
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    server.kill();
    assertFailSoon(store, entry);
    assertThat(timed(lease::close)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aClientThatWasClosedIsAnIOException() throws Exception {
    TestRedis server = server();
    RedisClient redis = server.client();
    TokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    redis.close();
    assertFailSoon(store, entry);
    lease.close();
    assertFailSoon(RedisTokenStore.of(redis, TestRedis.KEYS).waitForReplicas(1, LEASE), entry);
  }

  @Test
  void aServerThatNeverAnswersIsAnIOExceptionSoon() throws Exception {
    TestRedis server = server();
    store(server).save("ada", Tokens.of("1"));
    StoredTokens entry = store(server).load("ada");
    ServerSocket silent = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    RedisClient redis =
        closing(
            RedisClient.builder()
                .hostAndPort("127.0.0.1", silent.getLocalPort())
                .clientConfig(DefaultJedisClientConfig.builder().timeoutMillis(150).build())
                .build());
    assertFailSoon(RedisTokenStore.of(redis, TestRedis.KEYS), entry);
  }

  private static void assertFailSoon(TokenStore store, StoredTokens entry) throws Exception {
    assertFailsSoon(() -> store.load("ada"), "load a login");
    assertFailsSoon(() -> store.save("ada", Tokens.of("2")), "load a login");
    assertFailsSoon(() -> store.save("ada", entry, entry.version(), 0), "load a login");
    assertFailsSoon(() -> store.delete("ada", entry.version(), 0), "load a login");
    assertFailsSoon(() -> store.tryLease("ada", LEASE), "lease a login");
  }

  private static void assertFailsSoon(ThrowingCallable call, String what) throws Exception {
    Duration took =
        timed(
            () ->
                assertThatThrownBy(call)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StoreCorruptedException.class)
                    .hasMessage(
                        "Redis was asked to "
                            + what
                            + " and did not answer; it may have done so or not")
                    .hasCauseInstanceOf(RuntimeException.class));
    assertThat(took).isLessThan(Duration.ofSeconds(5));
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Duration timed(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void aSaveWithoutAnAnswerIsNeverTakenForRefused() throws Exception {
    TestRedis server = server();
    TokenStore patient = store(server);
    patient.save("ada", Tokens.of("1"));
    StoredTokens entry = patient.load("ada");
    Jedis admin = closing(new Jedis("127.0.0.1", server.port()));
    RedisClient hasty = closing(server.client(Duration.ofMillis(200), false));
    TokenStore store = RedisTokenStore.of(hasty, TestRedis.KEYS);
    store.load("ada");
    admin.clientPause(500, ClientPauseMode.WRITE);
    assertThatThrownBy(() -> store.save("ada", entry, entry.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not answer")
        .hasCauseInstanceOf(JedisException.class);
    assertThat(Tokens.accessTokenIn(patient, "ada")).isEqualTo("at-1");
  }

  @Test
  void aFullRedisRefusesAndKeepsWhatItHas() throws Exception {
    TestRedis server = server();
    RedisClient redis = closing(server.client());
    TokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    redis.configSet("maxmemory", "1");
    assertThatThrownBy(() -> store.save("ada", entry, entry.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessage("Redis was asked to save a login and refused: OOM")
        .hasCauseInstanceOf(JedisException.class);
    assertThatThrownBy(() -> store.tryLease("ada", LEASE)).hasMessageContaining("refused: OOM");
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo("at-1");
    redis.configSet("maxmemory", "0");
    assertThat(store.save("ada", entry, entry.version(), 0)).isNotNull();
  }

  /** What expires is evicted; neither a login nor its lease does. */
  @Test
  void aFullRedisThatEvictsWhatExpiresKeepsLoginsAndLeases() throws Exception {
    TestRedis server = server("--maxmemory-policy", "volatile-lru");
    RedisClient redis = closing(server.client());
    TokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    store.save("ada", Tokens.of("1"));
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    for (int i = 0; i < 100; i++) {
      redis.set("cached" + i, "x".repeat(1000), SetParams.setParams().ex(1000));
    }
    redis.configSet("maxmemory", "1");
    TestRedis.await("eviction", () -> redis.keys("cached*").isEmpty());
    redis.configSet("maxmemory", "0");
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo("at-1");
    assertThat(store.tryLease("ada", LEASE)).isNull();
    lease.close();
  }

  @Test
  void aUserWhoMayNotRunScriptsIsRefusedWithoutShowingAnything() throws Exception {
    TestRedis server = server("--requirepass", "hunter2");
    RedisClient redis =
        closing(RedisClient.create("redis://default:wr0ng@127.0.0.1:" + server.port()));
    assertThatThrownBy(() -> RedisTokenStore.of(redis, TestRedis.KEYS).load("ada"))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith("Redis was asked to load a login and refused: WRONGPASS")
        .doesNotContain("wr0ng")
        .doesNotContain("127.0.0.1");
  }

  // What its users see.

  private static OAuthClient client(FakeAuthorizationServer as, TestClock clock) {
    return OAuthClient.builder()
        .issuer(as.issuer())
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .clock(clock)
        .build();
  }

  private FakeAuthorizationServer authorizationServer(TestClock clock) throws IOException {
    return closing(FakeAuthorizationServer.builder().clock(clock).start())
        .client("app", "secret")
        .accessTokenLifetime(LIFE);
  }

  private static void logIn(OAuthClient client, FakeAuthorizationServer as, TokenStore store)
      throws IOException {
    PendingAuthorization login =
        client.authorize().redirectUri("http://127.0.0.1/cb").scope("read").begin();
    store.save("ada", client.complete(login, as.authorize(login.url())));
  }

  @Test
  @DisplayName("R5: while the access token is valid, a Redis that is gone is invisible")
  void aValidTokenIsServedWithoutRedis() throws Exception {
    TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    FakeAuthorizationServer as = authorizationServer(clock);
    OAuthClient client = client(as, clock);
    TestRedis server = server(KEEPS_ALL);
    TokenStore store = store(server);
    logIn(client, as, store);
    TokenSource source = client.tokenSource(store, "ada");
    Secret token = source.token().value();
    server.kill();
    for (int minutes = 0; minutes < 60; minutes += 5) {
      assertThat(source.token().value()).isEqualTo(token);
      clock.advance(Duration.ofMinutes(5).minusMillis(1));
    }
    assertThat(source.token().value()).isEqualTo(token);
    clock.advance(Duration.ofMinutes(1));
    assertThatThrownBy(source::token).isInstanceOf(IOException.class);
    server.startAgain();
    clock.advance(Duration.ofMinutes(2));
    assertThat(source.token().value()).isNotEqualTo(token);
    assertThat(as.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("F-22: a renewed login that Redis cannot take is served, and saved later")
  void aRenewedLoginThatCannotBeSavedIsSavedLater() throws Exception {
    TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    FakeAuthorizationServer as = authorizationServer(clock);
    OAuthClient client = client(as, clock);
    TestRedis server = server(KEEPS_ALL);
    TokenStore store = store(server);
    logIn(client, as, store);
    Secret before = store.load("ada").tokens().refreshToken();
    clock.advance(LIFE);

    Held held = as.holdNext();
    TokenSource source = client.tokenSource(store, "ada");
    CompletableFuture<Secret> renewed =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return source.token().value();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    held.awaitArrival(Duration.ofSeconds(10));
    server.kill();
    held.release();
    Secret token = renewed.get(10, TimeUnit.SECONDS);
    assertThat(source.token().value()).isEqualTo(token);

    server.startAgain();
    assertThat(store.load("ada").tokens().refreshToken()).isEqualTo(before);
    assertThat(client.tokenSource(store, "ada").token().value()).isEqualTo(token);
    assertThat(store.load("ada").tokens().accessToken().value()).isEqualTo(token);
    assertThat(store.load("ada").tokens().refreshToken()).isNotEqualTo(before);
    assertThat(client(as, clock).tokenSource(store, "ada").token().value()).isEqualTo(token);
    assertThat(as.tokenRequestCount()).isEqualTo(2);
    assertThat(as.reuseDetections()).isZero();
  }
}
