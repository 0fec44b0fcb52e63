package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A master, a replica, and what can be lost between them. */
final class RedisReplicasTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private TestRedis master;
  private TestRedis replica;
  private RedisClient redis;
  private RedisTokenStore store;

  @BeforeEach
  void start() throws Exception {
    master = TestRedis.start("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
    replica = TestRedis.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
    redis = master.client();
    store =
        RedisTokenStore.of(redis, TestRedis.KEYS)
            .waitForReplicas(1, Duration.ofMillis(500))
            .prefix("shop:");
    TestRedis.await("a replica", () -> redis.info("replication").contains("state=online"));
  }

  @AfterEach
  void stop() {
    redis.close();
    replica.close();
    master.close();
  }

  @Test
  void whatAReplicaHasOutlivesTheMaster() throws Exception {
    redis.scriptFlush();
    store.save("ada", Tokens.of("1"));
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    StoredTokens entry = store.load("ada");
    master.kill();
    promote();
    try (RedisClient other = replica.client()) {
      TokenStore after = RedisTokenStore.of(other, TestRedis.KEYS).prefix("shop:");
      assertThat(Tokens.accessTokenIn(after, "ada")).isEqualTo("at-1");
      assertThat(after.tryLease("ada", LEASE)).isNull();
      assertThat(after.save("ada", entry, entry.version(), lease.fence())).isNotNull();
    }
  }

  private void promote() {
    try (Jedis node = new Jedis("127.0.0.1", replica.port())) {
      node.replicaofNoOne();
    }
  }

  @Test
  void withoutTheReplicaNothingCounts() throws Exception {
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    long start = System.nanoTime();
    replica.kill();
    assertThatThrownBy(() -> store.save("ada", entry, entry.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Redis was asked to save a login and did, but of the 1 replicas that must have it"
                + " within PT0.5S, 0 have");
    assertThatThrownBy(() -> store.tryLease("ada", LEASE)).hasMessageContaining("lease a login");
    long version = store.load("ada").version();
    assertThat(version).isGreaterThan(entry.version());
    assertThatThrownBy(() -> store.delete("ada", version, 0)).hasMessageContaining("0 have");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aLeaseThatDoesNotCountIsGivenBack() throws Exception {
    replica.kill();
    assertThatThrownBy(() -> store.tryLease("ada", LEASE)).isInstanceOf(IOException.class);
    TokenStore alone = RedisTokenStore.of(redis, TestRedis.KEYS).prefix("shop:");
    assertThat(alone.tryLease("ada", LEASE)).isNotNull();
  }

  /** On a connection that has written nothing, Redis has nothing to wait for. */
  @Test
  void aReplicaThatIsThereButBehindDoesNotCount() throws Exception {
    store.save("ada", Tokens.of("1"));
    StoredTokens entry = store.load("ada");
    try (Jedis node = new Jedis("127.0.0.1", replica.port())) {
      Thread sleeper =
          new Thread(() -> node.sendCommand(() -> text("DEBUG"), text("SLEEP"), text("1.5")));
      sleeper.start();
      TestRedis.await("a replica that sleeps", () -> isAsleep());
      assertThatThrownBy(() -> store.save("ada", entry, entry.version(), 0))
          .hasMessageEndingWith("0 have");
      sleeper.join();
    }
    StoredTokens now = store.load("ada");
    assertThat(store.save("ada", now, now.version(), 0)).isNotNull();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private boolean isAsleep() {
    try (Jedis probe = new Jedis("127.0.0.1", replica.port(), 100)) {
      probe.ping();
      return false;
    } catch (JedisConnectionException e) {
      return true;
    }
  }

  @Test
  void aReplicaIsNotWrittenTo() throws Exception {
    store.save("ada", Tokens.of("1"));
    try (RedisClient wrong = replica.client()) {
      TokenStore there = RedisTokenStore.of(wrong, TestRedis.KEYS).prefix("shop:");
      assertThatThrownBy(() -> there.save("ada", Tokens.of("2")))
          .isInstanceOf(IOException.class)
          .hasMessage("Redis was asked to save a login and refused: READONLY");
    }
  }

  @Test
  void waitingForNobodyOrForNoTimeIsAMistake() {
    assertThatThrownBy(() -> store.waitForReplicas(0, LEASE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("one can wait for 1 replica or more, not 0");
    assertThatThrownBy(() -> store.waitForReplicas(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("to wait takes 1 ms or more, not PT0S");
  }
}
