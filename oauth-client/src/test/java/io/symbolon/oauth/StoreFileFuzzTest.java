package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class StoreFileFuzzTest {
  private static final StoreKeys KEYS = StoreKeys.of(new SecretKeySpec(new byte[32], "AES"));
  private static final FileTokenStore STORE;
  private static final Path FILE;

  static {
    try {
      Path directory = Files.createTempDirectory("symbolon-fuzz");
      STORE = FileTokenStore.open(directory, KEYS);
      STORE.save("alice", entry(), 0, 0);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.token")) {
        FILE = files.iterator().next();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoredTokens entry() {
    Instant now = Instant.parse("2026-03-01T08:00:00Z");
    AccessToken access =
        new AccessToken(Secret.of("at"), "Bearer", Set.of("read"), now, now.plusSeconds(60));
    return StoredTokens.of(
        new TokenSet(access, Secret.of("rt"), "https://as.example.com", Map.of("a", 1L)));
  }

  /** A sealed file, and what is in it. */
  static Stream<byte[]> seeds() throws IOException {
    String sealed = entry().seal(KEYS, "alice");
    return Stream.of("1\n" + sealed + "\n", KEYS.open(sealed, "alice", "here"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Even behind an unbroken seal may lie what another version of this library wrote. */
  @MethodSource("seeds")
  @FuzzTest
  void aFileIsAnEntryOrCorrupt(byte[] octets) throws Exception {
    String text = new String(octets, StandardCharsets.UTF_8);
    for (String content : new String[] {text, "7\n" + KEYS.seal(text, "alice") + "\n"}) {
      Files.writeString(FILE, content);
      try {
        assertThat(STORE.load("alice").version()).isPositive();
      } catch (StoreCorruptedException e) {
        assertThat(e).hasMessageContaining(FILE.getFileName().toString());
      }
    }
  }
}
