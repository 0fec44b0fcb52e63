package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Logins in a store: renewed by one, adopted by the others, never lost. */
final class StoredTokenSourceTest {
  private static final Duration LIFE = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @TempDir Path directory;
  private FakeAuthorizationServer server;
  private OAuthClient client;
  private TokenStore store;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server();
    server.client("app", "secret").accessTokenLifetime(LIFE);
    client = client();
    store =
        FileTokenStore.open(
            directory.resolve("tokens"), StoreKeys.of(new SecretKeySpec(new byte[32], "AES")));
    PendingAuthorization login =
        client.authorize().redirectUri("http://127.0.0.1/cb").scope("read").begin();
    store.save("ada", client.complete(login, server.authorize(login.url())));
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("app")
        .clientSecret(Secret.of("secret"))
        .clock(clock)
        .build();
  }

  private int renewals() {
    return server.tokenRequestCount() - 1;
  }

  @Test
  void aStoredTokenIsUsedWhileItIsFresh() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    assertThat(source.token().value()).isEqualTo(stored().tokens().accessToken().value());
    assertThat(renewals()).isZero();
  }

  @Test
  void whatOneRenewsTheOtherAdopts() throws Exception {
    TokenSource one = client.tokenSource(store, "ada");
    TokenSource other = client().tokenSource(store, "ada");
    one.token();
    other.token();
    clock.advance(LIFE);
    Secret renewed = one.token().value();
    assertThat(other.token().value()).isEqualTo(renewed);
    assertThat(renewals()).isEqualTo(1);
    assertThat(stored().tokens().accessToken().value()).isEqualTo(renewed);
  }

  @Test
  @DisplayName("F-24, F-25: many sources on one store, many rotations, and no refresh token twice")
  void manySourcesRotateWithoutReuse() throws Exception {
    List<TokenSource> sources = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sources.add(client().tokenSource(store, "ada"));
    }
    for (int round = 1; round <= 25; round++) {
      clock.advance(LIFE);
      assertThat(inParallel(sources, 6)).hasSize(1);
      assertThat(renewals()).isEqualTo(round);
    }
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-10: an answer that was lost is asked for once more, within the server's grace")
  void aLostAnswerIsAskedForOnceMore() throws Exception {
    server.rotationGrace(1).cutNext(Cut.BEFORE_ANSWER);
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(LIFE);
    assertThat(source.token().value()).isEqualTo(stored().tokens().accessToken().value());
    assertThat(renewals()).isEqualTo(2);
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-11: with a strict server it ends in a login, after two requests")
  void aLostAnswerOfAStrictServerEndsInALogin() throws Exception {
    server.cutNext(Cut.BEFORE_ANSWER);
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(LIFE);
    assertThatThrownBy(source::token)
        .isInstanceOf(LoginRequiredException.class)
        .hasMessageContaining("an earlier answer was lost");
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(renewals()).isEqualTo(2);
    assertThat(store.load("ada")).isNull();
  }

  @Test
  @DisplayName("F-13: a server in trouble costs nothing")
  void aServerInTroubleCostsNothing() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    Secret refreshToken = stored().tokens().refreshToken();
    server.down(true);
    clock.advance(LIFE);
    assertThatThrownBy(source::token).isInstanceOf(InvalidResponseException.class);
    assertThat(stored().tokens().refreshToken()).isEqualTo(refreshToken);
    assertThat(stored().unanswered()).isZero();
    server.down(false);
    clock.advance(Duration.ofMinutes(2));
    assertThat(source.token()).isNotNull();
  }

  @Test
  @DisplayName("F-15: a wrong client secret does not end the user's login")
  void aWrongSecretDoesNotEndTheLogin() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    server.refuseNext("invalid_client");
    clock.advance(LIFE);
    assertThatThrownBy(source::token).isInstanceOf(OAuthErrorException.class);
    assertThat(stored().tokens().refreshToken()).isNotNull();
  }

  @Test
  @DisplayName("F-16: a refused refresh token ends the login, and the entry is gone")
  void aRefusedRefreshTokenEndsTheLogin() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    server.refuseNext("invalid_grant");
    clock.advance(LIFE);
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(store.load("ada")).isNull();
  }

  @Test
  @DisplayName("F-17: a response that fails a check is dropped, and the entry kept")
  void aResponseThatFailsACheckIsDropped() throws Exception {
    TokenCheck no =
        tokens -> {
          throw new InvalidResponseException(
              "not_ours", "no", Verdict.about("x").failed("a", "b", "c", "d").build());
        };
    TokenSource source = client.tokenSource(store, "ada", no);
    source.token();
    Secret refreshToken = stored().tokens().refreshToken();
    clock.advance(LIFE);
    assertThatThrownBy(source::token).hasMessage("no");
    assertThat(stored().tokens().refreshToken()).isEqualTo(refreshToken);
    assertThat(renewals()).isEqualTo(1);
  }

  @Test
  @DisplayName("F-19: two processes that died in the middle are enough: log in again")
  void processesThatDiedInTheMiddleDoNotLoop() throws Exception {
    StoredTokens entry = stored();
    store.save("ada", entry.withUnanswered(2), entry.version(), 0);
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(LIFE);
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(renewals()).isZero();
  }

  @Test
  @DisplayName("F-22: a store that fails for a moment costs nothing")
  void aStoreThatFailsForAMomentCostsNothing() throws Exception {
    FailingStore failing = new FailingStore(store);
    TokenSource source = client.tokenSource(failing, "ada");
    source.token();
    clock.advance(LIFE);
    failing.failAnswers(3);
    Secret renewed = source.token().value();
    assertThat(stored().tokens().accessToken().value()).isEqualTo(renewed);
    try (TokenStore.Lease lease = store.tryLease("ada", LIFE)) {
      assertThat(lease).isNotNull();
    }
  }

  @Test
  @DisplayName(
      "F-22: a renewed login that cannot be saved is served, kept from others, saved later")
  void whatCannotBeSavedIsServedAndSavedLater() throws Exception {
    FailingStore failing = new FailingStore(store);
    TokenSource source = client.tokenSource(failing, "ada");
    source.token();
    clock.advance(LIFE);
    failing.failAnswers(Integer.MAX_VALUE);
    Secret renewed = source.token().value();
    assertThat(stored().tokens().accessToken().value()).isNotEqualTo(renewed);
    assertThat(store.tryLease("ada", LIFE)).as("the lease is kept").isNull();

    failing.failAnswers(0);
    assertThat(client.tokenSource(failing, "ada").token().value()).isEqualTo(renewed);
    assertThat(stored().tokens().accessToken().value()).isEqualTo(renewed);
    assertThat(client().tokenSource(store, "ada").token().value()).isEqualTo(renewed);
    assertThat(server.reuseDetections()).isZero();
    try (TokenStore.Lease lease = store.tryLease("ada", LIFE)) {
      assertThat(lease).isNotNull();
    }
  }

  @Test
  @DisplayName("F-22: an intent that was written although the store failed does not count as sent")
  void aFailedIntentIsNotASend() throws Exception {
    FailingStore failing = new FailingStore(store);
    TokenSource source = client.tokenSource(failing, "ada");
    source.token();
    clock.advance(LIFE);
    for (int i = 0; i < 4; i++) {
      failing.failAfterTheNextIntent();
      assertThatThrownBy(source::token).isInstanceOf(IOException.class);
      clock.advance(Duration.ofMinutes(2));
    }
    assertThat(renewals()).isZero();
    assertThat(source.token()).isNotNull();
    assertThat(renewals()).isEqualTo(1);
  }

  @Test
  void aRenewalThatOutlivesItsLeaseIsSavedAllTheSame() throws Exception {
    TokenStore memory = new MemoryTokenStore(10, clock);
    memory.save("ada", stored().tokens());
    FailingStore slow = new FailingStore(memory);
    TokenSource source = client.tokenSource(slow, "ada");
    source.token();
    clock.advance(LIFE);
    slow.beforeTheAnswerIsSaved(
        () -> {
          clock.advance(Duration.ofMinutes(5));
          assertThat(memory.tryLease("ada", LIFE)).as("somebody else's lease").isNotNull();
        });
    Secret renewed = source.token().value();
    assertThat(memory.load("ada").tokens().accessToken().value()).isEqualTo(renewed);
  }

  @Test
  void aStoreThatFailsAfterTheLeaseIsNoReasonToSendAgain() throws Exception {
    TokenStore memory = new MemoryTokenStore(10, clock);
    memory.save("ada", stored().tokens());
    FailingStore failing = new FailingStore(memory);
    TokenSource source = client.tokenSource(failing, "ada");
    source.token();
    clock.advance(LIFE);
    failing.beforeTheAnswerIsSaved(
        () -> {
          clock.advance(Duration.ofMinutes(5));
          assertThat(memory.tryLease("ada", LIFE)).isNotNull();
          failing.failNextLoad();
        });
    Secret renewed = source.token().value();
    assertThat(renewals()).isEqualTo(1);
    client.tokenSource(failing, "ada").token();
    assertThat(memory.load("ada").tokens().accessToken().value()).isEqualTo(renewed);
  }

  @Test
  @DisplayName("R5 F-29 server down for the whole remaining life of a token: 0 failed calls")
  void aServerThatIsDownForTheRestOfALifeIsNotNoticed() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    Secret token = source.token().value();
    int requests = server.requests().size();
    server.downAll(true);
    for (Duration lived = Duration.ZERO; lived.compareTo(LIFE) < 0; lived = lived.plusSeconds(59)) {
      assertThat(inParallel(List.of(source, client().tokenSource(store, "ada")), 2))
          .containsExactly(token);
      clock.advance(Duration.ofSeconds(59));
    }
    assertThat(server.requests().size() - requests).isPositive();
    server.downAll(false);
    clock.advance(Duration.ofMinutes(2));
    assertThat(source.token().value()).isNotEqualTo(token);
  }

  @Test
  @DisplayName("F-16: a login that somebody renews or makes is taken at once, back-off or not")
  void aNewLoginEndsTheWait() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(LIFE);
    server.refuseNext("invalid_client");
    assertThatThrownBy(source::token).isInstanceOf(OAuthErrorException.class);
    assertThatThrownBy(source::token).isInstanceOf(OAuthErrorException.class);
    assertThat(renewals()).isEqualTo(1);

    Secret renewed = client().tokenSource(store, "ada").token().value();
    assertThat(renewals()).isEqualTo(2);
    assertThat(source.token().value()).isEqualTo(renewed);
    assertThat(renewals()).isEqualTo(2);
  }

  @Test
  @DisplayName("F-16: after a login has ended, the next one is taken at once")
  void theNextLoginIsTakenAtOnce() throws Exception {
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(LIFE);
    server.refuseNext("invalid_grant");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    }
    PendingAuthorization login = client.authorize().redirectUri("http://127.0.0.1/cb").begin();
    TokenSet tokens = client.complete(login, server.authorize(login.url()));
    store.save("ada", tokens);
    assertThat(source.token().value()).isEqualTo(tokens.accessToken().value());
  }

  @Test
  void anUnreadableEntryDoesNotStandInTheWayOfALogout() throws Exception {
    damage();
    assertThatThrownBy(() -> store.load("ada")).isInstanceOf(StoreCorruptedException.class);
    store.remove("ada");
    assertThat(store.load("ada")).isNull();
    assertThat(files()).anyMatch(name -> name.contains(".damaged-"));
  }

  @Test
  void aStoreThatAlwaysHasSomethingElseIsGivenUp() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    TokenStore restless =
        new FailingStore(store) {
          @Override
          public StoredTokens save(String key, StoredTokens tokens, long version, long fence) {
            asked.incrementAndGet();
            return null;
          }

          @Override
          public boolean delete(String key, long version, long fence) {
            asked.incrementAndGet();
            return false;
          }
        };
    TokenSet tokens = stored().tokens();
    assertThatThrownBy(() -> restless.save("ada", tokens)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> restless.remove("ada")).isInstanceOf(IOException.class);
    assertThat(asked.get()).isBetween(2, 1_000);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void damage() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      Path entry =
          files.filter(file -> file.toString().endsWith(".token")).findFirst().orElseThrow();
      Files.writeString(entry, "damaged");
    }
  }

  /** Takes intents, and fails to take answers; or does what it is told. */
  private static class FailingStore implements TokenStore {
    private final TokenStore store;
    private final AtomicInteger failures = new AtomicInteger();

    FailingStore(TokenStore store) {
      this.store = store;
    }

    private boolean failAfterIntent;
    private ThrowingCallable beforeAnswer = () -> {};

    void failAfterTheNextIntent() {
      failAfterIntent = true;
    }

    void beforeTheAnswerIsSaved(ThrowingCallable action) {
      beforeAnswer = action;
    }

    void failAnswers(int times) {
      failures.set(times);
    }

    private boolean failLoad;

    void failNextLoad() {
      failLoad = true;
    }

    @Override
    public StoredTokens load(String key) throws IOException {
      if (failLoad) {
        failLoad = false;
        throw new IOException("gone for a moment");
      }
      return store.load(key);
    }

    @Override
    public StoredTokens save(String key, StoredTokens tokens, long version, long fence)
        throws IOException {
      if (tokens.unanswered() == 0 && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IOException("no space left");
      }
      if (tokens.unanswered() == 0) {
        ThrowingCallable action = beforeAnswer;
        beforeAnswer = () -> {};
        assertThatCode(action).doesNotThrowAnyException();
      }
      StoredTokens saved = store.save(key, tokens, version, fence);
      if (tokens.unanswered() > 0 && failAfterIntent) {
        failAfterIntent = false;
        throw new IOException("written, and nobody knows");
      }
      return saved;
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

  @Test
  void aLoginThatNobodyStoredIsRequired() {
    assertThatThrownBy(() -> client.tokenSource(store, "bob").token())
        .isInstanceOf(LoginRequiredException.class);
  }

  private StoredTokens stored() throws IOException {
    return store.load("ada");
  }

  private static Set<Secret> inParallel(List<TokenSource> sources, int threadsEach)
      throws Exception {
    Set<Secret> tokens = ConcurrentHashMap.newKeySet();
    ExecutorService pool = Executors.newFixedThreadPool(sources.size() * threadsEach);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < threadsEach; i++) {
        for (TokenSource source : sources) {
          calls.add(() -> tokens.add(source.token().value()));
        }
      }
      for (Future<Boolean> call : pool.invokeAll(calls)) {
        call.get();
      }
    } finally {
      pool.shutdownNow();
    }
    return tokens;
  }
}
