package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server changes its keys while the program runs (OpenID Connect Core §10.1.1). */
final class KeyRotationTest {
  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final List<Runnable> background = new ArrayList<>();
  private FakeAuthorizationServer server;
  private OidcClient client;

  @BeforeEach
  void register() {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
  }

  private OidcTokens login() throws Exception {
    PendingLogin login = client.login().redirectUri("https://shop.example.com/cb").begin();
    return client.complete(login, server.authorize(login.url()));
  }

  private void assertRefused() {
    assertThatThrownBy(this::login)
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("key"));
  }

  private int fetches() {
    return server.requestCount("/jwks");
  }

  @Test
  void keysAreFetchedOnce() throws Exception {
    login();
    login();

    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  void theFirstTokenOfANewKeyIsBelieved() throws Exception {
    login();
    server.rotateSigningKey();

    assertThat(login()).isNotNull();
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void theFirstTokenAfterAllKeysWereReplacedIsBelieved() throws Exception {
    login();
    server.replaceSigningKeys();

    assertThat(login()).isNotNull();
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void aWithdrawnKeyIsNoLongerBelieved() throws Exception {
    OidcTokens old = login();
    server.replaceSigningKeys();
    login();
    server.idToken(token -> old.idToken().serialized().reveal());

    assertThatThrownBy(this::login)
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("key"));
  }

  @Test
  void anUnknownNameCausesOneFetchInHalfAMinute() throws Exception {
    login();
    server.idTokenHeader(header -> header.put("kid", "unknown"));

    for (int i = 0; i < 5; i++) {
      assertRefused();
    }
    assertThat(fetches()).isEqualTo(2);

    clock.advance(Duration.ofSeconds(30));
    assertRefused();
    assertThat(fetches()).isEqualTo(3);
  }

  @Test
  void knownKeysOutliveAnOutage() throws Exception {
    login();
    server.jwksDown(true);
    clock.advance(Duration.ofHours(23));

    assertThat(login()).isNotNull();
  }

  @Test
  void aNewKeyWaitsForTheEndOfTheOutage() throws Exception {
    login();
    server.jwksDown(true).rotateSigningKey();
    assertRefused();

    server.jwksDown(false);
    clock.advance(Duration.ofSeconds(30));

    assertThat(login()).isNotNull();
  }

  @Test
  void anOutageAtTheStartPasses() throws Exception {
    server.jwksDown(true);
    assertThatThrownBy(this::login)
        .isInstanceOf(InvalidResponseException.class)
        .hasMessage(
            "the JWK Set at " + server.jwksUri() + " cannot be used: its HTTP status is 503");

    server.jwksDown(false);
    clock.advance(Duration.ofSeconds(2));

    assertThat(login()).isNotNull();
  }

  @Test
  void anEmptySetDoesNotTakeTheKeysAway() throws Exception {
    login();
    server.jwks(set -> set.put("keys", List.of()));
    clock.advance(Duration.ofHours(2));

    assertThat(login()).isNotNull();
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void aTokenThatNamesNoKeyIsBelievedAfterAllKeysWereReplaced() throws Exception {
    server.idTokenHeader(header -> header.remove("kid"));
    login();
    server.replaceSigningKeys();
    clock.advance(Duration.ofSeconds(30));

    assertThat(login()).isNotNull();
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void forgedTokensThatNameNoKeyCauseOneFetchInHalfAMinute() throws Exception {
    server.idTokenHeader(header -> header.remove("kid"));
    login();
    server.idToken(token -> token.substring(0, token.lastIndexOf('.')) + "." + "A".repeat(86));
    clock.advance(Duration.ofSeconds(29));
    assertSignatureRefused();
    assertThat(fetches()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      assertSignatureRefused();
    }
    assertThat(fetches()).isEqualTo(2);
  }

  private void assertSignatureRefused() {
    assertThatThrownBy(this::login)
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("signature"));
  }

  private void logInWithAnExecutor() throws Exception {
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .executor(background::add)
            .build();
    login();
  }

  private void runBackground() {
    List<Runnable> tasks = List.copyOf(background);
    background.clear();
    tasks.forEach(Runnable::run);
  }

  @Test
  void keysAreRenewedBeforeTheirEndAndNobodyWaits() throws Exception {
    logInWithAnExecutor();
    clock.advance(Duration.ofMinutes(47));
    login();
    assertThat(background).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    login();
    login();
    assertThat(background).hasSize(1);
    assertThat(fetches()).isEqualTo(1);
    runBackground();
    assertThat(fetches()).isEqualTo(2);

    clock.advance(Duration.ofMinutes(47));
    login();
    assertThat(fetches()).isEqualTo(2);
    assertThat(background).isEmpty();
  }

  @Test
  void aRenewalThatFailsIsTriedAgainAfterHalfAMinute() throws Exception {
    logInWithAnExecutor();
    clock.advance(Duration.ofMinutes(50));
    server.jwksDown(true);
    login();
    runBackground();
    login();
    assertThat(background).isEmpty();

    server.jwksDown(false);
    clock.advance(Duration.ofSeconds(30));
    login();
    runBackground();
    assertThat(fetches()).isEqualTo(3);
  }

  @Test
  void keysWhoseTimeIsOverAreNotUsedEvenIfNobodyRenewedThem() throws Exception {
    logInWithAnExecutor();
    clock.advance(Duration.ofMinutes(50));
    login();
    server.replaceSigningKeys();
    server.idTokenHeader(header -> header.remove("kid"));
    clock.advance(Duration.ofMinutes(10));

    assertThat(login()).isNotNull();
    assertThat(fetches()).isEqualTo(2);
  }
}
