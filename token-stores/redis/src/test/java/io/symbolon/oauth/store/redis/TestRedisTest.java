package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

final class TestRedisTest {
  @Test
  void itAndItsFilesGoWhenItIsClosed() throws Exception {
    TestRedis closed;
    try (TestRedis redis = TestRedis.start("--appendonly", "yes")) {
      assertThat(answers(redis.port())).isTrue();
      redis.kill();
      assertThat(answers(redis.port())).isFalse();
      assertThat(redis.directory()).isDirectoryRecursivelyContaining("glob:**.aof");
      redis.startAgain();
      closed = redis;
    }
    assertThat(answers(closed.port())).isFalse();
    assertThat(closed.directory()).doesNotExist();
  }

  @Test
  void itAndItsFilesGoWhenItsJvmIsKilled() throws Exception {
    try (ChildProcess child = ChildProcess.start(Starter.class)) {
      int port = Integer.parseInt(child.line());
      Path directory = Path.of(child.line());
      assertThat(answers(port)).isTrue();
      child.kill();
      TestRedis.await("an end", () -> !answers(port) && !Files.exists(directory));
    }
  }

  private static boolean answers(int port) {
    try (Jedis node = new Jedis("127.0.0.1", port)) {
      return node.ping().equals("PONG");
    } catch (JedisConnectionException e) {
      return false;
    }
  }

  static final class Starter {
    private Starter() {}

    public static void main(String[] arguments) throws Exception {
      TestRedis redis = TestRedis.start("--appendonly", "yes");
      System.out.println(redis.port());
      System.out.println(redis.directory());
      LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
    }
  }
}
