package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static io.symbolon.oauth.store.jdbc.Databases.execute;
import static io.symbolon.oauth.store.jdbc.Logins.accessTokenIn;
import static io.symbolon.oauth.store.jdbc.Logins.entry;
import static io.symbolon.oauth.store.jdbc.Logins.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.symbolon.oauth.StoredTokens;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing waits without a deadline: PostgreSQL that is busy, and PostgreSQL that went silent. */
@Timeout(30)
final class SlowDatabaseTest {
  private final String table = Databases.newTable();
  private DataSource direct;
  private JdbcTokenStore store;
  private StoredTokens present;

  @BeforeEach
  void createTable() throws Exception {
    direct = Databases.postgresAt(Databases.postgresUrl());
    store = JdbcTokenStore.of(direct, KEYS, table, 1, 2_000);
    store.createTable();
    present = store.save("ada", entry("1"), 0, 0);
  }

  @AfterEach
  void dropTable() throws Exception {
    execute(direct, "DROP TABLE " + table);
  }

  @Test
  void aLockedRowIsWaitedForAsLongAsAStatementMayTake() throws Exception {
    try (Connection other = direct.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT * FROM " + table + " FOR UPDATE");
      assertThat(store.load("ada").version()).isEqualTo(present.version());
      long begin = System.nanoTime();
      assertThatThrownBy(() -> store.save("ada", entry("2"), present.version(), 0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("(SQL state 57014)");
      assertThat(since(begin)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
      other.rollback();
    }
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-1");
  }

  @Test
  void aDatabaseThatWentSilentCountsAsGone() throws Exception {
    String url = Databases.postgresUrl();
    int port = Databases.postgres().getPort();
    try (Relay relay = new Relay(port);
        HikariDataSource pool =
            Databases.pool(
                url.replace(":" + port, ":" + relay.port()),
                1,
                true,
                "TRANSACTION_READ_COMMITTED")) {
      JdbcTokenStore far = JdbcTokenStore.of(pool, KEYS, table, 1, 2_000);
      assertThat(accessTokenIn(far, "ada")).isEqualTo("at-1");
      relay.goSilent();
      long begin = System.nanoTime();
      assertThatThrownBy(() -> far.load("ada"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be read");
      assertThat(since(begin)).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(15));
    }
    store.save("ada", login("2"));
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-2");
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
