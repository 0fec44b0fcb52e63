package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The one live token of a client, shared by all its processes through a store. */
final class StoredGrantTest {
  private static final Duration LIFE = Duration.ofHours(2);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @TempDir Path directory;
  private FakeAuthorizationServer server;
  private TokenStore store;

  @BeforeEach
  void open() throws Exception {
    server = extension.server();
    server.client("app", "secret").accessTokenLifetime(LIFE);
    store = store();
  }

  private TokenStore store() throws IOException {
    return FileTokenStore.open(
        directory.resolve("tokens"), StoreKeys.of(new SecretKeySpec(new byte[32], "AES")));
  }

  private TokenSource source() {
    return source(store);
  }

  private OAuthClient.Builder client() {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .clock(clock);
  }

  private TokenSource source(TokenStore shared) {
    return client().build().clientCredentials().tokenSource(shared, "app");
  }

  private TokenSource source(TokenStore shared, OAuthListener listener) {
    return client().listener(listener).build().clientCredentials().tokenSource(shared, "app");
  }

  @Test
  void manyProcessesAskOnceForEachToken() throws Exception {
    List<TokenSource> sources = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sources.add(source(store()));
    }
    for (int round = 1; round <= 10; round++) {
      AtomicInteger turn = new AtomicInteger();
      Crowd<Secret> crowd =
          Crowd.of(16, () -> sources.get(turn.getAndIncrement() % 4).token().value());
      assertThat(new HashSet<>(crowd.results())).hasSize(1);
      assertThat(server.tokenRequestCount()).isEqualTo(round);
      clock.advance(LIFE);
    }
  }

  @Test
  void aRefusedTokenIsReplacedByTheOneThatSomebodyElseHas() throws Exception {
    TokenSource one = source();
    TokenSource other = source();
    AccessToken first = one.token();
    assertThat(other.token().value()).isEqualTo(first.value());
    one.invalidate(first);
    AccessToken second = one.token();
    other.invalidate(first);
    assertThat(other.token().value()).isEqualTo(second.value()).isNotEqualTo(first.value());
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  /** Its holder may take all the time that a lease has. */
  @Test
  void whatSomebodyElseGotWhileWeWaitedIsTaken() throws Exception {
    source().token();
    clock.advance(LIFE);
    AtomicReference<AccessToken> theirs = new AtomicReference<>();
    TokenStore leased =
        new ForwardingStore(store) {
          @Override
          public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
            if (theirs.get() == null) {
              theirs.set(source(store).token());
            }
            return null;
          }
        };

    AccessToken token = source(leased).token();

    assertThat(token.value()).isEqualTo(theirs.get().value());
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  /** Some servers renew the life of a token and keep its text. */
  @Test
  void aTokenThatKeepsItsTextIsNewsWhenItsLifeIs() throws Exception {
    server.tokenResponse(answer -> answer.put("access_token", "always-the-same"));
    TokenSource one = source();
    TokenSource other = source();
    one.token();
    other.token();
    clock.advance(LIFE);

    AccessToken renewed = one.token();

    assertThat(other.token().expiresAt())
        .isEqualTo(renewed.expiresAt())
        .isEqualTo(clock.instant().plus(LIFE));
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void aTokenOfSomebodyElseIsAdopted() throws Exception {
    List<OAuthEvent> events = new ArrayList<>();

    source(store, events::add).token();
    source(store, events::add).token();

    assertThat(events)
        .filteredOn(OAuthEvent.Renewal.class::isInstance)
        .extracting(event -> ((OAuthEvent.Renewal) event).outcome())
        .containsExactly("ok", "adopted");
  }

  /** Then the token is somebody's all the same, and theirs in the store is as good. */
  @Test
  void aStoreThatHasGotAnotherEntryMeanwhileDoesNotStopAService() throws Exception {
    TokenStore replaced =
        new ForwardingStore(store) {
          @Override
          public @Nullable StoredTokens save(
              String key, StoredTokens tokens, long version, long fence) {
            return null;
          }
        };

    assertThat(source(replaced).token().expiresAt()).isEqualTo(clock.instant().plus(LIFE));
  }

  @Test
  void anEntryThatCannotBeReadIsReplaced() throws Exception {
    source().token();
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(StoredGrantTest::isEntry).toList()) {
        Files.writeString(file, "damaged");
      }
    }
    AccessToken token = source().token();
    assertThat(source(store()).token().value()).isEqualTo(token.value());
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  private static boolean isEntry(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().contains("lock");
  }

  @Test
  void aStoreThatCannotBeWrittenDoesNotStopAService() throws Exception {
    TokenStore full =
        new ForwardingStore(store) {
          @Override
          public StoredTokens save(String key, StoredTokens tokens, long version, long fence)
              throws IOException {
            throw new IOException("no space left");
          }
        };
    List<OAuthEvent> events = new ArrayList<>();
    TokenSource source = source(full, events::add);
    AccessToken token = source.token();
    assertThat(source.token().value()).isEqualTo(token.value());
    assertThat(server.tokenRequestCount()).isEqualTo(1);
    assertThat(events).contains(new OAuthEvent.StoreFault("save", "kept_in_memory"));
    assertThat(source(full).token()).as("and nobody listens").isNotNull();
  }

  @Test
  void anEntryThatIsRemovedWhileItIsRenewedIsNoToken() throws Exception {
    source().token();
    clock.advance(LIFE);
    TokenStore removing =
        new ForwardingStore(store) {
          @Override
          public Lease tryLease(String key, Duration duration) throws IOException {
            remove(key);
            return super.tryLease(key, duration);
          }
        };
    AccessToken token = source(removing).token();
    assertThat(token.expiresAt()).isEqualTo(clock.instant().plus(LIFE));
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void whatCannotBeRepeatedIsNotShared() {
    OAuthClient client =
        OAuthClient.builder().issuer(server.issuer()).clientId("app").clock(clock).build();
    assertThatThrownBy(
            () -> client.jwtBearer(Secret.of("a.b.c")).tokenSource(store, "somebody else's"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be repeated");
  }

  private static class ForwardingStore implements TokenStore {
    private final TokenStore store;

    ForwardingStore(TokenStore store) {
      this.store = store;
    }

    @Override
    public StoredTokens load(String key) throws IOException {
      return store.load(key);
    }

    @Override
    public StoredTokens save(String key, StoredTokens tokens, long version, long fence)
        throws IOException {
      return store.save(key, tokens, version, fence);
    }

    @Override
    public boolean delete(String key, long version, long fence) throws IOException {
      return store.delete(key, version, fence);
    }

    @Override
    public Lease tryLease(String key, Duration duration) throws IOException {
      return store.tryLease(key, duration);
    }
  }
}
