package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a listener hears, and what becomes of everything when it misbehaves. */
class OAuthListenerTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final List<OAuthEvent> events = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> background = new ConcurrentLinkedQueue<>();
  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("reports", "s3cret").publicClient("app");
  }

  private OAuthClient.Builder builder(OAuthListener listener) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clock(clock)
        .random(new FixedRandom(0.5))
        .executor(background::add)
        .listener(listener);
  }

  private OAuthClient service(OAuthListener listener) {
    return builder(listener).clientId("reports").clientSecret(Secret.of("s3cret")).build();
  }

  private OAuthClient service() {
    return service(events::add);
  }

  private TokenSet login(OAuthClient client) throws IOException {
    PendingAuthorization pending =
        client.authorize().redirectUri("https://app.example.com/callback").scope("orders").begin();
    return client.complete(pending, server.authorize(pending.url()));
  }

  /** The events so far without their durations, which were not negative; and forgets them. */
  private List<String> heard() {
    List<String> heard = events.stream().map(OAuthListenerTest::withoutDuration).toList();
    events.clear();
    return heard;
  }

  private static String withoutDuration(OAuthEvent event) {
    String text = event.toString();
    assertThat(text).doesNotContain("duration=PT-");
    return text.replaceAll(", duration=PT[0-9.HMS]+]", "]");
  }

  private String request(String endpoint, String url, int status, String outcome) {
    return "Request[endpoint="
        + endpoint
        + ", url="
        + url
        + ", httpStatus="
        + status
        + ", outcome="
        + outcome
        + "]";
  }

  private String tokenRequest(int status, String outcome) {
    return request("token_endpoint", server.tokenEndpoint(), status, outcome);
  }

  private String metadataRequest(int status, String outcome) {
    String url = server.url("/.well-known/oauth-authorization-server");
    return request("metadata", url, status, outcome);
  }

  private static String renewal(String reason, String outcome) {
    return "Renewal[reason=" + reason + ", outcome=" + outcome + "]";
  }

  private static String fetch(String reason, String outcome, boolean keptOld) {
    return "Fetch[document=metadata, reason="
        + reason
        + ", outcome="
        + outcome
        + ", keptOld="
        + keptOld
        + "]";
  }

  // A life.

  /** RFC 8705 §5. */
  @Test
  void anEndpointHasItsNameAtTheAddressForCertificatesToo() throws Exception {
    String token = server.url("/mtls/token");
    String revoke = server.url("/mtls/revoke");
    server.metadata(
        it ->
            it.put(
                "mtls_endpoint_aliases",
                Map.of("token_endpoint", token, "revocation_endpoint", revoke)));
    MockResponse answer =
        new MockResponse.Builder()
            .addHeader("Content-Type", "application/json")
            .body("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}")
            .build();
    server.endpoint("/mtls/token", request -> answer).endpoint("/mtls/revoke", request -> answer);
    OAuthClient client = builder(events::add).clientId("app").certificateBoundTokens().build();

    client.revoke(client.clientCredentials().execute());

    assertThat(heard())
        .contains(
            request("token_endpoint", token, 200, "ok"),
            request("revocation_endpoint", revoke, 200, "ok"));
  }

  @Test
  void theLifeOfATokenIsTold() throws Exception {
    TokenSource source = service().clientCredentials().tokenSource();
    source.token();
    assertThat(heard())
        .containsExactly(
            metadataRequest(200, "ok"),
            fetch("first", "ok", false),
            tokenRequest(200, "ok"),
            renewal("first", "ok"));

    source.token();
    source.token();
    assertThat(heard()).containsExactly("CacheHit[]", "CacheHit[]");

    clock.advance(Duration.ofMinutes(57));
    source.token();
    background.remove().run();
    assertThat(heard())
        .containsExactly("CacheHit[]", tokenRequest(200, "ok"), renewal("due", "ok"));

    clock.advance(HOUR);
    AccessToken token = source.token();
    assertThat(heard()).containsExactly(tokenRequest(200, "ok"), renewal("stale", "ok"));

    source.invalidate(token);
    source.token();
    assertThat(heard()).containsExactly(tokenRequest(200, "ok"), renewal("refused", "ok"));
  }

  @Test
  void whatGoesWrongIsToldWithItsCode() throws Exception {
    TokenSource source = service().clientCredentials().tokenSource();
    server.refuseNext("invalid_scope");
    assertThat(catchThrowable(source::token)).isNotNull();
    assertThat(heard())
        .endsWith(tokenRequest(400, "invalid_scope"), renewal("first", "invalid_scope"));

    clock.advance(HOUR);
    server.down(true);
    assertThat(catchThrowable(source::token)).isNotNull();
    assertThat(heard())
        .containsExactly(
            tokenRequest(503, "http_error"),
            "Refusal[code=http_error, check=response]",
            renewal("first", "http_error"));

    clock.advance(HOUR);
    server.down(false).cutNext(Cut.BEFORE_ANSWER);
    assertThat(catchThrowable(source::token)).isNotNull();
    assertThat(heard())
        .containsExactly(tokenRequest(0, "IOException"), renewal("first", "IOException"));

    assertThat(catchThrowable(source::token)).isNotNull();
    assertThat(heard()).as("within the back-off").isEmpty();
  }

  @Test
  void anAnswerThatIsNotBelievedIsARefusal() throws Exception {
    OAuthClient client = service();
    server.tokenResponse(body -> body.put("token_type", "mac"));
    assertThat(catchThrowable(() -> client.clientCredentials().execute())).isNotNull();
    assertThat(heard())
        .endsWith(tokenRequest(200, "ok"), "Refusal[code=unsupported_token_type, check=response]");

    OAuthClient app = builder(events::add).clientId("app").build();
    PendingAuthorization one = app.authorize().redirectUri("https://app.example.com/cb").begin();
    PendingAuthorization other = app.authorize().redirectUri("https://app.example.com/cb").begin();
    String callback = server.authorize(one.url());
    events.clear();
    assertThat(catchThrowable(() -> app.complete(other, callback))).isNotNull();
    assertThat(heard()).containsExactly("Refusal[code=state_mismatch, check=state]");
  }

  @Test
  void metadataThatIsKeptIsToldOf() throws Exception {
    OAuthClient client = service();
    client.server();
    events.clear();
    server.discoveryDown(true);
    clock.advance(Duration.ofHours(13));
    client.server();

    assertThat(heard())
        .containsExactly(
            metadataRequest(503, "http_error"), fetch("refresh", "invalid_metadata", true));
    assertThat(client.health().metadata().isFailing()).isTrue();
  }

  @Test
  void whatASecondProcessRenewedIsAdopted() throws Exception {
    MemoryTokenStore store = new MemoryTokenStore(10, clock);
    OAuthClient client = builder(events::add).clientId("app").build();
    store.save("ada", login(client));
    TokenSource one = client.tokenSource(store, "ada");
    TokenSource other = client.tokenSource(store, "ada");
    one.token();
    other.token();
    clock.advance(HOUR);
    events.clear();

    one.token();
    other.token();
    assertThat(heard())
        .containsExactly(
            tokenRequest(200, "ok"), renewal("stale", "ok"), renewal("stale", "adopted"));
  }

  @Test
  void whoWaitsForALeaseIsToldOf() throws Exception {
    CountDownLatch refusedLease = new CountDownLatch(1);
    TokenStore store =
        new BrokenStore(new MemoryTokenStore(10, clock)) {
          @Override
          public Lease tryLease(String key, Duration duration) throws IOException {
            Lease lease = super.tryLease(key, duration);
            if (lease == null) {
              refusedLease.countDown();
            }
            return lease;
          }
        };
    OAuthClient client = builder(events::add).clientId("app").build();
    store.save("ada", login(client));
    TokenSource one = client.tokenSource(store, "ada");
    TokenSource other = client.tokenSource(store, "ada");
    one.token();
    other.token();
    clock.advance(HOUR);
    Held held = server.holdNext();
    Crowd<AccessToken> first = Crowd.start(1, one::token);
    held.awaitArrival(Duration.ofSeconds(10));
    Crowd<AccessToken> second = Crowd.start(1, other::token);
    refusedLease.await();
    held.release();

    assertThat(second.await().results()).isEqualTo(first.await().results());
    assertThat(heard()).filteredOn(it -> it.startsWith("LeaseWait")).hasSize(1);
  }

  @Test
  @DisplayName("F-22 a store that fails is told of, and so is a login that waits in memory")
  void aStoreThatFailsIsToldOf() throws Exception {
    MemoryTokenStore memory = new MemoryTokenStore(10, clock);
    OAuthClient client = builder(events::add).clientId("app").build();
    memory.save("ada", login(client));
    BrokenStore store = new BrokenStore(memory);
    TokenSource source = client.tokenSource(store, "ada");
    source.token();
    clock.advance(HOUR);
    events.clear();
    store.broken = tokens -> tokens.unanswered() == 0;

    source.token();
    assertThat(heard())
        .contains("StoreFault[operation=save, failure=IOException]")
        .contains("StoreFault[operation=save, failure=kept_in_memory]")
        .endsWith(renewal("stale", "ok"));
    assertThat(client.health().unsavedLogins()).isEqualTo(1);
    assertThat(client.health().isGood()).isFalse();

    store.broken = tokens -> false;
    client.tokenSource(store, "ada").token();
    assertThat(client.health().unsavedLogins()).isZero();
  }

  @Test
  void anEntryThatCannotBeReadIsToldOf() {
    TokenStore damaged =
        new BrokenStore(new MemoryTokenStore(1)) {
          @Override
          public StoredTokens load(String key) throws IOException {
            throw new StoreCorruptedException("a row", "it is damaged");
          }
        };
    TokenSource source = service().tokenSource(damaged, "ada");

    assertThatThrownBy(source::token).isInstanceOf(StoreCorruptedException.class);
    assertThat(heard()).contains("StoreFault[operation=load, failure=corrupted]");
  }

  private static class BrokenStore implements TokenStore {
    private final TokenStore store;
    volatile Predicate<StoredTokens> broken = tokens -> false;

    BrokenStore(TokenStore store) {
      this.store = store;
    }

    @Override
    public StoredTokens load(String key) throws IOException {
      return store.load(key);
    }

    @Override
    public StoredTokens save(String key, StoredTokens tokens, long version, long fence)
        throws IOException {
      if (broken.test(tokens)) {
        throw new IOException("no space left");
      }
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

  // What stays out.

  @Test
  void noSecretAndNoQueryIsTold() throws Exception {
    server.endpoint("/odd", request -> new MockResponse.Builder().code(400).build());
    OAuthClient client =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder().tokenEndpoint(server.url("/odd?key=s3cret")).build())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .listener(events::add)
            .build();
    assertThat(catchThrowable(() -> client.clientCredentials().execute())).isNotNull();
    assertThat(heard()).contains(request("token_endpoint", server.url("/odd"), 400, "http_error"));

    server.refuseNext(400, "{\"error\":\"you said s3cret\"}");
    assertThat(catchThrowable(() -> service().clientCredentials().execute())).isNotNull();
    assertThat(heard())
        .contains(tokenRequest(400, "you said ██"))
        .noneMatch(it -> it.contains("s3cret"));
  }

  // A listener that misbehaves.

  @Test
  @DisplayName("F-46 F-45 a listener that throws harms nothing, and is counted")
  void aListenerThatThrowsHarmsNothing() throws Exception {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("bug"), new StackOverflowError(), new OutOfMemoryError())) {
      OAuthClient client =
          service(
              event -> {
                events.add(event);
                throw OAuthListenerTest.<RuntimeException>sneaky(thrown);
              });
      TokenSource source = client.clientCredentials().tokenSource();
      AccessToken token = source.token();
      assertThat(Crowd.of(16, source::token).results()).hasSize(16).containsOnly(token);
      clock.advance(HOUR);
      AccessToken next = source.token();
      assertThat(next).isNotSameAs(token);
      server.refuseNext("invalid_client");
      clock.advance(HOUR);
      assertThatThrownBy(source::token).isInstanceOf(OAuthErrorException.class);
      assertThat(client.health().listenerFailures()).isEqualTo(events.size()).isGreaterThan(20);
      events.clear();
    }
  }

  @SuppressWarnings("unchecked") // so that a lambda can throw anything
  private static <E extends Throwable> E sneaky(Throwable e) throws E {
    throw (E) e;
  }

  @Test
  void twoListenersHearTheSame() throws Exception {
    List<OAuthEvent> others = new CopyOnWriteArrayList<>();
    OAuthListener broken =
        event -> {
          throw new IllegalStateException("bug");
        };
    OAuthListener all = broken.and(events::add).and(others::add);
    service(all).clientCredentials().execute();

    assertThat(events).hasSize(3).isEqualTo(others);
  }

  // Health.

  @Test
  void aClientThatHasDoneNothingIsWell() {
    OAuthHealth health = service().health();

    assertThat(health.isGood()).isTrue();
    assertThat(health.token()).isEqualTo(new OAuthHealth.Attempts(null, null, null, null));
    assertThat(health.clockOffset()).isNull();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void healthShowsWhatHappenedLast() throws Exception {
    OAuthClient client = service();
    TokenSource source = client.clientCredentials().tokenSource();
    source.token();
    Instant succeeded = clock.instant();
    assertThat(client.health().token())
        .isEqualTo(new OAuthHealth.Attempts(succeeded, null, null, null));
    assertThat(client.health().metadata().succeededAt()).isEqualTo(succeeded);
    assertThat(client.health().clockOffset()).isZero();

    clock.advance(HOUR);
    server.refuseNext("invalid_client");
    assertThat(catchThrowable(source::token)).isNotNull();
    Instant failed = clock.instant();
    assertThat(client.health().token())
        .isEqualTo(
            new OAuthHealth.Attempts(succeeded, failed, "invalid_client", failed.plusSeconds(30)));
    assertThat(client.health().isGood()).isFalse();

    clock.advance(Duration.ofMinutes(1));
    source.token();
    assertThat(client.health().token())
        .isEqualTo(new OAuthHealth.Attempts(clock.instant(), failed, "invalid_client", null));
    assertThat(client.health().isGood()).isTrue();
  }
}
