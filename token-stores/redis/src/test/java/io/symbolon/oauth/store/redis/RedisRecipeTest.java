package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

final class RedisRecipeTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @Test
  void twoInstancesShareOneLogin() throws Exception {
    SecretKey key = new SecretKeySpec(new byte[32], "AES");
    try (FakeAuthorizationServer as = FakeAuthorizationServer.builder().clock(clock).start();
        TestRedis server = TestRedis.start();
        RedisClient redis = RedisRecipe.redis("127.0.0.1", server.port());
        RedisClient otherRedis = RedisRecipe.redis("127.0.0.1", server.port())) {
      as.client("app", "secret").accessTokenLifetime(Duration.ofHours(1));
      OAuthClient oauth = SharingProcess.client(as.issuer(), clock);
      RedisRecipe one = new RedisRecipe(oauth, redis, key);
      RedisRecipe other =
          new RedisRecipe(SharingProcess.client(as.issuer(), clock), otherRedis, key);

      PendingAuthorization login =
          oauth.authorize().redirectUri("http://127.0.0.1/cb").scope("read").begin();
      one.loggedIn("ada", oauth.complete(login, as.authorize(login.url())));
      OkHttpClient api = one.api("ada", as.url("/"));
      OkHttpClient otherApi = other.api("ada", as.url("/"));
      assertThat(status(api, as.url("/api/orders"))).isEqualTo(200);
      assertThat(status(otherApi, as.url("/api/orders"))).isEqualTo(200);
      assertThat(as.tokenRequestCount()).isEqualTo(1);

      clock.advance(Duration.ofHours(1));
      assertThat(status(otherApi, as.url("/api/orders"))).isEqualTo(200);
      assertThat(status(api, as.url("/api/orders"))).isEqualTo(200);
      assertThat(as.tokenRequestCount()).isEqualTo(2);
      assertThat(as.reuseDetections()).isZero();
    }
  }

  private static int status(OkHttpClient client, String url) throws IOException {
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
      return response.code();
    }
  }
}
