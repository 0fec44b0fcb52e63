package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** A cluster of one, which is as strict about keys that do not belong together as any. */
final class RedisClusterTest extends TokenStoreContract {
  private static TestRedis server;
  private static RedisClusterClient redis;

  private final String prefix = "test-" + UUID.randomUUID() + ":";

  @BeforeAll
  static void start() throws Exception {
    server = startCluster();
    redis = client(server);
  }

  private static TestRedis startCluster() throws Exception {
    TestRedis server = TestRedis.start("--cluster-enabled", "yes");
    try (Jedis node = new Jedis("127.0.0.1", server.port())) {
      node.clusterAddSlots(IntStream.range(0, 16384).toArray());
      TestRedis.await("a cluster", () -> node.clusterInfo().contains("cluster_state:ok"));
    }
    return server;
  }

  private static RedisClusterClient client(TestRedis server) {
    return RedisClusterClient.builder()
        .nodes(Set.of(new HostAndPort("127.0.0.1", server.port())))
        .maxAttempts(2)
        .maxTotalRetriesDuration(Duration.ofMillis(500))
        .build();
  }

  @AfterAll
  static void stop() {
    redis.close();
    server.close();
  }

  @Override
  protected TokenStore store() {
    return RedisTokenStore.of(redis, TestRedis.KEYS).prefix(prefix);
  }

  @Test
  void somethingDamagedIsPutAsideInTheSameSlot() throws Exception {
    String name = prefix + "{_e5DDUC9V97qwYbNl5ADPQ8G-QmogG585ucXq3x9UCk}";
    redis.set(name, "something else");
    store().save("ada", tokens("1"));
    assertThat(accessToken(store(), "ada")).isEqualTo("at-1");
    assertThat(redis.keys(name + ":aside:*")).hasSize(1);
  }

  @Test
  void aClusterThatIsGoneIsAnIOExceptionSoon() throws Exception {
    long start = System.nanoTime();
    try (TestRedis server = startCluster();
        RedisClusterClient redis = client(server)) {
      RedisTokenStore store = RedisTokenStore.of(redis, TestRedis.KEYS);
      store.save("ada", tokens("1"));
      server.kill();
      Duration lease = Duration.ofSeconds(30);
      RedisTokenStore careful = store.waitForReplicas(1, Duration.ofMillis(100));
      assertThatThrownBy(() -> careful.tryLease("ada", lease)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.load("ada")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.tryLease("ada", lease)).isInstanceOf(IOException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }
}
