package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
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
        java.util.Map.of());
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
  @ValueSource(strings = {"K0", "K1", "K2"})
  @DisplayName("F-18: killed before anything was sent: the next process renews")
  void killedBeforeSending(String point) throws Exception {
    killAt(point);
    assertThat(tokenOfTheNextProcess().value()).isNotEqualTo(login.accessToken().value());
    assertThat(server.reuseDetections()).isZero();
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

  @Test
  @DisplayName("F-19: killed at K6, before the save: a strict server demands a login, once")
  void killedBeforeTheSave() throws Exception {
    killAt("K6");
    assertThatThrownBy(this::tokenOfTheNextProcess).isInstanceOf(LoginRequiredException.class);
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
