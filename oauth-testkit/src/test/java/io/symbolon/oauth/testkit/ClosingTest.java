package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

final class ClosingTest {
  @Test
  void nothingIsLeftAfterClosing() throws Exception {
    Set<Thread> before = serverThreads();
    FakeAuthorizationServer server = FakeAuthorizationServer.start();
    App app = App.publicClient(server);
    app.login("openid");
    assertThat(before.containsAll(serverThreads())).isFalse();

    server.close();
    server.close();

    assertAllEnd(before);
    assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
  }

  @Test
  void closingLetsHeldAndDelayedRequestsGo() throws Exception {
    Set<Thread> before = serverThreads();
    ExecutorService threads = Executors.newCachedThreadPool();
    FakeAuthorizationServer server = FakeAuthorizationServer.start();
    App app = App.publicClient(server);
    Held held = server.holdNext();
    server.delayNext(Duration.ofMinutes(5));
    Future<?> first = threads.submit(() -> app.refresh("1"));
    held.awaitArrival(Duration.ofSeconds(10));
    Future<?> second = threads.submit(() -> app.refresh("2"));
    server.awaitTokenRequests(2, Duration.ofSeconds(10));

    server.close();

    assertAllEnd(before);
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(first).isDone();
    assertThat(second).isDone();
  }

  @Test
  void acceptedConnectionsSendAtOnce() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket listening = new PromptServerSockets().createServerSocket(0, 1, loopback);
        Socket client = new Socket(loopback, listening.getLocalPort());
        Socket accepted = listening.accept()) {
      assertThat(client.isConnected()).isTrue();
      assertThat(accepted.getTcpNoDelay()).isTrue();
    }
  }

  @Test
  void httpsWorksForClientAndBrowser() throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    HandshakeCertificates certificates =
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .addTrustedCertificate(certificate.certificate())
            .build();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
            .build();

    try (FakeAuthorizationServer server =
        FakeAuthorizationServer.builder().https(certificates.sslSocketFactory()).start()) {
      server.publicClient("app");
      assertThat(server.issuer()).startsWith("https://127.0.0.1:");
      assertThat(new App(server, "app", http).login("openid").status()).isEqualTo(200);
    }
  }

  private static void connect(FakeAuthorizationServer server) throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              java.net.InetAddress.getLoopbackAddress(), URI.create(server.issuer()).getPort()));
    }
  }

  private static void assertAllEnd(Set<Thread> before) throws InterruptedException {
    for (Thread thread : serverThreads()) {
      if (before.contains(thread)) continue;
      thread.join(10_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  private static Set<Thread> serverThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("MockWebServer"));
    return threads;
  }
}
