package io.symbolon.oauth.loopback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.symbolon.oauth.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly one request ends the wait (RFC 8252 §7.3, §8.3); everything else is turned away. */
@Timeout(30)
final class LoopbackRedirectTest {
  private static final Secret STATE = Secret.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
  private static final String RIGHT = "/callback?code=c0de&state=" + STATE.reveal();
  private static final Duration LONG = Duration.ofSeconds(25);

  private LoopbackRedirect redirect;

  @BeforeEach
  void listen() throws IOException {
    redirect = LoopbackRedirect.listen();
  }

  @AfterEach
  void close() throws IOException {
    redirect.close();
  }

  private static int port(LoopbackRedirect redirect) {
    return java.net.URI.create(redirect.uri()).getPort();
  }

  private int port() {
    return port(redirect);
  }

  /** The waiting program; its thread can be interrupted. */
  private static final class Waiter {
    final FutureTask<String> task;
    final Thread thread;

    Waiter(LoopbackRedirect redirect, Duration timeout) {
      task = new FutureTask<>(() -> redirect.await(STATE, timeout));
      thread = new Thread(task, "waiter");
      thread.start();
    }

    String callback() throws Exception {
      return task.get(25, TimeUnit.SECONDS);
    }

    Throwable failure() {
      return catchThrowable(this::callback).getCause();
    }
  }

  private Waiter await() {
    return new Waiter(redirect, LONG);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Everything that comes back; empty when the connection is just closed. */
  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String get(String target) throws IOException {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\n\r\n");
  }

  private static int status(String response) {
    return response.isEmpty() ? 0 : Integer.parseInt(response.substring(9, 12));
  }

  private void assertStillWaiting(Waiter waiter) throws Exception {
    assertThat(waiter.task.isDone()).isFalse();
    assertThat(status(get(RIGHT))).isEqualTo(200);
    assertThat(waiter.callback()).isEqualTo("http://127.0.0.1:" + port() + RIGHT);
  }

  @Test
  void theRightRequestEndsTheWaitWithTheWholeUrl() throws Exception {
    Waiter waiter = await();

    String target = RIGHT + "&iss=https%3A%2F%2Flogin.example.com&x=%C3%A9+";
    assertThat(status(get(target))).isEqualTo(200);

    assertThat(redirect.uri()).matches("http://127\\.0\\.0\\.1:[0-9]+/callback");
    assertThat(waiter.callback()).isEqualTo("http://127.0.0.1:" + port() + target);
  }

  @Test
  void theBrowserMayBeBackBeforeTheProgramWaits() throws Exception {
    CompletableFuture<String> browser =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return get(RIGHT);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });

    assertThat(redirect.await(STATE, LONG)).endsWith(RIGHT);
    assertThat(status(browser.get())).isEqualTo(200);
  }

  @Test
  void anErrorWithTheRightStateEndsTheWaitToo() throws Exception {
    Waiter waiter = await();

    String page = get("/callback?error=access_denied&state=" + STATE.reveal());

    assertThat(status(page)).isEqualTo(200);
    assertThat(page).contains("Sign-in did not finish");
    assertThat(waiter.callback()).contains("error=access_denied");
  }

  @Test
  void anAbsoluteTargetOfOursIsRight() throws Exception {
    Waiter waiter = await();

    assertThat(status(get("http://127.0.0.1:" + port() + RIGHT))).isEqualTo(200);
    assertThat(waiter.callback()).isEqualTo("http://127.0.0.1:" + port() + RIGHT);
  }

  @ParameterizedTest
  @CsvSource({
    "/, 404",
    "/favicon.ico, 404",
    "/callback/, 404",
    "/Callback?state=STATE, 404",
    "/call%62ack?state=STATE, 404",
    "//callback?state=STATE, 404",
    "//evil.example/callback?state=STATE, 404",
    "/x/../callback?state=STATE, 404",
    "/callback;x?state=STATE, 404",
    "/callback, 400",
    "/callback?, 400",
    "/callback?code=c0de, 400",
    "/callback?code=c0de&state=, 400",
    "/callback?code=c0de&state=guess, 400",
    "/callback?error=access_denied, 400",
    "/callback?error=access_denied&state=guess, 400",
    "/callback?state=STATE&state=STATE, 400",
    "/callback?state=STATE&state=guess, 400",
    "/callback?state=guess&st%61te=STATE, 400",
    "/callback?State=STATE, 400",
    "/callback?state=STATE%20, 400",
    "/callback?state=STATE&x=%zz, 400",
    "/callback?state=STATE&x=%FF, 400",
    "http://evil.example/callback?state=STATE, 421",
    "http://127.0.0.1/callback?state=STATE, 421",
    "https://127.0.0.1/callback?state=STATE, 421",
    "callback?state=STATE, 421",
    "*, 421",
  })
  void aRequestForSomethingElseIsTurnedAwayAndTheWaitGoesOn(String target, int status)
      throws Exception {
    Waiter waiter = await();

    String page = get(target.replace("STATE", STATE.reveal()));

    assertThat(status(page)).isEqualTo(status);
    assertThat(page).contains("The program still waits for your sign-in.");
    assertStillWaiting(waiter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "OPTIONS", "PUT", "get", "CONNECT"})
  void anotherMethodIsTurnedAway(String method) throws Exception {
    Waiter waiter = await();

    String page =
        exchange(method + " " + RIGHT + " HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\n\r\n");

    assertThat(status(page)).isEqualTo(405);
    assertThat(page).contains("\r\nAllow: GET\r\n");
    assertStillWaiting(waiter);
  }

  /** DNS rebinding: the page of another site reaches us by a name of its own. */
  @ParameterizedTest
  @CsvSource({
    "Host: evil.example:PORT, 421",
    "Host: localhost:PORT, 421",
    "Host: 127.0.0.1, 421",
    "Host: 127.0.0.1:1, 421",
    "Host: 127.0.0.1:PORT.evil.example, 421",
    "Host: 127.1:PORT, 421",
    "Host: [::1]:PORT, 421",
    "Host:, 421",
    "X: y, 400",
    "Host : 127.0.0.1:PORT, 400",
    "' Host: 127.0.0.1:PORT', 400",
    "Host: 127.0.0.1:PORT|Host: evil.example, 400",
    "Host: 127.0.0.1:PORT|hOST: 127.0.0.1:PORT, 400",
  })
  void anotherHostIsTurnedAway(String headers, int status) throws Exception {
    Waiter waiter = await();

    String lines = headers.replace("PORT", Integer.toString(port())).replace("|", "\r\n");
    String page = exchange("GET " + RIGHT + " HTTP/1.1\r\n" + lines + "\r\n\r\n");

    assertThat(status(page)).isEqualTo(status);
    assertStillWaiting(waiter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "GET /callback\r\n\r\n",
        "GET  /callback HTTP/1.1\r\n\r\n",
        "GET /callback HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
      })
  void whatIsNotHttpIsHungUpOn(String octets) throws Exception {
    Waiter waiter = await();

    assertThat(exchange(octets)).isEmpty();
    assertStillWaiting(waiter);
  }

  @Test
  void aRequestOfMoreThan64KiBIsTurnedAway() throws Exception {
    Waiter waiter = await();

    // Whoever still sends may see a reset instead of the page.
    String answer;
    try {
      answer = get(RIGHT + "&x=" + "y".repeat(70_000));
    } catch (SocketException e) {
      answer = "";
    }

    assertThat(status(answer)).isIn(0, 414);
    assertStillWaiting(waiter);
  }

  @Test
  void aRequestOfNearly64KiBIsRead() throws Exception {
    Waiter waiter = await();

    assertThat(status(get(RIGHT + "&x=" + "y".repeat(60_000)))).isEqualTo(200);
    assertThat(waiter.callback()).hasSizeGreaterThan(60_000);
  }

  @Test
  void aRequestMayComeInPieces() throws Exception {
    Waiter waiter = await();

    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      String request = "GET " + RIGHT + " HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\n\r\n";
      for (byte octet : request.getBytes(ISO_8859_1)) {
        socket.getOutputStream().write(octet);
        socket.getOutputStream().flush();
      }
      assertThat(status(new String(socket.getInputStream().readAllBytes(), UTF_8))).isEqualTo(200);
    }
    assertThat(waiter.callback()).endsWith(RIGHT);
  }

  @Test
  void whoeverIsSlowIsHungUpOnAfterSomeSeconds() throws Exception {
    Waiter waiter = await();
    ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
    try (Socket silent = connect();
        Socket half = connect();
        Socket dripping = connect()) {
      half.getOutputStream().write("GET /callback?sta".getBytes(ISO_8859_1));
      Future<?> drops =
          drip.scheduleAtFixedRate(() -> write(dripping, 'x'), 0, 100, TimeUnit.MILLISECONDS);

      for (Socket socket : List.of(silent, half, dripping)) {
        assertThat(isHungUp(socket)).isTrue();
      }
      drops.cancel(true);
    } finally {
      drip.shutdownNow();
    }
    assertStillWaiting(waiter);
  }

  private static void write(Socket socket, char octet) {
    try {
      socket.getOutputStream().write(octet);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  @Test
  void twoHundredIdleConnectionsDoNotKeepTheBrowserOut() throws Exception {
    Waiter waiter = await();
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        idle.add(connect());
      }
      assertStillWaiting(waiter);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void aSecondHitIsRefused() throws Exception {
    Waiter waiter = await();
    assertThat(status(get(RIGHT))).isEqualTo(200);
    waiter.callback();

    assertThatThrownBy(() -> get(RIGHT)).isInstanceOf(ConnectException.class);
  }

  @Test
  @DisplayName("F-48 when the browser does not come back the wait ends and the port is free")
  void whenTheTimeIsOverThePortIsFree() throws Exception {
    String uri = redirect.uri();

    assertThatThrownBy(() -> redirect.await(STATE, Duration.ofMillis(1)))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("the browser did not come back to " + uri + " within PT0.001S");

    LoopbackRedirect.listen(uri).close();
  }

  @Test
  void closingEndsTheWaitAndFreesThePort() throws Exception {
    Waiter waiter = await();
    String uri = redirect.uri();

    redirect.close();

    assertThat(waiter.failure())
        .isInstanceOf(IOException.class)
        .hasMessage("the receiver at " + uri + " was closed");
    assertThatThrownBy(() -> redirect.await(STATE, LONG)).isInstanceOf(IOException.class);
    LoopbackRedirect.listen(uri).close();
  }

  @Test
  void aClosedPortIsFreeAtOnce() throws Exception {
    String uri = redirect.uri();
    for (int i = 0; i < 100; i++) {
      redirect.close();
      redirect = LoopbackRedirect.listen(uri);
    }
  }

  @Test
  void closingHangsUpOnWhoeverIsConnected() throws Exception {
    Waiter waiter = await();
    try (Socket idle = connect()) {
      get("/"); // answered, so that the idle one before it has been accepted too
      redirect.close();
      assertThat(waiter.failure()).isInstanceOf(IOException.class);

      assertThat(isHungUp(idle)).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Waiter waiter = await();
    String uri = redirect.uri();

    waiter.thread.interrupt();

    assertThat(waiter.failure())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted while waiting for the browser");
    LoopbackRedirect.listen(uri).close();
  }

  @Test
  void aPortThatIsTakenIsNotShared() throws Exception {
    assertThatThrownBy(() -> LoopbackRedirect.listen(redirect.uri()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPortAndAPathMayBeChosen() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      free = socket.getLocalPort();
    }
    String uri = "http://127.0.0.1:" + free + "/sign/in-1.html";

    try (LoopbackRedirect fixed = LoopbackRedirect.listen(uri)) {
      assertThat(fixed.uri()).isEqualTo(uri);
      assertThat(fixed).hasToString("redirect receiver at " + uri);
    }
  }

  @Test
  void theReceiverMayListenOnIpv6() throws Exception {
    assumeTrue(hasIpv6Loopback());
    try (LoopbackRedirect six = LoopbackRedirect.listen("http://[::1]/callback")) {
      assertThat(six.uri()).matches("http://\\[::1]:[0-9]+/callback");
      Waiter waiter = new Waiter(six, LONG);
      try (Socket socket = new Socket(InetAddress.getByName("::1"), port(six))) {
        String request = "GET " + RIGHT + " HTTP/1.1\r\nHost: [::1]:" + port(six) + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        assertThat(status(new String(socket.getInputStream().readAllBytes(), UTF_8)))
            .isEqualTo(200);
      }
      assertThat(waiter.callback()).isEqualTo("http://[::1]:" + port(six) + RIGHT);
    }
  }

  private static boolean hasIpv6Loopback() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void nobodyReachesItFromOutside() throws Exception {
    List<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    assumeFalse(outside.isEmpty());

    for (InetAddress address : outside) {
      try (Socket socket = new Socket()) {
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, port()), 5_000))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/callback",
        "http://127.0.0.1",
        "http://127.0.0.2/callback",
        "http://0.0.0.0/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://user@127.0.0.1/callback",
        "https://127.0.0.1/callback",
        "http://127.0.0.1/callback?x=1",
        "http://127.0.0.1/callback#x",
        "http://127.0.0.1/call back",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:-1/callback",
        "http://[::]/callback",
        "",
      })
  void onlyALoopbackLiteralWithAPathIsListenedOn(String uri) {
    assertThatThrownBy(() -> LoopbackRedirect.listen(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a loopback redirect URI is http://127.0.0.1/path or http://[::1]/path, with a port or"
                + " without, but \""
                + uri
                + "\" is not");
  }

  @Test
  void thePageRepeatsNothingAndLoadsNothing() throws Exception {
    Waiter waiter = await();
    String page =
        get(RIGHT + "&error_description=<script>alert(1)</script>&x=%3Cb%3E&code=\"c0de\"");
    waiter.callback();

    String[] parts = page.split("\r\n\r\n", 2);
    String style =
        parts[1].substring(parts[1].indexOf("<style>") + 7, parts[1].indexOf("</style>"));
    String hash =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8)));
    assertThat(parts[0].split("\r\n"))
        .containsExactly(
            "HTTP/1.1 200 OK",
            "Content-Type: text/html; charset=utf-8",
            "Content-Length: " + parts[1].getBytes(UTF_8).length,
            "Content-Security-Policy: default-src 'none'; style-src 'sha256-"
                + hash
                + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Connection: close");
    assertThat(parts[1])
        .contains("You are signed in")
        .doesNotContain("script", "alert", "c0de", STATE.reveal(), "http", "url(", "%3C");
  }

  @Test
  void pagesForOthersHaveTheSameHeaders() throws Exception {
    Waiter waiter = await();
    String wrong = get("/callback?state=guess&code=c0de");
    String right = get(RIGHT);
    waiter.callback();

    assertThat(headers(wrong)).isEqualTo(headers(right));
    assertThat(wrong).doesNotContain("guess", "c0de", "Access-Control");
  }

  private static List<String> headers(String page) {
    return page.substring(0, page.indexOf("\r\n\r\n"))
        .lines()
        .skip(1)
        .filter(line -> !line.startsWith("Content-Length"))
        .toList();
  }
}
