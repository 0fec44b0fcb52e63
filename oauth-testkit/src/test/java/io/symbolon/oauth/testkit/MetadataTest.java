package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MetadataTest {
  private static final String OPENID = "/.well-known/openid-configuration";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";

  @Test
  void bothDocumentsDescribeTheServer() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      App app = App.publicClient(server);

      Map<String, Object> document = app.get(server.issuer() + OPENID).json();

      assertThat(server.issuer()).matches("http://127\\.0\\.0\\.1:\\d+");
      assertThat(document)
          .containsEntry("issuer", server.issuer())
          .containsEntry("authorization_endpoint", server.authorizationEndpoint())
          .containsEntry("token_endpoint", server.tokenEndpoint())
          .containsEntry("userinfo_endpoint", server.userInfoEndpoint())
          .containsEntry("jwks_uri", server.jwksUri())
          .containsEntry("code_challenge_methods_supported", List.of("S256"))
          .containsEntry("authorization_response_iss_parameter_supported", true);
      assertThat(app.get(server.issuer() + OAUTH).json()).isEqualTo(document);
    }
  }

  @Test
  void anIssuerWithAPathHasItsDocumentsWhereTheSpecificationsWantThem() throws Exception {
    try (FakeAuthorizationServer server =
        FakeAuthorizationServer.builder().issuerPath("/tenant1").start()) {
      App app = App.publicClient(server);

      assertThat(server.issuer()).endsWith("/tenant1");
      assertThat(app.get(server.url("/tenant1" + OPENID)).string("issuer"))
          .isEqualTo(server.issuer());
      assertThat(app.get(server.url(OAUTH + "/tenant1")).string("issuer"))
          .isEqualTo(server.issuer());
      assertThat(app.get(server.url(OPENID)).status()).isEqualTo(404);
      String token = app.login("openid").string("access_token");
      assertThat(app.get(server.url("/tenant1/api/x"), token).status()).isEqualTo(200);
      assertThat(server.tokenRequestCount()).isEqualTo(1);
      assertThat(server.requestCount("/tenant1/token")).isEqualTo(1);
    }
  }

  @Test
  void anIssuerPathMustLookLikeOne() {
    for (String path : new String[] {"tenant1", "/tenant1/", "/"}) {
      assertThatThrownBy(() -> FakeAuthorizationServer.builder().issuerPath(path))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theDocumentsCanBeForged() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.metadata(document -> document.put("issuer", "https://evil.example"));
      assertThat(App.publicClient(server).get(server.url(OPENID)).string("issuer"))
          .isEqualTo("https://evil.example");
    }
  }

  @Test
  void discoveryAndKeysGoDownAndComeBack() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      App app = App.publicClient(server);

      server.discoveryDown(true).jwksDown(true);
      assertThat(app.get(server.url(OPENID)).status()).isEqualTo(503);
      assertThat(app.get(server.url(OAUTH)).status()).isEqualTo(503);
      assertThat(app.get(server.jwksUri()).status()).isEqualTo(503);

      server.discoveryDown(false).jwksDown(false);
      assertThat(app.get(server.url(OPENID)).status()).isEqualTo(200);
      assertThat(app.get(server.jwksUri()).status()).isEqualTo(200);
    }
  }

  @Test
  void theDateIsThatOfTheShiftedClock() throws Exception {
    TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    try (FakeAuthorizationServer server = FakeAuthorizationServer.builder().clock(clock).start()) {
      App app = App.publicClient(server);
      assertThat(date(app)).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");

      server.shiftClock(Duration.ofMinutes(-5));
      assertThat(date(app)).isEqualTo("Wed, 31 Dec 2025 23:55:00 GMT");

      server.shiftClock(Duration.ZERO);
      clock.advance(Duration.ofDays(1));
      assertThat(date(app)).isEqualTo("Fri, 02 Jan 2026 00:00:00 GMT");
    }
  }

  private static String date(App app) throws Exception {
    return app.get(app.server.url("/nowhere")).headers().get("Date");
  }
}
