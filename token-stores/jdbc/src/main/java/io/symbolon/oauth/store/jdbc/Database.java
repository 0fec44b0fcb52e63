package io.symbolon.oauth.store.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where work is done that another process may get in the way of. */
final class Database {
  private static final int MOST_ATTEMPTS = 10;

  private final DataSource dataSource;
  private final int networkMillis;

  Database(DataSource dataSource, int networkMillis) {
    this.dataSource = dataSource;
    this.networkMillis = networkMillis;
  }

  interface Work<T> {
    @Nullable T on(Connection connection) throws SQLException, IOException;
  }

  interface Steps {
    void run() throws SQLException;
  }

  /**
   * Does it on a connection of its own, from the beginning each time that somebody else was faster.
   *
   * @param failure the sentence for the user when the database fails
   */
  <T> @Nullable T run(String failure, Work<T> work) throws IOException {
    int attempt = 1;
    while (true) {
      try (Loan loan = Loan.of(connect(failure), networkMillis)) {
        return work.on(loan.connection());
      } catch (SQLException e) {
        if (!isConflict(e) || attempt++ == MOST_ATTEMPTS) {
          throw new IOException(failure + " (SQL state " + e.getSQLState() + ")", e);
        }
      }
    }
  }

  /** Pools have exceptions of their own, which callers of a token source do not expect. */
  private Connection connect(String failure) throws IOException {
    try {
      return dataSource.getConnection();
    } catch (SQLException | RuntimeException e) {
      throw new IOException(failure + ": there is no connection to the database", e);
    }
  }

  /** All of it or nothing. */
  static void atOnce(Connection connection, Steps steps) throws SQLException {
    connection.setAutoCommit(false);
    try {
      steps.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      rollback(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** The row is not the one that was read any more; nothing was changed. */
  static SQLException conflict() {
    return new SQLException("the row was changed by somebody else", "40001");
  }

  /**
   * Whether nothing was done, since somebody else did something: a transaction was rolled back
   * (40), or there is such a row already (23). 40003 says that nobody knows.
   */
  private static boolean isConflict(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return (state.startsWith("40") && !state.equals("40003")) || state.startsWith("23");
  }
}
