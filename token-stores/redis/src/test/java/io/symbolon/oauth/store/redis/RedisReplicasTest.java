package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** A master, a replica, and what can be lost between them. */
final class RedisReplicasTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private TestRedis master;
  private TestRedis replica;
  private RedisClient redis;
  private RedisTokenStore alone;
  private RedisTokenStore patient;
  private RedisTokenStore hasty;

  @BeforeEach
  void start() throws Exception {
    master = TestRedis.start("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
    replica = TestRedis.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
    redis = master.client(Duration.ofSeconds(20), false);
    alone = RedisTokenStore.of(redis, TestRedis.KEYS).prefix("shop:");
    patient = alone.waitForReplicas(1, Duration.ofSeconds(15));
    hasty = alone.waitForReplicas(1, Duration.ofMillis(200));
    patient.save("ada", Tokens.of("0"));
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
    patient.save("ada", Tokens.of("1"));
    TokenStore.Lease lease = patient.tryLease("ada", LEASE);
    StoredTokens entry = patient.load("ada");
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
    StoredTokens entry = hasty.load("ada");
    long start = System.nanoTime();
    replica.kill();
    assertThatThrownBy(() -> hasty.save("ada", entry, entry.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Redis was asked to save a login and did, but of the 1 replicas that must have it"
                + " within PT0.2S, 0 have");
    assertThatThrownBy(() -> hasty.tryLease("ada", LEASE)).hasMessageContaining("lease a login");
    long version = hasty.load("ada").version();
    assertThat(version).isGreaterThan(entry.version());
    assertThatThrownBy(() -> hasty.delete("ada", version, 0)).hasMessageContaining("0 have");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aLeaseThatDoesNotCountIsGivenBack() throws Exception {
    replica.kill();
    assertThatThrownBy(() -> hasty.tryLease("ada", LEASE)).isInstanceOf(IOException.class);
    assertThat(alone.tryLease("ada", LEASE)).isNotNull();
  }

  /**
   * On a connection that has written nothing, Redis has nothing to wait for. A pool that tests its
   * connections would hide that: Redis counts the test.
   */
  @Test
  void aReplicaThatIsThereButBehindDoesNotCount() throws Exception {
    StoredTokens entry = hasty.load("ada");
    replica.pause();
    assertThatThrownBy(() -> hasty.save("ada", entry, entry.version(), 0))
        .hasMessageEndingWith("0 have");
    replica.resume();
    StoredTokens now = hasty.load("ada");
    assertThat(patient.save("ada", now, now.version(), 0)).isNotNull();
  }

  @Test
  void aReplicaIsNotWrittenTo() throws Exception {
    try (RedisClient wrong = replica.client()) {
      TokenStore there = RedisTokenStore.of(wrong, TestRedis.KEYS).prefix("shop:");
      assertThatThrownBy(() -> there.save("ada", Tokens.of("2")))
          .isInstanceOf(IOException.class)
          .hasMessage("Redis was asked to save a login and refused: READONLY");
    }
  }
}
