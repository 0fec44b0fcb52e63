package io.symbolon.oauth;

import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that answers whatever a test wants, and clients that take it for one of a dialect. */
abstract class DialectGround {
  static final String CALLBACK = "https://app.example.com/cb";
  static final String TOKEN = "{\"access_token\":\"AT\",\"token_type\":\"bearer\"}";

  final MockWebServer server = new MockWebServer();
  final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @BeforeEach
  final void start() throws IOException {
    server.start();
  }

  @AfterEach
  final void stop() {
    server.close();
  }

  final void answer(String body) {
    answer("application/json", body);
  }

  final void answer(String type, String body) {
    server.enqueue(new MockResponse.Builder().setHeader("Content-Type", type).body(body).build());
  }

  final OAuthClient.Builder of(UnaryOperator<Dialect.Builder> how) {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://login.example.com/authorize?v=2")
                .tokenEndpoint(server.url("/token").toString())
                .metadata("refresh_endpoint", server.url("/refresh").toString())
                .dialect(how.apply(Dialect.builder()).build())
                .build())
        .clientId("app")
        .clock(clock);
  }
}
