package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.internal.PublicAddresses;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API says about itself (RFC 9728), and what is not believed. */
class ProtectedResourceTest {
  private static final String RESOURCE = "https://as.example.com/orders";
  private static final String PLACE = "/.well-known/oauth-protected-resource/orders";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private static Challenge pointingTo(String url) {
    return new Challenge("bearer", Map.of("resource_metadata", url), null);
  }

  private static void assertRefused(String code, IOCall call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private interface IOCall {
    void run() throws IOException;
  }

  @ParameterizedTest
  @CsvSource({
    "https://r.example,               https://r.example/.well-known/oauth-protected-resource",
    "https://r.example/,              https://r.example/.well-known/oauth-protected-resource",
    "https://r.example/resource1,     https://r.example/.well-known/oauth-protected-resource/resource1",
    "https://r.example/a/b/,          https://r.example/.well-known/oauth-protected-resource/a/b/",
    "https://r.example:8443/a?k=v,    https://r.example:8443/.well-known/oauth-protected-resource/a?k=v",
    "https://r.example?k=v,           https://r.example/.well-known/oauth-protected-resource?k=v",
  })
  void theWellKnownPartGoesBetweenHostAndPath(String resource, String place) {
    assertThat(ProtectedResource.wellKnown(resource)).hasToString(place);
  }

  @Test
  void theDescriptionOfTheRfcIsRead() throws IOException {
    site.answer(
        PLACE,
        "{\"resource\":\"https://as.example.com/orders\","
            + "\"authorization_servers\":[\"https://as1.example.com\",\"https://as2.example.net\"],"
            + "\"bearer_methods_supported\":[\"header\",\"body\"],"
            + "\"scopes_supported\":[\"profile\",\"email\",\"phone\"],"
            + "\"resource_documentation\":\"https://as.example.com/doc\"}");

    ProtectedResource resource = ProtectedResource.fetch(RESOURCE, site.http());

    assertThat(resource.resource()).isEqualTo(RESOURCE);
    assertThat(resource.authorizationServers())
        .containsExactly("https://as1.example.com", "https://as2.example.net");
    assertThat(resource.bearerMethodsSupported()).containsExactly("header", "body");
    assertThat(resource.scopesSupported()).containsExactly("profile", "email", "phone");
    assertThat(resource.metadata()).containsKey("resource_documentation");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resource\":\"https://evil.example/\"}",
        "{\"resource\":\"https://as.example.com/orders/\"}",
        "{\"resource\":\"https://as.example.com\"}",
        "{\"resource\":\"https://AS.example.com/orders\"}",
        "{\"resource\":[\"https://as.example.com/orders\"]}",
        "{}",
      })
  void aDocumentForAnotherResourceIsNotUsed(String document) {
    site.answer(PLACE, document);

    assertRefused("resource_mismatch", () -> ProtectedResource.fetch(RESOURCE, site.http()));
  }

  @Test
  void aDocumentThatIsNoneIsRefused() {
    assertRefused("invalid_metadata", () -> ProtectedResource.fetch(RESOURCE, site.http()));
    site.answer(PLACE, "[]");
    assertRefused("invalid_metadata", () -> ProtectedResource.fetch(RESOURCE, site.http()));
    site.answer(
        PLACE,
        new MockResponse.Builder()
            .code(302)
            .addHeader("Location", "https://as.example.com")
            .build());
    assertRefused("redirect_refused", () -> ProtectedResource.fetch(RESOURCE, site.http()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://as.example.com/m",
        "http://127.0.0.1/m",
        "file:///etc/passwd",
        "https://user:pw@as.example.com/m",
        "https://as.example.com/m#f",
        "https://①②⑦.0.0.1/m",
        "",
      })
  void aChallengeMayNotPointAnywhere(String url) {
    assertRefused(
        "invalid_url", () -> ProtectedResource.fetch(RESOURCE, pointingTo(url), site.http()));
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void aChallengeWithoutAPlaceIsRefused() {
    Challenge challenge = new Challenge("bearer", Map.of(), null);

    assertRefused("invalid_url", () -> ProtectedResource.fetch(RESOURCE, challenge, site.http()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/m",
        "https://[::1]/m",
        "https://[::ffff:10.0.0.1]/m",
        "https://169.254.169.254/latest",
        "https://127.1/m",
        "https://2130706433/m",
        "https://as.example.com/m",
      })
  void aChallengeDoesNotLeadIntoOurNetwork(String url) {
    OkHttpClient http =
        site.http()
            .newBuilder()
            .dns(host -> List.of(InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})))
            .build();

    assertThatThrownBy(() -> ProtectedResource.fetch(RESOURCE, pointingTo(url), http))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("not public");
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void aNameThatResolvesDifferentlyAMomentLaterGainsNothing() throws IOException {
    AtomicInteger lookups = new AtomicInteger();
    byte[] outside = {(byte) 203, 0, 113, 7};
    byte[] inside = {127, 0, 0, 1};
    OkHttpClient rebinding =
        site.http()
            .newBuilder()
            .dns(
                host ->
                    List.of(
                        InetAddress.getByAddress(
                            host, lookups.getAndIncrement() == 0 ? outside : inside)))
            .build();
    site.answer("/m", "{\"resource\":\"" + RESOURCE + "\"}");
    Challenge challenge = pointingTo("https://as.example.com/m");

    // The first connection goes to the first address; the socket factory of the test ends it here.
    assertThat(ProtectedResource.fetch(RESOURCE, challenge, rebinding).resource())
        .isEqualTo(RESOURCE);
    assertThat(lookups).hasValue(1);

    assertThatThrownBy(() -> ProtectedResource.fetch(RESOURCE, challenge, fresh(rebinding)))
        .isInstanceOf(UnknownHostException.class);
  }

  private static OkHttpClient fresh(OkHttpClient client) {
    return client.newBuilder().connectionPool(new okhttp3.ConnectionPool()).build();
  }

  @Test
  void oneAddressInsideSpoilsTheWholeName() {
    OkHttpClient http =
        site.http()
            .newBuilder()
            .dns(
                host ->
                    List.of(
                        InetAddress.getByAddress(host, new byte[] {(byte) 203, 0, 113, 7}),
                        InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})))
            .build();

    assertThatThrownBy(
            () -> ProtectedResource.fetch(RESOURCE, pointingTo("https://as.example.com/m"), http))
        .isInstanceOf(UnknownHostException.class);
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void anOriginThatTheProgramNamesIsExempt() throws IOException {
    FakeAuthorizationServer api = extension.server();
    String resource = api.url("/api");
    api.endpoint("/m", request -> ExampleSite.json("{\"resource\":\"" + resource + "\"}"));
    Challenge challenge = pointingTo(api.url("/m"));

    assertThat(
            ProtectedResource.fetch(resource, challenge, new OkHttpClient(), api.issuer())
                .resource())
        .isEqualTo(resource);
    assertRefused(
        "invalid_url",
        () ->
            ProtectedResource.fetch(resource, challenge, new OkHttpClient(), "http://127.0.0.1:1"));
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  void anExemptHostIsExemptAtItsPortOnly() {
    assertThatThrownBy(
            () ->
                ProtectedResource.fetch(
                    RESOURCE,
                    pointingTo("https://as.example.com:8443/m"),
                    site.http(),
                    "https://as.example.com"))
        .isInstanceOf(UnknownHostException.class);
    assertThat(site.contacts()).isEmpty();
  }

  @Test
  void aProxyThatWouldChooseTheAddressIsNotUsed() {
    Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 9));
    OkHttpClient client = new OkHttpClient.Builder().proxy(proxy).build();

    assertThat(PublicAddresses.guard(client, List.of()).proxy()).isEqualTo(Proxy.NO_PROXY);
  }
}
