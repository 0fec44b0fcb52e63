package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database in a file. */
final class H2FileTest extends JdbcTokenStoreContract {
  @TempDir static Path directory;

  @Override
  DataSource dataSource() {
    return Databases.h2("jdbc:h2:" + directory.resolve("contract") + ";DB_CLOSE_DELAY=-1");
  }

  @Test
  void loginsAndLeasesOutliveTheDatabase() throws Exception {
    DataSource source = Databases.h2("jdbc:h2:" + directory.resolve("reopened"));
    JdbcTokenStore store = JdbcTokenStore.of(source, KEYS);
    store.createTable();
    store.save("ada", tokens("1"));
    assertThat(store.tryLease("ada", Duration.ofMinutes(1))).isNotNull();
    JdbcTokenStore later = JdbcTokenStore.of(source, KEYS);
    assertThat(accessToken(later, "ada")).isEqualTo("at-1");
    assertThat(later.tryLease("ada", Duration.ofMinutes(1))).isNull();
  }
}
