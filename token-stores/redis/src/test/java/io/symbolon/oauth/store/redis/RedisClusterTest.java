package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
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
    server = TestRedis.start("--cluster-enabled", "yes");
    try (Jedis node = new Jedis("127.0.0.1", server.port())) {
      node.clusterAddSlots(IntStream.range(0, 16384).toArray());
      TestRedis.await("a cluster", () -> node.clusterInfo().contains("cluster_state:ok"));
    }
    redis = RedisClusterClient.create(Set.of(new HostAndPort("127.0.0.1", server.port())));
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
}
