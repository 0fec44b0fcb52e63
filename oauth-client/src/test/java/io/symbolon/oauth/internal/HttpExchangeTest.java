package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request, once, to one place, for so long and no longer, and no more than so much. */
class HttpExchangeTest {
  private static final String FORM = "grant_type=refresh_token&refresh_token=r1";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final OkHttpClient base = new OkHttpClient();
  private FakeAuthorizationServer server;
  private FakeAuthorizationServer elsewhere;

  @BeforeEach
  void start() throws IOException {
    server = extension.server();
    elsewhere = FakeAuthorizationServer.start();
  }

  @AfterEach
  void stop() {
    elsewhere.close();
  }

  private static HttpExchange exchange(OkHttpClient client) {
    return new HttpExchange(client, Duration.ofSeconds(30));
  }

  private static Request post(String url) {
    return new Request.Builder()
        .url(url)
        .header("Authorization", "Basic czpz")
        .post(FormCodec.oneShotBody(Map.of("grant_type", "refresh_token", "refresh_token", "r1")))
        .build();
  }

  private static Request get(String url) {
    return new Request.Builder().url(url).header("Authorization", "Bearer t1").build();
  }

  private HttpAnswer send(MockResponse answer) throws IOException {
    server.answerNext(answer);
    return exchange(base).execute(post(server.tokenEndpoint()));
  }

  private static MockResponse.Builder response(int status) {
    return new MockResponse.Builder().code(status).addHeader("Content-Type", "application/json");
  }

  // Redirects.

  @ParameterizedTest(name = "T-50 {0} is not followed")
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void noRedirectIsFollowed(int status) throws Exception {
    MockResponse redirect =
        response(status).addHeader("Location", elsewhere.tokenEndpoint()).build();

    HttpAnswer answer = send(redirect);
    server.answerNext("/jwks", redirect);
    HttpAnswer second = exchange(base).execute(get(server.jwksUri()));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.isRedirect()).isTrue();
    assertThat(second.status()).isEqualTo(status);
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void theApplicationsWishToFollowRedirectsIsNotAsked() throws Exception {
    OkHttpClient follower =
        base.newBuilder().followRedirects(true).followSslRedirects(true).build();
    server.answerNext(response(307).addHeader("Location", elsewhere.tokenEndpoint()).build());

    assertThat(exchange(follower).execute(post(server.tokenEndpoint())).status()).isEqualTo(307);
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(follower.followRedirects()).isTrue();
  }

  // Silent second sends.

  @ParameterizedTest(name = "F-09 {0} with Retry-After 0 is not sent again")
  @ValueSource(ints = {408, 429, 503})
  void noStatusCausesASecondSend(int status) throws Exception {
    HttpAnswer answer = send(response(status).addHeader("Retry-After", "0").build());

    assertThat(answer.status()).isEqualTo(status);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
    assertThat(server.lastTokenRequest().form()).containsEntry("refresh_token", "r1");
  }

  /** What stops OkHttp wherever it may think of a second send in its next release. */
  @Test
  @DisplayName("T-81 a form can be sent once")
  void aFormCanBeSentOnce() {
    assertThat(post(server.tokenEndpoint()).body().isOneShot()).isTrue();
  }

  @ParameterizedTest(name = "F-09 a GET is not sent again on {0} with Retry-After 0")
  @ValueSource(ints = {408, 503})
  void noStatusCausesASecondGet(int status) throws Exception {
    server.answerNext("/jwks", response(status).addHeader("Retry-After", "0").build());

    assertThat(exchange(base).execute(get(server.jwksUri())).status()).isEqualTo(status);
    assertThat(server.requestCount("/jwks")).isEqualTo(1);
  }

  @ParameterizedTest(name = "Retry-After: {0}")
  @ValueSource(strings = {"99999999999", "0", "-1", "٣", "soon", "Fri, 31 Dec 9999 23:59:59 GMT"})
  void noRetryAfterIsTooOdd(String retryAfter) throws Exception {
    for (int status : new int[] {408, 429, 503}) {
      MockResponse.Builder response = response(status);
      response.headers(
          response.getHeaders().newBuilder().addUnsafeNonAscii("Retry-After", retryAfter).build());

      assertThat(send(response.build()).status()).isEqualTo(status);
    }
    assertThat(server.tokenRequestCount()).isEqualTo(3);
  }

  @Test
  void theServersWishForPatienceIsPassedOn() throws Exception {
    java.time.Instant now = java.time.Instant.now();

    assertThat(send(response(503).addHeader("Retry-After", "7").build()).retryAfter(now))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(send(response(503).addHeader("Retry-After", "86400").build()).retryAfter(now))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest(name = "F-08 cut {0}: sent once")
  @EnumSource(
      value = Cut.class,
      names = {"BEFORE_PROCESSING", "BEFORE_ANSWER", "MID_BODY"})
  void aConnectionThatDiesIsNotReplaced(Cut cut) throws Exception {
    server.client("s", "s").cutNext(cut);

    assertThatThrownBy(() -> exchange(base).execute(post(server.tokenEndpoint())))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(InvalidResponseException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("F-07 on a pooled connection that the server has closed nothing is sent twice")
  void aRequestOnAClosedConnectionIsNotRepeated() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    RawServer.Script script =
        connection -> {
          connection.readRequest();
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
          if (connection.number == 1) {
            answered.await();
            connection.socket.close();
            closed.countDown();
          }
        };
    try (RawServer raw = new RawServer(script)) {
      HttpExchange exchange = exchange(base);
      exchange.execute(post(raw.url()));
      answered.countDown();
      closed.await();

      assertThatThrownBy(() -> exchange.execute(post(raw.url()))).isInstanceOf(IOException.class);
      assertThat(raw.requests()).isEqualTo(1);
      assertThat(exchange.execute(post(raw.url())).status()).isEqualTo(200);
      assertThat(raw.requests()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("R2 F-08 a pooled connection that dies under the second request is not replaced")
  void aPooledConnectionThatDiesIsNotReplaced() throws Exception {
    RawServer.Script script =
        connection -> {
          connection.readRequest();
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
          connection.readRequest();
        };
    try (RawServer raw = new RawServer(script)) {
      HttpExchange exchange = exchange(base);
      exchange.execute(post(raw.url()));

      assertThatThrownBy(() -> exchange.execute(post(raw.url()))).isInstanceOf(IOException.class);
      assertThat(raw.requests()).isEqualTo(2);
      assertThat(raw.connections()).isEqualTo(1);
    }
  }

  @Test
  void ourConnectionsAreNotThoseOfTheApplication() throws Exception {
    exchange(base).execute(get(server.jwksUri()));

    assertThat(base.connectionPool().connectionCount()).isZero();
  }

  // Deadlines.

  @Test
  @DisplayName("F-05 a body that drips ends at the deadline")
  void aDrippingBodyEndsAtTheDeadline() {
    server.answerNext(
        response(200)
            .body("{\"access_token\":\"" + "a".repeat(1_000) + "\"}")
            .throttleBody(1, 20, TimeUnit.MILLISECONDS)
            .build());
    HttpExchange impatient = new HttpExchange(base, Duration.ofMillis(300));

    long start = System.nanoTime();
    assertThatThrownBy(() -> impatient.execute(post(server.tokenEndpoint())))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("F-04 an answer that never comes ends at the deadline")
  void aMissingAnswerEndsAtTheDeadline() {
    server.holdNext();
    HttpExchange impatient = new HttpExchange(base, Duration.ofMillis(200));

    assertThatThrownBy(() -> impatient.execute(post(server.tokenEndpoint())))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("R7 F-03 a connection that is never made ends at the deadline")
  void aConnectionThatIsNeverMadeEndsAtTheDeadline() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      List<Socket> waiting = new ArrayList<>();
      try {
        fill(full, waiting);
        HttpExchange impatient = new HttpExchange(base, Duration.ofMillis(300));
        String url = "http://127.0.0.1:" + full.getLocalPort() + "/token";
        long start = System.nanoTime();
        assertThatThrownBy(() -> impatient.execute(post(url)))
            .isInstanceOf(InterruptedIOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  /** Until the system answers no further connection, since nobody accepts those that wait. */
  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 20; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new AssertionError("this system accepts any number of connections");
  }

  @Test
  @DisplayName("F-51 a client that is idle keeps no socket, so that nothing has to be closed")
  void anIdleClientKeepsNoSocket() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (RawServer raw =
        new RawServer(
            connection -> {
              connection.readRequest();
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
              if (connection.socket.getInputStream().read() < 0) {
                closed.countDown();
              }
            })) {
      exchange(base).execute(post(raw.url()));
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName("F-06 an interruption while connecting is an IOException, and is not swallowed")
  void anInterruptionWhileConnectingIsAnIoException() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> exchange(base).execute(post(server.tokenEndpoint())))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @DisplayName("F-02 a refused connection is OkHttp's own exception")
  void aRefusedConnectionIsNotWrapped() {
    elsewhere.close();

    assertThatThrownBy(() -> exchange(base).execute(post(elsewhere.tokenEndpoint())))
        .isInstanceOf(ConnectException.class);
  }

  // Bodies.

  private static Buffer gzipped(long size) throws IOException {
    Buffer compressed = new Buffer();
    try (okio.BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
      byte[] block = " ".repeat(8_192).getBytes(StandardCharsets.US_ASCII);
      for (long left = size; left > 0; left -= block.length) {
        sink.write(block, 0, (int) Math.min(left, block.length));
      }
    }
    return compressed;
  }

  @Test
  void aBodyMayBeAsLongAsTheCap() throws Exception {
    HttpAnswer answer = send(response(200).body(" ".repeat(HttpExchange.MAX_BODY_BYTES)).build());

    assertThat(answer.body()).hasSize(1 << 20);
  }

  @Test
  void aLongerBodyIsRefused() {
    assertThatThrownBy(
            () -> send(response(200).body(" ".repeat(HttpExchange.MAX_BODY_BYTES + 1)).build()))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("too_large"));
  }

  @Test
  void aBodyIsMeasuredAfterDecoding() throws Exception {
    Buffer bomb = gzipped(200L << 20);
    assertThat(bomb.size()).isLessThan(300_000);
    MockResponse response = response(200).addHeader("Content-Encoding", "gzip").body(bomb).build();

    assertThatThrownBy(() -> send(response))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("too_large"))
        .hasMessage(server.tokenEndpoint() + " sent more than 1048576 bytes");
  }

  @Test
  void anHonestGzipBodyIsDecoded() throws Exception {
    HttpAnswer answer =
        send(response(200).addHeader("Content-Encoding", "gzip").body(gzipped(1 << 20)).build());

    assertThat(answer.body()).hasSize(1 << 20);
  }

  // What the application's client may have.

  @Test
  void cookiesAreNeitherKeptNorSent() throws Exception {
    List<Cookie> kept = new ArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            kept.addAll(cookies);
          }

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return List.of(
                new Cookie.Builder().domain(url.host()).name("app").value("secret").build());
          }
        };
    HttpExchange exchange = exchange(base.newBuilder().cookieJar(jar).build());
    server.answerNext(response(200).addHeader("Set-Cookie", "session=1; Path=/").build());

    exchange.execute(post(server.tokenEndpoint()));
    exchange.execute(post(server.tokenEndpoint()));

    assertThat(kept).isEmpty();
    assertThat(server.requests()).hasSize(2).allMatch(it -> it.header("Cookie") == null);
  }

  @Test
  @DisplayName("T-64 an HTTP cache is neither read nor filled")
  void theCacheOfTheApplicationIsNotUsed(@TempDir Path directory) throws Exception {
    try (Cache cache = new Cache(directory.toFile(), 10 << 20)) {
      OkHttpClient caching = base.newBuilder().cache(cache).build();
      server.endpoint(
          "/me",
          request ->
              response(200)
                  .addHeader("Cache-Control", "public, max-age=3600")
                  .body("\"" + request.bearerToken() + "\"")
                  .build());
      caching.newCall(asUser("alice")).execute().close();
      int asked = cache.requestCount();
      int filled = cache.writeSuccessCount();

      HttpAnswer bob = exchange(caching).execute(asUser("bob"));
      HttpAnswer carol = exchange(caching).execute(asUser("carol"));

      assertThat(bob.body()).asString().isEqualTo("\"bob\"");
      assertThat(carol.body()).asString().isEqualTo("\"carol\"");
      assertThat(cache.requestCount()).isEqualTo(asked);
      assertThat(cache.writeSuccessCount()).isEqualTo(filled).isEqualTo(1);
    }
  }

  private Request asUser(String token) {
    return new Request.Builder()
        .url(server.url("/me"))
        .header("Authorization", "Bearer " + token)
        .build();
  }

  @Test
  void sharedCachesOnTheWayAreToldNotToAnswer() throws Exception {
    exchange(base).execute(get(server.jwksUri()));

    assertThat(server.requests().get(0).header("Cache-Control")).isEqualTo("no-cache, no-store");
  }

  @Test
  void anAuthenticatorOfTheApplicationIsNotAskedToAnswerForUs() throws Exception {
    OkHttpClient eager =
        base.newBuilder()
            .authenticator(
                (route, response) ->
                    response.request().newBuilder().header("Authorization", "Basic YTph").build())
            .build();
    server.answerNext("/jwks", response(401).addHeader("WWW-Authenticate", "Basic").build());

    assertThat(exchange(eager).execute(get(server.jwksUri())).status()).isEqualTo(401);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anOAuthInterceptorOnTheBaseClientLeavesOurCallsAlone() throws Exception {
    OkHttpClient api =
        new OAuthInterceptor(
                () -> {
                  throw new AssertionError("asked for a token");
                },
                server.issuer())
            .install(base);

    Request request = new Request.Builder().url(server.jwksUri()).build();
    assertThat(exchange(api).execute(request).status()).isEqualTo(200);
    assertThat(server.requests()).extracting(it -> it.header("Authorization")).containsOnlyNulls();
  }

  @Test
  void theApplicationsInterceptorsSeeOurCalls() throws Exception {
    OkHttpClient tracing =
        base.newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("traceparent", "00-1-1-00").build()))
            .build();

    exchange(tracing).execute(post(server.tokenEndpoint()));

    ReceivedRequest received = server.lastTokenRequest();
    assertThat(received.header("traceparent")).isEqualTo("00-1-1-00");
    assertThat(received.body()).isIn(FORM, "refresh_token=r1&grant_type=refresh_token");
  }
}
