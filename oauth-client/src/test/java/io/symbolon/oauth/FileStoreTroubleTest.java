package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Disks that are full, cannot lock, or return something else than was written. */
final class FileStoreTroubleTest {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String FOREIGN = "another key";

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @TempDir Path temporary;
  private Path directory;
  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    directory = temporary.resolve("tokens");
    server = extension.server();
    server.client("app", "secret").accessTokenLifetime(LIFE);
    client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("app")
            .clientSecret(Secret.of("secret"))
            .clock(clock)
            .build();
  }

  private static StoreKeys keys(int octet) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) octet);
    return StoreKeys.of(new SecretKeySpec(key, "AES"));
  }

  private TokenStore logInto(TokenStore store) throws IOException {
    PendingAuthorization login = client.authorize().redirectUri("http://127.0.0.1/cb").begin();
    store.save("ada", client.complete(login, server.authorize(login.url())));
    return store;
  }

  private static Path entry(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".token")).findFirst().orElseThrow();
    }
  }

  @Test
  @DisplayName("F-22: a disk that fills up in the middle of the answer costs no login")
  void aFullDiskCostsNoLogin() throws Exception {
    AtomicBoolean full = new AtomicBoolean();
    Path scripted =
        ScriptedFiles.at(
            temporary.resolve("tokens"),
            new ScriptedFiles.Steps() {
              private int moves;

              @Override
              public void write(Path file, long position, int octets) throws IOException {
                // The intent still fits.
                if (full.get() && moves > 0 && position > 0) {
                  throw new IOException("No space left on device");
                }
              }

              @Override
              public void move(Path from, Path to, CopyOption... options) {
                moves += full.get() ? 1 : 0;
              }
            });
    TokenStore store = logInto(FileTokenStore.open(scripted, keys(1)));
    TokenSource source = client.tokenSource(store, "ada");
    Secret before = source.token().value();
    clock.advance(LIFE);
    full.set(true);

    Secret renewed = source.token().value();
    assertThat(renewed).isNotEqualTo(before);
    assertThat(client.health().unsavedLogins()).isEqualTo(1);
    assertThat(store.load("ada").tokens().accessToken().value()).isEqualTo(before);
    full.set(false);
    clock.advance(LIFE);
    Secret next = source.token().value();
    assertThat(store.load("ada").tokens().accessToken().value()).isEqualTo(next);
    assertThat(client.health().unsavedLogins()).isZero();
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-22: the same on a file system of 64 kB, where the tests may mount one")
  void aSmallFileSystemCostsNoLogin() throws Exception {
    Path mount = Files.createDirectory(temporary.resolve("small"));
    assumeTrue(runs("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()));
    try {
      Path tokens = mount.resolve("tokens");
      TokenStore store = logInto(FileTokenStore.open(tokens, keys(1)));
      Secret before = store.load("ada").tokens().accessToken().value();
      Path filler = mount.resolve("filler");
      fill(filler);
      byte[] entry = Files.readAllBytes(entry(tokens));

      assertThatThrownBy(() -> store.save("ada", store.load("ada"), 1, 0))
          .isInstanceOf(IOException.class);
      assertThat(Files.readAllBytes(entry(tokens))).isEqualTo(entry);
      TokenSource source = client.tokenSource(store, "ada");
      assertThat(source.token().value()).isEqualTo(before);
      clock.advance(LIFE);
      assertThatThrownBy(source::token).isInstanceOf(IOException.class);
      assertThat(server.tokenRequestCount()).as("no intent, no request").isEqualTo(1);
      Files.delete(filler);
      clock.advance(Duration.ofMinutes(6));
      assertThat(source.token().value()).isNotEqualTo(before);
    } finally {
      assertThat(runs("umount", mount.toString())).isTrue();
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] page = new byte[4096];
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 64; i++) {
        channel.write(java.nio.ByteBuffer.wrap(page));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean runs(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  static Stream<byte[]> damages() throws Exception {
    Path directory = Files.createTempDirectory("damages");
    TokenStore good = FileTokenStore.open(directory, keys(1));
    good.save("ada", TokenStoreContract.tokens("n1"));
    byte[] entry = Files.readAllBytes(entry(directory));
    TokenStore foreign = FileTokenStore.open(directory.resolve("foreign"), keys(2));
    foreign.save("ada", TokenStoreContract.tokens(FOREIGN));
    good.save("bob", TokenStoreContract.tokens("n2"));
    String text = new String(entry, StandardCharsets.UTF_8);
    List<byte[]> damages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      damages.add(Arrays.copyOf(entry, i * (entry.length - 2) / 20));
    }
    Random random = new Random(42);
    for (int i = 0; i < 20; i++) {
      byte[] flipped = entry.clone();
      // Behind the version: it is not sealed, and a wrong one only makes a save fail.
      flipped[2 + random.nextInt(flipped.length - 3)] ^= (byte) (1 << random.nextInt(7));
      damages.add(flipped);
    }
    damages.add(new byte[entry.length]);
    damages.add(new byte[1]);
    damages.add((text + text).getBytes(StandardCharsets.UTF_8));
    damages.add(text.replace("symbolon1", "symbolon2").getBytes(StandardCharsets.UTF_8));
    damages.add(text.replace("symbolon1", "gpg").getBytes(StandardCharsets.UTF_8));
    damages.add("{\"access_token\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    damages.add(("x" + text).getBytes(StandardCharsets.UTF_8));
    damages.add(("-1" + text.substring(1)).getBytes(StandardCharsets.UTF_8));
    damages.add(text.substring(0, 2).getBytes(StandardCharsets.UTF_8));
    damages.add(Files.readAllBytes(entry(directory.resolve("foreign"))));
    damages.add(new byte[5 << 20]);
    return damages.stream();
  }

  @ParameterizedTest
  @MethodSource("damages")
  @DisplayName("F-23: a damaged file is reported, kept beside the next login, never overwritten")
  void aDamagedFileIsReportedAndKept(byte[] damaged) throws Exception {
    TokenStore store = FileTokenStore.open(directory, keys(1));
    store.save("ada", TokenStoreContract.tokens("n1"));
    Path file = entry(directory);
    Files.write(file, damaged);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.load("ada"))
          .isInstanceOf(StoreCorruptedException.class)
          .hasMessageContaining(file.getFileName().toString());
    }
    assertThatThrownBy(() -> client.tokenSource(store, "ada").token())
        .isInstanceOf(StoreCorruptedException.class);
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    store.save("ada", TokenStoreContract.tokens("n2"));
    assertThat(store.load("ada").tokens().refreshToken()).isNotNull();
    Path aside = aside();
    assertThat(Files.readAllBytes(aside)).isEqualTo(damaged);
    assertThat(Files.getPosixFilePermissions(aside))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  private Path aside() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains(".damaged-")).findFirst().orElseThrow();
    }
  }

  @Test
  @DisplayName(
      "R7 F-27: who waits for a lock whose holder stands still gives up, and writes nothing")
  void aWriterGivesUp() throws Exception {
    TokenStore store = FileTokenStore.open(directory, keys(1), Duration.ofMillis(50));
    store.save("ada", TokenStoreContract.tokens("n1"));
    byte[] entry = Files.readAllBytes(entry(directory));
    Path lockFile = Path.of(entry(directory).toString().replace(".token", ".lock"));
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThatThrownBy(() -> store.save("ada", store.load("ada"), 1, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("held for too long");
      assertThat(Files.readAllBytes(entry(directory))).isEqualTo(entry);
      assertThat(store.load("ada")).isNotNull();
    }
    assertThat(store.save("ada", store.load("ada"), 1, 0)).isNotNull();
  }

  @Test
  @DisplayName("F-27: while the holder of a lease stands still, a token that is valid is served")
  void aValidTokenIsServedMeanwhile() throws Exception {
    TokenStore store = logInto(FileTokenStore.open(directory, keys(1)));
    Secret before = store.load("ada").tokens().accessToken().value();
    try (TokenStore.Lease held = store.tryLease("ada", Duration.ofMinutes(1))) {
      assertThat(held).isNotNull();
      clock.advance(LIFE.minusMinutes(4));
      assertThat(client.tokenSource(store, "ada").token().value()).isEqualTo(before);
    }
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  void aKeyFileIsMadeOnceAndForItsOwnerOnly() throws Exception {
    Path file = temporary.resolve("keys/logins.key");
    FileTokenStore.open(directory, StoreKeys.file(file))
        .save("ada", TokenStoreContract.tokens("n1"));

    assertThat(FileTokenStore.open(directory, StoreKeys.file(file)).load("ada")).isNotNull();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
    Crowd<StoreKeys> crowd = Crowd.of(8, () -> StoreKeys.file(temporary.resolve("other.key")));
    assertThat(crowd.errors()).isEmpty();
    StoredTokens entry = StoredTokens.of(TokenStoreContract.tokens("n2")).withVersion(1);
    String sealed = entry.seal(crowd.results().get(0), "ada");
    for (StoreKeys keys : crowd.results()) {
      assertThat(StoredTokens.unseal(sealed, 1, keys, "ada", "here")).isNotNull();
    }
  }

  @Test
  void aKeyFileThatIsDamagedOrOpenIsRefusedAndKept() throws Exception {
    Path file = Files.writeString(temporary.resolve("logins.key"), "c2hvcnQ=\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> StoreKeys.file(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no key file")
        .hasMessageNotContaining("c2hvcnQ");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> StoreKeys.file(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
    assertThat(file).hasContent("c2hvcnQ=");
  }

  @Test
  void aKeyThatIsNoStoreKeySaysNothingAboutTheStore() throws Exception {
    FileTokenStore.open(directory, keys(1)).save("ada", TokenStoreContract.tokens("n1"));
    TokenStore wrong =
        FileTokenStore.open(directory, StoreKeys.of(() -> new SecretKeySpec(new byte[16], "AES")));

    assertThatThrownBy(() -> wrong.load("ada"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a store key is an AES key of 256 bits, but the supplier gave one for AES of 128 bits");
    assertThatThrownBy(() -> wrong.save("ada", TokenStoreContract.tokens("n2")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(FileTokenStore.open(directory, keys(1)).load("ada")).isNotNull();
  }

  @Test
  @DisplayName("F-28: a file system without locks is refused at the start")
  void aFileSystemWithoutLocksIsRefused() {
    Path withoutLocks =
        ScriptedFiles.at(
            directory,
            new ScriptedFiles.Steps() {
              @Override
              public void lock(Path file) throws IOException {
                throw new IOException("No locks available");
              }
            });
    assertThatThrownBy(() -> FileTokenStore.open(withoutLocks, keys(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no locks")
        .hasMessageContaining("local file system");
  }

  @Test
  @DisplayName("F-28: a file system that cannot replace a file at once is refused at the start")
  void aFileSystemWithoutAtomicMovesIsRefused() throws Exception {
    Path withoutMoves =
        ScriptedFiles.at(
            directory,
            new ScriptedFiles.Steps() {
              @Override
              public void move(Path from, Path to, CopyOption... options) throws IOException {
                throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "FAT");
              }
            });
    assertThatThrownBy(() -> FileTokenStore.open(withoutMoves, keys(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("replace a file at once");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }
}
