package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every token store promises; a store's own test extends this. */
public abstract class TokenStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** An empty store. */
  protected abstract TokenStore store() throws Exception;

  /** Tokens with everything that must survive. */
  protected static TokenSet tokens(String name) {
    AccessToken access =
        new AccessToken(
            Secret.of("at-" + name),
            "Bearer",
            Set.of("read", "write"),
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T01:00:00.123Z"));
    return new TokenSet(
        access,
        Secret.of("rt-" + name),
        "https://as.example.com",
        Map.of("id_token", "e.y.J", "n", 7L, "nested", Map.of("a", List.of(true, "ü"))));
  }

  @Test
  void whatWasSavedComesBackWhole() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    TokenSet back = loaded(store, "ada").tokens();
    assertThat(back.accessToken().value().reveal()).isEqualTo("at-1");
    assertThat(back.accessToken().scope()).containsExactlyInAnyOrder("read", "write");
    assertThat(back.accessToken().issuedAt()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(back.accessToken().expiresAt()).isEqualTo("2026-01-01T01:00:00.123Z");
    assertThat(back.refreshToken()).isEqualTo(Secret.of("rt-1"));
    assertThat(back.issuer()).isEqualTo("https://as.example.com");
    assertThat(back.member("id_token")).isEqualTo("e.y.J");
    assertThat(back.member("n")).isEqualTo(7L);
    assertThat(back.member("nested")).isEqualTo(Map.of("a", List.of(true, "ü")));
  }

  @Test
  void keysAreAnyText() throws Exception {
    TokenStore store = store();
    List<String> keys = List.of("", " ", "a/../b", "ünï☺", "A", "a", "x".repeat(1000), "'; --");
    for (String key : keys) {
      store.save(key, tokens("of-" + key.hashCode()));
    }
    for (String key : keys) {
      assertThat(loaded(store, key).tokens().accessToken().value().reveal())
          .isEqualTo("at-of-" + key.hashCode());
    }
  }

  @Test
  void anUnknownKeyHasNoEntry() throws Exception {
    assertThat(store().load("nobody")).isNull();
  }

  @Test
  void aSaveOverAnotherVersionChangesNothing() throws Exception {
    TokenStore store = store();
    StoredTokens first = store.save("ada", StoredTokens.of(tokens("1")), 0, 0);
    StoredTokens second = store.save("ada", StoredTokens.of(tokens("2")), first.version(), 0);
    assertThat(second.version()).isNotEqualTo(first.version());
    assertThat(store.save("ada", StoredTokens.of(tokens("3")), first.version(), 0)).isNull();
    assertThat(store.save("ada", StoredTokens.of(tokens("3")), 0, 0)).isNull();
    assertThat(accessToken(store, "ada")).isEqualTo("at-2");
    assertThat(loaded(store, "ada").version()).isEqualTo(second.version());
  }

  @Test
  void aDeleteOfAnotherVersionChangesNothing() throws Exception {
    TokenStore store = store();
    StoredTokens first = store.save("ada", StoredTokens.of(tokens("1")), 0, 0);
    StoredTokens second = store.save("ada", StoredTokens.of(tokens("2")), first.version(), 0);
    assertThat(store.delete("ada", first.version(), 0)).isFalse();
    assertThat(store.load("ada")).isNotNull();
    assertThat(store.delete("ada", second.version(), 0)).isTrue();
    assertThat(store.load("ada")).isNull();
    assertThat(store.delete("ada", second.version(), 0)).isFalse();
  }

  @Test
  void anEntryThatWasRemovedCanBeMadeAgain() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    store.remove("ada");
    store.remove("ada");
    store.save("ada", tokens("2"));
    assertThat(accessToken(store, "ada")).isEqualTo("at-2");
  }

  @Test
  void oneHasTheLeaseAtATime() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    TokenStore.Lease lease = store.tryLease("ada", LEASE);
    assertThat(lease).isNotNull();
    assertThat(store.tryLease("ada", LEASE)).isNull();
    try (TokenStore.Lease other = store.tryLease("bob", LEASE)) {
      assertThat(other).isNotNull();
    }
    lease.close();
    lease.close();
    try (TokenStore.Lease next = store.tryLease("ada", LEASE)) {
      assertThat(next).isNotNull();
      assertThat(next.fence()).isGreaterThan(lease.fence());
    }
  }

  @Test
  void aHolderWhoseLeaseIsOverChangesNothing() throws Exception {
    TokenStore store = store();
    StoredTokens present = store.save("ada", StoredTokens.of(tokens("1")), 0, 0);
    TokenStore.Lease old = store.tryLease("ada", LEASE);
    old.close();
    try (TokenStore.Lease current = store.tryLease("ada", LEASE)) {
      StoredTokens late = StoredTokens.of(tokens("late"));
      assertThat(store.save("ada", late, present.version(), old.fence())).isNull();
      assertThat(store.delete("ada", present.version(), old.fence())).isFalse();
      StoredTokens right = StoredTokens.of(tokens("2"));
      assertThat(store.save("ada", right, present.version(), current.fence())).isNotNull();
    }
    assertThat(accessToken(store, "ada")).isEqualTo("at-2");
  }

  @Test
  void aNewLoginReplacesOneThatIsBeingRenewed() throws Exception {
    TokenStore store = store();
    StoredTokens present = store.save("ada", StoredTokens.of(tokens("1")), 0, 0);
    try (TokenStore.Lease lease = store.tryLease("ada", LEASE)) {
      store.save("ada", tokens("new"));
      StoredTokens renewed = StoredTokens.of(tokens("renewed"));
      assertThat(store.save("ada", renewed, present.version(), lease.fence())).isNull();
    }
    assertThat(accessToken(store, "ada")).isEqualTo("at-new");
  }

  @Test
  void ofManyWhoSaveOverTheSameVersionOneWins() throws Exception {
    TokenStore store = store();
    StoredTokens entry = store.save("ada", StoredTokens.of(tokens("0")), 0, 0);
    for (int round = 0; round < 10; round++) {
      long version = entry.version();
      AtomicInteger winners = new AtomicInteger();
      inParallel(
          8,
          i -> {
            if (store.save("ada", StoredTokens.of(tokens("r" + i)), version, 0) != null) {
              winners.incrementAndGet();
            }
          });
      assertThat(winners).hasValue(1);
      entry = loaded(store, "ada");
    }
  }

  @Test
  void ofManyWhoAskOneGetsTheLease() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    for (int round = 0; round < 10; round++) {
      List<TokenStore.Lease> leases = new ArrayList<>();
      inParallel(
          8,
          i -> {
            TokenStore.Lease lease = store.tryLease("ada", LEASE);
            if (lease != null) {
              synchronized (leases) {
                leases.add(lease);
              }
            }
          });
      assertThat(leases).hasSize(1);
      leases.get(0).close();
    }
  }

  @Test
  void noPublicTextShowsAToken() throws Exception {
    TokenStore store = store();
    store.save("ada", tokens("1"));
    assertThat(store + " " + store.load("ada"))
        .doesNotContain("at-1")
        .doesNotContain("rt-1")
        .doesNotContain("e.y.J");
  }

  private static StoredTokens loaded(TokenStore store, String key) throws IOException {
    StoredTokens entry = store.load(key);
    assertThat(entry).as(key).isNotNull();
    return entry;
  }

  /** The access token under a key. */
  protected static String accessToken(TokenStore store, String key) throws IOException {
    return loaded(store, key).tokens().accessToken().value().reveal();
  }

  private interface Task {
    void run(int i) throws Exception;
  }

  private static void inParallel(int threads, Task task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        calls.add(
            () -> {
              task.run(number);
              return null;
            });
      }
      for (Future<Void> done : pool.invokeAll(calls)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
