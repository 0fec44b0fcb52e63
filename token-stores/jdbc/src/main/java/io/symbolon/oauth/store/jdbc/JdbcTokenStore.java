package io.symbolon.oauth.store.jdbc;

import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Logins in a table of a relational database, for all processes on all machines that use it.
 *
 * <pre>{@code
 * JdbcTokenStore store = JdbcTokenStore.of(dataSource, StoreKeys.of(key));
 * store.createTable();                                     // or run schema.sql yourself
 * TokenSource source = oauth.tokenSource(store, "ada");
 * }</pre>
 *
 * <p>Tested with PostgreSQL and H2; not with MySQL, MariaDB, Oracle or SQL Server, which lack some
 * of the SQL that is used. The table is that of {@code schema.sql} in this package: a row for each
 * login, under the SHA-256 of its key, with the sealed tokens. A lease ends by the database's
 * clock, so that those of the machines need not agree. What was read is replaced only if it is
 * still there, by one statement, whatever the isolation level. Safe for many threads.
 *
 * <p>A row that cannot be read is reported each time, until a new login takes its place; it is kept
 * beside it then, under its hash and {@code .damaged-…}.
 *
 * <p>What to know:
 *
 * <ul>
 *   <li>Each statement commits by itself. Take a {@code DataSource} whose connections are free, not
 *       one that hands out the connection of a transaction in progress: that would be committed.
 *   <li>A statement may take five seconds, and eight pass before a database that went silent counts
 *       as gone. How long to wait for a connection is up to the {@code DataSource}. (H2 keeps the
 *       five seconds for the connection.)
 *   <li>Durable means what the database means by it. If a standby that lacks the latest commits
 *       takes over, refresh tokens come back that the server has seen already.
 *   <li>Leases are as long as the database's clock says: one that is set forward ends them early,
 *       one that is set back late.
 *   <li>An entry may have 4 MiB. What the rows hold cannot be read or moved to another key without
 *       the {@code StoreKeys}; but who may write to the table can delete rows, or put back an older
 *       state of the same one, and the hash hides no key from somebody who guesses it.
 *   <li>A process that dies while it holds the lease of a login that was removed leaves an empty
 *       row, which the next lease or login of that key uses again. Nobody misses those that have no
 *       {@code sealed} and a {@code leased_until} of an hour ago.
 * </ul>
 */
public final class JdbcTokenStore implements TokenStore {
  private static final String TABLE = "oauth_tokens";
  private static final int STATEMENT_SECONDS = 5;
  private static final int NETWORK_MILLIS = 8_000;

  private final Database database;
  private final TokenTable table;
  private final StoreKeys keys;
  private final SecureRandom random = new SecureRandom();

  private JdbcTokenStore(Database database, TokenTable table, StoreKeys keys) {
    this.database = database;
    this.table = table;
    this.keys = keys;
  }

  /** A store in the table {@code oauth_tokens}. */
  public static JdbcTokenStore of(DataSource dataSource, StoreKeys keys) {
    return of(dataSource, keys, TABLE);
  }

  /**
   * A store in a table of another name.
   *
   * @param table letters, digits and underscores, such as {@code reports_tokens} or {@code
   *     auth.tokens}
   * @throws IllegalArgumentException when it is something else
   */
  public static JdbcTokenStore of(DataSource dataSource, StoreKeys keys, String table) {
    return of(dataSource, keys, table, STATEMENT_SECONDS, NETWORK_MILLIS);
  }

  static JdbcTokenStore of(
      DataSource dataSource,
      StoreKeys keys,
      String table,
      int statementSeconds,
      int networkMillis) {
    return new JdbcTokenStore(
        new Database(dataSource, networkMillis), new TokenTable(table, statementSeconds), keys);
  }

  /**
   * Creates the table unless it is there. Several may do so at the same time; an older table is
   * left as it is.
   */
  public void createTable() throws IOException {
    database.run(
        "the " + table + " cannot be created",
        connection -> {
          table.create(connection);
          return null;
        });
  }

  @Override
  public @Nullable StoredTokens load(String key) throws IOException {
    String id = id(key);
    Row row = database.run("the " + this + " cannot be read", at -> table.read(at, id));
    return row == null ? null : open(row, key, id);
  }

  private @Nullable StoredTokens open(Row row, String key, String id) throws IOException {
    String sealed = row.sealed();
    if (sealed == null) {
      return null;
    }
    String where = "row " + id + " of " + table;
    if (sealed.length() > TokenTable.LONGEST_ENTRY) {
      throw new StoreCorruptedException(where, "it is longer than 4 MiB");
    }
    if (row.version() < 1) {
      throw new StoreCorruptedException(where, "its version is none: " + row.version());
    }
    return StoredTokens.unseal(sealed, row.version(), keys, key, where);
  }

  @Override
  public @Nullable StoredTokens save(
      String key, StoredTokens tokens, long expectedVersion, long fence) throws IOException {
    String id = id(key);
    StoredTokens next = tokens.withVersion(newVersion());
    String sealed = next.seal(keys, key);
    return database.run(
        "an entry is not known to be saved in the " + this,
        connection -> {
          Row row = table.read(connection, id);
          if (row == null && expectedVersion == 0 && fence == 0) {
            table.insert(connection, id, sealed, next.version());
            return next;
          }
          if (row == null || isFenced(row, fence)) {
            return null;
          }
          return replace(connection, row, key, expectedVersion, next.version(), sealed)
              ? next
              : null;
        });
  }

  private static boolean isFenced(Row row, long fence) {
    return fence != 0 && fence != row.fence();
  }

  private boolean replace(
      Connection connection, Row row, String key, long expectedVersion, long version, String sealed)
      throws IOException, SQLException {
    String id = id(key);
    try {
      StoredTokens present = open(row, key, id);
      if ((present == null ? 0 : present.version()) != expectedVersion) {
        return false;
      }
    } catch (StoreCorruptedException e) {
      if (expectedVersion != 0) {
        throw e;
      }
      putAside(connection, row, id, version, sealed);
      return true;
    }
    table.replace(connection, id, row, sealed, version);
    return true;
  }

  private void putAside(Connection connection, Row row, String id, long version, String sealed)
      throws SQLException {
    Database.atOnce(
        connection,
        () -> {
          table.copy(connection, id, row, id + ".damaged-" + UUID.randomUUID());
          table.replace(connection, id, row, sealed, version);
        });
  }

  /**
   * Rows go away with their logins, so that counting would begin again, and a late writer could
   * find the version that it has read in quite another login. Of 2^62 numbers none comes twice.
   */
  private long newVersion() {
    return 1 + (random.nextLong() >>> 2);
  }

  @Override
  public boolean delete(String key, long expectedVersion, long fence) throws IOException {
    String id = id(key);
    Boolean deleted =
        database.run(
            "an entry is not known to be removed from the " + this,
            connection -> {
              Row row = table.read(connection, id);
              if (row == null || isFenced(row, fence)) {
                return false;
              }
              StoredTokens present = open(row, key, id);
              if (present == null || present.version() != expectedVersion) {
                return false;
              }
              remove(connection, row, id);
              return true;
            });
    return Boolean.TRUE.equals(deleted);
  }

  /** A lease outlives the login. */
  private void remove(Connection connection, Row row, String id) throws SQLException {
    if (row.isLeased()) {
      table.replace(connection, id, row, null, newVersion());
    } else {
      table.remove(connection, id, row);
    }
  }

  @Override
  public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
    String id = id(key);
    long micros = TimeUnit.MICROSECONDS.convert(duration);
    Long fence = database.run("no lease can be had from the " + this, at -> lease(at, id, micros));
    return fence == null ? null : new RowLease(id, fence);
  }

  /** Null when somebody else has it. */
  private @Nullable Long lease(Connection connection, String id, long micros) throws SQLException {
    Row row = table.read(connection, id);
    if (row == null) {
      table.insert(connection, id, null, newVersion());
      return lease(connection, id, micros);
    }
    if (row.isLeased()) {
      return null;
    }
    table.lease(connection, id, row, row.nextFence(), micros);
    return row.nextFence();
  }

  private final class RowLease implements Lease {
    private final String id;
    private final long fence;

    RowLease(String id, long fence) {
      this.id = id;
      this.fence = fence;
    }

    @Override
    public long fence() {
      return fence;
    }

    @Override
    public void close() {
      try {
        database.run(
            "a lease is not known to have ended",
            connection -> {
              table.free(connection, id, fence);
              return null;
            });
      } catch (IOException | RuntimeException e) {
        // It ends by itself.
      }
    }
  }

  /** Hex, since some databases take large and small letters for the same. */
  private static String id(String key) {
    try {
      ByteBuffer octets = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(octets);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a key is text, without halves of characters", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The table; neither the database nor a login. */
  @Override
  public String toString() {
    return "token store in " + table;
  }
}
