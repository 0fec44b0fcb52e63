package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the metadata is looked for, when, and what is kept. */
class ServerMetadataTest {
  private static final String FIRST = "/.well-known/oauth-authorization-server";
  private static final String SECOND = "/.well-known/openid-configuration";
  private static final Duration TWELVE_HOURS = Duration.ofHours(12);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final HttpExchange http = new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30));
  private FakeAuthorizationServer server;

  @BeforeEach
  void start() {
    server = extension.server();
  }

  private ServerMetadata of(String issuer) {
    return ServerMetadata.discovered(issuer, null, http, clock, null);
  }

  private ServerMetadata metadata() {
    return of(server.issuer());
  }

  private static List<String> paths(FakeAuthorizationServer server) {
    return server.requests().stream().map(ReceivedRequest::path).toList();
  }

  private void answer(String path, int status) {
    server.answerNext(path, new MockResponse.Builder().code(status).build());
  }

  // When.

  @Test
  @DisplayName("F-38 construction touches nothing, not even DNS")
  void constructionTouchesNothing() {
    AtomicInteger lookups = new AtomicInteger();
    OkHttpClient blind =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  lookups.incrementAndGet();
                  throw new UnknownHostException(host);
                })
            .build();

    OAuthClient client =
        OAuthClient.builder()
            .issuer("https://login.example.com")
            .clientId("app")
            .httpClient(blind)
            .build();
    TokenSource tokens = client.clientCredentials().tokenSource();

    assertThat(lookups).hasValue(0);
    assertThatThrownBy(tokens::token).isInstanceOf(UnknownHostException.class);
    assertThat(lookups).hasValue(1);
  }

  @Test
  @DisplayName("F-38 a server that is down at first is found later, without a restart")
  void aServerThatIsDownAtFirstIsFoundLater() throws Exception {
    ServerMetadata metadata = metadata();
    server.discoveryDown(true);
    assertThatThrownBy(metadata::server)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_metadata");
              assertThat(e.isTemporary()).isTrue();
            });

    server.discoveryDown(false);
    assertThat(metadata.server().tokenEndpoint()).hasToString(server.tokenEndpoint());
  }

  @Test
  void theDocumentIsFetchedOnceInTwelveHours() throws Exception {
    ServerMetadata metadata = metadata();
    AuthorizationServer first = metadata.server();

    clock.advance(TWELVE_HOURS.minusMillis(1));
    assertThat(metadata.server()).isSameAs(first);
    assertThat(server.requests()).hasSize(1);

    clock.advance(Duration.ofMillis(1));
    assertThat(metadata.server()).isNotSameAs(first);
    assertThat(metadata.server()).isSameAs(metadata.server());
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  @DisplayName("F-39 an endpoint that has moved is used after the next fetch")
  void aMovedEndpointIsUsedAfterTheNextFetch() throws Exception {
    ServerMetadata metadata = metadata();
    metadata.server();
    server.metadata(document -> document.put("token_endpoint", server.url("/v2/token")));

    clock.advance(TWELVE_HOURS);

    assertThat(metadata.server().tokenEndpoint()).hasToString(server.url("/v2/token"));
  }

  @Test
  @DisplayName(
      "F-39 a document that is suddenly for another issuer is refused, the old one is kept")
  void aChangedIssuerIsRefused() throws Exception {
    ServerMetadata metadata = metadata();
    AuthorizationServer first = metadata.server();
    server.metadata(
        document -> {
          document.put("issuer", "https://evil.example.com");
          document.put("token_endpoint", "https://evil.example.com/token");
        });

    clock.advance(TWELVE_HOURS);

    assertThat(metadata.server()).isSameAs(first);
  }

  @Test
  void aFailedFetchIsRepeatedAfterAMinute() throws Exception {
    ServerMetadata metadata = metadata();
    AuthorizationServer first = metadata.server();
    server.discoveryDown(true);
    clock.advance(TWELVE_HOURS);

    for (int second = 0; second < 180; second++) {
      assertThat(metadata.server()).isSameAs(first);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(server.requests()).hasSize(1 + 3);

    server.discoveryDown(false);
    assertThat(metadata.server()).isNotSameAs(first);
  }

  @Test
  void aDocumentThatCannotBeFetchedAgainIsKeptForAWeek() throws Exception {
    ServerMetadata metadata = metadata();
    metadata.server();
    server.discoveryDown(true);
    clock.advance(Duration.ofDays(7));
    assertThat(metadata.server()).isNotNull();
    clock.advance(Duration.ofMinutes(2));
    assertThatThrownBy(metadata::server).isInstanceOf(InvalidResponseException.class);
    server.discoveryDown(false);
    assertThat(metadata.server()).isNotNull();
  }

  @Test
  void whileOneFetchesAgainTheOthersDoNotWait() throws Exception {
    ServerMetadata metadata = metadata();
    AuthorizationServer first = metadata.server();
    clock.advance(TWELVE_HOURS);
    Held held = server.holdNext(FIRST);
    Crowd<AuthorizationServer> one = Crowd.start(1, metadata::server);
    held.awaitArrival(SOON);

    assertThat(Crowd.of(50, metadata::server).distinctResults()).containsExactly(first);

    held.release();
    assertThat(one.await().results()).hasSize(1).doesNotContain(first);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void afterAWeekNobodyGetsTheOldDocument() throws Exception {
    ServerMetadata metadata = metadata();
    metadata.server();
    clock.advance(Duration.ofDays(7).plusMillis(1));
    server.answerNext(FIRST, new MockResponse.Builder().code(503).build());
    Held held = server.holdNext(FIRST);
    assertThatThrownBy(metadata::server).isInstanceOf(InvalidResponseException.class);

    Crowd<AuthorizationServer> crowd = Crowd.start(20, metadata::server);
    held.awaitArrival(SOON);
    crowd.awaitWaiting(19);
    held.release();

    assertThat(crowd.await().results()).hasSize(20);
    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void fiftyThreadsFetchOnce() throws Exception {
    ServerMetadata metadata = metadata();

    Crowd<AuthorizationServer> crowd = Crowd.of(50, metadata::server);

    assertThat(crowd.results()).hasSize(50);
    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void whoLookedTooEarlyDoesNotFetchOnceMore() throws Exception {
    SlowReader slow = new SlowReader(clock);
    ServerMetadata metadata = ServerMetadata.discovered(server.issuer(), null, http, slow, null);
    metadata.server();
    clock.advance(TWELVE_HOURS);
    Crowd<AuthorizationServer> reader = slow.begin(metadata::server);
    AuthorizationServer newest = metadata.server();
    slow.goOn();

    assertThat(reader.await().results()).containsExactly(newest);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  @DisplayName("F-41 a clock that jumps back does not keep a document for longer")
  void aClockThatJumpsBackDoesNotKeepTheDocument() throws Exception {
    ServerMetadata metadata = metadata();
    AuthorizationServer first = metadata.server();

    clock.advance(Duration.ofDays(-365));
    assertThat(metadata.server()).isNotSameAs(first);
    metadata.server();
    assertThat(server.requests()).hasSize(2);
  }

  // Where.

  @Test
  void thePlaceOfRfc8414ComesFirst() throws Exception {
    metadata().server();

    assertThat(paths(server)).containsExactly(FIRST);
    assertThat(server.requests().get(0).header("Accept")).isEqualTo("application/json");
  }

  @ParameterizedTest(name = "the other place is tried after a {0}")
  @ValueSource(ints = {400, 401, 403, 404, 405, 410})
  void theOtherPlaceIsTriedWhenNothingIsAtTheFirst(int status) throws Exception {
    answer(FIRST, status);

    assertThat(metadata().server().issuer()).isEqualTo(server.issuer());
    assertThat(paths(server)).containsExactly(FIRST, SECOND);
  }

  @ParameterizedTest(name = "the other place is not tried after a {0}")
  @ValueSource(ints = {204, 301, 302, 307, 429, 500, 502, 503})
  void theOtherPlaceIsNotTriedWhenTheFirstIsInTrouble(int status) {
    answer(FIRST, status);

    assertThatThrownBy(() -> metadata().server()).isInstanceOf(InvalidResponseException.class);
    assertThat(paths(server)).containsExactly(FIRST);
  }

  @Test
  void aWrongDocumentAtTheFirstPlaceIsNotPassedOver() {
    server.metadata(document -> document.put("issuer", server.issuer() + "/"));

    assertThatThrownBy(() -> metadata().server())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));
    assertThat(paths(server)).containsExactly(FIRST);
  }

  @Test
  void aCutConnectionIsNotAnAbsentDocument() {
    server.cutNext(FIRST, Cut.BEFORE_ANSWER);

    assertThatThrownBy(() -> metadata().server())
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(OAuthException.class);
    assertThat(paths(server)).containsExactly(FIRST);
  }

  @Test
  void whenNothingIsAnywhereTheLastPlaceIsNamed() {
    answer(FIRST, 404);
    answer(SECOND, 404);

    assertThatThrownBy(() -> metadata().server())
        .hasMessage(
            "there is no usable metadata at " + server.url(SECOND) + ": its HTTP status is 404");
  }

  @Test
  void aRedirectIsRefused() {
    server.answerNext(
        FIRST,
        new MockResponse.Builder().code(302).addHeader("Location", server.url(SECOND)).build());

    assertThatThrownBy(() -> metadata().server())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("redirect_refused"));
    assertThat(paths(server)).containsExactly(FIRST);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, https://a.example/.well-known/oauth-authorization-server, https://a.example/.well-known/openid-configuration",
    "https://a.example/, https://a.example/.well-known/oauth-authorization-server, https://a.example/.well-known/openid-configuration",
    "https://a.example:8443/t/1, https://a.example:8443/.well-known/oauth-authorization-server/t/1, https://a.example:8443/t/1/.well-known/openid-configuration",
    "https://a.example/t/1/, https://a.example/.well-known/oauth-authorization-server/t/1, https://a.example/t/1/.well-known/openid-configuration",
    "https://[::1]/t, https://[::1]/.well-known/oauth-authorization-server/t, https://[::1]/t/.well-known/openid-configuration"
  })
  void thePlacesFollowFromTheIssuer(String issuer, String first, String second) {
    assertThat(ServerMetadata.places(issuer)).containsExactly(first, second);
  }

  @Test
  void anIssuerMayHaveAPath() throws Exception {
    FakeAuthorizationServer.Builder builder =
        FakeAuthorizationServer.builder().issuerPath("/tenant1");
    try (FakeAuthorizationServer tenant = builder.start()) {
      tenant.answerNext(FIRST + "/tenant1", new MockResponse.Builder().code(404).build());

      assertThat(of(tenant.issuer()).server().issuer()).isEqualTo(tenant.issuer());
      assertThat(paths(tenant)).containsExactly(FIRST + "/tenant1", "/tenant1" + SECOND);
      assertThat(of(tenant.issuer()).server().tokenEndpoint()).hasToString(tenant.tokenEndpoint());
    }
  }

  @Test
  void anIssuerMayEndInASlash() throws Exception {
    String issuer = server.issuer() + "/";
    assertThatThrownBy(() -> of(issuer).server())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));

    server.metadata(document -> document.put("issuer", issuer));
    assertThat(of(issuer).server().issuer()).isEqualTo(issuer);
    assertThat(paths(server)).containsExactly(FIRST, FIRST);
  }

  @Test
  void theMetadataMayLieElsewhere() throws Exception {
    String document =
        "{\"issuer\":\"%s\",\"token_endpoint\":\"%s\"}"
            .formatted(server.issuer(), server.tokenEndpoint());
    server.endpoint("/conf", request -> new MockResponse.Builder().body(document).build());

    ServerMetadata metadata =
        ServerMetadata.discovered(server.issuer(), server.url("/conf?v=1"), http, clock, null);

    assertThat(metadata.server().tokenEndpoint()).hasToString(server.tokenEndpoint());
    assertThat(paths(server)).containsExactly("/conf");
  }

  @Test
  void elsewhereItMustBeForTheIssuerToo() {
    server.endpoint(
        "/conf",
        request ->
            new MockResponse.Builder()
                .body(
                    "{\"issuer\":\"https://x.example\",\"token_endpoint\":\"https://x.example/t\"}")
                .build());
    ServerMetadata metadata =
        ServerMetadata.discovered(server.issuer(), server.url("/conf"), http, clock, null);

    assertThatThrownBy(metadata::server)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));
    assertThat(paths(server)).containsExactly("/conf");
  }

  @Test
  void thatPlaceMustBeAUrl() {
    assertThatThrownBy(
            () ->
                ServerMetadata.discovered(server.issuer(), "http://a.example/", http, clock, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the metadata URL is ");
  }

  @Test
  void aServerByHandIsNeverFetched() throws Exception {
    AuthorizationServer byHand =
        AuthorizationServer.builder().tokenEndpoint(server.tokenEndpoint()).build();
    ServerMetadata metadata = ServerMetadata.fixed(byHand, http, clock);

    clock.advance(Duration.ofDays(10_000));
    assertThat(metadata.server()).isSameAs(byHand);
    clock.advance(Duration.ofDays(-20_000));
    assertThat(metadata.server()).isSameAs(byHand);

    assertThat(server.requests()).isEmpty();
  }
}
