package io.symbolon.oauth.store.redis;

import io.symbolon.oauth.StoreKeys;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.crypto.spec.SecretKeySpec;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis on 127.0.0.1 and a free port. It and its files go when it is closed, and also when
 * this process dies: a shell stands beside it and reads from a pipe that ends with us.
 */
final class TestRedis implements AutoCloseable {
  static final StoreKeys KEYS = StoreKeys.of(new SecretKeySpec(new byte[32], "AES"));

  private static final String WATCH =
      """
      trap '' INT HUP TERM
      directory=$1
      shift
      "$@" &
      redis=$!
      exec >/dev/null 2>&1
      word=
      read -r word
      kill -9 $redis
      wait $redis
      [ "$word" = keep ] || rm -rf "$directory"
      """;

  private final List<String> settings;
  private final Path directory;
  private final String executable;
  private int port;
  private Process process;

  private TestRedis(List<String> settings) throws IOException {
    this.settings = settings;
    this.directory = Files.createTempDirectory("symbolon-redis");
    this.executable = executable(directory.toFile());
  }

  /** Another one than that of the Maven artifact, to try other versions by hand. */
  private static String executable(File directory) throws IOException {
    String other = System.getProperty("redis.server");
    return other != null
        ? other
        : ExecutableProvider.newJarResourceProvider(directory).get().getAbsolutePath();
  }

  /** A Redis that keeps nothing, unless its settings (such as {@code --appendonly yes}) say so. */
  static TestRedis start(String... settings) throws IOException {
    TestRedis redis = new TestRedis(List.of(settings));
    for (int attempt = 0; attempt < 5; attempt++) {
      redis.port = freePort();
      if (redis.launch()) {
        return redis;
      }
    }
    throw new IOException("Redis does not start");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean launch() throws IOException {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", WATCH, "redis", directory.toString(), executable));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--dir", directory.toString()));
    command.addAll(settings);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return isReady();
  }

  /** False when it has ended, because the port is taken or a setting is wrong. */
  private boolean isReady() throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = log.readLine();
    while (line != null && !line.contains("Ready to accept connections")) {
      line = log.readLine();
    }
    if (line == null) {
      stop("keep");
      return false;
    }
    Thread drain = new Thread(() -> log.lines().forEach(more -> {}), "redis-log");
    drain.setDaemon(true);
    drain.start();
    return true;
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  /** A client that gives up after 2 seconds, and tests the connections that it lends. */
  RedisClient client() {
    return client(Duration.ofSeconds(2), true);
  }

  RedisClient client(Duration timeout, boolean testOnBorrow) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxWait(timeout);
    pool.setTestOnBorrow(testOnBorrow);
    DefaultJedisClientConfig config =
        DefaultJedisClientConfig.builder().timeoutMillis((int) timeout.toMillis()).build();
    return RedisClient.builder()
        .hostAndPort("127.0.0.1", port)
        .clientConfig(config)
        .poolConfig(pool)
        .build();
  }

  /** Ends it at once, as {@code kill -9} would; its files stay. */
  void kill() {
    stop("keep");
  }

  /** Starts it again after {@link #kill}, on the same port and with the files it has. */
  void startAgain() throws IOException {
    if (!launch()) {
      throw new IOException("Redis does not start again");
    }
  }

  /** It is there, takes connections, and does nothing. */
  void pause() throws Exception {
    signal("STOP");
  }

  void resume() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    long pid = process.children().findFirst().orElseThrow().pid();
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  private void stop(String word) {
    try {
      process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It was stopped before.
    }
    process.onExit().join();
  }

  @Override
  public void close() {
    stop("remove");
    if (Files.exists(directory)) {
      removeFiles();
    }
  }

  /** After a {@link #kill} there is no shell left to do it. */
  private void removeFiles() {
    for (File file : directory.toFile().listFiles()) {
      file.delete();
    }
    directory.toFile().delete();
  }

  /** Looks every few milliseconds. */
  static void await(String what, BooleanSupplier condition) {
    await(what, Duration.ofSeconds(20), condition);
  }

  static void await(String what, Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + atMost + ": " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
