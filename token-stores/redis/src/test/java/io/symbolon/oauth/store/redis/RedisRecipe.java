package io.symbolon.oauth.store.redis;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.time.Duration;
import javax.crypto.SecretKey;
import okhttp3.OkHttpClient;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** Two instances of a service share one login through Redis. */
final class RedisRecipe {
  private final OAuthClient oauth;
  private final TokenStore store;

  /**
   * Each instance, when it starts.
   *
   * @param key the same in all of them, from where secrets are kept
   */
  RedisRecipe(OAuthClient oauth, RedisClient redis, SecretKey key) {
    this.oauth = oauth;
    this.store = RedisTokenStore.of(redis, StoreKeys.of(key));
  }

  /** Waits two seconds for a connection, and finds out before use that one was closed. */
  static RedisClient redis(String host, int port) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxWait(Duration.ofSeconds(2));
    pool.setTestOnBorrow(true);
    return RedisClient.builder().hostAndPort(host, port).poolConfig(pool).build();
  }

  /** The instance that the browser came back to. */
  void loggedIn(String user, TokenSet tokens) throws IOException {
    store.save(user, tokens);
  }

  /** Any instance: whichever first finds the token ended renews it, the others take the new one. */
  OkHttpClient api(String user, String origin) {
    TokenSource tokens = oauth.tokenSource(store, user);
    return new OAuthInterceptor(tokens, origin).install(new OkHttpClient());
  }
}
