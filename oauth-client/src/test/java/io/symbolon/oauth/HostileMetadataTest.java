package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.internal.PublicAddresses;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.ProviderSample;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd metadata documents. */
class HostileMetadataTest {
  private static final HostileCases CASES = HostileCases.of("discovery_jwks");
  private static final List<String> PLACES =
      List.of("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration");
  private static final String CLIENT_SECRET = "7Fjfp0ZBr1KtDRbnfVdmIw-9aKx2Lq8VvYtR4sWmE1o";

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> documents() {
    return CASES
        .toRun()
        .filter(
            c ->
                isDocument(c)
                    && !isIssuerFault(c)
                    && !isCached(c)
                    && !isInside(c)
                    && !c.isContext("mtls", true)
                    && c.context("preset") == null);
  }

  /** Documents that are legal, and name a place in our own network. */
  static Stream<HostileCase> placesInside() {
    return CASES.toRun().filter(HostileMetadataTest::isInside);
  }

  static Stream<HostileCase> certificates() {
    return CASES.toRun().filter(c -> isDocument(c) && c.isContext("mtls", true));
  }

  private static boolean isInside(HostileCase hostile) {
    return isDocument(hostile)
        && hostile.isContext("issuer_trust", "untrusted")
        && hostile.text("error").equals("ssrf_blocked")
        && Urls.fault(keysOf(hostile), false) == null;
  }

  private static String keysOf(HostileCase hostile) {
    return (String) hostile.response().jsonBody().get("jwks_uri");
  }

  static Stream<HostileCase> wrongIssuers() {
    return CASES.toRun().filter(c -> isDocument(c) && isIssuerFault(c));
  }

  static Stream<HostileCase> presets() {
    return CASES.toRun().filter(c -> isDocument(c) && c.context("preset") != null);
  }

  static Stream<HostileCase> refreshes() {
    return CASES.toRun().filter(c -> isDocument(c) && isCached(c));
  }

  private static boolean isDocument(HostileCase hostile) {
    return !hostile.id().startsWith("META-JWKS");
  }

  private static boolean isIssuerFault(HostileCase hostile) {
    return "invalid_issuer".equals(hostile.text("error"));
  }

  private static boolean isCached(HostileCase hostile) {
    return hostile.context("cached") != null;
  }

  @Test
  void everyCaseIsRunOrListed() {
    Stream<HostileCase> keySets = CASES.toRun().filter(c -> !isDocument(c)); // another test's
    CASES.assertComplete(
        Stream.of(
                documents(),
                presets(),
                wrongIssuers(),
                refreshes(),
                placesInside(),
                certificates(),
                keySets)
            .flatMap(cases -> cases));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void aDocumentIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    PLACES.forEach(place -> site.answer(place, hostile.response().mock()));
    OAuthClient client = client(hostile);

    Attempt<PendingAuthorization> attempt =
        Attempt.at(() -> begin(client, hostile)).hides(List.of(CLIENT_SECRET));

    if (hostile.isAccepted()) {
      assertUsable(hostile, client, attempt.value());
    } else {
      assertRefused(hostile, attempt);
    }
    assertThat(site.requests()).hasSize(1);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  /** As for the provider of a user whom nobody knows: nothing inside is ever called. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("placesInside")
  void noPlaceInsideIsCalledBecauseAStrangerNamesIt(HostileCase hostile) {
    List<String> asked = new ArrayList<>();
    OkHttpClient careful =
        PublicAddresses.only(
            new OkHttpClient.Builder()
                .dns(name -> addresses(hostile, name))
                .eventListener(
                    new EventListener() {
                      @Override
                      public void connectStart(Call call, InetSocketAddress at, Proxy proxy) {
                        asked.add(at.toString());
                      }
                    })
                .build(),
            List.of());
    Request request = new Request.Builder().url(keysOf(hostile)).build();

    assertThatThrownBy(() -> careful.newCall(request).execute())
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("not public");
    assertThat(asked).isEmpty();
  }

  private static List<InetAddress> addresses(HostileCase hostile, String name)
      throws UnknownHostException {
    Map<?, ?> names = (Map<?, ?>) hostile.context("dns");
    List<InetAddress> addresses = new ArrayList<>();
    for (Object address : (List<?>) names.get(name)) {
      addresses.add(InetAddress.getByName((String) address));
    }
    return addresses;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("certificates")
  void aClientWithACertificateUsesTheAliases(HostileCase hostile) throws Exception {
    PLACES.forEach(place -> site.answer(place, hostile.response().mock()));
    OAuthClient client =
        OAuthClient.builder()
            .issuer((String) hostile.object("request").get("issuer"))
            .clientId("s6BhdRkqt3")
            .authentication(ClientAuthentication.tlsClientAuth())
            .httpClient(site.http())
            .clock(clock)
            .build();

    assertThat(client.server().tokenEndpoint())
        .hasToString((String) hostile.object("result").get("token_endpoint_used"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("presets")
  void theDialectOfAProviderKnowsItsTemplate(HostileCase hostile) throws Exception {
    Provider microsoft =
        Providers.microsoftMultiTenant(
            "8b1f5ae2-3b0c-4d1e-9f6a-0f3d5c7b9a11", Providers.MICROSOFT_PERSONAL);
    assertThat(hostile.isContext("preset", "microsoft-common")).isTrue();
    try (MockWebServer everybody = new MockWebServer()) {
      everybody.enqueue(hostile.response().mock());
      everybody.start();
      OAuthClient client =
          microsoft
              .client("s6BhdRkqt3", Secret.of(CLIENT_SECRET))
              .httpClient(ProviderSample.everywhere(everybody))
              .build();

      assertThat(client.server().issuer()).isEqualTo(hostile.object("request").get("issuer"));
      assertThat(hostile.isAccepted()).isTrue();
    }
  }

  private OAuthClient client(HostileCase hostile) {
    boolean slow = "drip".equals(hostile.response().fault());
    return OAuthClient.builder()
        .issuer((String) hostile.object("request").get("issuer"))
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(site.http())
        .clock(clock)
        .callTimeout(slow ? Duration.ofSeconds(1) : Duration.ofSeconds(8))
        .build();
  }

  private static PendingAuthorization begin(OAuthClient client) throws IOException {
    client.server();
    return client.authorize().redirectUri("https://client.example.org/cb").begin();
  }

  private static PendingAuthorization begin(OAuthClient client, HostileCase hostile)
      throws IOException {
    AuthorizationRequest request = client.authorize().redirectUri("https://client.example.org/cb");
    return hostile.isContext("pkce_policy", "require_advertised")
        ? request.requireAnnouncedPkce().begin()
        : request.begin();
  }

  private static void assertUsable(
      HostileCase hostile, OAuthClient client, PendingAuthorization pending) throws IOException {
    Map<String, Object> document = hostile.response().jsonBody();
    assertThat(client.server().issuer()).isEqualTo(document.get("issuer"));
    assertThat(client.server().tokenEndpoint())
        .hasToString((String) document.get("token_endpoint"));
    String url = pending.url().toString();
    assertThat(url)
        .startsWith((String) document.get("authorization_endpoint"))
        .contains("&state=" + pending.state().reveal() + "&")
        .contains("code_challenge_method=S256");
    Map<?, ?> result = hostile.object("result");
    if (result.containsKey("authorization_url_contains")) {
      assertThat(url).contains((String) result.get("authorization_url_contains"));
    }
    boolean announced = document.get("authorization_response_iss_parameter_supported") != null;
    assertThat(pending.issRequired()).isEqualTo(announced);
  }

  private static void assertRefused(HostileCase hostile, Attempt<PendingAuthorization> attempt) {
    if (hostile.text("error").equals("transport_error")) {
      assertThat(attempt.refusal(IOException.class)).isNotInstanceOf(OAuthException.class);
      return;
    }
    String code =
        switch (hostile.text("error")) {
          case "insecure_url", "invalid_url", "malformed", "ssrf_blocked" -> "invalid_metadata";
          default -> hostile.text("error");
        };
    assertThat(attempt.refusal(InvalidResponseException.class).code()).isEqualTo(code);
  }

  /** As servers write it that put out every field they have. */
  @Test
  void anEndpointThatIsNullIsAbsent() throws Exception {
    HostileCase genuine = CASES.named("META-OK-01");
    Map<String, Object> document = genuine.response().jsonBody();
    document.put("registration_endpoint", null);
    PLACES.forEach(place -> site.answer(place, HostileJson.text(document)));
    assertThat(client(genuine).server().endpoint("registration_endpoint")).isNull();

    document.put("token_endpoint", null);
    PLACES.forEach(place -> site.answer(place, HostileJson.text(document)));
    Attempt.at(client(genuine)::server).refusal(InvalidResponseException.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongIssuers")
  void whatIsNoIssuerIsAMistakeInTheProgram(HostileCase hostile) {
    assertThatThrownBy(() -> client(hostile)).isInstanceOf(IllegalArgumentException.class);
    assertThat(site.contacts()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refreshes")
  void aBadDocumentDoesNotReplaceAGoodOne(HostileCase hostile) throws Exception {
    MockResponse good = CASES.named("META-OK-01").response().mock();
    PLACES.forEach(place -> site.answer(place, good));
    OAuthClient client = client(hostile);
    AuthorizationServer before = client.server();
    PLACES.forEach(place -> site.answer(place, hostile.response().mock()));
    clock.advance(Duration.ofHours(13));

    AuthorizationServer after = Attempt.at(client::server).hides(List.of(CLIENT_SECRET)).value();

    assertThat(after).isSameAs(before);
    assertThat(site.requests()).hasSize(2);
  }
}
