package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a SIGKILL leaves behind, at each point of a renewal (kill points K0 to K11). */
final class KilledProcessTest {
  private static final int KILLS = Integer.getInteger("symbolon.kills", 12);
  private static final int ROTATIONS = Integer.getInteger("symbolon.rotations", 20);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @TempDir Path temporary;
  private FakeAuthorizationServer server;
  private Path directory;
  private TokenStore store;
  private TokenSet login;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server();
    // Stale as soon as it is there, so that each process renews it.
    server.client("app", "secret").accessTokenLifetime(Duration.ofSeconds(1));
    directory = temporary.resolve("tokens");
    store = RenewingProcess.store(directory);
    OAuthClient client = RenewingProcess.client(server.issuer());
    PendingAuthorization pending = client.authorize().redirectUri("http://127.0.0.1/cb").begin();
    login = client.complete(pending, server.authorize(pending.url()));
    store.save(RenewingProcess.KEY, expired(login));
    server.accessTokenLifetime(Duration.ofHours(1));
  }

  private static TokenSet expired(TokenSet tokens) {
    Instant then = Instant.now().minusSeconds(60);
    AccessToken access = tokens.accessToken();
    return new TokenSet(
        new AccessToken(access.value(), "Bearer", access.scope(), then, then.plusSeconds(30)),
        tokens.refreshToken(),
        tokens.issuer(),
        Map.of());
  }

  private AccessToken tokenOfTheNextProcess() throws IOException {
    return RenewingProcess.client(server.issuer())
        .tokenSource(RenewingProcess.store(directory), RenewingProcess.KEY)
        .token();
  }

  private void killAt(String point) throws Exception {
    Process process = RenewingProcess.start(directory.toString(), server.issuer(), point);
    assertThat(firstLine(process)).isEqualTo(point);
    kill(process);
  }

  private static String firstLine(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"K0", "K1", "K2", "K3"})
  @DisplayName("F-18: killed before the request was complete: the next process renews")
  void killedBeforeSending(String point) throws Exception {
    killAt(point);
    assertThat(tokenOfTheNextProcess().value()).isNotEqualTo(login.accessToken().value());
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-19: killed at K4, sent and not yet processed: the next process renews")
  void killedBeforeTheServerProcessesIt() throws Exception {
    Map<String, Object> before = new HashMap<>();
    server.metadata(before::putAll);
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.metadata(
          it -> it.put("token_endpoint", "http://127.0.0.1:" + deaf.getLocalPort() + "/token"));
      Process process = RenewingProcess.start(directory.toString(), server.issuer(), "never");
      try (Socket socket = deaf.accept()) {
        assertThat(requestOn(socket)).contains("grant_type=refresh_token");
        kill(process);
      }
    }
    server.metadata(it -> it.putAll(before));

    assertThat(tokenOfTheNextProcess().value()).isNotEqualTo(login.accessToken().value());
    assertThat(server.reuseDetections()).isZero();
  }

  /** As long as the process lives it waits for an answer, so the last octet is in the buffers. */
  private static String requestOn(Socket socket) throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("refresh_token=") < 0) {
      byte[] octets = new byte[4096];
      int read = socket.getInputStream().read(octets);
      assertThat(read).isPositive();
      request.append(new String(octets, 0, read, StandardCharsets.ISO_8859_1));
    }
    return request.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"K7", "K8"})
  @DisplayName("F-19: killed while it writes the answer: one attempt with the old token")
  void killedWhileItWritesTheAnswer(String point) throws Exception {
    server.rotationGrace(1);
    killAt(point);
    assertThat(store.load(RenewingProcess.KEY).tokens().refreshToken())
        .isEqualTo(login.refreshToken());
    assertThat(orphans()).hasSize(1);
    Files.setLastModifiedTime(orphans().get(0), FileTime.from(Instant.now().minusSeconds(3600)));

    assertThat(tokenOfTheNextProcess().value()).isNotEqualTo(login.accessToken().value());
    assertThat(orphans()).isEmpty();
    assertThat(server.reuseDetections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"K6", "K7", "K8"})
  @DisplayName("F-19: killed before the answer was saved: a strict server demands a login, once")
  void killedBeforeTheAnswerOfAStrictServerWasSaved(String point) throws Exception {
    killAt(point);
    int before = server.tokenRequestCount();
    assertThatThrownBy(this::tokenOfTheNextProcess).isInstanceOf(LoginRequiredException.class);
    assertThatThrownBy(this::tokenOfTheNextProcess).isInstanceOf(LoginRequiredException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(before + 1);
  }

  private List<Path> orphans() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  @Test
  @DisplayName("F-19: killed at K5 with a server that has a grace period: the next process renews")
  void killedBeforeTheAnswerWithGrace() throws Exception {
    server.rotationGrace(1);
    killWhileTheAnswerIsOnItsWay();
    assertThat(tokenOfTheNextProcess()).isNotNull();
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName("F-19: killed at K5 with a strict server: one attempt, then a login")
  void killedBeforeTheAnswerOfAStrictServer() throws Exception {
    killWhileTheAnswerIsOnItsWay();
    int before = server.tokenRequestCount();
    assertThatThrownBy(this::tokenOfTheNextProcess).isInstanceOf(LoginRequiredException.class);
    assertThatThrownBy(this::tokenOfTheNextProcess).isInstanceOf(LoginRequiredException.class);
    assertThat(server.tokenRequestCount()).isEqualTo(before + 1);
  }

  private void killWhileTheAnswerIsOnItsWay() throws Exception {
    Held held = server.holdNext();
    Process process = RenewingProcess.start(directory.toString(), server.issuer(), "never");
    held.awaitArrival(Duration.ofSeconds(20));
    kill(process);
    held.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"K9", "K10", "K11"})
  @DisplayName("F-20: killed after the save: the new token is there")
  void killedAfterTheSave(String point) throws Exception {
    killAt(point);
    int before = server.tokenRequestCount();
    assertThat(tokenOfTheNextProcess().value()).isNotEqualTo(login.accessToken().value());
    assertThat(server.tokenRequestCount()).isEqualTo(before);
  }

  @Test
  @DisplayName("F-26: the lease of a killed process is free at once")
  void theLeaseOfAKilledProcessIsFree() throws Exception {
    killAt("K2");
    try (TokenStore.Lease lease = store.tryLease(RenewingProcess.KEY, Duration.ofSeconds(30))) {
      assertThat(lease).isNotNull();
    }
  }

  @Test
  @DisplayName("F-19: what a kill at K7 or K8 leaves beside the entry is removed at the next start")
  void orphansAreRemoved() throws Exception {
    Path orphan = Files.writeString(directory.resolve("x.token.1.tmp"), "half an ent");
    Path young = Files.writeString(directory.resolve("x.token.2.tmp"), "somebody is writing");
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minusSeconds(3600)));
    RenewingProcess.store(directory);
    assertThat(orphan).doesNotExist();
    assertThat(young).exists();
    assertThat(tokenOfTheNextProcess()).isNotNull();
  }

  @Test
  @DisplayName("F-25: processes that renew at the same time never send a refresh token twice")
  void processesNeverSendARefreshTokenTwice() throws Exception {
    List<Process> processes = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    try {
      for (int i = 0; i < 4; i++) {
        processes.add(
            RenewingProcess.start(
                directory.toString(), server.issuer(), "never", "25", String.valueOf(ROTATIONS)));
      }
      List<BufferedReader> outputs = processes.stream().map(Process::inputReader).toList();
      Set<String> first = new HashSet<>();
      for (BufferedReader output : outputs) {
        first.add(output.readLine());
      }
      assertThat(first).hasSize(1);
      for (Process process : processes) {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
      }
      for (int i = 0; i < processes.size(); i++) {
        List<String> seen = outputs.get(i).lines().toList();
        assertThat(seen).hasSize(ROTATIONS).doesNotHaveDuplicates();
        assertThat(processes.get(i).waitFor()).isZero();
        tokens.addAll(seen);
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    int renewals = server.tokenRequestCount() - 1;
    System.out.printf(
        "file store: 4 processes of 25 threads, %d rotations, %d requests, %d reuse detections%n",
        tokens.size(), renewals, server.reuseDetections());
    assertThat(server.reuseDetections()).isZero();
    assertThat(renewals).isEqualTo(tokens.size()).isGreaterThanOrEqualTo(ROTATIONS);
  }

  @Test
  @DisplayName("F-21: killed at random while it writes: never a torn entry")
  void neverATornEntry() throws Exception {
    Random random = new Random(42);
    for (int i = 0; i < KILLS; i++) {
      Process process = RenewingProcess.start(directory.toString());
      assertThat(firstLine(process)).isEqualTo("WRITING");
      long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(500 + random.nextInt(30_000));
      while (System.nanoTime() < end) {
        assertThat(store.load(RenewingProcess.KEY)).isNotNull();
        LockSupport.parkNanos(100_000);
      }
      kill(process);
      StoredTokens entry = store.load(RenewingProcess.KEY);
      assertThat(entry).isNotNull();
      assertThat(entry.tokens().refreshToken()).isNotNull();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> damaged = files.filter(file -> file.toString().contains(".damaged-")).toList();
      assertThat(damaged).isEmpty();
    }
  }
}
