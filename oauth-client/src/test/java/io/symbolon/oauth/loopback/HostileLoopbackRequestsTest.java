package io.symbolon.oauth.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the receiver on this computer does with requests of other programs, pages and people. */
class HostileLoopbackRequestsTest {
  private static final HostileCases CASES = HostileCases.of("authorization_responses");
  private static final HostileCase RIGHT = CASES.named("AUTHZ-LOOP-01");
  private static final String STATE = "af0ifjsldkj";
  private static final String CODE = "SplxlOBeZQQYbYS6WxSbIA";
  private static final List<String> OWN_TESTS =
      List.of("AUTHZ-LOOP-12", "AUTHZ-LOOP-16", "AUTHZ-LOOP-19");

  private LoopbackRedirect redirect;
  private int port;

  @BeforeEach
  void listen() throws IOException {
    redirect = LoopbackRedirect.listen("http://127.0.0.1/cb");
    port = Integer.parseInt(redirect.uri().replaceAll("\\D*127\\.0\\.0\\.1:(\\d+).*", "$1"));
  }

  @AfterEach
  void close() throws IOException {
    redirect.close();
  }

  static Stream<HostileCase> redirects() {
    return requests().filter(c -> c.outcome().containsKey("next"));
  }

  static Stream<HostileCase> strangers() {
    return requests().filter(c -> !c.outcome().containsKey("next"));
  }

  private static Stream<HostileCase> requests() {
    return loopback().filter(c -> !OWN_TESTS.contains(c.id()));
  }

  private static Stream<HostileCase> loopback() {
    return CASES.toRun().filter(c -> c.isContext("receiver", "loopback"));
  }

  @Test
  void everyCaseIsRun() {
    assertThat(Stream.concat(requests().map(HostileCase::id), OWN_TESTS.stream()))
        .containsExactlyInAnyOrderElementsOf(loopback().map(HostileCase::id).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("redirects")
  void theRedirectEndsTheWait(HostileCase hostile) throws Exception {
    FutureTask<String> callback = await(Duration.ofSeconds(8));

    String answer = send(hostile);

    assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain(CODE, STATE);
    assertThat(callback.get(5, TimeUnit.SECONDS))
        .isEqualTo(redirect.uri() + "?" + hostile.object("request").get("query"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void anyOtherRequestIsRefusedAndTheWaitGoesOn(HostileCase hostile) throws Exception {
    FutureTask<String> callback = await(Duration.ofSeconds(8));

    String answer = send(hostile);

    assertThat(answer)
        .startsWith("HTTP/1.1 " + hostile.outcome().get("http") + " ")
        .doesNotContain(CODE, STATE)
        .doesNotContainIgnoringCase("Access-Control-");
    assertThat(callback).isNotDone();
    assertThat(send(RIGHT)).startsWith("HTTP/1.1 200 ");
    assertThat(callback.get(5, TimeUnit.SECONDS)).startsWith(redirect.uri());
  }

  /** The case AUTHZ-ENC-12 on this computer. */
  @Test
  void aRequestLineOfAMegabyteIsNotReadToItsEnd() throws Exception {
    FutureTask<String> callback = await(Duration.ofSeconds(8));
    String line = "GET /cb?state=" + STATE + "&code=" + "a".repeat(1_000_000) + " HTTP/1.1\r\n\r\n";
    try {
      assertThat(send(line)).startsWith("HTTP/1.1 414 ");
    } catch (SocketException e) {
      // The receiver closed while we were still writing.
    }
    assertThat(callback).isNotDone();
    assertThat(send(RIGHT)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void nobodyListensAfterTheRedirect() throws Exception {
    FutureTask<String> callback = await(Duration.ofSeconds(8));
    send(RIGHT);
    callback.get(5, TimeUnit.SECONDS);

    assertRefused(CASES.named("AUTHZ-LOOP-12"));
  }

  @Test
  void otherComputersCannotConnect() throws Exception {
    assertThat(CASES.named("AUTHZ-LOOP-16").outcome()).hasToString("{tcp=refused}");
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    assumeFalse(others.isEmpty(), "this computer has no address but the loopback one");

    for (InetAddress other : others) {
      try (Socket socket = new Socket()) {
        InetSocketAddress address = new InetSocketAddress(other, port);
        assertThatThrownBy(() -> socket.connect(address, 2_000))
            .isInstanceOf(ConnectException.class);
      }
    }
  }

  @Test
  void whenTheBrowserDoesNotComeBackThePortIsFreed() throws Exception {
    assertThat(CASES.named("AUTHZ-LOOP-19").outcomeKind()).isEqualTo("timeout");

    Attempt<String> attempt =
        Attempt.at(() -> redirect.await(Secret.of(STATE), Duration.ofMillis(50)));

    attempt.hides(List.of(STATE)).refusal(InterruptedIOException.class);
    assertRefused(RIGHT);
  }

  /** The system may let a connection in while it is closing the port. */
  private void assertRefused(HostileCase hostile) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() < deadline) {
      try {
        send(hostile);
      } catch (SocketException e) {
        return;
      }
    }
    throw new AssertionError("somebody still listens on port " + port);
  }

  private FutureTask<String> await(Duration timeout) {
    FutureTask<String> callback = new FutureTask<>(() -> redirect.await(Secret.of(STATE), timeout));
    Thread thread = new Thread(callback, "application");
    thread.setDaemon(true);
    thread.start();
    return callback;
  }

  private String send(HostileCase hostile) throws IOException {
    return send(request(hostile));
  }

  private String send(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The request as the case writes it, with the port that we really have. */
  private String request(HostileCase hostile) {
    Map<?, ?> request = hostile.object("request");
    String query = (String) request.get("query");
    Object target =
        request.containsKey("target")
            ? request.get("target")
            : request.get("path") + (query.isEmpty() ? "" : "?" + query);
    String headers =
        ((Map<?, ?>) request.get("headers"))
            .entrySet().stream()
                .flatMap(header -> lines(header.getKey(), header.getValue()))
                .collect(Collectors.joining());
    return (request.get("method") + " " + target + " HTTP/1.1\r\n" + headers + "\r\n")
        .replace("51004", Integer.toString(port));
  }

  private static Stream<String> lines(Object name, Object value) {
    List<?> values = value instanceof List<?> list ? list : List.of(value);
    return values.stream().map(one -> name + ": " + one + "\r\n");
  }
}
