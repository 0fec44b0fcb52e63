package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A login in a store stays that of the user who logged in, in every process. */
final class StoredLoginTest {
  private static final Duration LIFE = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @TempDir Path directory;
  private FakeAuthorizationServer server;
  private OidcTokens login;

  @BeforeEach
  void logIn() throws Exception {
    server = extension.server().client("shop", "s3cret").signIdTokensWith("ES256");
    server.accessTokenLifetime(LIFE);
    OidcClient client = client();
    PendingLogin pending =
        client.login().redirectUri("https://shop.example.com/cb").scope("offline_access").begin();
    login = client.complete(pending, server.authorize(pending.url()));
    client.save(store(), "ada", login);
  }

  /** Client and store of another process. */
  private OidcClient client() {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("shop")
        .clientSecret(Secret.of("s3cret"))
        .clock(clock)
        .build();
  }

  private TokenStore store() throws Exception {
    return FileTokenStore.open(
        directory.resolve("logins"), StoreKeys.of(new SecretKeySpec(new byte[32], "AES")));
  }

  @Test
  void renewalsGoOnWithTheUserInEveryProcess() throws Exception {
    for (int i = 0; i < 3; i++) {
      clock.advance(LIFE);
      Secret renewed = client().tokenSource(store(), "ada").token().value();
      assertThat(renewed).isEqualTo(store().load("ada").tokens().accessToken().value());
    }
    assertThat(server.tokenRequestCount()).isEqualTo(4);
  }

  @Test
  @DisplayName("F-17: a renewal about another user is dropped in every process, the entry is kept")
  void anotherUserIsRefusedByAnotherProcess() throws Exception {
    clock.advance(LIFE);
    client().tokenSource(store(), "ada").token();
    clock.advance(LIFE);
    Secret before = store().load("ada").tokens().accessToken().value();
    server.idTokenClaims(claims -> claims.put("sub", "mallory"));

    TokenSource source = client().tokenSource(store(), "ada");
    assertThatThrownBy(source::token)
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("sub"));
    assertThat(store().load("ada").tokens().accessToken().value()).isEqualTo(before);
  }

  @Test
  void aRenewalWithoutIdTokenKeepsWhoItWas() throws Exception {
    server.idToken(token -> null);
    clock.advance(LIFE);
    assertThat(client().tokenSource(store(), "ada").token()).isNotNull();
    server.idToken(token -> token).idTokenClaims(claims -> claims.put("sub", "mallory"));
    clock.advance(LIFE);

    assertThatThrownBy(() -> client().tokenSource(store(), "ada").token())
        .isInstanceOf(IdTokenException.class);
  }

  @Test
  void aLoginThatDoesNotSayWhoItWasCannotBeCompared() throws Exception {
    store().save("ada", login.tokens());
    clock.advance(LIFE);

    assertThatThrownBy(() -> client().tokenSource(store(), "ada").token())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("login_unknown"))
        .hasMessageContaining("does not say who logged in");
  }

  @Test
  void whoItWasIsSealedAsTheTokensAre() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain(login.idToken().subject(), "shop");
      }
    }
  }
}
