package io.symbolon.oauth.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A pool without autocommit and with the strictest isolation. */
final class StrictPostgresTest extends JdbcTokenStoreContract {
  private static HikariDataSource pool;

  @BeforeAll
  static void open() throws IOException {
    pool = Databases.pool(Databases.postgresUrl(), 4, false, "TRANSACTION_SERIALIZABLE");
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
