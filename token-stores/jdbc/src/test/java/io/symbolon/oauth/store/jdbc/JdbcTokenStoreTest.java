package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static io.symbolon.oauth.store.jdbc.Logins.accessTokenIn;
import static io.symbolon.oauth.store.jdbc.Logins.entry;
import static io.symbolon.oauth.store.jdbc.Logins.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the store treats connections, and what it makes of their failures. */
final class JdbcTokenStoreTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final String table = Databases.newTable();
  private final DataSource database = Databases.h2InMemory("failures");
  private final WatchedDataSource watched = new WatchedDataSource(database);
  private final JdbcTokenStore store = JdbcTokenStore.of(watched.dataSource(), KEYS, table);

  @BeforeEach
  void createTable() throws Exception {
    store.createTable();
    store.save("ada", login("1"));
    watched.calls.clear();
  }

  @AfterEach
  void dropTable() throws Exception {
    Databases.execute(database, "DROP TABLE " + table);
  }

  /** Everything that a store can do. */
  private List<Callable<?>> everything() throws IOException {
    StoredTokens present = store.load("ada");
    TokenStore.Lease lease = store.tryLease("leased", LEASE);
    return List.of(
        () -> store.load("ada"),
        () -> store.load("nobody"),
        () -> store.save("bob", entry("2"), 0, 0),
        () -> store.save("ada", entry("2"), present.version(), 0),
        () -> store.delete("ada", present.version(), 0),
        () -> store.tryLease("ada", LEASE),
        () -> store.tryLease("eve", LEASE),
        () -> {
          store.createTable();
          return null;
        },
        () -> {
          lease.close();
          return null;
        });
  }

  @Test
  void namesOfTablesAreNamesAndNothingElse() {
    for (String name :
        List.of(
            "", " ", "a b", "a;b", "a'", "a\"b", "1a", "a.b.c", ".a", "a.", "ä", "a-b", "a\n")) {
      assertThatThrownBy(() -> JdbcTokenStore.of(database, KEYS, name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a table's name has letters, digits and _");
    }
    assertThatThrownBy(() -> JdbcTokenStore.of(database, KEYS, "a".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JdbcTokenStore.of(database, KEYS, "auth.Tokens_2"))
        .hasToString("token store in table auth.Tokens_2");
    assertThat(JdbcTokenStore.of(database, KEYS)).hasToString("token store in table oauth_tokens");
  }

  @Test
  void theTableMayBeInASchema() throws Exception {
    Databases.execute(database, "CREATE SCHEMA IF NOT EXISTS auth");
    JdbcTokenStore other = JdbcTokenStore.of(database, KEYS, "auth.tokens");
    other.createTable();
    other.save("ada", login("of auth"));
    assertThat(accessTokenIn(other, "ada")).isEqualTo("at-of auth");
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-1");
    Databases.execute(database, "DROP SCHEMA auth CASCADE");
  }

  @Test
  void theSchemaIsAResourceThatAnybodyCanRun() throws Exception {
    DataSource other = Databases.h2InMemory("schema");
    try (InputStream schema = JdbcTokenStore.class.getResourceAsStream("schema.sql")) {
      String sql = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      Databases.execute(other, sql);
    }
    JdbcTokenStore.of(other, KEYS).save("ada", login("1"));
  }

  @Test
  void withoutATableTheDatabaseSaysSo() {
    JdbcTokenStore other = JdbcTokenStore.of(database, KEYS, "missing");
    assertThatThrownBy(() -> other.load("ada"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the token store in table missing cannot be read (SQL state 42")
        .hasCauseInstanceOf(SQLException.class);
  }

  @Test
  void whoMayNotCreateTheTableMayUseIt() throws Exception {
    watched.before =
        call -> {
          if (call.equals("Statement.execute")) {
            throw new SQLException("permission denied", "42501");
          }
        };
    store.createTable();
    JdbcTokenStore other = JdbcTokenStore.of(watched.dataSource(), KEYS, "missing");
    assertThatThrownBy(other::createTable)
        .isInstanceOf(IOException.class)
        .hasMessage("the table missing cannot be created (SQL state 42501)");
  }

  @Test
  void eachConnectionIsGivenBackAsItWas() throws Exception {
    for (Callable<?> action : everything()) {
      watched.calls.clear();
      action.call();
      assertThat(watched.count("DataSource.getConnection")).isPositive();
      assertThat(watched.count("Connection.close"))
          .isEqualTo(watched.count("DataSource.getConnection"));
    }
  }

  @Test
  void eachConnectionIsGivenBackWhateverFails() throws Exception {
    for (Callable<?> action : everything()) {
      AtomicInteger calls = new AtomicInteger();
      watched.before = call -> calls.incrementAndGet();
      action.call();
      for (int i = 2; i <= calls.get(); i++) {
        failAt(i);
        watched.calls.clear();
        runAnyway(action);
        assertThat(watched.count("Connection.close"))
            .as("call %s of %s", i, watched.calls)
            .isEqualTo(watched.count("DataSource.getConnection"));
      }
      watched.before = call -> {};
    }
  }

  private void failAt(int number) {
    AtomicInteger calls = new AtomicInteger();
    watched.before =
        call -> {
          if (calls.incrementAndGet() == number) {
            throw new SQLException("as the test wanted", "08006");
          }
        };
  }

  private static void runAnyway(Callable<?> action) throws Exception {
    try {
      action.call();
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(the|an|no) .*(in|from) .*|.*cannot be .*");
    }
  }

  @Test
  void eachStatementHasALimitAndEachConnection() throws Exception {
    for (Callable<?> action : everything()) {
      watched.calls.clear();
      action.call();
      List<String> calls = new ArrayList<>(watched.calls);
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i).matches("Connection\\.(prepare|create)Statement")) {
          assertThat(calls.get(i + 1)).endsWith("tatement.setQueryTimeout[5]");
        }
      }
      assertThat(watched.count("Connection.setNetworkTimeout[8000]"))
          .isEqualTo(watched.count("DataSource.getConnection"));
      assertThat(watched.count("Connection.setNetworkTimeout[0]"))
          .isEqualTo(watched.count("DataSource.getConnection"));
    }
  }

  @Test
  void aDriverWithoutNetworkTimeoutsWillDo() throws Exception {
    watched.before =
        call -> {
          if (call.contains("NetworkTimeout")) {
            throw new SQLFeatureNotSupportedException("no", "0A000");
          }
        };
    store.save("ada", login("2"));
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-2");
  }

  @Test
  void aConnectionWithoutAutocommitCommitsAndStaysOne() throws Exception {
    try (Connection only = Databases.h2InMemory("failures").getConnection()) {
      only.setAutoCommit(false);
      JdbcTokenStore single = JdbcTokenStore.of(alwaysThe(only), KEYS, table);
      single.save("ada", login("2"));
      assertThat(only.getAutoCommit()).isFalse();
      assertThat(accessTokenIn(store, "ada")).isEqualTo("at-2");

      Databases.execute(database, "UPDATE " + table + " SET sealed = 'x'");
      single.save("ada", login("3"));
      assertThat(only.getAutoCommit()).isFalse();
      only.rollback();
      assertThat(accessTokenIn(store, "ada")).isEqualTo("at-3");
    }
  }

  /** A connection that nobody closes. */
  private static DataSource alwaysThe(Connection connection) {
    WatchedDataSource single =
        new WatchedDataSource(
            (DataSource)
                Proxy.newProxyInstance(
                    JdbcTokenStoreTest.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> unclosed(connection)));
    return single.dataSource();
  }

  private static Connection unclosed(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            JdbcTokenStoreTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                method.getName().equals("close") ? null : method.invoke(connection, arguments));
  }

  @Test
  @DisplayName("a commit whose answer got lost is no refusal: it is not known to be durable")
  void anAmbiguousCommitIsAnException() throws Exception {
    StoredTokens present = store.load("ada");
    watched.after = loseTheAnswerOf("PreparedStatement.executeUpdate");
    assertThatThrownBy(() -> store.save("ada", entry("2"), present.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "an entry is not known to be saved in the token store in table %s (SQL state 08006)",
            table)
        .hasCauseInstanceOf(SQLException.class);
    watched.after = call -> {};
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-2");
    assertThat(store.save("ada", entry("2"), present.version(), 0)).isNull();
  }

  @Test
  void anAmbiguousDeleteIsAnException() throws Exception {
    StoredTokens present = store.load("ada");
    watched.after = loseTheAnswerOf("PreparedStatement.executeUpdate");
    assertThatThrownBy(() -> store.delete("ada", present.version(), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not known to be removed");
    watched.after = call -> {};
    assertThat(store.load("ada")).isNull();
  }

  @Test
  void anAmbiguousCommitOfANewLoginOverADamagedRowLosesNothing() throws Exception {
    Databases.execute(database, "UPDATE " + table + " SET sealed = 'x'");
    watched.after = loseTheAnswerOf("Connection.commit");
    assertThatThrownBy(() -> store.save("ada", entry("2"), 0, 0)).isInstanceOf(IOException.class);
    watched.after = call -> {};
    assertThat(accessTokenIn(store, "ada")).isEqualTo("at-2");
    assertThat(asideCount()).isEqualTo(1);
  }

  @Test
  void aNewLoginOverADamagedRowIsAllOrNothing() throws Exception {
    Databases.execute(database, "UPDATE " + table + " SET sealed = 'x'");
    AtomicInteger updates = new AtomicInteger();
    watched.before =
        call -> {
          if (call.equals("PreparedStatement.executeUpdate") && updates.incrementAndGet() == 2) {
            throw new SQLException("as the test wanted", "08006");
          }
        };
    assertThatThrownBy(() -> store.save("ada", entry("2"), 0, 0)).isInstanceOf(IOException.class);
    assertThat(asideCount()).isZero();
    assertThat(Databases.query(database, "SELECT sealed FROM " + table)).containsExactly("x");
  }

  private int asideCount() throws SQLException {
    String sql = "SELECT sealed FROM " + table + " WHERE key_hash LIKE '%.damaged-%'";
    return Databases.query(database, sql).size();
  }

  private static WatchedDataSource.Fault loseTheAnswerOf(String lost) {
    return call -> {
      if (call.equals(lost)) {
        throw new SQLException("the connection is broken", "08006");
      }
    };
  }

  @Test
  void whatComesAfterTheCommitHidesNothing() throws Exception {
    AtomicInteger updates = new AtomicInteger();
    watched.before =
        call -> {
          if (call.endsWith(".executeUpdate")) {
            updates.incrementAndGet();
          } else if (updates.get() > 0 && call.startsWith("Connection.")) {
            throw new SQLException("the connection is broken", "08006");
          }
        };
    StoredTokens present = store.load("ada");
    assertThat(store.save("ada", entry("2"), present.version(), 0)).isNotNull();
  }

  @Test
  void aRolledBackTransactionIsTriedAgain() throws Exception {
    for (String state : List.of("40001", "40P01", "23505")) {
      failTimes(3, "PreparedStatement.executeUpdate", state);
      store.save("ada", login("after " + state));
      watched.before = call -> {};
      assertThat(accessTokenIn(store, "ada")).isEqualTo("at-after " + state);
    }
  }

  @Test
  void butNotForEver() throws Exception {
    failTimes(Integer.MAX_VALUE, "PreparedStatement.executeUpdate", "40001");
    assertThatThrownBy(() -> store.save("ada", login("2")))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("(SQL state 40001)");
    assertThat(watched.count("PreparedStatement.executeUpdate")).isEqualTo(10);
  }

  @Test
  void whatMayHaveBeenDoneIsNotTriedAgain() throws Exception {
    StoredTokens present = store.load("ada");
    for (String state : List.of("40003", "08006", "08007", "57014", "XX000")) {
      watched.calls.clear();
      failTimes(1, "PreparedStatement.executeUpdate", state);
      assertThatThrownBy(() -> store.save("ada", entry("2"), present.version(), 0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("(SQL state " + state + ")");
      assertThat(watched.count("PreparedStatement.executeUpdate")).isEqualTo(1);
    }
  }

  private void failTimes(int times, String failing, String state) {
    AtomicInteger calls = new AtomicInteger();
    watched.before =
        call -> {
          if (call.equals(failing) && calls.incrementAndGet() <= times) {
            throw new SQLException("as the test wanted", state);
          }
        };
  }

  @Test
  void aPoolsOwnExceptionIsAnIoException() {
    watched.before =
        call -> {
          throw new IllegalStateException("the pool is closed");
        };
    assertThatThrownBy(() -> store.load("ada"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the token store in table %s cannot be read: there is no connection to the database",
            table)
        .hasRootCauseMessage("the pool is closed");
  }

  @Test
  void closingALeaseNeverFails() throws Exception {
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    watched.before =
        call -> {
          throw new SQLException("the database is gone", "08006");
        };
    lease.close();
    watched.before =
        call -> {
          throw new IllegalStateException("the pool is closed");
        };
    lease.close();
    watched.before = call -> {};
    assertThat(store.tryLease("ada", LEASE)).isNull();
  }

  @Test
  @DisplayName("S4: no exception shows a token, a key or a sealed entry")
  void noExceptionShowsASecret() throws Exception {
    String sealed =
        Databases.query(database, "SELECT sealed FROM " + table).get(0).substring(0, 40);
    StoredTokens present = store.load("ada");
    List<Callable<?>> failing =
        List.of(
            () -> store.load("ada"),
            () -> store.save("ada", entry("2"), present.version(), 0),
            () -> store.save("bob", entry("2"), 0, 0),
            () -> store.tryLease("ada", LEASE));
    for (String at : List.of("PreparedStatement.executeUpdate", "PreparedStatement.executeQuery")) {
      watched.before =
          call -> {
            if (call.equals(at)) {
              throw new SQLException("as the test wanted", "08006");
            }
          };
      for (Callable<?> action : failing) {
        assertThat(failureOf(action)).doesNotContain("at-1", "at-2", "rt-", "ada", sealed);
      }
    }
  }

  private static String failureOf(Callable<?> action) {
    StringWriter text = new StringWriter();
    try {
      action.call();
    } catch (Exception e) {
      e.printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }
}
