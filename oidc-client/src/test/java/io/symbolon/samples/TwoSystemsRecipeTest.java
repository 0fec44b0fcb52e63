package io.symbolon.samples;

import static io.symbolon.samples.TwoSystemsRecipe.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The recipe of docs/system-to-system.md, in both directions, on real sockets. */
final class TwoSystemsRecipeTest {
  private static final Duration LIFE = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private HttpServer orders;
  private HttpServer logistics;
  private OkHttpClient toLogistics;
  private OkHttpClient toOrders;

  @BeforeEach
  void start() throws IOException {
    server = extension.server().accessTokenLifetime(LIFE);
    server.client("orders", "s1").client("logistics", "s2");
    orders = api();
    logistics = api();
    TwoSystemsRecipe.protect(orders, "/waybills", client("orders", "s1"), "waybills", "3 waybills");
    TwoSystemsRecipe.protect(
        logistics, "/parcels", client("logistics", "s2"), "parcels", "on its way");
    toLogistics = caller(logistics, "orders", "s1", "parcels");
    toOrders = caller(orders, "logistics", "s2", "waybills");
  }

  private static HttpServer api() throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.start();
    return api;
  }

  @AfterEach
  void stop() {
    orders.stop(0);
    logistics.stop(0);
  }

  private OAuthClient client(String id, String secret) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId(id)
        .clientSecret(Secret.of(secret))
        .clock(clock)
        .build();
  }

  private OkHttpClient caller(HttpServer api, String id, String secret, String scope) {
    return TwoSystemsRecipe.callerOf(origin(api), client(id, secret), scope, origin(api));
  }

  private static String origin(HttpServer api) {
    return "http://127.0.0.1:" + api.getAddress().getPort();
  }

  private List<String> tokenRequests() {
    return server.requests().stream()
        .filter(request -> request.path().equals("/token"))
        .map(ReceivedRequest::body)
        .toList();
  }

  @Test
  void eachCallsTheOtherInItsOwnName() throws Exception {
    assertThat(get(toLogistics, origin(logistics) + "/parcels"))
        .isEqualTo("200 on its way for orders");
    assertThat(get(toOrders, origin(orders) + "/waybills"))
        .isEqualTo("200 3 waybills for logistics");
    assertThat(tokenRequests())
        .hasSize(2)
        .anySatisfy(body -> assertThat(body).contains("scope=parcels").contains("audience="))
        .anySatisfy(body -> assertThat(body).contains("scope=waybills"));
  }

  @Test
  void aTimerUsesOneTokenUntilItEnds() throws Exception {
    for (int hour = 1; hour <= 3; hour++) {
      for (int minute = 0; minute < 50; minute += 10) {
        get(toOrders, origin(orders) + "/waybills");
        clock.advance(Duration.ofMinutes(10));
      }
      clock.advance(Duration.ofMinutes(10));
      assertThat(server.tokenRequestCount()).isEqualTo(hour);
    }
  }

  @Test
  void aTokenThatWasEndedIsReplacedWithinTheCall() throws Exception {
    get(toLogistics, origin(logistics) + "/parcels");
    server.revokeAllAccessTokens();
    assertThat(get(toLogistics, origin(logistics) + "/parcels")).startsWith("200 ");
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void aTokenForSomethingElseIsRefusedAndTheCallerSeesWhy() throws Exception {
    OkHttpClient wrong = caller(orders, "logistics", "s2", "parcels");
    Request request = new Request.Builder().url(origin(orders) + "/waybills").build();
    try (Response response = wrong.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(403);
      assertThat(response.header("WWW-Authenticate")).contains("insufficient_scope", "waybills");
    }
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void theTokenForOneDoesNotReachTheOther() throws Exception {
    assertThat(get(toLogistics, origin(orders) + "/waybills")).startsWith("401 ");
    assertThat(server.tokenRequestCount()).isZero();
  }
}
