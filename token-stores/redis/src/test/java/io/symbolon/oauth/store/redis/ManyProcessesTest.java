package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.Held;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** One login, many processes, a server that revokes it when a refresh token comes twice. */
final class ManyProcessesTest {
  private static final int PROCESSES = 4;
  private static final int THREADS = 25;
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
  private final List<AutoCloseable> open = new ArrayList<>();
  private FakeAuthorizationServer as;
  private TestRedis server;
  private TokenStore store;
  private OAuthClient client;

  @BeforeEach
  void logIn() throws Exception {
    as = closing(FakeAuthorizationServer.builder().clock(clock).start());
    as.client("app", "secret").accessTokenLifetime(LIFE);
    server = closing(TestRedis.start());
    RedisClient redis = closing(server.client());
    store = RedisTokenStore.of(redis, TestRedis.KEYS);
    client = SharingProcess.client(as.issuer(), clock);
    PendingAuthorization login =
        client.authorize().redirectUri("http://127.0.0.1/cb").scope("read").begin();
    store.save("ada", client.complete(login, as.authorize(login.url())));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable it : open) {
      it.close();
    }
  }

  private <T extends AutoCloseable> T closing(T it) {
    open.add(0, it);
    return it;
  }

  private ChildProcess child(int sources, int threads, boolean stopsBeforeSending)
      throws IOException {
    return closing(
        ChildProcess.start(
            SharingProcess.class,
            as.issuer(),
            server.port(),
            sources,
            threads,
            stopsBeforeSending));
  }

  private int renewals() {
    return as.tokenRequestCount() - 1;
  }

  @Test
  @DisplayName("F-25, R1: 4 processes with 25 threads each, and no refresh token twice")
  void manyProcessesRotateWithoutReuse() throws Exception {
    rotate(Integer.getInteger("redis.rotations", 60), 5);
  }

  @Test
  @Tag("slow")
  @DisplayName("F-25 in full: every thread with a source of its own")
  void manyProcessesWithManySourcesRotateWithoutReuse() throws Exception {
    rotate(Integer.getInteger("redis.rotations", 200), THREADS);
  }

  private void rotate(int rotations, int sources) throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      children.add(child(sources, THREADS, false));
    }
    for (ChildProcess child : children) {
      assertThat(child.line()).isEqualTo("ready");
    }
    long start = System.nanoTime();
    Set<String> seen = new HashSet<>();
    for (int rotation = 1; rotation <= rotations; rotation++) {
      clock.advance(LIFE);
      for (ChildProcess child : children) {
        child.send(clock.instant().toString());
      }
      Set<String> tokens = new HashSet<>();
      for (ChildProcess child : children) {
        tokens.add(child.line());
      }
      assertThat(tokens).as("rotation %d", rotation).hasSize(1);
      assertThat(seen.addAll(tokens)).isTrue();
      assertThat(renewals()).isEqualTo(rotation);
    }
    assertThat(as.reuseDetections()).isZero();
    assertThat(seen).contains(Tokens.accessTokenIn(store, "ada")).hasSize(rotations);
    System.out.printf(
        "%d rotations by %d processes x %d threads x %d sources in %d ms%n",
        rotations, PROCESSES, THREADS, sources, (System.nanoTime() - start) / 1_000_000);
  }

  @Test
  @DisplayName("F-18, F-26: killed before it sent anything; another goes on when the lease ends")
  void theLeaseOfAProcessThatWasKilledEnds() throws Exception {
    ChildProcess child = child(1, 1, true);
    assertThat(child.line()).isEqualTo("ready");
    Secret before = store.load("ada").tokens().refreshToken();
    clock.advance(LIFE);
    child.send(clock.instant().toString());
    assertThat(child.line()).isEqualTo("saved");
    child.kill();
    assertThat(store.tryLease("ada", Duration.ofSeconds(1))).isNull();
    TokenSource source = client.tokenSource(store, "ada");
    String token = source.token().value().reveal();
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo(token);
    assertThat(store.load("ada").tokens().refreshToken()).isNotEqualTo(before);
    clock.advance(LIFE);
    assertThat(source.token().value().reveal()).isNotEqualTo(token);
    assertThat(renewals()).isEqualTo(2);
    assertThat(as.reuseDetections()).isZero();
  }

  @Test
  @Tag("slow")
  @DisplayName("F-19: killed while the answer was on its way; a server with a grace gives it again")
  void anAnswerToAProcessThatWasKilledIsAskedForAgain() throws Exception {
    as.rotationGrace(1);
    ChildProcess child = child(1, 1, false);
    assertThat(child.line()).isEqualTo("ready");
    clock.advance(LIFE);
    Held held = as.holdNext();
    child.send(clock.instant().toString());
    held.awaitArrival(Duration.ofSeconds(20));
    child.kill();
    held.release();
    TokenSource source = client.tokenSource(store, "ada");
    TestRedis.await("the end of the lease", Duration.ofSeconds(60), () -> canRenew(source));
    assertThat(Tokens.accessTokenIn(store, "ada")).isEqualTo(source.token().value().reveal());
    assertThat(renewals()).isEqualTo(2);
    clock.advance(LIFE);
    source.token();
    assertThat(renewals()).isEqualTo(3);
    assertThat(as.reuseDetections()).isZero();
  }

  /** A waiter gives up after 15 seconds, a lease ends after 30. */
  private static boolean canRenew(TokenSource source) {
    try {
      source.token();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
