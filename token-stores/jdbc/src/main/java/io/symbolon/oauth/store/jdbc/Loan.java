package io.symbolon.oauth.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** A connection that belongs to a pool: set up for our statements, and given back as it was. */
final class Loan implements AutoCloseable {
  private final Connection connection;
  private final boolean autoCommit;
  private final int networkTimeout;

  private Loan(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.networkTimeout = networkTimeout(connection);
  }

  /**
   * Each statement is a transaction of its own from here on: durable when it returns, and no
   * isolation level shows it anything but what is there now.
   *
   * @param networkMillis after this time without a sign of life the database counts as gone
   */
  static Loan of(Connection connection, int networkMillis) throws SQLException {
    try {
      Loan loan = new Loan(connection);
      loan.setNetworkTimeout(networkMillis);
      connection.setAutoCommit(true);
      return loan;
    } catch (SQLException | RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  private static int networkTimeout(Connection connection) throws SQLException {
    try {
      return connection.getNetworkTimeout();
    } catch (SQLFeatureNotSupportedException e) {
      return -1;
    }
  }

  /** A shorter one of the pool's owner stays. */
  private void setNetworkTimeout(int millis) throws SQLException {
    if (networkTimeout == 0 || networkTimeout > millis) {
      connection.setNetworkTimeout(Runnable::run, millis);
    }
  }

  /** What was written is durable by now: a failure here would only hide that. */
  @Override
  public void close() {
    try {
      connection.setAutoCommit(autoCommit);
      if (networkTimeout >= 0) {
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
      }
    } catch (SQLException | RuntimeException e) {
      // It is broken; the pool finds that out by itself.
    } finally {
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      // As above.
    }
  }
}
