package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a listener hears of node-oidc-provider. */
final class ListenerTest {
  @AutoClose private static OidcProviderProcess provider;

  private final List<OAuthEvent> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private OAuthClient client(String secret) {
    return OAuthClient.builder()
        .issuer(provider.issuer())
        .clientId("basic")
        .clientSecret(Secret.of(secret))
        .httpClient(provider.http())
        .listener(events::add)
        .build();
  }

  private List<String> requests() {
    return events.stream()
        .filter(OAuthEvent.Request.class::isInstance)
        .map(OAuthEvent.Request.class::cast)
        .map(it -> it.endpoint() + " " + it.httpStatus() + " " + it.outcome())
        .toList();
  }

  @Test
  void aTokenIsFetchedOnceAndThenServedFromMemory() throws Exception {
    OAuthClient client = client(OidcProviderProcess.SECRET);
    TokenSource tokens = client.clientCredentials().scope("api:read").tokenSource();
    tokens.token();
    tokens.token();

    assertThat(requests()).endsWith("metadata 200 ok", "token_endpoint 200 ok");
    assertThat(events).endsWith(OAuthEvent.CacheHit.INSTANCE);
    assertThat(client.health().isGood()).isTrue();
    assertThat(client.clockOffset()).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
  }

  @Test
  void aWrongSecretIsToldByItsCodeAndNotTriedAgain() {
    OAuthClient client = client("wrong-secret-0123456789-0123456789");
    TokenSource tokens = client.clientCredentials().scope("api:read").tokenSource();
    for (int i = 0; i < 20; i++) {
      assertThat(catchThrowable(tokens::token)).isInstanceOf(OAuthErrorException.class);
    }

    assertThat(requests()).containsOnlyOnce("token_endpoint 401 invalid_client");
    assertThat(client.health().token().failure()).isEqualTo("invalid_client");
    assertThat(client.health().token().retryAt()).isNotNull();
  }
}
