package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static io.symbolon.oauth.store.jdbc.Databases.execute;
import static io.symbolon.oauth.store.jdbc.Databases.query;
import static io.symbolon.oauth.store.jdbc.Logins.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.TokenStoreContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the store promises beyond every store's contract, on each database. */
abstract class JdbcTokenStoreContract extends TokenStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final String table = Databases.newTable();
  private DataSource source;
  private JdbcTokenStore store;

  abstract DataSource dataSource() throws Exception;

  @BeforeEach
  void createTable() throws Exception {
    source = dataSource();
    store = open(KEYS);
    store.createTable();
  }

  @AfterEach
  void dropTable() throws Exception {
    execute(source, "DROP TABLE " + table);
  }

  @Override
  protected TokenStore store() {
    return store;
  }

  private JdbcTokenStore open(StoreKeys keys) {
    return JdbcTokenStore.of(source, keys, table);
  }

  @Test
  void severalMayCreateTheTableAtTheSameTime() throws Exception {
    String other = Databases.newTable();
    inParallel(
        8,
        () -> {
          JdbcTokenStore.of(source, KEYS, other).createTable();
          return null;
        });
    JdbcTokenStore.of(source, KEYS, other).save("ada", tokens("1"));
    JdbcTokenStore.of(source, KEYS, other).createTable();
    assertThat(accessToken(JdbcTokenStore.of(source, KEYS, other), "ada")).isEqualTo("at-1");
    execute(source, "DROP TABLE " + other);
  }

  @Test
  void aRowShowsNeitherTokensNorKey() throws Exception {
    store.save("ada@example.com", tokens("1"));
    assertThat(query(source, "SELECT sealed FROM " + table).get(0))
        .startsWith("symbolon1.")
        .doesNotContain("at-1", "rt-1", "ada");
    assertThat(query(source, "SELECT key_hash FROM " + table))
        .containsExactly(hash("ada@example.com"));
  }

  @Test
  void anEntryMayBeLarge() throws Exception {
    String name = "x".repeat(1 << 20);
    store.save("ada", tokens(name));
    assertThat(accessToken(store, "ada")).isEqualTo("at-" + name);
  }

  @Test
  void aKeyWithHalfACharacterIsRefused() {
    assertThatThrownBy(() -> store.load("ada\ud83d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("halves of characters");
  }

  @Test
  void ofManyWhoLogInFirstOneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      String key = "ada" + round;
      List<StoredTokens> saved = inParallel(8, () -> store.save(key, entry("x"), 0, 0));
      assertThat(saved).filteredOn(entry -> entry != null).hasSize(1);
      long version = saved.stream().mapToLong(s -> s == null ? 0 : s.version()).max().orElse(0);
      assertThat(store.load(key).version()).isEqualTo(version);
    }
  }

  @Test
  void manyWhoLogInAreAllServed() throws Exception {
    inParallel(
        8,
        () -> {
          store.save("ada", tokens("x"));
          return null;
        });
    assertThat(accessToken(store, "ada")).isEqualTo("at-x");
  }

  @Test
  void twoStoresShareLoginsAndLeases() throws Exception {
    JdbcTokenStore other = open(KEYS);
    StoredTokens saved = store.save("ada", entry("1"), 0, 0);
    assertThat(other.load("ada").version()).isEqualTo(saved.version());
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      assertThat(other.tryLease("ada", LEASE)).isNull();
      StoredTokens second = store.save("ada", entry("2"), saved.version(), lease.fence());
      assertThat(other.save("ada", entry("3"), saved.version(), 0)).isNull();
      assertThat(other.delete("ada", saved.version(), 0)).isFalse();
      assertThat(other.load("ada").version()).isEqualTo(second.version());
    }
    try (TokenStore.Lease lease = other.tryLease("ada", LEASE)) {
      assertThat(lease).isNotNull();
    }
  }

  @Test
  void aVersionIsNeverUsedAgain() throws Exception {
    StoredTokens first = store.save("ada", entry("1"), 0, 0);
    assertThat(store.delete("ada", first.version(), 0)).isTrue();
    StoredTokens second = store.save("ada", entry("2"), 0, 0);
    assertThat(second.version()).isNotEqualTo(first.version());
    assertThat(store.save("ada", entry("late"), first.version(), 0)).isNull();
    assertThat(store.delete("ada", first.version(), 0)).isFalse();
    assertThat(accessToken(store, "ada")).isEqualTo("at-2");
  }

  @Test
  void aLeaseOutlivesTheLogin() throws Exception {
    StoredTokens old = store.save("ada", entry("1"), 0, 0);
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    store.remove("ada");
    assertThat(store.load("ada")).isNull();
    assertThat(store.tryLease("ada", LEASE)).isNull();
    assertThat(store.save("ada", entry("late"), old.version(), lease.fence())).isNull();
    store.save("ada", tokens("new"));
    assertThat(store.tryLease("ada", LEASE)).isNull();
    lease.close();
    try (TokenStore.Lease next = store.tryLease("ada", LEASE)) {
      assertThat(next.fence()).isGreaterThan(lease.fence());
    }
    assertThat(accessToken(store, "ada")).isEqualTo("at-new");
  }

  @Test
  void rowsGoAwayWithTheirLogins() throws Exception {
    store.tryLease("nobody", LEASE).close();
    store.save("ada", tokens("1"));
    store.remove("ada");
    StoredTokens bob = store.save("bob", entry("2"), 0, 0);
    try (TokenStore.Lease lease = store.tryLease("bob", LEASE)) {
      assertThat(store.delete("bob", bob.version(), lease.fence())).isTrue();
    }
    assertThat(query(source, "SELECT key_hash FROM " + table)).isEmpty();
  }

  @Test
  void fencesGrowBeyondTheLifeOfARow() throws Exception {
    long last = 0;
    for (int i = 0; i < 20; i++) {
      try (TokenStore.Lease lease = store.tryLease("nobody", LEASE)) {
        assertThat(lease.fence()).isGreaterThan(last);
        last = lease.fence();
      }
    }
  }

  @Test
  void fencesGrowThoughTheClockIsSetBack() throws Exception {
    store.save("ada", tokens("1"));
    long last = Long.MAX_VALUE / 2;
    execute(source, "UPDATE " + table + " SET fence = ?", last);
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      assertThat(lease.fence()).isGreaterThan(last);
    }
  }

  @Test
  void aLeaseEndsByItself() throws Exception {
    StoredTokens present = store.save("ada", entry("1"), 0, 0);
    long begin = System.nanoTime();
    TokenStore.Lease dead = store.tryLease("ada", Duration.ofMillis(100));
    TokenStore.Lease next = awaitLease("ada");
    assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(100).toNanos());
    assertThat(next.fence()).isGreaterThan(dead.fence());
    assertThat(store.save("ada", entry("late"), present.version(), dead.fence())).isNull();
    assertThat(store.delete("ada", present.version(), dead.fence())).isFalse();
    dead.close();
    assertThat(store.tryLease("ada", LEASE)).isNull();
    assertThat(store.save("ada", entry("2"), present.version(), next.fence())).isNotNull();
    next.close();
  }

  private TokenStore.Lease awaitLease(String key) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    TokenStore.Lease lease = store.tryLease(key, LEASE);
    while (lease == null && System.nanoTime() < deadline) {
      LockSupport.parkNanos(2_000_000);
      lease = store.tryLease(key, LEASE);
    }
    assertThat(lease).as("a lease within 10 seconds").isNotNull();
    return lease;
  }

  @Test
  @DisplayName("a lease that is over, and that nobody else has taken, still saves what it renewed")
  void aLateHolderWithoutASuccessorLosesNothing() throws Exception {
    StoredTokens present = store.save("ada", entry("1"), 0, 0);
    TokenStore.Lease late = store.tryLease("ada", LEASE);
    execute(source, "UPDATE " + table + " SET leased_until = 1");
    assertThat(store.save("ada", entry("2"), present.version(), late.fence())).isNotNull();
    late.close();
    assertThat(accessToken(store, "ada")).isEqualTo("at-2");
  }

  @Test
  void aNewLoginTakesThePlaceOfALeaseWithoutALogin() throws Exception {
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    assertThat(store.load("ada")).isNull();
    assertThat(store.save("ada", entry("1"), 5, 0)).isNull();
    assertThat(store.delete("ada", 0, 0)).isFalse();
    assertThat(store.save("ada", entry("1"), 0, 0)).isNotNull();
    lease.close();
    assertThat(accessToken(store, "ada")).isEqualTo("at-1");
  }

  @Test
  @DisplayName("F-23: a damaged row is reported, never overwritten, and put aside by a new login")
  void aDamagedRowIsReportedAndKept() throws Exception {
    Map<String, UnaryOperator<String>> damages = damages();
    assertThat(damages).hasSizeGreaterThanOrEqualTo(20);
    for (Map.Entry<String, UnaryOperator<String>> damage : damages.entrySet()) {
      String key = damage.getKey();
      StoredTokens good = store.save(key, entry("good"), 0, 0);
      String sealed = sealed(hash(key));
      String damaged = damage.getValue().apply(sealed);
      assertThat(damaged).as(key).isNotEqualTo(sealed);
      setSealed(key, damaged);
      assertIsReportedAndKept(key, good.version(), damaged);
    }
  }

  private static Map<String, UnaryOperator<String>> damages() throws IOException {
    Map<String, UnaryOperator<String>> damages = new LinkedHashMap<>();
    damages.put("empty", s -> "");
    damages.put("blank", s -> " ");
    damages.put("one character", s -> "x");
    damages.put("the first half", s -> s.substring(0, s.length() / 2));
    damages.put("the second half", s -> s.substring(s.length() / 2));
    damages.put("the head alone", s -> s.substring(0, s.lastIndexOf('.')));
    damages.put("the head and a dot", s -> s.substring(0, s.lastIndexOf('.') + 1));
    damages.put("four characters less", s -> s.substring(0, s.length() - 4));
    damages.put("four characters more", s -> s + "AAAA");
    damages.put("twice", s -> s + s);
    damages.put("a newline at the end", s -> s + "\n");
    damages.put("a blank in front", s -> " " + s);
    damages.put("padding", s -> s + "=");
    damages.put("the first octet", s -> flip(s, s.lastIndexOf('.') + 1));
    damages.put("an octet of the vector", s -> flip(s, s.lastIndexOf('.') + 9));
    damages.put("an octet in the middle", s -> flip(s, s.length() / 2));
    damages.put("an octet of the tag", s -> flip(s, s.length() - 8));
    damages.put("zeros", s -> "0".repeat(s.length()));
    damages.put("small letters", s -> s.toLowerCase(Locale.ROOT));
    damages.put("another alphabet", s -> s.substring(0, s.length() - 2) + "ж☺");
    damages.put("the other base64", s -> s.substring(0, s.length() - 9) + "+/+/+/+/+");
    damages.put("no dots", s -> s.replace(".", ""));
    damages.put("one dot more", s -> s + ".");
    damages.put("a newer version", s -> s.replace("symbolon1.", "symbolon2."));
    damages.put("the name of another key", s -> s.replaceFirst("\\.[^.]{8}\\.", ".AAAAAAAA."));
    damages.put("plain text", s -> "{\"access_token\":\"at-1\"}");
    damages.put("longer than 4 MiB", s -> s + "A".repeat(4 << 20));
    damages.put("of another entry", sealed(KEYS, "somebody else"));
    damages.put("sealed with another key", sealed(Databases.keys(8), "sealed with another key"));
    return damages;
  }

  @Test
  void theMessageSaysWhatIsWrong() throws Exception {
    Map<String, String> reasons =
        Map.of(
            "longer than 4 MiB", "it is longer than 4 MiB",
            "a newer version", "it was written by a newer version of this library",
            "the name of another key", "it is sealed with another key",
            "of another entry", "it is damaged, or belongs to another entry",
            "plain text", "it is not an entry of this library");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      String key = reason.getKey();
      store.save(key, tokens("1"));
      setSealed(key, damages().get(key).apply(sealed(hash(key))));
      assertThatThrownBy(() -> store.load(key)).hasMessageContaining(reason.getValue());
    }
  }

  private static String flip(String text, int at) {
    char other = text.charAt(at) == 'A' ? 'Q' : 'A';
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  private static UnaryOperator<String> sealed(StoreKeys keys, String key) throws IOException {
    String sealed = entry("1").seal(keys, key);
    return s -> sealed;
  }

  @Test
  @DisplayName("F-23: a version that is none")
  void aDamagedVersionIsReportedAndKept() throws Exception {
    for (long version : new long[] {0, -1, Long.MIN_VALUE}) {
      String key = "version " + version;
      store.save(key, entry("good"), 0, 0);
      String sealed = sealed(hash(key));
      execute(
          source, "UPDATE " + table + " SET version = ? WHERE key_hash = ?", version, hash(key));
      assertIsReportedAndKept(key, version == 0 ? 1 : version, sealed);
    }
  }

  @Test
  @DisplayName("F-23: rows that were swapped")
  void swappedRowsAreReportedAndKept() throws Exception {
    StoredTokens ada = store.save("ada", entry("ada"), 0, 0);
    StoredTokens bob = store.save("bob", entry("bob"), 0, 0);
    String sealedOfAda = sealed(hash("ada"));
    String sealedOfBob = sealed(hash("bob"));
    setSealed("ada", sealedOfBob);
    setSealed("bob", sealedOfAda);
    assertIsReportedAndKept("ada", ada.version(), sealedOfBob);
    assertIsReportedAndKept("bob", bob.version(), sealedOfAda);
  }

  private void assertIsReportedAndKept(String key, long version, String damaged)
      throws IOException, SQLException {
    String id = hash(key);
    assertIsReported(key, () -> store.load(key));
    assertIsReported(key, () -> store.save(key, entry("2"), version, 0));
    assertIsReported(key, () -> store.delete(key, version, 0));
    try (TokenStore.Lease lease = store.tryLease(key, LEASE)) {
      assertIsReported(key, () -> store.save(key, entry("2"), version, lease.fence()));
      assertIsReported(key, () -> store.delete(key, version, lease.fence()));
    }
    assertThat(sealed(id)).as(key).isEqualTo(damaged);

    store.save(key, tokens("new"));
    assertThat(accessToken(store, key)).as(key).isEqualTo("at-new");
    String aside = " FROM " + table + " WHERE key_hash LIKE ?";
    assertThat(query(source, "SELECT sealed" + aside, id + ".damaged-%"))
        .as(key)
        .containsExactly(damaged);
  }

  private void assertIsReported(String key, Callable<?> call) {
    assertThatThrownBy(call::call)
        .as(key)
        .isInstanceOf(StoreCorruptedException.class)
        .hasMessageStartingWith("row " + hash(key) + " of table " + table + " cannot be read: ");
  }

  @Test
  void ofManyWhoLogInOverADamagedRowOneKeepsItAside() throws Exception {
    store.save("ada", tokens("1"));
    setSealed("ada", "x");
    inParallel(
        8,
        () -> {
          store.save("ada", tokens("new"));
          return null;
        });
    assertThat(accessToken(store, "ada")).isEqualTo("at-new");
    assertThat(query(source, "SELECT sealed FROM " + table + " WHERE key_hash LIKE '%damaged%'"))
        .containsExactly("x");
  }

  @Test
  void anOlderKeyStillOpens() throws Exception {
    open(Databases.keys(3)).save("ada", tokens("1"));
    byte[] older = new byte[32];
    Arrays.fill(older, (byte) 3);
    StoreKeys both = KEYS.alsoOpening(new SecretKeySpec(older, "AES"));
    assertThat(accessToken(open(both), "ada")).isEqualTo("at-1");
  }

  private String sealed(String id) throws SQLException {
    return query(source, "SELECT sealed FROM " + table + " WHERE key_hash = ?", id).get(0);
  }

  private void setSealed(String key, String sealed) throws SQLException {
    String sql = "UPDATE " + table + " SET sealed = ? WHERE key_hash = ?";
    assertThat(execute(source, sql, sealed, hash(key))).isEqualTo(1);
  }

  static String hash(String key) {
    try {
      byte[] octets = key.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> done : pool.invokeAll(Collections.nCopies(threads, task))) {
        results.add(done.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
