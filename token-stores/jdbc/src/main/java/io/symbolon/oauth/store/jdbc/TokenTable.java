package io.symbolon.oauth.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the table. Each that changes a row does so only if it is still the one that was
 * read: it has that version (of the login) and that fence (of the lease).
 */
final class TokenTable {
  static final int LONGEST_ENTRY = 4 << 20;

  private static final String NAME_IN_SCHEMA = "oauth_tokens";
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z][A-Za-z0-9_]{0,62}\\.)?[A-Za-z][A-Za-z0-9_]{0,62}");

  /** The database's clock, since those of the machines that use it differ. */
  private static final String NOW =
      "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000000 AS BIGINT)";

  private static final String AS_READ = " WHERE key_hash = ? AND version = ? AND fence = ?";

  private final String name;
  private final int statementSeconds;

  TokenTable(String name, int statementSeconds) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a table's name has letters, digits and _, after a schema and a dot perhaps: " + name);
    }
    this.name = name;
    this.statementSeconds = statementSeconds;
  }

  @Nullable Row read(Connection connection, String id) throws SQLException {
    String sql =
        "SELECT SUBSTRING(sealed FROM 1 FOR %d), version, fence, leased_until, %s FROM %s"
            + " WHERE key_hash = ?";
    try (PreparedStatement select =
        prepare(connection, sql.formatted(LONGEST_ENTRY + 1, NOW, name))) {
      select.setString(1, id);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? row(rows) : null;
      }
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
  }

  /** Fails as a conflict where there is such a row. */
  void insert(Connection connection, String id, @Nullable String sealed, long version)
      throws SQLException {
    String sql =
        "INSERT INTO %s (key_hash, sealed, version, fence, leased_until) VALUES (?, ?, ?, 0, 0)";
    try (PreparedStatement insert = prepare(connection, sql.formatted(name))) {
      insert.setString(1, id);
      insert.setString(2, sealed);
      insert.setLong(3, version);
      changeOne(insert);
    }
  }

  void replace(Connection connection, String id, Row row, @Nullable String sealed, long version)
      throws SQLException {
    String sql = "UPDATE %s SET sealed = ?, version = ?" + AS_READ;
    try (PreparedStatement update = prepare(connection, sql.formatted(name))) {
      update.setString(1, sealed);
      update.setLong(2, version);
      identify(update, 3, id, row);
      changeOne(update);
    }
  }

  void remove(Connection connection, String id, Row row) throws SQLException {
    String sql = "DELETE FROM %s" + AS_READ;
    try (PreparedStatement delete = prepare(connection, sql.formatted(name))) {
      identify(delete, 1, id, row);
      changeOne(delete);
    }
  }

  /** Keeps what is there under another id as well. */
  void copy(Connection connection, String id, Row row, String copyId) throws SQLException {
    String sql =
        "INSERT INTO %s (key_hash, sealed, version, fence, leased_until)"
            + " SELECT ?, sealed, version, fence, 0 FROM %s"
            + AS_READ;
    try (PreparedStatement insert = prepare(connection, sql.formatted(name, name))) {
      insert.setString(1, copyId);
      identify(insert, 2, id, row);
      changeOne(insert);
    }
  }

  /** Lets nobody else lease it for a while. */
  void lease(Connection connection, String id, Row row, long fence, long micros)
      throws SQLException {
    String sql = "UPDATE %s SET fence = ?, leased_until = %s + ?" + AS_READ;
    try (PreparedStatement update = prepare(connection, sql.formatted(name, NOW))) {
      update.setLong(1, fence);
      update.setLong(2, micros);
      identify(update, 3, id, row);
      changeOne(update);
    }
  }

  /** Ends a lease if it is still the latest, and forgets a row that was there for it alone. */
  void free(Connection connection, String id, long fence) throws SQLException {
    String end = "UPDATE %s SET leased_until = 0 WHERE key_hash = ? AND fence = ?";
    String forget =
        "DELETE FROM %s"
            + " WHERE key_hash = ? AND fence = ? AND leased_until = 0 AND sealed IS NULL";
    for (String sql : new String[] {end, forget}) {
      try (PreparedStatement change = prepare(connection, sql.formatted(name))) {
        change.setString(1, id);
        change.setLong(2, fence);
        change.executeUpdate();
      }
    }
  }

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setQueryTimeout(statementSeconds);
    return statement;
  }

  private static void identify(PreparedStatement statement, int first, String id, Row row)
      throws SQLException {
    statement.setString(first, id);
    statement.setLong(first + 1, row.version());
    statement.setLong(first + 2, row.fence());
  }

  private static void changeOne(PreparedStatement statement) throws SQLException {
    if (statement.executeUpdate() != 1) {
      throw Database.conflict();
    }
  }

  /** Two that create it at the same time may both be told that it was there, or that it was not. */
  void create(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(statementSeconds);
      statement.execute(schema().replace(NAME_IN_SCHEMA, name));
    } catch (SQLException e) {
      requireTable(connection, e);
    }
  }

  private void requireTable(Connection connection, SQLException cause) throws SQLException {
    try {
      read(connection, "");
    } catch (SQLException e) {
      cause.addSuppressed(e);
      throw cause;
    }
  }

  private static String schema() throws IOException {
    try (InputStream schema = TokenTable.class.getResourceAsStream("schema.sql")) {
      if (schema == null) {
        throw new IllegalStateException("schema.sql is not beside this class");
      }
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String toString() {
    return "table " + name;
  }
}
