package io.symbolon.oauth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Another process that renews a stored login, and stops at a named point to be killed there; or
 * that writes entries as fast as it can.
 */
final class RenewingProcess {
  static final String KEY = "ada";

  private RenewingProcess() {}

  static TokenStore store(Path directory) throws IOException {
    return FileTokenStore.open(directory, StoreKeys.of(new SecretKeySpec(new byte[32], "AES")));
  }

  static OAuthClient client(String issuer) {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .build();
  }

  /** A child JVM; its first line tells where it is. */
  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(RenewingProcess.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Arguments: directory, then issuer and point, or nothing to write for ever. */
  public static void main(String[] arguments) throws IOException {
    TokenStore store = store(Path.of(arguments[0]));
    if (arguments.length == 1) {
      writeForEver(store);
    }
    client(arguments[1]).tokenSource(new StoppingStore(store, arguments[2]), KEY).token();
    stop("DONE");
  }

  private static void writeForEver(TokenStore store) throws IOException {
    System.out.println("WRITING");
    System.out.flush();
    for (int i = 0; ; i++) {
      store.save(KEY, TokenStoreContract.tokens("n" + i));
    }
  }

  private static void stop(String point) {
    System.out.println(point);
    System.out.flush();
    try {
      // Until we are killed, or our parent is gone.
      System.in.readAllBytes();
    } catch (IOException e) {
      // The parent is gone.
    }
    System.exit(1);
  }

  /** The points of a renewal as the store sees them. */
  private record StoppingStore(TokenStore store, String point, AtomicInteger saves)
      implements TokenStore {
    StoppingStore(TokenStore store, String point) {
      this(store, point, new AtomicInteger());
    }

    private void at(String here) {
      if (here.equals(point)) {
        stop(here);
      }
    }

    @Override
    public @Nullable StoredTokens load(String key) throws IOException {
      return store.load(key);
    }

    @Override
    public @Nullable StoredTokens save(String key, StoredTokens tokens, long version, long fence)
        throws IOException {
      boolean intent = saves.getAndIncrement() == 0;
      at(intent ? "K1" : "K6");
      StoredTokens saved = store.save(key, tokens, version, fence);
      at(intent ? "K2" : "K9");
      return saved;
    }

    @Override
    public boolean delete(String key, long version, long fence) throws IOException {
      return store.delete(key, version, fence);
    }

    @Override
    public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
      at("K0");
      Lease lease = store.tryLease(key, duration);
      return lease == null ? null : new StoppingLease(lease);
    }

    private final class StoppingLease implements Lease {
      private final Lease lease;

      StoppingLease(Lease lease) {
        this.lease = lease;
      }

      @Override
      public long fence() {
        return lease.fence();
      }

      @Override
      public void close() {
        at("K10");
        lease.close();
        at("K11");
      }
    }
  }
}
