package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static io.symbolon.oauth.store.jdbc.Logins.accessTokenIn;
import static io.symbolon.oauth.store.jdbc.Logins.login;
import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.TokenStore;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database in a file, which is closed with its last connection. */
final class H2FileTest {
  @TempDir Path directory;

  @Test
  void loginsAndLeasesOutliveTheDatabase() throws Exception {
    DataSource source = Databases.h2("jdbc:h2:" + directory.resolve("tokens"));
    JdbcTokenStore store = JdbcTokenStore.of(source, KEYS);
    store.createTable();
    store.save("ada", login("1"));
    TokenStore.Lease lease = store.tryLease("ada", Duration.ofMinutes(1));

    JdbcTokenStore later = JdbcTokenStore.of(source, KEYS);
    assertThat(accessTokenIn(later, "ada")).isEqualTo("at-1");
    assertThat(later.tryLease("ada", Duration.ofMinutes(1))).isNull();
    lease.close();
    try (TokenStore.Lease next = later.tryLease("ada", Duration.ofMinutes(1))) {
      assertThat(next.fence()).isGreaterThan(lease.fence());
    }
  }
}
