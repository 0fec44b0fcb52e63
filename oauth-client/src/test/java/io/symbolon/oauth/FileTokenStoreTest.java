package io.symbolon.oauth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;

final class FileTokenStoreTest extends TokenStoreContract {
  private static final byte[] KEY = new byte[32];

  static {
    Arrays.fill(KEY, (byte) 7);
  }

  @TempDir Path directory;

  @Override
  protected TokenStore store() throws IOException {
    return FileTokenStore.open(
        directory.resolve("tokens"), StoreKeys.of(new SecretKeySpec(KEY, "AES")));
  }
}
