package io.symbolon.oauth.store.jdbc;

import static io.symbolon.oauth.store.jdbc.Databases.KEYS;
import static io.symbolon.oauth.store.jdbc.Databases.execute;
import static io.symbolon.oauth.store.jdbc.Logins.accessTokenIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Processes that share a login in PostgreSQL, at a server that punishes the reuse of a token.
 *
 * <p>More of it: {@code -Drotations=200 -Dprocesses=8}.
 */
@Tag("slow")
@Timeout(300)
final class ManyProcessesTest {
  /** Each process sees so many tokens; together they see up to {@link #PROCESSES} times as many. */
  private static final int ROTATIONS = Integer.getInteger("rotations", 50);

  private static final int PROCESSES = Integer.getInteger("processes", 4);
  private static final int THREADS = 25;

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final String table = Databases.newTable();
  private FakeAuthorizationServer server;
  private DataSource source;
  private JdbcTokenStore store;
  private OAuthClient client;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server();
    server.client("app", "secret");
    source = Databases.postgresAt(Databases.postgresUrl());
    store = JdbcTokenStore.of(source, KEYS, table);
    store.createTable();
    client = RenewingProcess.client(server.issuer());
    PendingAuthorization login = client.authorize().redirectUri("http://127.0.0.1/cb").begin();
    store.save("ada", client.complete(login, server.authorize(login.url())));
  }

  @AfterEach
  void dropTable() throws Exception {
    execute(source, "DROP TABLE " + table);
  }

  private int renewals() {
    return server.tokenRequestCount() - 1;
  }

  @Test
  @DisplayName("F-25: processes that renew at the same time never send a refresh token twice")
  void noRefreshTokenIsSentTwice() throws Exception {
    String first = accessTokenIn(store, "ada");
    List<RenewingProcess> processes = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    long begin;
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(RenewingProcess.start(server.issuer(), table, "rotate", THREADS, ROTATIONS));
      }
      for (RenewingProcess process : processes) {
        assertThat(process.line()).isEqualTo(first);
      }
      begin = System.nanoTime();
      for (RenewingProcess process : processes) {
        process.go();
      }
      for (RenewingProcess process : processes) {
        List<String> seen = process.lines();
        assertThat(seen).hasSize(ROTATIONS).doesNotHaveDuplicates();
        tokens.addAll(seen);
      }
    } finally {
      processes.forEach(RenewingProcess::close);
    }
    tokens.remove(first);
    System.out.printf(
        "%d processes of %d threads: %d rotations, %d renewal requests, %d reuse detections, %d ms%n",
        PROCESSES,
        THREADS,
        tokens.size(),
        renewals(),
        server.reuseDetections(),
        (System.nanoTime() - begin) / 1_000_000);
    assertThat(server.reuseDetections()).isZero();
    assertThat(renewals()).isEqualTo(tokens.size()).isGreaterThanOrEqualTo(ROTATIONS - 1);
    assertThat(tokens).contains(accessTokenIn(store, "ada"));
    assertThat(renewedHere()).isNotNull();
    assertThat(server.reuseDetections()).isZero();
  }

  private AccessToken renewedHere() throws Exception {
    TokenSource here = client.tokenSource(store, "ada");
    here.invalidate(here.token());
    return here.token();
  }

  @Test
  @DisplayName("F-26: a process is killed while it holds the lease; at its end another goes on")
  void aKilledHolderLosesNothing() throws Exception {
    try (RenewingProcess process =
        RenewingProcess.start(server.issuer(), table, "stop-with-lease")) {
      process.line();
      process.go();
      long leased = System.nanoTime();
      assertThat(process.line()).startsWith("leased ");
      process.kill();
      assertThat(store.tryLease("ada", Duration.ofSeconds(1))).isNull();
      String before = accessTokenIn(store, "ada");
      Secret renewed = renewedHere().value();
      assertThat(System.nanoTime() - leased).isGreaterThan(Duration.ofMillis(1_500).toNanos());
      assertThat(renewed.reveal()).isNotEqualTo(before).isEqualTo(accessTokenIn(store, "ada"));
    }
    assertThat(renewals()).isEqualTo(1);
    assertThat(server.reuseDetections()).isZero();
  }

  @Test
  @DisplayName(
      "F-10, K5: a process is killed while its answer is on the way; grace saves the login")
  void aKilledHolderWhoseAnswerGotLostLosesNothingWithinTheGrace() throws Exception {
    server.rotationGrace(1);
    Held held = server.holdNext();
    try (RenewingProcess process = RenewingProcess.start(server.issuer(), table, "renew")) {
      process.line();
      process.go();
      held.awaitArrival(Duration.ofSeconds(20));
      process.kill();
    }
    held.release();
    assertThat(store.tryLease("ada", Duration.ofSeconds(1))).isNull();
    StoredTokens before = store.load("ada");
    execute(source, "UPDATE " + table + " SET leased_until = 1");
    assertThat(renewedHere().value()).isNotEqualTo(before.tokens().accessToken().value());
    assertThat(renewals()).isEqualTo(2);
    assertThat(server.reuseDetections()).isZero();
  }
}
