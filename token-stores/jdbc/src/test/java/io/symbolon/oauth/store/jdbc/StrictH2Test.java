package io.symbolon.oauth.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A pool without autocommit and with the strictest isolation. */
@Tag("slow")
final class StrictH2Test extends JdbcTokenStoreContract {
  private static HikariDataSource pool;

  @BeforeAll
  static void open() {
    pool =
        Databases.pool(
            "jdbc:h2:mem:strict;DB_CLOSE_DELAY=-1", 8, false, "TRANSACTION_SERIALIZABLE");
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  @Override
  DataSource dataSource() {
    return pool;
  }
}
