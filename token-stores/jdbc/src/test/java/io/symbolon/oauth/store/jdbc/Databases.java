package io.symbolon.oauth.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.symbolon.oauth.StoreKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The databases of the tests, and a look behind the store's back. */
final class Databases {
  static final StoreKeys KEYS = keys(7);

  private static final AtomicInteger TABLES = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  private Databases() {}

  static StoreKeys keys(int octet) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) octet);
    return StoreKeys.of(new SecretKeySpec(key, "AES"));
  }

  /** Started once for all tests, and stopped when the JVM ends. */
  static synchronized EmbeddedPostgres postgres() throws IOException {
    if (postgres == null) {
      postgres = EmbeddedPostgres.start();
    }
    return postgres;
  }

  static String postgresUrl() throws IOException {
    return postgres().getJdbcUrl("postgres", "postgres");
  }

  static DataSource postgresAt(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    return source;
  }

  static HikariDataSource pool(String url, int size, boolean autoCommit, String isolation) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setAutoCommit(autoCommit);
    config.setTransactionIsolation(isolation);
    return new HikariDataSource(config);
  }

  static DataSource h2(String url) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    return source;
  }

  static DataSource h2InMemory(String name) {
    return h2("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
  }

  static String newTable() {
    return "tokens_" + TABLES.incrementAndGet();
  }

  static int execute(DataSource source, String sql, Object... values) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = statement(connection, sql, values)) {
      int count = statement.executeUpdate();
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      return count;
    }
  }

  /** The first column. */
  static List<String> query(DataSource source, String sql, Object... values) throws SQLException {
    List<String> column = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement statement = statement(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        column.add(rows.getString(1));
      }
    }
    return column;
  }

  private static PreparedStatement statement(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }
}
