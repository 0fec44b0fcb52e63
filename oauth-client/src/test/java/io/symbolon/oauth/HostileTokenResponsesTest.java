package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.OldTlsServer;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of hostile and odd answers of a token endpoint. */
class HostileTokenResponsesTest {
  private static final HostileCases CASES = HostileCases.of("token_responses");
  private static final String CLIENT_SECRET = "7Fjfp0ZBr1KtDRbnfVdmIw-9aKx2Lq8VvYtR4sWmE1o";
  private static final String CODE = "SplxlOBeZQQYbYS6WxSbIA";
  private static final HttpUrl TOKEN_URL = HttpUrl.get(ExampleSite.ISSUER + "/token");
  private static final SigningKey DPOP_KEY = SigningKey.generate("ES256");
  private static final Instant NOW = Instant.ofEpochSecond(1767225600);

  private final TestClock clock = TestClock.at(NOW);
  private final List<String> secrets = new ArrayList<>(List.of(CLIENT_SECRET, CODE));
  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> answered() {
    return CASES
        .toRun()
        .filter(c -> !isOpenId(c) && !isTlsFault(c) && !isRevocation(c) && !isPush(c))
        .filter(c -> !HostileGrantsTest.isToRun(c) && !HostileProvidersTest.isToRun(c));
  }

  static Stream<HostileCase> pushes() {
    return CASES.toRun().filter(HostileTokenResponsesTest::isPush);
  }

  private static boolean isPush(HostileCase hostile) {
    return hostile.isContext("endpoint", "par");
  }

  static Stream<HostileCase> revocations() {
    return CASES.toRun().filter(HostileTokenResponsesTest::isRevocation);
  }

  private static boolean isRevocation(HostileCase hostile) {
    return hostile.isContext("endpoint", "revocation");
  }

  static Stream<HostileCase> tlsFaults() {
    return CASES.toRun().filter(HostileTokenResponsesTest::isTlsFault);
  }

  static Stream<HostileCase> endOfLogin() {
    return answered().filter(c -> c.outcome().containsKey("terminal"));
  }

  private static boolean isOpenId(HostileCase hostile) {
    return hostile.isContext("openid", true);
  }

  private static boolean isTlsFault(HostileCase hostile) {
    String fault = hostile.response().fault();
    return fault != null && fault.startsWith("tls");
  }

  @Test
  void everyCaseIsRunOrListed() {
    Stream<HostileCase> openId = CASES.toRun().filter(c -> isOpenId(c)); // by oidc-client
    CASES.assertComplete(
        Stream.of(
                answered(),
                tlsFaults(),
                revocations(),
                pushes(),
                openId,
                HostileGrantsTest.cases(),
                HostileProvidersTest.cases())
            .flatMap(cases -> cases));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answered")
  void anAnswerIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    OAuthClient client = client(site.http(), hostile);
    TokenRequestAttempt request = request(client, hostile);
    cacheNonces(hostile, client);
    int before = site.requests("/token").size();
    site.answer("/token", answers(hostile));

    Attempt<TokenSet> attempt = Attempt.at(request::execute);

    hostile.response().secrets().forEach(secrets::add);
    attempt.hides(secrets);
    if (hostile.isAccepted()) {
      assertTokens(hostile, attempt.value());
    } else {
      assertRefused(hostile, attempt);
    }
    Object sent =
        hostile.outcome().containsKey("requests_sent")
            ? hostile.outcome().get("requests_sent")
            : 1L;
    assertThat((long) site.requests("/token").size() - before).isEqualTo(sent);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
    assertProofs(
        hostile, client, site.requests("/token").subList(before, before + (int) (long) sent));
  }

  private static Function<RecordedRequest, MockResponse> answers(HostileCase hostile) {
    MockResponse response = hostile.response().mock();
    String nonce = response.getHeaders().get("DPoP-Nonce");
    if (nonce == null || !nonce.contains("{i}")) {
      return request -> response;
    }
    AtomicInteger count = new AtomicInteger();
    return request ->
        response
            .newBuilder()
            .setHeader("DPoP-Nonce", nonce.replace("{i}", "" + count.incrementAndGet()))
            .build();
  }

  /** A proof with each request if the client has a key, with the nonce of this server or none. */
  private static void assertProofs(
      HostileCase hostile, OAuthClient client, List<RecordedRequest> requests) throws Exception {
    if (client.dpop() == null) {
      assertThat(requests).allMatch(request -> request.getHeaders().get("DPoP") == null);
      return;
    }
    Set<Object> ids = new HashSet<>();
    for (RecordedRequest request : requests) {
      Map<String, Object> claims = DpopProofTest.claims(request.getHeaders().get("DPoP"));
      assertThat(ids.add(claims.get("jti"))).isTrue();
      assertThat(claims.get("nonce")).isNotEqualTo(hostile.context("rs_nonce_cached") + "");
    }
    Object stored = hostile.outcome().get("dpop_nonce_stored");
    if (stored != null) {
      assertThat(client.dpop().nonces().of(TOKEN_URL)).isEqualTo(stored);
    }
    if (hostile.contextText("server") != null) {
      assertThat(client.dpop().nonces().of(TOKEN_URL)).isEqualTo("n-" + requests.size());
    }
  }

  private static void cacheNonces(HostileCase hostile, OAuthClient client) {
    if (client.dpop() == null) {
      return;
    }
    DpopNonces nonces = client.dpop().nonces();
    nonces.learn(TOKEN_URL, hostile.contextText("cached_nonce"));
    nonces.learn(HttpUrl.get("https://rs.example.com/"), hostile.contextText("rs_nonce_cached"));
  }

  @Test
  void anAnswerOfTwoMediaTypesIsNotRead() throws Exception {
    HostileCase genuine = CASES.named("TOK-OK-01");
    MockResponse html =
        genuine.response().mock().newBuilder().addHeader("Content-Type", "text/html").build();
    TokenRequestAttempt request = request(client(site.http(), genuine), genuine);
    site.answer("/token", html);

    InvalidResponseException refusal =
        Attempt.at(request::execute).hides(secrets).refusal(InvalidResponseException.class);

    assertThat(refusal.code()).isEqualTo("malformed_response");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token_type", "error", "error_uri"})
  void whatTheServerRepeatsOfOursIsNotShown(String member) throws Exception {
    HostileCase genuine = CASES.named("TOK-OK-01");
    TokenRequestAttempt request = request(client(site.http(), genuine), genuine);
    site.answer("/token", received -> ExampleSite.json(echo(member, received)));

    Attempt<TokenSet> attempt = Attempt.at(request::execute).hides(secrets);

    attempt.refusal(OAuthException.class);
    String credentials = site.requests("/token").get(0).getHeaders().get("Authorization");
    attempt.hides(List.of(credentials.substring("Basic ".length())));
  }

  private static String echo(String member, RecordedRequest received) {
    String sent = received.getHeaders().get("Authorization") + " " + received.getBody().utf8();
    Map<String, Object> answer = new HashMap<>(Map.of("access_token", "a"));
    if (!member.equals("token_type")) {
      answer.put("error", "invalid_request");
      answer.put("error_description", sent);
    }
    answer.put(member, sent);
    return HostileJson.text(answer);
  }

  @FunctionalInterface
  private interface TokenRequestAttempt {
    TokenSet execute() throws IOException;
  }

  private OAuthClient client(OkHttpClient http, HostileCase hostile) {
    boolean slow = "drip".equals(hostile.response().fault());
    OAuthClient.Builder builder = OAuthClient.builder();
    if (hostile.isContext("dpop", true)) {
      builder.dpop(DPOP_KEY);
    }
    AuthorizationServer.Builder server =
        AuthorizationServer.builder()
            .issuer(ExampleSite.ISSUER)
            .authorizationEndpoint(ExampleSite.ISSUER + "/authorize")
            .tokenEndpoint(ExampleSite.ISSUER + "/token")
            .metadata("revocation_endpoint", ExampleSite.ISSUER + "/revoke")
            .metadata("pushed_authorization_request_endpoint", ExampleSite.ISSUER + "/par");
    if ("wechat".equals(hostile.contextText("preset"))) {
      server.dialect(Providers.wechatServerLegacy().server().dialect());
    }
    return builder
        .server(server.build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(http)
        .clock(clock)
        .callTimeout(slow ? Duration.ofSeconds(1) : Duration.ofSeconds(8))
        .build();
  }

  private TokenRequestAttempt request(OAuthClient client, HostileCase hostile) throws IOException {
    if (hostile.isContext("preset", "wechat") && hostile.isContext("grant", "client_credentials")) {
      return () -> client.clientCredentials().execute();
    }
    if (hostile.isContext("grant", "refresh_token")) {
      TokenSet tokens = previous(client, hostile);
      return () -> client.refresh(tokens).execute();
    }
    AuthorizationRequest request = client.authorize().redirectUri("https://client.example.org/cb");
    if (hostile.context("requested_scope") != null) {
      request.scope(hostile.contextText("requested_scope"));
    }
    PendingAuthorization pending = request.begin();
    secrets.add(pending.state().reveal());
    secrets.add(pending.codeVerifier().reveal());
    AuthorizationResponse response =
        AuthorizationResponse.ofQuery("code=" + CODE + "&state=" + pending.state().reveal());
    return () -> client.complete(pending, response);
  }

  /** The tokens that are to be refreshed. */
  private TokenSet previous(OAuthClient client, HostileCase hostile) throws IOException {
    Map<?, ?> previous = (Map<?, ?>) hostile.context("previous");
    String refreshToken = (String) previous.get("refresh_token");
    secrets.addAll(List.of("AT-previous", refreshToken));
    site.answer(
        "/token",
        "{\"access_token\":\"AT-previous\",\"token_type\":\"Bearer\",\"expires_in\":60,\"refresh_token\":\""
            + refreshToken
            + "\",\"scope\":\""
            + previous.get("scope")
            + "\"}");
    return client.clientCredentials().execute();
  }

  private static void assertTokens(HostileCase hostile, TokenSet tokens) {
    Map<?, ?> outcome = hostile.outcome();
    Map<String, Object> body = hostile.response().jsonBody();
    assertThat(tokens.accessToken().value().reveal()).isEqualTo(body.get("access_token"));
    assertThat(tokens.accessToken().type())
        .isEqualTo(hostile.isContext("dpop", true) ? "DPoP" : "Bearer");
    assertThat(tokens.issuer()).isEqualTo(ExampleSite.ISSUER);
    assertThat(tokens.accessToken().issuedAt()).isEqualTo(NOW);
    assertLifetime(outcome.get("expires_in"), tokens.accessToken().expiresAt());
    Secret refreshToken = tokens.refreshToken();
    Object expected =
        outcome.containsKey("refresh_token")
            ? outcome.get("refresh_token")
            : body.get("refresh_token");
    assertThat(refreshToken == null ? null : refreshToken.reveal()).isEqualTo(expected);
    assertThat(tokens.scope()).isEqualTo(expectedScope(hostile));
  }

  private static void assertLifetime(Object expected, Instant expiresAt) {
    if (expected instanceof Long seconds) {
      assertThat(expiresAt).isEqualTo(NOW.plusSeconds(seconds));
    } else if (expected != null) {
      assertThat(expected).isEqualTo("unknown or clamped");
      assertThat(expiresAt == null || expiresAt.isBefore(NOW.plus(Duration.ofDays(3651)))).isTrue();
    }
  }

  private static Set<String> expectedScope(HostileCase hostile) {
    Map<?, ?> previous = (Map<?, ?>) hostile.context("previous");
    Object asked = previous != null ? previous.get("scope") : hostile.context("requested_scope");
    Object scope = hostile.outcome().containsKey("scope") ? hostile.outcome().get("scope") : asked;
    scope = "as requested".equals(scope) ? asked : scope;
    return scope == null ? Set.of() : Set.copyOf(Arrays.asList(((String) scope).split(" ")));
  }

  private static void assertRefused(HostileCase hostile, Attempt<?> attempt) {
    switch (hostile.outcomeKind()) {
      case "dpop_nonce_retry" ->
          assertThat(attempt.refusal(OAuthErrorException.class).error())
              .isEqualTo("use_dpop_nonce");
      case "downgrade" ->
          assertThat(attempt.refusal(InvalidResponseException.class).code())
              .isEqualTo("dpop_downgrade");
      case "oauth_error" -> assertError(hostile, attempt.refusal(OAuthErrorException.class));
      case "transport_error" ->
          assertThat(attempt.refusal(IOException.class)).isNotInstanceOf(OAuthException.class);
      case "http_error", "rate_limited" -> {
        InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
        assertThat(refusal.code()).isEqualTo("http_error");
        assertThat(refusal.httpStatus()).isEqualTo(hostile.response().status());
        assertThat(refusal.retryAfter()).isNull();
        assertThat(refusal.isTemporary()).isEqualTo(hostile.response().status() == 429);
      }
      default -> {
        InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
        assertThat(refusal.code()).isEqualTo(hostile.outcomeKind());
        assertThat(refusal.isTemporary()).isFalse();
      }
    }
  }

  private static void assertError(HostileCase hostile, OAuthErrorException refusal) {
    assertThat(refusal.error()).isEqualTo(hostile.outcome().get("error"));
    assertThat(refusal.httpStatus()).isEqualTo(hostile.response().status());
    assertThat(refusal.isTemporary()).isFalse();
    String description = refusal.description();
    if (description != null) {
      assertThat(description.chars()).noneMatch(Character::isISOControl);
    }
    assertThat(refusal.getMessage().chars()).noneMatch(Character::isISOControl);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tlsFaults")
  void nothingIsSaidToAServerThatCannotProveItsName(HostileCase hostile) throws Exception {
    try (ExampleSite faulty = faulty(hostile.response().fault());
        OldTlsServer old = new OldTlsServer()) {
      boolean oldTls = hostile.response().fault().equals("tls_1_1");
      faulty.answer("/token", hostile.response().mock());
      OAuthClient client = client(oldTls ? faulty.http(old.port()) : faulty.http(), hostile);

      Attempt<TokenSet> attempt = Attempt.at(request(client, hostile)::execute).hides(secrets);

      assertThat(attempt.refusal(IOException.class)).isNotInstanceOf(OAuthException.class);
      assertThat(faulty.requests()).isEmpty();
      if (oldTls) {
        assertThat(old.nextRecordType()).isEqualTo(21);
      }
    }
  }

  private static ExampleSite faulty(String fault) throws IOException {
    return switch (fault) {
      case "tls_wrong_host" -> ExampleSite.startWithCertificateOf("other.example.com");
      case "tls_expired" -> ExampleSite.startWithExpiredCertificate();
      default -> ExampleSite.start();
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("revocations")
  void aTokenThatWasNotRevokedMustBeTakenForAlive(HostileCase hostile) throws Exception {
    site.answer("/revoke", hostile.response().mock());
    OAuthClient client = client(site.http(), hostile);

    Attempt<Void> attempt =
        Attempt.at(
            () -> {
              client.revoke(Secret.of("RT-alive"));
              return null;
            });

    attempt.hides(List.of(CLIENT_SECRET, "RT-alive"));
    assertThat(attempt.isAccepted()).isEqualTo(hostile.isAccepted());
    if ("server_unavailable".equals(hostile.outcomeKind())) {
      InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
      assertThat(refusal.isTemporary()).isTrue();
      assertThat(refusal.retryAfter())
          .isEqualTo(Duration.ofSeconds((Long) hostile.outcome().get("retry_after")));
    }
  }

  /** RFC 9126 §2.2 and §2.3: the browser gets the reference as it came, or does not go at all. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pushes")
  void onlyAReferenceThatIsAUriSendsTheBrowser(HostileCase hostile) throws Exception {
    site.answer("/par", hostile.response().mock());
    AuthorizationRequest request =
        client(site.http(), hostile).authorize().redirectUri("https://client.example.org/cb");

    Attempt<PendingAuthorization> attempt = Attempt.at(request.pushed()::begin).hides(secrets);

    if (hostile.isAccepted()) {
      HttpUrl url = HttpUrl.get(attempt.value().url());
      assertThat(url.queryParameterNames()).containsExactly("client_id", "request_uri");
      assertThat(url.queryParameter("request_uri"))
          .isEqualTo(hostile.response().jsonBody().get("request_uri"));
    } else {
      assertRefused(hostile, attempt);
    }
    assertThat(site.requests("/par")).hasSize(1);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  /** A refresh token that is dead is not shown again; one that may live is kept. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("endOfLogin")
  void onlyInvalidGrantEndsALogin(HostileCase hostile) throws Exception {
    OAuthClient client = client(site.http(), hostile);
    CachingTokenSource source = client.tokenSource(previous(client, hostile));
    site.answer("/token", hostile.response().mock());
    boolean terminal = hostile.outcome().get("terminal").equals(true);
    clock.advance(Duration.ofHours(1));
    Attempt.at(source::token).hides(secrets).refusal(OAuthException.class);
    clock.advance(Duration.ofHours(1));

    Attempt<AccessToken> again = Attempt.at(source::token).hides(secrets);

    List<RecordedRequest> refreshes = site.requests("/token").stream().skip(1).toList();
    if (terminal) {
      again.refusal(LoginRequiredException.class);
      assertThat(refreshes).hasSize(1);
    } else {
      again.refusal(OAuthErrorException.class);
      assertThat(refreshes).hasSize(2);
      assertThat(refreshes)
          .allMatch(request -> request.getBody().utf8().contains("refresh_token=RT-old"));
    }
  }
}
