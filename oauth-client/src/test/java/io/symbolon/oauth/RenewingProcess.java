package io.symbolon.oauth;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
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

  /**
   * Arguments: directory, then issuer and point, or nothing to write for ever; with two numbers
   * behind, as many threads take as many tokens.
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    if (arguments.length == 1) {
      writeForEver(store(directory));
    }
    String point = arguments[2];
    OAuthClient client =
        point.equals("K3") ? stopsWhileItSends(arguments[1]) : client(arguments[1]);
    TokenStore store = store(ScriptedFiles.at(directory, new StoppingSteps(point)));
    TokenSource source = client.tokenSource(new StoppingStore(store, point), KEY);
    if (arguments.length > 3) {
      rotate(source, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
    }
    source.token();
    stop("DONE");
  }

  /** In each round all threads ask at the same time, get the same, and want no more of it. */
  private static void rotate(TokenSource source, int threads, int rounds) throws Exception {
    System.out.println(source.token().value().reveal());
    if (System.in.read() < 0) {
      System.exit(1);
    }
    for (int round = 0; round < rounds; round++) {
      Crowd<AccessToken> crowd = Crowd.of(threads, source::token);
      if (crowd.results().size() != threads || crowd.distinctResults().size() != 1) {
        throw new AssertionError("in one round: " + crowd.results() + crowd.errors());
      }
      AccessToken token = crowd.results().get(0);
      System.out.println(token.value().reveal());
      source.invalidate(token);
    }
    System.exit(0);
  }

  private static OAuthClient stopsWhileItSends(String issuer) {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .httpClient(new OkHttpClient.Builder().socketFactory(new StoppingSockets()).build())
        .build();
  }

  /** Sockets that send half of what spends a refresh token. */
  private static final class StoppingSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public OutputStream getOutputStream() throws IOException {
          return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
              String text = new String(octets, offset, length, StandardCharsets.ISO_8859_1);
              if (text.contains("refresh_token")) {
                out.write(octets, offset, length / 2);
                out.flush();
                stop("K3");
              }
              out.write(octets, offset, length);
            }
          };
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** The points of the second save: the first is that of the intent. */
  private static final class StoppingSteps implements ScriptedFiles.Steps {
    private final String point;
    private final AtomicInteger moves = new AtomicInteger();

    StoppingSteps(String point) {
      this.point = point;
    }

    @Override
    public void write(Path file, long position, int octets) {
      if (point.equals("K7") && moves.get() == 1 && position > 0) {
        stop(point);
      }
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) {
      if (point.equals("K8") && moves.get() == 1) {
        stop(point);
      }
      moves.incrementAndGet();
    }
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
