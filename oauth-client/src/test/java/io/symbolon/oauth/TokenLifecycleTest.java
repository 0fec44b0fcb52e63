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
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens from the first request to the last login, over real sockets. */
class TokenLifecycleTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int THREADS = 64;

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final Queue<Runnable> background = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("reports", "s3cret").publicClient("app");
  }

  private OAuthClient.Builder builder() {
    EventListener counter =
        new EventListener() {
          @Override
          public void callStart(Call call) {
            calls.incrementAndGet();
          }
        };
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clock(clock)
        .random(new FixedRandom(0.5))
        .executor(background::add)
        .httpClient(new OkHttpClient.Builder().eventListener(counter).build());
  }

  private OAuthClient service() {
    return builder().clientId("reports").clientSecret(Secret.of("s3cret")).build();
  }

  private TokenSource serviceTokens() {
    return service().clientCredentials().tokenSource();
  }

  private static TokenSet login(OAuthClient client, FakeAuthorizationServer server)
      throws IOException {
    PendingAuthorization pending =
        client.authorize().redirectUri("https://app.example.com/callback").scope("orders").begin();
    return client.complete(pending, server.authorize(pending.url()));
  }

  /** Tokens of a user; their refresh token rotates, and a second use would end the login. */
  private CachingTokenSource userTokens(TokenCheck... checks) throws IOException {
    OAuthClient client = builder().clientId("app").build();
    return client.tokenSource(login(client, server), checks);
  }

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  private static String value(TokenSource source) throws IOException {
    return source.token().value().reveal();
  }

  // Fresh, due, stale.

  @Test
  void aFreshTokenNeedsNoRequest() throws Exception {
    TokenSource source = serviceTokens();
    assertThat(server.requests()).isEmpty();
    String first = value(source);
    int requests = server.requests().size();

    clock.advance(Duration.ofMinutes(54));
    for (int i = 0; i < 1_000; i++) {
      assertThat(value(source)).isEqualTo(first);
    }

    assertThat(server.requests()).hasSize(requests);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("R5 while a due token is renewed nobody waits")
  void nobodyWaitsForARenewalThatIsNotUrgent() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      TokenSource source =
          builder()
              .clientId("reports")
              .clientSecret(Secret.of("s3cret"))
              .executor(threads)
              .build()
              .clientCredentials()
              .tokenSource();
      String first = value(source);
      clock.advance(Duration.ofMinutes(57));
      Held held = server.holdNext();

      Crowd<String> crowd = Crowd.of(100, () -> value(source));
      assertThat(crowd.results()).hasSize(100).containsOnly(first);
      held.awaitArrival(SOON);
      assertThat(Crowd.of(100, () -> value(source)).distinctResults()).containsExactly(first);
      assertThat(server.tokenRequestCount()).isEqualTo(2);

      held.release();
      Crowd.await(() -> !newest(source).equals(first));
      assertThat(server.tokenRequestCount()).isEqualTo(2);
    } finally {
      threads.shutdownNow();
    }
  }

  private static String newest(TokenSource source) {
    try {
      return value(source);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSharedThreadsRenewToo() throws Exception {
    OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
    TokenSource source = client.clientCredentials().tokenSource();
    String first = value(source);
    clock.set(clock.instant().plus(HOUR).minusSeconds(31));

    assertThat(value(source)).isEqualTo(first);

    Crowd.await(() -> !newest(source).equals(first));
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("F-24 64 threads on an expired token make one request, 60 times")
  void threadsOnAnExpiredTokenMakeOneRequest() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    for (int round = 1; round <= 60; round++) {
      clock.advance(HOUR);

      Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);

      assertThat(crowd.errors()).isEmpty();
      assertThat(crowd.distinctResults()).hasSize(1);
      assertThat(server.tokenRequestCount()).isEqualTo(1 + round);
    }
  }

  @Test
  @DisplayName("T-80 64 threads use a rotating refresh token once, 60 times")
  void threadsUseARotatingRefreshTokenOnce() throws Exception {
    TokenSource source = userTokens();
    for (int round = 1; round <= 60; round++) {
      clock.advance(HOUR);

      Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);

      assertThat(crowd.errors()).isEmpty();
      assertThat(crowd.distinctResults()).hasSize(1);
      assertThat(server.tokenRequestCount()).isEqualTo(1 + round);
    }
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-24 64 threads without a token share one request")
  void threadsWithoutATokenShareOneRequest() throws Exception {
    TokenSource source = serviceTokens();

    Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);

    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  @DisplayName("F-24 64 threads get the same error")
  void threadsGetTheSameError() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    clock.advance(HOUR);
    server.down(true);

    Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);

    assertThat(crowd.errors()).hasSize(THREADS).containsOnly(crowd.errors().get(0));
    assertThat(crowd.errors().get(0))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.isTemporary()).isTrue());
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  // The server is down.

  /** The seconds from now at which somebody called the server, while callers come each second. */
  private List<Long> attempts(TokenSource source, int seconds, boolean expectToken) {
    List<Long> attempts = new ArrayList<>();
    for (long second = 0; second < seconds; second++) {
      int before = calls.get();
      for (int caller = 0; caller < 2; caller++) {
        Throwable thrown = catchThrowable(source::token);
        runBackground();
        assertThat(thrown == null).as("at second %s: %s", second, thrown).isEqualTo(expectToken);
      }
      if (calls.get() > before) {
        assertThat(calls.get()).isEqualTo(before + 1);
        attempts.add(second);
      }
      clock.advance(Duration.ofSeconds(1));
    }
    return attempts;
  }

  @Test
  @DisplayName(
      "F-13 F-29 F-30 a server that answers 503 is asked less and less, and once when it is back")
  void aServerThatAnswers503() throws Exception {
    TokenSource source = userTokens();
    server.down(true);
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 180, true)).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L);
    assertThat(attempts(source, 120, false)).containsExactly(3L, 63L);

    server.down(false);
    clock.advance(Duration.ofSeconds(3));
    int before = server.tokenRequestCount();
    Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);
    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(server.tokenRequestCount()).isEqualTo(before + 1);
  }

  @Test
  @DisplayName(
      "R5 F-29 server down for the whole remaining life of a token: 0 failed calls of a service")
  void aServerThatIsDownForTheRestOfALifeIsNotNoticed() throws Exception {
    TokenSource source = serviceTokens();
    String token = value(source);
    int requests = server.requests().size();
    server.downAll(true);

    liveThrough(HOUR, () -> assertThat(value(source)).isEqualTo(token));

    assertThat(server.requests().size() - requests).isBetween(5, 12);
    assertThatThrownBy(source::token).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  @DisplayName("R5 F-29 the same through the interceptor, for calls of a user")
  void aServerThatIsDownForTheRestOfALifeIsNotNoticedByCalls() throws Exception {
    OkHttpClient api =
        new OAuthInterceptor(userTokens(), server.issuer()).install(new OkHttpClient());
    Request call = new Request.Builder().url(server.url("/api/orders")).build();
    server.down(true);

    liveThrough(
        HOUR,
        () -> {
          try (Response response = api.newCall(call).execute()) {
            assertThat(response.code()).isEqualTo(200);
          }
        });
  }

  /** Many callers in each of two hundred moments of a life, up to the last second. */
  private void liveThrough(Duration life, ThrowingCallable call) throws Exception {
    Duration step = life.dividedBy(200);
    for (int i = 0; i < 200; i++) {
      assertThat(Crowd.of(8, () -> called(call)).errors()).as("step %s", i).isEmpty();
      runBackground();
      clock.advance(i < 199 ? step : step.minusSeconds(1));
    }
    assertThat(Crowd.of(8, () -> called(call)).errors()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
  }

  private static boolean called(ThrowingCallable call) throws Exception {
    try {
      call.call();
      return true;
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("F-01 F-29 a name that cannot be resolved is invisible while the token is good")
  void aNameThatCannotBeResolved() throws Exception {
    AtomicBoolean blind = new AtomicBoolean();
    Dns dns =
        host -> {
          calls.incrementAndGet();
          if (blind.get()) {
            throw new UnknownHostException(host);
          }
          return List.of(InetAddress.getByName("127.0.0.1"));
        };
    String endpoint = server.tokenEndpoint().replace("127.0.0.1", "localhost");
    TokenSource source =
        OAuthClient.builder()
            .server(AuthorizationServer.builder().tokenEndpoint(endpoint).build())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .random(new FixedRandom(0.5))
            .executor(background::add)
            .httpClient(new OkHttpClient.Builder().dns(dns).build())
            .build()
            .clientCredentials()
            .tokenSource();
    server.alterNext(it -> it.newBuilder().addHeader("Connection", "close").build());
    value(source);
    blind.set(true);
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 180, true)).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L);
    clock.advance(Duration.ofMinutes(1));
    assertThatThrownBy(source::token).isInstanceOf(UnknownHostException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("F-02 F-29 a server that refuses connections is invisible while the token is good")
  void aServerThatRefusesConnections() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    server.close();
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 180, true)).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L);
    assertThat(attempts(source, 10, false)).containsExactly(3L);
    assertThatThrownBy(source::token).isInstanceOf(ConnectException.class);
  }

  @Test
  @DisplayName("F-08 F-29 a server that cuts connections is invisible while the token is good")
  void aServerThatCutsConnections() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    server.cutNext(Cut.BEFORE_PROCESSING).cutNext(Cut.BEFORE_ANSWER).cutNext(Cut.MID_BODY);
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 8, true)).containsExactly(0L, 1L, 3L, 7L);
    assertThat(server.tokenRequestCount()).isEqualTo(5);
    assertThat(attempts(source, 172, true)).isEmpty();
  }

  @Test
  @DisplayName("F-14 Retry-After is honoured")
  void retryAfterIsHonoured() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    server.refuseNext(429, "{}", "Retry-After", "100");
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 101, true)).containsExactly(0L, 100L);
  }

  @Test
  @DisplayName("F-14 Retry-After is honoured for five minutes at most")
  void retryAfterIsCapped() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    server.refuseNext(503, "{}", "Retry-After", "86400");
    clock.advance(HOUR);

    assertThat(attempts(source, 300, false)).containsExactly(0L);
    assertThat(attempts(source, 1, true)).containsExactly(0L);
  }

  @Test
  @DisplayName("F-15 a configuration error keeps the refresh token, and is not asked about again")
  void aConfigurationErrorKeepsTheRefreshToken() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    server.refuseNext("invalid_client");

    Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);
    assertThat(crowd.errors())
        .hasSize(THREADS)
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOfSatisfying(
                        OAuthErrorException.class,
                        error -> assertThat(error.error()).isEqualTo("invalid_client")));
    assertThat(attempts(source, 30, false)).isEmpty();
    source.token();
    assertThat(server.tokenRequestCount()).isEqualTo(3);
  }

  @Test
  @DisplayName("F-15 a service whose secret is wrong asks twice a minute, and then once")
  void aServiceWithAWrongSecretAsksSeldom() throws Exception {
    TokenSource source =
        builder()
            .clientId("reports")
            .clientSecret(Secret.of("wrong"))
            .build()
            .clientCredentials()
            .tokenSource();
    assertThatThrownBy(source::token).isInstanceOf(OAuthErrorException.class);

    assertThat(attempts(source, 300, false)).containsExactly(30L, 90L, 150L, 210L, 270L);
  }

  @Test
  @DisplayName("F-14 a date in Retry-After is meant by the clock of the server")
  void aDateInRetryAfterIsMeantByTheServersClock() throws Exception {
    TokenSource source = serviceTokens();
    value(source);
    clock.advance(Duration.ofMinutes(57));
    server.refuseNext(
        503,
        "{}",
        "Date",
        "Thu, 01 Jan 2026 05:00:00 GMT",
        "Retry-After",
        "Thu, 01 Jan 2026 05:01:40 GMT");

    assertThat(attempts(source, 101, true)).containsExactly(0L, 100L);
  }

  @Test
  void aTokenWithoutExpiresInIsUsedUntilItIsRefused() throws Exception {
    server.tokenResponse(body -> body.remove("expires_in"));
    TokenSource source = serviceTokens();
    AccessToken first = source.token();

    clock.advance(Duration.ofDays(365));
    assertThat(source.token()).isSameAs(first);
    assertThat(server.tokenRequestCount()).isEqualTo(1);

    source.invalidate(first);
    assertThat(source.token()).isNotSameAs(first);
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("F-06 a caller who is interrupted leaves, and the request on the wire is not lost")
  void anInterruptedFollowerLeaves() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    Held held = server.holdNext();
    Crowd<AccessToken> leader = Crowd.start(1, source::token);
    held.awaitArrival(SOON);
    Crowd<AccessToken> follower = Crowd.start(1, source::token);
    follower.awaitWaiting(1).interrupt();

    assertThat(follower.await().errors()).hasOnlyElementsOfType(InterruptedIOException.class);
    held.release();
    assertThat(leader.await().results()).hasSize(1);
    assertThat(source.token()).isSameAs(leader.results().get(0));
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-06 the one who sent the refresh token may leave, and its answer is used")
  void anInterruptedLeaderLeavesItsAnswer() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    Held held = server.holdNext();
    Crowd<AccessToken> leader = Crowd.start(1, source::token);
    held.awaitArrival(SOON);
    leader.awaitWaiting(1).interrupt();

    assertThat(leader.await().errors()).hasOnlyElementsOfType(InterruptedIOException.class);
    held.release();
    assertThat(source.token()).isNotNull();
    clock.advance(HOUR);
    assertThat(source.token()).isNotNull();
    assertThat(server.tokenRequestCount()).isEqualTo(3);
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-06 what an interrupted caller left is not used when it has ended, too")
  void anAnswerThatWasLeftEnds() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    Held held = server.holdNext();
    Crowd<AccessToken> leader = Crowd.start(1, source::token);
    held.awaitArrival(SOON);
    leader.awaitWaiting(1).interrupt();
    assertThat(leader.await().errors()).hasSize(1);
    held.release();
    Crowd.await(() -> server.requests().size() >= 3 && noRenewalRuns());
    clock.advance(HOUR);

    assertThat(source.token().expiresAt()).isAfter(clock.instant());
    assertThat(server.reuseDetections()).isZero();
  }

  private static boolean noRenewalRuns() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("symbolon-detached"));
  }

  @Test
  @DisplayName("F-06 of 1,000 random interruptions none loses a rotation")
  void randomInterruptionsLoseNoRotation() throws Exception {
    TokenSource source = userTokens();
    Random random = new Random(42);
    for (int i = 0; i < 1_000; i++) {
      clock.advance(HOUR);
      Crowd<AccessToken> crowd = Crowd.start(2, source::token);
      LockSupport.parkNanos(random.nextInt(1_500_000));
      crowd.interrupt();
      crowd.await();
      assertThat(crowd.errors())
          .hasOnlyElementsOfTypes(InterruptedIOException.class, InterruptedException.class);
    }

    clock.advance(HOUR);
    assertThat(source.token()).isNotNull();
    assertThat(server.reuseDetections()).isZero();
  }

  // Refresh tokens.

  @Test
  @DisplayName("T-83 an answer without a refresh token keeps the old one")
  void anAnswerWithoutARefreshTokenKeepsTheOldOne() throws Exception {
    server.rotateRefreshTokens(false);
    TokenSource source = userTokens();
    for (int i = 0; i < 3; i++) {
      clock.advance(HOUR);
      value(source);
    }

    assertThat(server.requests())
        .filteredOn(it -> "refresh_token".equals(it.form().get("grant_type")))
        .hasSize(3)
        .extracting(it -> it.form().get("refresh_token"))
        .containsOnly(server.lastTokenRequest().form().get("refresh_token"));
  }

  @Test
  @DisplayName("T-83 a null or empty refresh token keeps the old one")
  void aNullOrEmptyRefreshTokenKeepsTheOldOne() throws Exception {
    server.rotateRefreshTokens(false);
    TokenSource source = userTokens();
    for (String odd : new String[] {null, ""}) {
      server.tokenResponse(body -> body.put("refresh_token", odd));
      clock.advance(HOUR);
      value(source);
    }
    clock.advance(HOUR);
    value(source);

    assertThat(server.tokenRequestCount()).isEqualTo(4);
  }

  @Test
  @DisplayName("T-84 after invalid_grant nobody asks again, and the user is asked to log in")
  void anEndedLoginIsRemembered() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    server.refuseNext("invalid_grant");

    Crowd<AccessToken> crowd = Crowd.of(THREADS, source::token);
    assertThat(crowd.errors()).hasSize(THREADS).hasOnlyElementsOfType(LoginRequiredException.class);
    clock.advance(Duration.ofDays(1));
    assertThatThrownBy(source::token)
        .isInstanceOf(LoginRequiredException.class)
        .cause()
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_grant"));
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("T-84 no other refusal ends a login")
  void noOtherRefusalEndsALogin() throws Exception {
    TokenSource source = userTokens();
    clock.advance(HOUR);
    List<String> refusals =
        List.of("invalid_client", "invalid_scope", "unauthorized_client", "server_error", "odd");
    for (String refusal : refusals) {
      server.refuseNext(refusal);
      assertThatThrownBy(source::token)
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(refusal));
      clock.advance(Duration.ofMinutes(1));
    }

    source.token();
    assertThat(server.tokenRequestCount()).isEqualTo(7);
  }

  @Test
  @DisplayName("F-11 invalid_grant before the access token has ended is not seen until it has")
  void anEndedLoginIsNotSeenWhileTheAccessTokenIsGood() throws Exception {
    CachingTokenSource source = userTokens();
    server.refuseNext("invalid_grant");
    clock.advance(Duration.ofMinutes(57));

    assertThat(attempts(source, 180, true)).containsExactly(0L);
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void withoutARefreshTokenTheEndIsTheEnd() throws Exception {
    server.issueRefreshTokens(false);
    TokenSource source = userTokens();
    value(source);
    clock.advance(HOUR);

    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("F-10 an answer that is lost after rotation: the next attempt sends the same token")
  void anAnswerLostWithGrace() throws Exception {
    TokenSource source = userTokens();
    server.rotationGrace(1).cutNext(Cut.BEFORE_ANSWER);
    clock.advance(HOUR);

    assertThatThrownBy(source::token).isInstanceOf(IOException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(2);
    String sent = server.lastTokenRequest().form().get("refresh_token");
    clock.advance(Duration.ofSeconds(1));
    value(source);

    assertThat(server.tokenRequestCount()).isEqualTo(3);
    assertThat(server.lastTokenRequest().form()).containsEntry("refresh_token", sent);
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-11 the same at a strict server: two requests, ever, and then a login")
  void anAnswerLostWithoutGrace() throws Exception {
    TokenSource source = userTokens();
    server.cutNext(Cut.BEFORE_ANSWER);
    clock.advance(HOUR);

    assertThatThrownBy(source::token).isNotInstanceOf(OAuthException.class);
    clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    clock.advance(HOUR);
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(3);
  }

  @Test
  @DisplayName("F-12 an answer that is no JSON or is cut short changes nothing")
  void anUnreadableAnswerChangesNothing() throws Exception {
    TokenSource source = userTokens();
    server.refuseNext(200, "<html>", "Content-Type", "text/html");
    server.refuseNext(200, "{\"access_token\":\"x\",");
    clock.advance(HOUR);

    assertThatThrownBy(source::token).isInstanceOf(InvalidResponseException.class);
    clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(source::token).isInstanceOf(InvalidResponseException.class);
    clock.advance(Duration.ofSeconds(2));
    value(source);
    assertThat(server.tokenRequestCount()).isEqualTo(4);
  }

  @Test
  @DisplayName("F-17 tokens that fail a check are neither handed out nor kept")
  void tokensThatFailACheckAreNotKept() throws Exception {
    server.rotateRefreshTokens(false);
    List<TokenSet> seen = new ArrayList<>();
    TokenSource source =
        userTokens(
            tokens -> {
              seen.add(tokens);
              if (seen.size() == 1) {
                throw new InvalidResponseException(
                    "another_user", "these are bob's", Verdict.about("a test").build());
              }
            });
    AccessToken first = source.token();
    server.tokenResponse(body -> body.put("refresh_token", "of-bob"));
    clock.advance(Duration.ofMinutes(57));

    assertThat(source.token()).isSameAs(first);
    runBackground();
    assertThat(source.token()).isSameAs(first);
    server.tokenResponse(body -> {});
    clock.advance(Duration.ofSeconds(1));
    source.token();
    runBackground();

    assertThat(seen).hasSize(2);
    assertThat(source.token()).isSameAs(seen.get(1).accessToken());
    assertThat(server.lastTokenRequest().form().get("refresh_token")).isNotEqualTo("of-bob");
  }

  @Test
  void theScopeIsKeptWhenTheServerDoesNotRepeatIt() throws Exception {
    TokenSource source = userTokens();
    server.tokenResponse(body -> body.remove("scope"));
    clock.advance(HOUR);

    assertThat(source.token().scope()).containsExactly("orders");
    assertThat(server.lastTokenRequest().form())
        .containsOnlyKeys("grant_type", "refresh_token", "client_id");
  }

  @Test
  void aTokenRequestIsOneFormInOnePost() throws Exception {
    value(serviceTokens());

    assertThat(server.lastTokenRequest().method()).isEqualTo("POST");
    assertThat(server.lastTokenRequest().form())
        .isEqualTo(Map.of("grant_type", "client_credentials"));
    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_basic");
  }
}
