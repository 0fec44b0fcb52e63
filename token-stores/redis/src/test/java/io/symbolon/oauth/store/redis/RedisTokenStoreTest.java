package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

final class RedisTokenStoreTest extends TokenStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static TestRedis server;
  private static RedisClient redis;
  private static RedisClient otherRedis;

  private final String prefix = "test-" + UUID.randomUUID() + ":";

  @BeforeAll
  static void start() throws Exception {
    server = TestRedis.start();
    redis = server.client();
    otherRedis = server.client();
  }

  @AfterAll
  static void stop() {
    redis.close();
    otherRedis.close();
    server.close();
  }

  @Override
  protected TokenStore store() {
    return RedisTokenStore.of(redis, TestRedis.KEYS).prefix(prefix);
  }

  private TokenStore otherStore() {
    return RedisTokenStore.of(otherRedis, TestRedis.KEYS).prefix(prefix);
  }

  private String onlyRedisKey() {
    assertThat(redis.keys(prefix + "*")).hasSize(1);
    return redis.keys(prefix + "*").iterator().next();
  }

  // What is in Redis.

  @Test
  void redisSeesNeitherKeysNorTokens() throws Exception {
    store().save("ada", tokens("1"));
    assertThat(onlyRedisKey()).isEqualTo(prefix + "{_e5DDUC9V97qwYbNl5ADPQ8G-QmogG585ucXq3x9UCk}");
    assertThat(redis.hgetAll(onlyRedisKey())).containsOnlyKeys("sealed", "version", "last");
    assertThat(redis.hgetAll(onlyRedisKey()).toString())
        .doesNotContain("ada")
        .doesNotContain("at-1")
        .doesNotContain("rt-1");
  }

  @Test
  void theUsualPrefixIsSymbolon() throws Exception {
    RedisTokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    store.save("ada", tokens("1"));
    assertThat(redis.del("symbolon:{_e5DDUC9V97qwYbNl5ADPQ8G-QmogG585ucXq3x9UCk}")).isEqualTo(1);
    assertThat(store).hasToString("token store in Redis under symbolon:");
  }

  @Test
  void aPrefixWithBracesIsRefused() {
    RedisTokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    for (String wrong : List.of("{", "a}", "{}", "{tenant}:")) {
      assertThatThrownBy(() -> store.prefix(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a prefix has no braces, but " + wrong + " has");
    }
  }

  @Test
  void waitingForNobodyOrForNoTimeIsAMistake() {
    RedisTokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
    assertThatThrownBy(() -> store.waitForReplicas(0, LEASE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("one can wait for 1 replica or more, not 0");
    assertThatThrownBy(() -> store.waitForReplicas(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("to wait takes 1 ms or more, not PT0S");
  }

  @Test
  void storesWithOtherPrefixesHaveOtherLogins() throws Exception {
    store().save("ada", tokens("1"));
    assertThat(RedisTokenStore.of(redis, TestRedis.KEYS).prefix(prefix + "b:").load("ada"))
        .isNull();
  }

  @Test
  void anEntryMovesToTheCurrentKeyWhenItIsSaved() throws Exception {
    TokenStore old = store();
    old.save("ada", tokens("1"));
    SecretKeySpec former = new SecretKeySpec(new byte[32], "AES");
    byte[] octets = new byte[32];
    octets[0] = 1;
    StoreKeys keys = StoreKeys.of(new SecretKeySpec(octets, "AES")).alsoOpening(former);
    TokenStore store = RedisTokenStore.of(redis, keys).prefix(prefix);
    StoredTokens entry = store.load("ada");
    assertThat(store.save("ada", entry, entry.version(), 0)).isNotNull();
    assertThat(accessToken(store, "ada")).isEqualTo("at-1");
    assertThatThrownBy(() -> old.load("ada")).hasMessageContaining("sealed with another key");
  }

  @Test
  void aLoginNeverExpiresAndWhatIsLeftOfARemovedOneDoes() throws Exception {
    TokenStore store = store();
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      assertThat(redis.pttl(onlyRedisKey())).isBetween(86_300_000L, 86_430_000L);
      store.save("ada", tokens("1"));
      assertThat(redis.pttl(onlyRedisKey())).isEqualTo(-1);
      assertThat(store.delete("ada", store.load("ada").version(), lease.fence())).isTrue();
      assertThat(redis.pttl(onlyRedisKey())).isBetween(86_400_000L, 86_430_000L);
      assertThat(store.tryLease("ada", LEASE)).isNull();
    }
    assertThat(redis.hgetAll(onlyRedisKey())).doesNotContainKeys("sealed", "version");
  }

  // Numbers.

  @Test
  void numbersGrowWhateverHappensToTheHash() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    long version = store.load("ada").version();
    long fence = leaseAndGiveBack(store);
    assertThat(fence).isGreaterThan(version);
    store.remove("ada");
    store.save("ada", tokens("2"));
    long second = store.load("ada").version();
    assertThat(second).isGreaterThan(fence);
    redis.del(onlyRedisKey());
    store.save("ada", tokens("3"));
    assertThat(store.load("ada").version()).isGreaterThan(second);
    assertThat(leaseAndGiveBack(store)).isGreaterThan(second);
  }

  @Test
  void numbersGrowWhenTheClockOfRedisIsSetBack() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    long ahead = store.load("ada").version() + Duration.ofHours(1).toNanos() / 1000;
    redis.hset(onlyRedisKey(), "last", Long.toString(ahead));
    store.save("ada", tokens("2"));
    assertThat(store.load("ada").version()).isEqualTo(ahead + 1);
    assertThat(leaseAndGiveBack(store)).isEqualTo(ahead + 2);
    assertThat(leaseAndGiveBack(store)).isEqualTo(ahead + 3);
  }

  private static long leaseAndGiveBack(TokenStore store) throws Exception {
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      return lease.fence();
    }
  }

  // Leases.

  @Test
  void aLeaseEndsByItself() throws Exception {
    store().save("ada", tokens("1"));
    StoredTokens entry = store().load("ada");
    long start = System.nanoTime();
    TokenStore.Lease first = store().tryLease("ada", Duration.ofMillis(300));
    assertThat(otherStore().tryLease("ada", LEASE)).isNull();
    TokenStore.Lease second = awaitLease(otherStore());
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(299), Duration.ofSeconds(5));
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(store().save("ada", entry, entry.version(), first.fence())).isNull();
    assertThat(store().delete("ada", entry.version(), first.fence())).isFalse();
    first.close();
    assertThat(store().tryLease("ada", LEASE)).isNull();
    assertThat(otherStore().save("ada", entry, entry.version(), second.fence())).isNotNull();
    second.close();
    leaseAndGiveBack(store());
  }

  @Test
  void aHolderWhoIsLateMaySaveAsLongAsNobodyElseHadTheLease() throws Exception {
    store().save("ada", tokens("1"));
    StoredTokens entry = store().load("ada");
    TokenStore.Lease lease = store().tryLease("ada", Duration.ofMillis(1));
    TestRedis.await("the end of the lease", () -> leaseIsOver(lease));
    assertThat(store().save("ada", entry, entry.version(), lease.fence())).isNotNull();
  }

  private boolean leaseIsOver(TokenStore.Lease lease) {
    long until = Long.parseLong(redis.hget(onlyRedisKey(), "until"));
    List<?> time = (List<?>) redis.eval("return redis.call('TIME')");
    long now =
        Long.parseLong((String) time.get(0)) * 1_000_000 + Long.parseLong((String) time.get(1));
    return lease.fence() > 0 && now > until;
  }

  @Test
  void aFenceThatWasNeverGrantedChangesNothing() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    StoredTokens entry = store.load("ada");
    assertThat(store.save("ada", entry, entry.version(), 7)).isNull();
    assertThat(store.delete("ada", entry.version(), 7)).isFalse();
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      assertThat(store.save("ada", entry, entry.version(), lease.fence() + 1)).isNull();
      assertThat(store.save("ada", entry, entry.version(), lease.fence() - 1)).isNull();
    }
  }

  @Test
  void aLeaseOutlivesNewLoginsAndRemovals() throws Exception {
    try (TokenStore.Lease lease = store().tryLease("ada", LEASE)) {
      store().save("ada", tokens("1"));
      assertThat(otherStore().tryLease("ada", LEASE)).isNull();
      store().save("ada", tokens("2"));
      store().remove("ada");
      assertThat(otherStore().tryLease("ada", LEASE)).isNull();
      store().save("ada", tokens("3"));
      StoredTokens entry = store().load("ada");
      assertThat(store().save("ada", entry, entry.version(), lease.fence())).isNotNull();
    }
  }

  @Test
  void holdersOnManyConnectionsAreNeverTwo() throws Exception {
    AtomicReference<Thread> holder = new AtomicReference<>();
    AtomicInteger collisions = new AtomicInteger();
    List<Long> fences = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        TokenStore store = i % 2 == 0 ? store() : otherStore();
        calls.add(
            () -> {
              for (int round = 0; round < 25; round++) {
                TokenStore.Lease lease = awaitLease(store);
                if (!holder.compareAndSet(null, Thread.currentThread())) {
                  collisions.incrementAndGet();
                }
                fences.add(lease.fence());
                holder.set(null);
                lease.close();
              }
              return null;
            });
      }
      for (Future<Void> call : pool.invokeAll(calls)) {
        call.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(collisions).hasValue(0);
    assertThat(fences).hasSize(200).isSorted().doesNotHaveDuplicates();
  }

  private static TokenStore.Lease awaitLease(TokenStore store) {
    AtomicReference<TokenStore.Lease> lease = new AtomicReference<>();
    TestRedis.await(
        "a lease",
        () -> {
          try {
            lease.set(store.tryLease("ada", LEASE));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return lease.get() != null;
        });
    return lease.get();
  }

  // Scripts.

  @Test
  void scriptsThatRedisForgotAreSentAgain() throws Exception {
    TokenStore store = store();
    redis.scriptFlush();
    store.save("ada", tokens("1"));
    redis.scriptFlush();
    StoredTokens entry = store.load("ada");
    redis.scriptFlush();
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    redis.scriptFlush();
    StoredTokens next = store.save("ada", entry, entry.version(), lease.fence());
    redis.scriptFlush();
    lease.close();
    redis.scriptFlush();
    leaseAndGiveBack(store);
    redis.scriptFlush();
    assertThat(store.delete("ada", next.version(), 0)).isTrue();
  }

  @Test
  void scriptsAreSentByTheirDigests() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    long full = calls("eval");
    long byDigest = calls("evalsha");
    store.load("ada");
    leaseAndGiveBack(store);
    leaseAndGiveBack(store);
    assertThat(calls("evalsha")).isGreaterThanOrEqualTo(byDigest + 5);
    assertThat(calls("eval")).isLessThanOrEqualTo(full + 2); // a lease and its end, once each
  }

  private static long calls(String command) {
    return redis
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=([0-9]+),.*", "$1")))
        .findAny()
        .orElse(0);
  }

  @Test
  void aClientThatRepeatsASaveOrALeaseGetsTheSameAnswer() {
    List<String> name = List.of(prefix + "{x}", prefix + "{x}:aside:1");
    List<String> save = List.of("sealed", "0", "0", "");
    Script.Answer saved = Script.SAVE.run(redis, name, save);
    assertThat(Script.SAVE.run(redis, name, save)).isEqualTo(saved);
    assertThat(Script.SAVE.run(redis, name, List.of("other", "0", "0", "")).is("other")).isTrue();
    List<String> lease = List.of("30000", "me");
    Script.Answer leased = Script.LEASE.run(redis, name, lease);
    assertThat(Script.LEASE.run(redis, name, lease)).isEqualTo(leased);
    assertThat(Script.LEASE.run(redis, name, List.of("30000", "you")).is("other")).isTrue();
  }
}
