package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token goes, where it never goes, and what a 401 leads to. */
class OAuthInterceptorTest {
  private static final MediaType TEXT = MediaType.get("text/plain");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final OkHttpClient base = new OkHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> invalidated = new ArrayList<>();
  private FakeAuthorizationServer api;
  private FakeAuthorizationServer elsewhere;

  @BeforeEach
  void start() throws IOException {
    api = extension.server().client("reports", "s3cret");
    elsewhere = FakeAuthorizationServer.start();
    for (FakeAuthorizationServer server : List.of(api, elsewhere)) {
      server.endpoint("/echo", request -> response(200).body("ok").build());
    }
  }

  @AfterEach
  void stop() {
    elsewhere.close();
  }

  /** Hands out t1 until that is refused, then t2, … */
  private final TokenSource numbered =
      new TokenSource() {
        private AccessToken current = next();

        @Override
        public synchronized AccessToken token() {
          return current;
        }

        @Override
        public synchronized void invalidate(AccessToken rejected) {
          invalidated.add(rejected.value().reveal());
          if (rejected == current) {
            current = next();
          }
        }

        private AccessToken next() {
          return bearer("t" + asked.incrementAndGet());
        }
      };

  private static AccessToken bearer(String value) {
    return AccessToken.bearer(Secret.of(value), Instant.EPOCH, null);
  }

  private static MockResponse.Builder response(int status) {
    return new MockResponse.Builder().code(status);
  }

  private OkHttpClient client(TokenSource tokens) {
    return new OAuthInterceptor(tokens, api.issuer()).install(base);
  }

  private OkHttpClient client() {
    return client(numbered);
  }

  private static int get(OkHttpClient client, String url) throws IOException {
    return send(client, new Request.Builder().url(url).build());
  }

  private static int send(OkHttpClient client, Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      response.body().bytes();
      return response.code();
    }
  }

  private static List<String> tokens(FakeAuthorizationServer server) {
    return server.requests().stream().map(it -> String.valueOf(it.bearerToken())).toList();
  }

  private CachingTokenSource real() {
    return OAuthClient.builder()
        .issuer(api.issuer())
        .clientId("reports")
        .clientSecret(Secret.of("s3cret"))
        .build()
        .clientCredentials()
        .tokenSource();
  }

  // Origins.

  @Test
  void aCallToTheOriginCarriesTheToken() throws Exception {
    assertThat(get(client(), api.url("/echo?q=1"))).isEqualTo(200);

    ReceivedRequest received = api.requests().get(0);
    assertThat(received.headers().values("Authorization")).containsExactly("Bearer t1");
    assertThat(received.query()).isEqualTo("q=1");
  }

  @Test
  void theGivenClientIsNotChanged() throws Exception {
    client();

    assertThat(get(base, api.url("/echo"))).isEqualTo(200);
    assertThat(tokens(api)).containsExactly("null");
  }

  @Test
  @DisplayName("T-51 another port is another origin")
  void anotherPortGetsNoToken() throws Exception {
    get(client(), elsewhere.url("/echo"));

    assertThat(tokens(elsewhere)).containsExactly("null");
    assertThat(asked).hasValue(1);
  }

  @Test
  @DisplayName("T-51 another name of the same address is another origin")
  void anotherHostGetsNoToken() throws Exception {
    int port = HttpUrl.get(api.issuer()).port();

    get(client(), "http://localhost:" + port + "/echo");

    assertThat(tokens(api)).containsExactly("null");
  }

  @Test
  @DisplayName("T-51 user info in front of another host does not make it ours")
  void userInfoIsNotAHost() throws Exception {
    String trap = elsewhere.url("/echo").replace("http://", "http://127.0.0.1:80@");

    get(client(), trap);

    assertThat(tokens(elsewhere)).containsExactly("null");
  }

  @Test
  void userInfoInFrontOfOurHostChangesNothing() throws Exception {
    get(client(), api.url("/echo").replace("http://", "http://elsewhere.example@"));

    assertThat(tokens(api)).containsExactly("t1");
  }

  @Test
  @DisplayName("T-51 a token for https is not sent over http")
  void anotherSchemeGetsNoToken() throws Exception {
    OkHttpClient client =
        new OAuthInterceptor(numbered, api.issuer().replace("http://", "https://")).install(base);

    get(client, api.url("/echo"));

    assertThat(tokens(api)).containsExactly("null");
  }

  @Test
  void severalOriginsShareTheTokens() throws Exception {
    OkHttpClient client =
        new OAuthInterceptor(numbered, api.issuer(), elsewhere.issuer()).install(base);

    get(client, api.url("/echo"));
    get(client, elsewhere.url("/echo"));

    assertThat(tokens(api)).containsExactly("t1");
    assertThat(tokens(elsewhere)).containsExactly("t1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com",
        "https://api.example.com/v1",
        "https://api.example.com?x",
        "https://user@api.example.com",
        "https://api.example.com#x",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://api.example.com:99999",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://①②⑦.0.0.1",
        ""
      })
  void whatIsNoOriginIsRefused(String origin) {
    assertThatThrownBy(() -> new OAuthInterceptor(numbered, origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the origin is ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com",
        "https://api.example.com/",
        "https://API.example.com:443",
        "https://[2001:db8::1]:8443",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost"
      })
  void whatIsAnOriginIsTaken(String origin) {
    assertThatCode(() -> new OAuthInterceptor(numbered, origin)).doesNotThrowAnyException();
  }

  @Test
  void theSameOriginMayBeWrittenDifferently() {
    assertThat(new OAuthInterceptor(numbered, "https://API.example.com"))
        .hasToString("tokens for [https://api.example.com:443]");
  }

  @Test
  void callsThatAuthenticateThemselvesAreLeftAlone() throws Exception {
    api.endpoint("/denied", request -> response(401).build());
    Request request =
        new Request.Builder().url(api.url("/denied")).header("authorization", "Basic YTph").build();

    assertThat(send(client(), request)).isEqualTo(401);

    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).headers().values("Authorization"))
        .containsExactly("Basic YTph");
  }

  // Redirects and changes on the way.

  @ParameterizedTest(name = "T-51 a {0} to another origin drops the token")
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectToAnotherOriginDropsTheToken(int status) throws Exception {
    api.endpoint(
        "/go", request -> response(status).addHeader("Location", elsewhere.url("/echo")).build());

    assertThat(get(client(), api.url("/go"))).isEqualTo(200);

    assertThat(tokens(api)).containsExactly("t1");
    assertThat(tokens(elsewhere)).containsExactly("null");
  }

  @Test
  void aRedirectWithinTheOriginKeepsTheToken() throws Exception {
    api.endpoint("/go", request -> response(307).addHeader("Location", "/echo").build());

    assertThat(get(client(), api.url("/go"))).isEqualTo(200);

    assertThat(tokens(api)).containsExactly("t1", "t1");
  }

  @Test
  @DisplayName("T-51 a token does not come back by way of another origin")
  void aDetourLosesTheToken() throws Exception {
    api.endpoint(
        "/go", request -> response(302).addHeader("Location", elsewhere.url("/back")).build());
    elsewhere.endpoint(
        "/back", request -> response(302).addHeader("Location", api.url("/echo")).build());

    get(client(), api.url("/go"));

    assertThat(tokens(api)).containsExactly("t1", "null");
    assertThat(tokens(elsewhere)).containsExactly("null");
  }

  @Test
  @DisplayName("T-93 a 401 of another origin says nothing about our token")
  void aRefusalOfAnotherOriginIsNotOurs() throws Exception {
    api.endpoint(
        "/go", request -> response(302).addHeader("Location", elsewhere.url("/denied")).build());
    elsewhere.endpoint("/denied", request -> response(401).build());

    assertThat(get(client(), api.url("/go"))).isEqualTo(401);

    assertThat(invalidated).isEmpty();
    assertThat(api.requests()).hasSize(1);
    assertThat(elsewhere.requests()).hasSize(1);
  }

  @Test
  @DisplayName("T-51 an interceptor that moves the call elsewhere does not move the token")
  void aRewrittenCallLosesTheToken() throws Exception {
    OkHttpClient rewriting =
        client()
            .newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(chain.request().newBuilder().url(elsewhere.url("/echo")).build()))
            .build();

    get(rewriting, api.url("/echo"));

    assertThat(api.requests()).isEmpty();
    assertThat(tokens(elsewhere)).containsExactly("null");
  }

  @Test
  @DisplayName("T-51 OkHttp itself refuses a network interceptor that moves the call")
  void aNetworkInterceptorCannotMoveTheCall() {
    OkHttpClient rewriting =
        client()
            .newBuilder()
            .addNetworkInterceptor(
                chain ->
                    chain.proceed(chain.request().newBuilder().url(elsewhere.url("/echo")).build()))
            .build();

    assertThatThrownBy(() -> get(rewriting, api.url("/echo")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(elsewhere.requests()).isEmpty();
  }

  // 401.

  @Test
  void aRefusedTokenIsReplacedOnce() throws Exception {
    api.endpoint(
        "/echo", request -> response("t1".equals(request.bearerToken()) ? 401 : 200).build());
    RequestBody body = RequestBody.create("hello", TEXT);
    Request request = new Request.Builder().url(api.url("/echo")).post(body).build();

    assertThat(send(client(), request)).isEqualTo(200);

    assertThat(tokens(api)).containsExactly("t1", "t2");
    assertThat(api.requests()).extracting(ReceivedRequest::body).containsOnly("hello");
    assertThat(invalidated).containsExactly("t1");
  }

  @Test
  @DisplayName("F-32 a 401 for ever: two requests for each call, one renewal for each token")
  void aRefusalForEverIsTwoRequestsForEachCall() throws Exception {
    api.endpoint("/denied", request -> response(401).build());
    OkHttpClient client = client(real());

    for (int call = 1; call <= 3; call++) {
      assertThat(get(client, api.url("/denied"))).isEqualTo(401);
      assertThat(api.requestCount("/denied")).isEqualTo(2 * call);
      assertThat(api.tokenRequestCount()).isEqualTo(1 + call);
    }
  }

  @Test
  @DisplayName("F-31 100 parallel calls with a refused token: one renewal, each call retried once")
  void aStormOfRefusalsIsOneRenewal() throws Exception {
    CachingTokenSource tokens = real();
    String old = tokens.token().value().reveal();
    CountDownLatch together = new CountDownLatch(100);
    api.endpoint("/orders", request -> old.equals(request.bearerToken()) ? late(together) : ok());
    OkHttpClient client = client(tokens);

    Crowd<Integer> crowd = Crowd.of(100, () -> get(client, api.url("/orders")));

    assertThat(crowd.errors()).isEmpty();
    assertThat(crowd.results()).hasSize(100).containsOnly(200);
    assertThat(api.tokenRequestCount()).isEqualTo(2);
    assertThat(api.requestCount("/orders")).isEqualTo(200);
  }

  private static MockResponse ok() {
    return response(200).build();
  }

  private static MockResponse late(CountDownLatch together) {
    together.countDown();
    try {
      together.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return response(401).build();
  }

  @Test
  void theSameTokenIsNotTriedTwice() throws Exception {
    api.endpoint("/denied", request -> response(401).body("why").build());
    AtomicInteger told = new AtomicInteger();
    TokenSource stubborn =
        new TokenSource() {
          @Override
          public AccessToken token() {
            return bearer("same");
          }

          @Override
          public void invalidate(AccessToken rejected) {
            told.incrementAndGet();
          }
        };

    try (Response response =
        client(stubborn).newCall(new Request.Builder().url(api.url("/denied")).build()).execute()) {
      assertThat(response.code()).isEqualTo(401);
      assertThat(response.body().string()).isEqualTo("why");
    }
    assertThat(told).hasValue(1);
    assertThat(api.requests()).hasSize(1);
  }

  @ParameterizedTest(name = "T-93 a {0} is not about the token")
  @ValueSource(ints = {400, 403, 404, 500, 503})
  void otherRefusalsAreNotRetried(int status) throws Exception {
    api.endpoint(
        "/denied",
        request ->
            response(status)
                .addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .build());

    assertThat(get(client(), api.url("/denied"))).isEqualTo(status);
    assertThat(api.requests()).hasSize(1);
    assertThat(invalidated).isEmpty();
  }

  @Test
  @DisplayName("T-93 a 407 is not about the token")
  void aProxysRefusalIsNotRetried() {
    api.endpoint("/denied", request -> response(407).build());

    assertThatThrownBy(() -> get(client(), api.url("/denied"))).isInstanceOf(IOException.class);
    assertThat(api.requests()).hasSize(1);
    assertThat(invalidated).isEmpty();
  }

  @ParameterizedTest(name = "T-93 no new token helps against {0}")
  @ValueSource(
      strings = {
        "Bearer error=\"insufficient_user_authentication\", acr_values=\"gold\"",
        "Bearer error=\"insufficient_scope\", scope=\"admin\"",
        "bearer realm=\"x\", error=insufficient_user_authentication"
      })
  void aWishForAnotherLoginIsNotRetried(String challenge) throws Exception {
    api.endpoint(
        "/denied", request -> response(401).addHeader("WWW-Authenticate", challenge).build());

    assertThat(get(client(), api.url("/denied"))).isEqualTo(401);
    assertThat(api.requests()).hasSize(1);
    assertThat(invalidated).isEmpty();
  }

  // Bodies.

  private static RequestBody body(boolean oneShot, boolean duplex) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return TEXT;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.writeUtf8("once");
        if (duplex) {
          sink.close();
        }
      }

      @Override
      public boolean isOneShot() {
        return oneShot;
      }

      @Override
      public boolean isDuplex() {
        return duplex;
      }
    };
  }

  @Test
  void aBodyThatCanBeReadOnceIsSentOnce() throws Exception {
    api.endpoint("/denied", request -> response(401).build());
    Request request = new Request.Builder().url(api.url("/denied")).post(body(true, false)).build();

    assertThat(send(client(), request)).isEqualTo(401);
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  void aDuplexBodyIsSentOnce() throws Exception {
    try (MockWebServer http2 = new MockWebServer()) {
      http2.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
      http2.enqueue(response(401).build());
      http2.enqueue(response(200).build());
      http2.start();
      OkHttpClient client =
          new OAuthInterceptor(numbered, http2.url("/").toString())
              .install(base.newBuilder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build());
      Request request =
          new Request.Builder().url(http2.url("/denied")).post(body(false, true)).build();

      assertThat(send(client, request)).isEqualTo(401);
      assertThat(http2.getRequestCount()).isEqualTo(1);
    }
  }

  // Leaks.

  private static int busyConnections(OkHttpClient client) {
    return client.connectionPool().connectionCount()
        - client.connectionPool().idleConnectionCount();
  }

  @Test
  void theFirstAnswerIsClosedBeforeTheSecondCall() throws Exception {
    api.endpoint(
        "/echo",
        request ->
            "t1".equals(request.bearerToken())
                ? response(401).body("x".repeat(100_000)).build()
                : ok());
    OkHttpClient client = client();

    assertThat(get(client, api.url("/echo"))).isEqualTo(200);

    assertThat(busyConnections(client)).isZero();
  }

  @Test
  void theFirstAnswerIsClosedWhenTheRenewalFails() {
    api.endpoint("/echo", request -> response(401).body("x".repeat(100_000)).build());
    for (Exception failure :
        new Exception[] {new IOException("down"), new IllegalStateException("bug")}) {
      OkHttpClient client = client(failingAfter(1, failure));

      assertThatThrownBy(() -> get(client, api.url("/echo"))).isInstanceOf(IOException.class);
      assertThat(busyConnections(client)).isZero();
    }
  }

  private static TokenSource failingAfter(int good, Exception failure) {
    AtomicInteger count = new AtomicInteger();
    return () -> {
      if (count.incrementAndGet() <= good) {
        return bearer("t" + count);
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      throw (IOException) failure;
    };
  }

  // Threads of OkHttp.

  private static final class Outcome implements Callback {
    final AtomicReference<Object> result = new AtomicReference<>();
    final CountDownLatch done = new CountDownLatch(1);

    @Override
    public void onFailure(Call call, IOException e) {
      result.set(e);
      done.countDown();
    }

    @Override
    public void onResponse(Call call, Response response) {
      response.close();
      result.set(response.code());
      done.countDown();
    }

    static Outcome of(OkHttpClient client, String url) throws InterruptedException {
      Outcome outcome = start(client, url);
      assertThat(outcome.done.await(10, TimeUnit.SECONDS)).as("an answer").isTrue();
      return outcome;
    }

    static Outcome start(OkHttpClient client, String url) {
      Outcome outcome = new Outcome();
      client.newCall(new Request.Builder().url(url).build()).enqueue(outcome);
      return outcome;
    }
  }

  @Test
  void aFailingTokenSourceReachesOnFailure() throws Exception {
    IOException down = new IOException("down");
    IllegalStateException bug = new IllegalStateException("bug");
    Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((it, e) -> uncaught.add(e));
              return thread;
            });
    OkHttpClient client = base.newBuilder().dispatcher(new Dispatcher(threads)).build();

    assertThat(failure(client, failingAfter(0, down), "/echo")).isSameAs(down);
    assertThat(failure(client, failingAfter(0, bug), "/echo"))
        .hasMessage("the token source failed")
        .hasCause(bug);
    api.endpoint("/denied", request -> response(401).build());
    assertThat(failure(client, failingAfter(1, down), "/denied")).isSameAs(down);
    for (TokenSource failing : List.of(failingAfter(1, bug), failingToForget(bug))) {
      assertThat(failure(client, failing, "/denied"))
          .hasMessage("the token source failed")
          .hasCause(bug);
    }

    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(uncaught).isEmpty();
    assertThat(busyConnections(client)).isZero();
  }

  private Throwable failure(OkHttpClient client, TokenSource tokens, String path)
      throws InterruptedException {
    OkHttpClient installed = new OAuthInterceptor(tokens, api.issuer()).install(client);
    return (Throwable) Outcome.of(installed, api.url(path)).result.get();
  }

  private static TokenSource failingToForget(RuntimeException failure) {
    return new TokenSource() {
      @Override
      public AccessToken token() {
        return bearer("t1");
      }

      @Override
      public void invalidate(AccessToken rejected) {
        throw failure;
      }
    };
  }

  @Test
  void theClientWithTheInterceptorMayFetchTheTokensToo() throws Exception {
    AtomicReference<TokenSource> later = new AtomicReference<>();
    OkHttpClient client = client(() -> later.get().token());
    later.set(
        OAuthClient.builder()
            .issuer(api.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .httpClient(client)
            .build()
            .clientCredentials()
            .tokenSource());

    assertThat(get(client, api.url("/api/orders"))).isEqualTo(200);

    assertThat(api.requests())
        .extracting(ReceivedRequest::path)
        .containsExactly("/.well-known/oauth-authorization-server", "/token", "/api/orders");
  }

  @Test
  void manyEnqueuedCallsToOneHostDoNotBlockTheTokenRequest() throws Exception {
    AtomicReference<TokenSource> later = new AtomicReference<>();
    OkHttpClient client = client(() -> later.get().token());
    later.set(
        OAuthClient.builder()
            .issuer(api.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .httpClient(client)
            .build()
            .clientCredentials()
            .tokenSource());

    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(Outcome.start(client, api.url("/api/orders")));
    }

    for (Outcome outcome : outcomes) {
      assertThat(outcome.done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(outcome.result).hasValue(200);
    }
    assertThat(api.tokenRequestCount()).isEqualTo(1);
  }
}
