package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a listener hears of logins, keys and UserInfo. */
class OidcListenerTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final List<OAuthEvent> events = new CopyOnWriteArrayList<>();
  private FakeAuthorizationServer server;
  private OidcClient client;

  @BeforeEach
  void begin() {
    server = extension.server().client("shop", "s3cret");
    client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .listener(events::add)
            .build();
  }

  private OidcTokens login() throws IOException {
    PendingLogin login = client.login().redirectUri("https://shop.example.com/callback").begin();
    return client.complete(login, server.authorize(login.url()));
  }

  /** The keys that were fetched, and why; and forgets all events. */
  private List<String> keyFetches() {
    List<String> fetches =
        events.stream()
            .filter(OAuthEvent.Fetch.class::isInstance)
            .map(OAuthEvent.Fetch.class::cast)
            .filter(it -> it.document().equals("keys"))
            .map(it -> it.reason() + " " + it.outcome() + (it.keptOld() ? " kept" : ""))
            .toList();
    events.clear();
    return fetches;
  }

  private List<OAuthEvent> refusals() {
    return events.stream().filter(OAuthEvent.Refusal.class::isInstance).toList();
  }

  @Test
  void keysAreToldOfEachTimeTheyAreFetched() throws Exception {
    login();
    assertThat(keyFetches()).containsExactly("first ok");
    login();
    assertThat(keyFetches()).isEmpty();

    server.rotateSigningKey();
    login();
    assertThat(keyFetches()).containsExactly("unknown_key ok");

    server.jwksDown(true);
    clock.advance(Duration.ofHours(2));
    login();
    assertThat(keyFetches()).containsExactly("refresh invalid_jwks kept");
    assertThat(client.health().keys().isFailing()).isTrue();
    assertThat(client.health().keys().retryAt()).isEqualTo(clock.instant().plusSeconds(30));

    clock.advance(Duration.ofHours(23));
    assertThat(catchThrowable(this::login)).isNotNull();
    assertThat(keyFetches()).containsExactly("refresh invalid_jwks");

    server.jwksDown(false);
    clock.advance(Duration.ofMinutes(1));
    login();
    assertThat(keyFetches()).containsExactly("refresh ok");
    assertThat(client.health().isGood()).isTrue();
    assertThat(client.health().keys().succeededAt()).isEqualTo(clock.instant());
  }

  @Test
  void anIdTokenThatIsRefusedIsToldOfOnceWithTheCheck() throws Exception {
    server.idTokenClaims(claims -> claims.put("aud", "another"));
    assertThat(catchThrowable(this::login)).isInstanceOf(IdTokenException.class);

    assertThat(refusals()).containsExactly(new OAuthEvent.Refusal("invalid_id_token", "aud"));
  }

  @Test
  void userInfoIsToldOfAndSoIsItsRefusal() throws Exception {
    OidcTokens tokens = login();
    events.clear();
    client.userInfo(tokens);
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            OAuthEvent.Request.class,
            it -> {
              assertThat(it.endpoint()).isEqualTo("userinfo_endpoint");
              assertThat(it.url()).isEqualTo(server.userInfoEndpoint());
              assertThat(it.httpStatus()).isEqualTo(200);
            });

    server.userInfoClaims(claims -> claims.put("sub", "mallory"));
    assertThat(catchThrowable(() -> client.userInfo(tokens))).isNotNull();
    assertThat(refusals()).containsExactly(new OAuthEvent.Refusal("sub_mismatch", "sub"));
  }

  @Test
  void aListenerThatThrowsDisturbsNoLogin() throws Exception {
    OidcClient disturbed =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .listener(
                event -> {
                  throw new IllegalStateException("bug");
                })
            .build();
    PendingLogin login = disturbed.login().redirectUri("https://shop.example.com/callback").begin();
    OidcTokens tokens = disturbed.complete(login, server.authorize(login.url()));
    disturbed.userInfo(tokens);

    assertThat(disturbed.health().listenerFailures()).isEqualTo(6);
    assertThat(disturbed.health().isGood()).isTrue();
  }
}
