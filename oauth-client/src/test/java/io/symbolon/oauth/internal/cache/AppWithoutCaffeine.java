package io.symbolon.oauth.internal.cache;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Logs a user in and names the cache that it got. Loaded by a loader that has no Caffeine. */
public final class AppWithoutCaffeine implements Callable<String> {
  @Override
  public String call() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.publicClient("app");
      OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
      PendingAuthorization pending =
          client
              .authorize()
              .redirectUri("https://app.example.com/callback")
              .scope("orders")
              .begin();
      TokenSource tokens =
          client.tokenSource(client.complete(pending, server.authorize(pending.url())));
      tokens.token();
    }
    BoundedCache<String, String> cache =
        BoundedCache.create(1, Duration.ofMinutes(1), Clock.systemUTC());
    cache.put("a", "b");
    return cache.getClass().getSimpleName();
  }
}
