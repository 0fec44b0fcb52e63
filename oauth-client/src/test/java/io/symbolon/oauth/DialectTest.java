package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a server may differ, on the wire; and that nothing else changes with it. */
final class DialectTest extends DialectGround {
  private final List<OAuthEvent> events = Collections.synchronizedList(new ArrayList<>());

  private OAuthClient client(UnaryOperator<Dialect.Builder> how) {
    return of(how)
        .authentication(ClientAuthentication.post(Secret.of("s3cret")))
        .listener(events::add)
        .build();
  }

  private String sent() throws InterruptedException {
    RecordedRequest request = server.takeRequest();
    String body = request.getBody() == null ? "" : request.getBody().utf8();
    return request.getMethod() + " " + request.getTarget() + (body.isEmpty() ? "" : " " + body);
  }

  private TokenSet tokens(UnaryOperator<Dialect.Builder> how) throws IOException {
    return client(how).clientCredentials().execute();
  }

  private OAuthException refusal(UnaryOperator<Dialect.Builder> how) {
    return catchThrowableOfType(OAuthException.class, () -> tokens(how));
  }

  @Test
  void theBrowsersUrlHasTheServersNamesOrderAndFragment() throws Exception {
    HttpUrl url =
        HttpUrl.get(
            client(
                    dialect ->
                        dialect
                            .parameter("client_id", "appid")
                            .scopeSeparator(",")
                            .withoutPkce()
                            .alphanumericState()
                            .authorizationWithout("response_type")
                            .authorizationParameter("lang", "en")
                            .authorizationParameter("theme", "dark")
                            .authorizationOrder("appid", "redirect_uri", "scope", "state")
                            .authorizationFragment("go"))
                .authorize()
                .parameter("lang", "cn")
                .scope("one two")
                .redirectUri(CALLBACK)
                .begin()
                .url());

    assertThat(url.queryParameter("state")).matches("[A-Za-z0-9]{43}");
    assertThat(url.toString().replace(url.queryParameter("state"), "STATE"))
        .isEqualTo(
            "https://login.example.com/authorize?v=2&appid=app&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb"
                + "&scope=one%2Ctwo&state=STATE&lang=cn&theme=dark#go");
  }

  private static TokenSet login(OAuthClient client, String more) throws IOException {
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    return client.complete(pending, CALLBACK + "?state=" + pending.state().reveal() + more);
  }

  @Test
  void withoutPkceNoVerifierIsSentAndWithItOneIs() throws Exception {
    answer(TOKEN);
    login(client(Dialect.Builder::withoutPkce), "&code=c1");
    assertThat(sent()).contains("code=c1").doesNotContain("code_verifier");
    answer(TOKEN);
    login(client(dialect -> dialect), "&code=c2");
    assertThat(sent()).contains("code=c2").contains("code_verifier=");
  }

  @Test
  void aQueryCarriesTheParametersAndNothingElseShowsThem() throws Exception {
    answer(TOKEN);
    tokens(
        dialect ->
            dialect
                .queryRequests()
                .parameter("client_secret", "secret")
                .grantType("client_credentials", "client_credential")
                .tokenParameter("fmt", "json"));
    assertThat(sent())
        .isEqualTo("GET /token?grant_type=client_credential&client_id=app&secret=s3cret&fmt=json");
    assertThat(events).isNotEmpty();
    assertThat(events.toString()).doesNotContain("s3cret").contains("token_endpoint");
  }

  @Test
  void jsonCarriesTheParameters() throws Exception {
    answer(TOKEN);
    tokens(dialect -> dialect.jsonRequests().parameter("client_id", "clientId"));
    RecordedRequest request = server.takeRequest();
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
    assertThat(request.getBody().utf8())
        .isEqualTo(
            "{\"grant_type\":\"client_credentials\",\"clientId\":\"app\",\"client_secret\":\"s3cret\"}");
  }

  @Test
  void aGrantHasItsOwnEndpointAndLeavesParametersOut() throws Exception {
    answer(TOKEN);
    client(
            dialect ->
                dialect
                    .grantEndpoint("refresh_token", "refresh_endpoint")
                    .without("refresh_token", "client_secret"))
        .refresh(Secret.of("RT"))
        .execute();
    assertThat(sent())
        .isEqualTo("POST /refresh grant_type=refresh_token&refresh_token=RT&client_id=app");
  }

  @Test
  void theLastWordOnARequestSeesWhatWillBeSentAndTheTime() throws Exception {
    answer(TOKEN);
    tokens(
        dialect ->
            dialect
                .parameter("client_id", "app_id")
                .completingRequests(
                    (parameters, now) -> {
                      Map<String, String> all = new LinkedHashMap<>(parameters);
                      all.put("sign", parameters.keySet().toString() + now);
                      return all;
                    }));
    assertThat(sent())
        .endsWith("&sign=%5Bgrant_type%2C+app_id%2C+client_secret%5D2026-01-01T00%3A00%3A00Z");
  }

  @Test
  void aJsonServerIsNotAskedWithAParameterTwice() {
    OAuthClient client = client(Dialect.Builder::jsonRequests);
    assertThatThrownBy(
            () ->
                client
                    .clientCredentials()
                    .resource("https://a.example")
                    .resource("https://b.example")
                    .execute())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no parameter twice");
  }

  @Test
  void whatTheBrowserBringsHasOtherNamesIsRepeatedAndKept() throws Exception {
    answer(TOKEN);
    TokenSet tokens =
        login(
            client(
                dialect ->
                    dialect
                        .responseParameter("auth_code", "code")
                        .repeatResponseParameter("device_id")
                        .keepResponseParameter("shop")),
            "&auth_code=c1&device_id=d1&shop=s1");
    assertThat(sent()).contains("code=c1").contains("device_id=d1").doesNotContain("shop");
    assertThat(tokens.member("shop")).isEqualTo("s1");
    assertThat(tokens.member("device_id")).isNull();
  }

  @Test
  void theServerHasTheLastWordOnWhatTheBrowserBrought() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"shop\":\"the server's\"}");
    TokenSet tokens =
        login(client(dialect -> dialect.keepResponseParameter("shop")), "&code=c&shop=forged");
    assertThat(tokens.member("shop")).isEqualTo("the server's");
  }

  @Test
  void theNameOfTheServerAndTheStandardOneTogetherAreOneTooMany() {
    OAuthClient client = client(dialect -> dialect.responseParameter("auth_code", "code"));
    assertThatThrownBy(() -> login(client, "&auth_code=c1&code=c2"))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("more than once");
  }

  @Test
  void nothingButTheStateIsANoWhereTheServerSaysItSo() {
    assertThatThrownBy(() -> login(client(Dialect.Builder::silentDenial), ""))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
    assertThatThrownBy(() -> login(client(dialect -> dialect), ""))
        .isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void aSilentNoWithAForeignStateIsNobodysNo() {
    OAuthClient client = client(Dialect.Builder::silentDenial);
    assertThatThrownBy(
            () ->
                client.complete(
                    client.authorize().redirectUri(CALLBACK).begin(), CALLBACK + "?state=other"))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("state_mismatch"));
  }

  @Test
  void anErrorOfTheBrowserGetsItsStandardName() {
    OAuthClient client =
        client(dialect -> dialect.error("user_cancelled_authorize", "access_denied"));
    assertThatThrownBy(() -> login(client, "&error=user_cancelled_authorize"))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
  }

  @Test
  void membersAreFoundByTheirPathsAndScopesBySeparator() throws Exception {
    answer(
        "{\"code\":0,\"data\":{\"accessToken\":\"AT\",\"expireIn\":\"60\",\"scope\":\"a,b,\","
            + "\"user\":[{\"id\":7}]}}");
    TokenSet tokens =
        tokens(
            dialect ->
                dialect
                    .envelope("missing", "data")
                    .member("accessToken", "access_token")
                    .member("expireIn", "expires_in")
                    .member("user.0.id", "sub")
                    .scopeSeparator(",")
                    .errors("code", "msg")
                    .bearerUnlessSaid());
    assertThat(tokens.accessToken().value().reveal()).isEqualTo("AT");
    assertThat(tokens.accessToken().type()).isEqualTo("Bearer");
    assertThat(tokens.accessToken().expiresAt()).isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
    assertThat(tokens.scope()).containsExactly("a", "b");
    assertThat(tokens.member("sub")).isEqualTo(7L);
    assertThat(tokens.memberNames()).doesNotContain("accessToken");
  }

  @Test
  void scopesMayBeAnsweredWithAnotherSeparatorThanTheyAreAskedWith() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"scope\":\"a,b\"}");
    TokenSet tokens =
        client(dialect -> dialect.answeredScopeSeparator(","))
            .clientCredentials()
            .scope("a b")
            .execute();
    assertThat(sent()).contains("scope=a+b");
    assertThat(tokens.scope()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"errcode\":40029,\"errmsg\":\"bad\"}| invalid_grant| 40029: bad",
        "{\"errcode\":\"40029\"}| invalid_grant| 40029",
        "{\"errcode\":-1,\"errmsg\":\"busy\"}| temporarily_unavailable| -1: busy",
        "{\"errcode\":99,\"errmsg\":\"?\"}| 99| ?",
        "{\"data\":{\"errcode\":40029}}| invalid_grant| 40029",
        "{\"error\":{\"code\":190,\"message\":\"m\"}}| invalid_token| 190: m",
        "{\"errors\":[{\"type\":\"gone\"}]}| gone|",
        "{\"error\":\"own_word\",\"error_description\":\"d\"}| invalid_client| own_word: d",
        "{\"error\":\"invalid_scope\",\"error_description\":\"d\"}| invalid_scope| d",
      })
  void anErrorIsFoundWhateverTheStatus(String body, String error, String description) {
    answer(body);
    OAuthException refusal =
        refusal(
            dialect ->
                dialect
                    .envelope("data")
                    .errors("errcode", "errmsg")
                    .errors("error.code", "error.message")
                    .errors("errors.0.type", "errors.0.message")
                    .error("40029", "invalid_grant")
                    .error("-1", "temporarily_unavailable")
                    .error("190", "invalid_token")
                    .error("own_word", "invalid_client"));
    assertThat(refusal).isInstanceOf(OAuthErrorException.class);
    assertThat(refusal.code()).isEqualTo(error);
    assertThat(((OAuthErrorException) refusal).description())
        .isEqualTo(description == null ? "" : description);
    assertThat(refusal.isTemporary()).isEqualTo(error.equals("temporarily_unavailable"));
  }

  @Test
  void anEventNamesTheErrorThatTheServerMeans() {
    answer("{\"errcode\":40029,\"errmsg\":\"bad\"}");
    refusal(dialect -> dialect.errors("errcode", "errmsg").error("40029", "invalid_grant"));
    assertThat(events.toString()).contains("invalid_grant");
  }

  @Test
  void whatSaysThatAllIsWellIsNoError() throws Exception {
    for (String code : List.of("0", "\"0\"", "null", "\"\"")) {
      answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"errcode\":" + code + "}");
      assertThat(tokens(dialect -> dialect.errors("errcode", "errmsg"))).isNotNull();
    }
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"result\":1}");
    assertThat(tokens(dialect -> dialect.errors("result", "msg").successCodes("1"))).isNotNull();
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"result\":0}");
    assertThat(refusal(dialect -> dialect.errors("result", "msg").successCodes("1")).code())
        .isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html| {\"access_token\":\"AT\",\"token_type\":\"bearer\"}",
        "text/html| cb( {\"access_token\":\"AT\",\"token_type\":\"bearer\"} );",
        "text/html| access_token=AT&token_type=bearer&expires_in=60",
        "text/plain| access_token=AT&token_type=bearer",
      })
  void theContentCountsWhereTheMediaTypeIsWrong(String type, String body) throws Exception {
    answer(type, body);
    assertThat(tokens(Dialect.Builder::anyMediaType).accessToken().value().reveal())
        .isEqualTo("AT");
    answer(type, body);
    assertThat(refusal(dialect -> dialect).code()).isEqualTo("malformed_response");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>access_token=AT&token_type=bearer</html>",
        "access_token=AT&access_token=BT&token_type=bearer",
        "access_token=%zz&token_type=bearer",
        "cb({\"access_token\":\"AT\",\"token_type\":\"bearer\"}); steal()",
        "[1]",
        "",
        "=",
      })
  void whatIsNeitherIsRefused(String body) {
    answer("text/html", body);
    assertThat(refusal(Dialect.Builder::anyMediaType).code()).isEqualTo("malformed_response");
  }

  @Test
  void aTypeOfTheServersOwnMeansBearerOnlyIfItIsNamed() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bot\"}");
    assertThat(tokens(dialect -> dialect.bearerTypes("bot")).accessToken().type())
        .isEqualTo("Bearer");
    answer("{\"access_token\":\"AT\",\"token_type\":\"mac\"}");
    assertThat(refusal(dialect -> dialect.bearerTypes("bot").bearerUnlessSaid()).code())
        .isEqualTo("unsupported_token_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access_token\":\"AT\"}",
        "{\"access_token\":\"AT\",\"token_type\":\"\"}",
        "{\"data\":{\"access_token\":\"AT\",\"token_type\":\"bearer\"}}",
        "{\"accessToken\":\"AT\",\"token_type\":\"bearer\"}",
      })
  void whatADialectDoesNotNameStaysStrict(String body) {
    answer(body);
    assertThat(refusal(dialect -> dialect.scopeSeparator(",").anyMediaType()).code())
        .isIn("malformed_response", "unsupported_token_type");
  }

  @Test
  void theLastWordOnAnAnswer() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"expires_at\":1767225660}");
    TokenSet tokens =
        tokens(
            dialect ->
                dialect.conform(
                    members -> {
                      Map<String, Object> standard = new LinkedHashMap<>(members);
                      standard.put("expires_in", (Long) members.get("expires_at") - 1767225600L);
                      return standard;
                    }));
    assertThat(tokens.accessToken().expiresAt()).isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
  }

  @Test
  void metadataOfTheDialectTakesThePlaceOfTheServers() throws Exception {
    String issuer = server.url("/").toString().replaceAll("/$", "");
    answer("{\"issuer\":\"" + issuer + "\",\"token_endpoint\":\"" + issuer + "/old\"}");
    OAuthClient client =
        OAuthClient.builder()
            .issuer(issuer)
            .dialect(Dialect.builder().metadata("token_endpoint", issuer + "/new").build())
            .clientId("app")
            .build();
    assertThat(client.server().tokenEndpoint().encodedPath()).isEqualTo("/new");
  }

  @Test
  void aServerByHandHasItsOwnDialect() {
    OAuthClient.Builder client =
        OAuthClient.builder()
            .clientId("app")
            .server(AuthorizationServer.builder().tokenEndpoint("https://a.example/t").build())
            .dialect(Dialect.builder().build());
    assertThatThrownBy(client::build).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTokenGoesToOnePlace() {
    Dialect.Builder two = Dialect.builder().tokenInQuery("t").tokenInHeader("X-Token");
    assertThatThrownBy(two::build).isInstanceOf(IllegalStateException.class);
  }

  /** Hands out AT1, and AT2 once that is refused. */
  private static final class Two implements TokenSource {
    private int number = 1;

    @Override
    public AccessToken token() {
      return AccessToken.bearer(Secret.of("AT" + number), Instant.EPOCH, null);
    }

    @Override
    public void invalidate(AccessToken rejected) {
      number = 2;
    }
  }

  private OkHttpClient api(UnaryOperator<Dialect.Builder> how) {
    String origin = server.url("/").toString().replaceAll("/$", "");
    return new OAuthInterceptor(new Two(), origin)
        .dialect(how.apply(Dialect.builder()).build())
        .install(new OkHttpClient());
  }

  private Response call(OkHttpClient api, String path) throws IOException {
    return api.newCall(new Request.Builder().url(server.url(path)).build()).execute();
  }

  @Test
  void aTokenInTheQueryIsOnTheWireAndNowhereElse() throws Exception {
    answer("{}");
    try (Response response =
        call(api(dialect -> dialect.tokenInQuery("access_token")), "/me?a=1")) {
      assertThat(response.request().url().query()).isEqualTo("a=1");
      assertThat(response.networkResponse().request().url().query()).isEqualTo("a=1");
      assertThat(response.toString()).doesNotContain("AT1");
    }
    RecordedRequest request = server.takeRequest();
    assertThat(request.getTarget()).isEqualTo("/me?a=1&access_token=AT1");
    assertThat(request.getHeaders().get("Authorization")).isNull();
  }

  @Test
  void aTokenOfTheCallersOwnInTheQueryIsReplaced() throws Exception {
    answer("{}");
    call(api(dialect -> dialect.tokenInQuery("access_token")), "/me?access_token=other").close();
    assertThat(sent()).isEqualTo("GET /me?access_token=AT1");
  }

  @Test
  void aTokenInAHeaderOrAfterAnotherWord() throws Exception {
    answer("{}");
    call(api(dialect -> dialect.tokenInHeader("X-Token")), "/me").close();
    RecordedRequest first = server.takeRequest();
    assertThat(first.getHeaders().get("X-Token")).isEqualTo("AT1");
    assertThat(first.getHeaders().get("Authorization")).isNull();
    answer("{}");
    call(api(dialect -> dialect.tokenScheme("OAuth2")), "/me").close();
    assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("OAuth2 AT1");
  }

  @Test
  void aRedirectToAnotherOriginCarriesNoTokenInAnyPlace() throws Exception {
    try (MockWebServer foreign = new MockWebServer()) {
      foreign.start();
      foreign.enqueue(new MockResponse.Builder().body("{}").build());
      server.enqueue(
          new MockResponse.Builder()
              .code(302)
              .setHeader("Location", foreign.url("/elsewhere?a=1").toString())
              .build());
      call(api(dialect -> dialect.tokenInQuery("access_token")), "/me").close();
      RecordedRequest request = foreign.takeRequest();
      assertThat(request.getTarget()).isEqualTo("/elsewhere?a=1");
      assertThat(request.getHeaders().toString()).doesNotContain("AT1");
    }
  }

  /** Whoever sent it there chose the place, and not the program. */
  @Test
  void aRedirectToAnotherOriginAndBackCarriesNoTokenEither() throws Exception {
    try (MockWebServer foreign = new MockWebServer()) {
      foreign.start();
      foreign.enqueue(
          new MockResponse.Builder()
              .code(302)
              .setHeader("Location", server.url("/delete").toString())
              .build());
      server.enqueue(
          new MockResponse.Builder()
              .code(302)
              .setHeader("Location", foreign.url("/").toString())
              .build());
      answer("{}");

      call(api(dialect -> dialect.tokenInQuery("access_token")), "/me").close();

      assertThat(sent()).isEqualTo("GET /me?access_token=AT1");
      assertThat(sent()).isEqualTo("GET /delete");
    }
  }

  private static Dialect.Builder expiring(Dialect.Builder dialect) {
    return dialect.tokenInQuery("t").tokenRefusedWhen("errcode", "42001");
  }

  @Test
  void anApiThatSaysInTheBodyThatTheTokenEndedIsAskedAgainOnce() throws Exception {
    answer("text/plain", "{\"errcode\":42001}");
    answer("{\"ok\":true}");
    try (Response response = call(api(DialectTest::expiring), "/me")) {
      assertThat(response.body().string()).isEqualTo("{\"ok\":true}");
    }
    assertThat(sent()).isEqualTo("GET /me?t=AT1");
    assertThat(sent()).isEqualTo("GET /me?t=AT2");
    answer("{\"errcode\":42001}");
    answer("{\"errcode\":42001}");
    try (Response response = call(api(DialectTest::expiring), "/me")) {
      assertThat(response.body().string()).isEqualTo("{\"errcode\":42001}");
    }
    assertThat(server.getRequestCount()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json| {\"errcode\":40003}",
        "application/json| {\"errcode\":42001",
        "application/octet-stream| {\"errcode\":42001}",
        "text/event-stream| {\"errcode\":42001}",
      })
  void anyOtherBodyIsTheCallers(String type, String body) throws Exception {
    answer(type, body);
    try (Response response = call(api(DialectTest::expiring), "/me")) {
      assertThat(response.body().string()).isEqualTo(body);
    }
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void onlySixtyFourKibibytesAreLookedAt() throws Exception {
    String body = "{\"a\":\"" + "x".repeat(1 << 16) + "\",\"errcode\":42001}";
    answer(body);
    try (Response response = call(api(DialectTest::expiring), "/me")) {
      assertThat(response.body().string()).isEqualTo(body);
    }
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aBodyThatCannotBeSentAgainIsNot() throws Exception {
    answer("{\"errcode\":42001}");
    RequestBody once =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return null;
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(okio.BufferedSink sink) throws IOException {
            sink.writeUtf8("x");
          }
        };
    Request request = new Request.Builder().url(server.url("/me")).post(once).build();
    api(DialectTest::expiring).newCall(request).execute().close();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void anApiIsAskedDirectly() throws Exception {
    Dialect dialect =
        Dialect.builder()
            .tokenInQuery("t")
            .errors("errcode", "errmsg")
            .error("42001", "invalid_token")
            .build();
    AccessToken token = AccessToken.bearer(Secret.of("AT1-long-enough"), Instant.EPOCH, null);
    Request request = new Request.Builder().url(server.url("/me")).build();
    answer("{\"id\":7}");
    assertThat(dialect.call(new OkHttpClient(), request, token)).containsEntry("id", 7L);
    assertThat(sent()).isEqualTo("GET /me?t=AT1-long-enough");
    answer("{\"errcode\":42001,\"errmsg\":\"AT1-long-enough and s3cret are bad\"}");
    assertThatThrownBy(() -> dialect.call(new OkHttpClient(), request, token, Secret.of("s3cret")))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_token");
              assertThat(e.toString() + e.verdict()).doesNotContain("AT1").doesNotContain("s3cret");
            });
  }

  @Test
  void aFunctionThatFailsOnAnAnswerMakesTheAnswerUnusable() {
    answer(TOKEN);
    OAuthException refusal =
        refusal(
            dialect ->
                dialect.conform(
                    members ->
                        Collections.singletonMap("a", members.get("none").toString().length())));
    assertThat(refusal.code()).isEqualTo("malformed_response");
  }

  @Test
  void aTokenGoesOverHttpsOnly() {
    AccessToken token = AccessToken.bearer(Secret.of("AT1"), Instant.EPOCH, null);
    Request request = new Request.Builder().url("http://api.example.com/me").build();
    assertThatThrownBy(() -> Dialect.builder().build().call(new OkHttpClient(), request, token))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("https");
  }
}
