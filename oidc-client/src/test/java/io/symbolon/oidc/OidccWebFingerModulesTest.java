package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.ExampleSite;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The WebFinger modules of {@code oidcc-client-dynamic-certification-test-plan}. */
final class OidccWebFingerModulesTest {
  private static final String MODULE = "oidcc-client-test-discovery-webfinger-";

  @AutoClose private ExampleSite site;
  private OidcDiscovery discovery;

  @BeforeEach
  void start() throws Exception {
    site = ExampleSite.start();
    OkHttpClient http = site.http();
    discovery = OidcDiscovery.unguarded(http, null);
    site.answer(
        "/.well-known/webfinger",
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/jrd+json")
            .body(
                """
                {"links":[{"rel":"http://openid.net/specs/connect/1.0/issuer",
                "href":"https://as.example.com"}]}
                """)
            .build());
    site.answer(
        "/.well-known/openid-configuration",
        """
        {"issuer":"https://as.example.com",
        "authorization_endpoint":"https://as.example.com/authorize",
        "token_endpoint":"https://as.example.com/token",
        "jwks_uri":"https://as.example.com/jwks"}
        """);
  }

  /** The module is over with the metadata. */
  private void assertDiscovered(String identifier, String resource) throws Exception {
    OidcClient client =
        OidcClient.builder()
            .issuer(discovery.issuerOf(identifier))
            .clientId("rp")
            .httpClient(discovery.httpClient())
            .build();

    assertThat(client.oauth().server().issuer()).isEqualTo("https://as.example.com");
    assertThat(site.requests("/.well-known/webfinger").get(0).getUrl().queryParameter("resource"))
        .isEqualTo(resource);
    assertThat(site.requests("/.well-known/openid-configuration")).hasSize(1);
  }

  @Test
  @DisplayName(MODULE + "acct")
  void anAccountLeadsToItsIssuer() throws Exception {
    assertDiscovered(
        "symbolon." + MODULE + "acct@as.example.com",
        "acct:symbolon." + MODULE + "acct@as.example.com");
  }

  @Test
  @DisplayName(MODULE + "url")
  void aUrlLeadsToItsIssuer() throws Exception {
    String url = "https://as.example.com/symbolon/" + MODULE + "url";
    assertDiscovered(url, url);
  }
}
