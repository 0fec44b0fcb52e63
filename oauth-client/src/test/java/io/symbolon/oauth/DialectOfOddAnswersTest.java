package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edges of what a dialect says about answers: what it does not touch, and where it stops. */
final class DialectOfOddAnswersTest extends DialectGround {
  private static Dialect dialect(UnaryOperator<Dialect.Builder> how) {
    return how.apply(Dialect.builder()).build();
  }

  private Request request() {
    return new Request.Builder().url(server.url("/api?a=b")).build();
  }

  private Map<String, Object> read(String body, UnaryOperator<Dialect.Builder> how)
      throws IOException {
    answer(body);
    return dialect(how).call(new OkHttpClient(), request(), null);
  }

  private Map<String, Object> readAnything(String body) throws IOException {
    answer("text/plain", body);
    return dialect(Dialect.Builder::anyMediaType).call(new OkHttpClient(), request(), null);
  }

  private void assertError(String error, String body, UnaryOperator<Dialect.Builder> how) {
    assertThatThrownBy(() -> read(body, how))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  private static void assertUnreadable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void withoutATokenNoneIsSentWhereverItWouldGo() throws Exception {
    AccessToken none = null;
    OAuthClient client = of(dialect -> dialect).build();
    for (UnaryOperator<Dialect.Builder> how :
        List.<UnaryOperator<Dialect.Builder>>of(
            it -> it,
            it -> it.tokenInQuery("t"),
            it -> it.tokenInHeader("X-T"),
            it -> it.tokenScheme("T"),
            it -> it.tokenInForm("t"))) {
      answer("{}");
      dialect(how).call(new OkHttpClient(), request(), none);
      answer("{}");
      dialect(how).call(client, request(), none);
      for (int i = 0; i < 2; i++) {
        RecordedRequest sent = server.takeRequest();
        assertThat(sent.getMethod() + " " + sent.getTarget()).isEqualTo("GET /api?a=b");
        assertThat(sent.getHeaders().names()).doesNotContain("Authorization", "X-T");
      }
    }
  }

  @Test
  void aTokenWithoutAPlaceOfItsOwnGoesWhereTheStandardHasIt() throws Exception {
    answer("{}");
    dialect(it -> it)
        .call(
            new OkHttpClient(),
            request(),
            AccessToken.bearer(Secret.of("AT"), Instant.EPOCH, null));

    assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer AT");
  }

  /** Only a form has to be completed, and that takes the time of a client. */
  @Test
  void aCompletionDoesNotConcernATokenInAHeader() throws Exception {
    answer("{}");
    dialect(it -> it.completingRequests((parameters, now) -> parameters).tokenInHeader("X-T"))
        .call(
            new OkHttpClient(),
            request(),
            AccessToken.bearer(Secret.of("AT"), Instant.EPOCH, null));

    assertThat(server.takeRequest().getHeaders().get("X-T")).isEqualTo("AT");
  }

  @Test
  void aByteOrderMarkIsNoContent() throws Exception {
    assertThat(readAnything("\uFEFF {\"a\":1}")).isEqualTo(Map.of("a", 1L));
    assertThat(readAnything("a=b")).isEqualTo(Map.of("a", "b"));
    assertUnreadable(() -> readAnything("=b"));
    assertUnreadable(() -> readAnything("<a href=\"b\">"));
    assertUnreadable(() -> readAnything("{\"a\":1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"failed\":true} | failed | true",
        "{\"failed\":\"7\"} | failed | 7",
        "{\"failed\":7} | failed | 7",
        "{\"errors\":[{\"type\":\"x\"}]} | errors.0.type | x",
        "{\"errors\":[1,{\"type\":\"x\"}]} | errors.1.type | x",
        "{\"a.b\":\"x\"} | a.b | x",
        "{\"a\":{\"b\":\"x\"}} | a.b | x",
      })
  void aCodeIsFoundAtItsPath(String body, String path, String error) {
    assertError(error, body, it -> it.errors(path, "text"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"errors\":[]} | errors.0.type",
        "{\"errors\":[{\"type\":\"x\"}]} | errors.1.type",
        "{\"errors\":[{\"type\":\"x\"}]} | errors.type",
        "{\"errors\":[{\"type\":\"x\"}]} | errors.-1.type",
        "{\"errors\":\"x\"} | errors.0",
        "{\"errors\":{\"type\":{}}} | errors.type",
        "{\"errors\":{\"type\":null}} | errors.type",
        "{\"errors\":{\"type\":\"\"}} | errors.type",
        "{\"a\":1} | b",
      })
  void whereThereIsNothingThereIsNoError(String body, String path) throws Exception {
    assertThat(read(body, it -> it.errors(path, "text"))).isNotEmpty();
  }

  @Test
  void anErrorThatNobodyRenamedStaysAsItIs() {
    assertThatThrownBy(() -> read("{\"error\":\"odd\"}", it -> it.error("10", "invalid_grant")))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("odd");
              assertThat(e.description()).isNull();
            });
    assertThatThrownBy(
            () ->
                read(
                    "{\"error\":\"10\",\"error_description\":\"ended\"}",
                    it -> it.error("10", "invalid_grant")))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_grant");
              assertThat(e.description()).isEqualTo("10: ended");
            });
  }

  @Test
  void aMemberKeepsTheServersNameTooUnlessItIsAToken() throws Exception {
    Map<String, Object> answer =
        read(
            "{\"uid\":5,\"key\":\"k\",\"openid\":\"o\",\"name\":\"n\"}",
            it ->
                it.member("uid", "user_id")
                    .member("key", "refresh_token")
                    .member("data.openid", "openid"));

    assertThat(answer)
        .containsOnlyKeys("uid", "user_id", "refresh_token", "openid", "name")
        .containsEntry("openid", "o")
        .containsEntry("user_id", 5L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"access_token\":\"a\"} | Bearer",
        "{\"access_token\":\"a\",\"token_type\":\"\"} | Bearer",
        "{\"access_token\":\"a\",\"token_type\":\"theirs\"} | Bearer",
        "{\"access_token\":\"a\",\"token_type\":\"mac\"} | mac",
        "{\"access_token\":\"a\",\"token_type\":5} | 5",
        "{\"a\":\"b\"} | null",
      })
  void theTypeOfAToken(String body, String type) throws Exception {
    Map<String, Object> answer = read(body, it -> it.bearerUnlessSaid().bearerTypes("theirs"));

    assertThat(String.valueOf(answer.get("token_type"))).isEqualTo(type);
  }

  @Test
  void anEmptyTypeIsNoneOnlyWhereThatIsSaid() throws Exception {
    String body = "{\"access_token\":\"a\",\"token_type\":\"\"}";

    assertThat(read(body, it -> it.bearerTypes("theirs")).get("token_type")).isEqualTo("");
  }

  @Test
  void onlyASeparatorOfTheServersOwnIsForgivenAtTheEnd() throws Exception {
    assertThat(read("{\"scope\":\"a,b,\"}", it -> it.scopeSeparator(",")).get("scope"))
        .isEqualTo("a b");
    assertThat(read("{\"scope\":\"a b \"}", it -> it).get("scope")).isEqualTo("a b ");
    assertThat(read("{\"scope\":[\"a\"]}", it -> it.scopeSeparator(",")).get("scope"))
        .isEqualTo(List.of("a"));
  }

  @Test
  void theStateIsTheStandardsUnlessAnotherOneIsAskedFor() throws Exception {
    String octets = "ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2N_8";
    String verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    OAuthClient client =
        of(dialect -> dialect).random(KnownOctets.ofBase64Url(octets, verifier)).build();

    assertThat(client.authorize().redirectUri(CALLBACK).begin().state().reveal()).isEqualTo(octets);
  }

  @Test
  void parametersOfTokenRequestsGoIntoNoOther() throws Exception {
    OAuthClient client =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .tokenEndpoint(server.url("/token").toString())
                    .metadata("revocation_endpoint", server.url("/revoke").toString())
                    .dialect(dialect(it -> it.tokenParameter("fmt", "json")))
                    .build())
            .clientId("app")
            .build();
    server.enqueue(new MockResponse.Builder().build());

    client.revoke(Secret.of("r"));

    assertThat(server.takeRequest().getBody().utf8())
        .isEqualTo("token=r&token_type_hint=refresh_token&client_id=app");
  }

  @Test
  void whatTheBrowserDoesNotBringIsNeitherRepeatedNorKept() throws Exception {
    OAuthClient client =
        of(it -> it.repeatResponseParameter("shop").keepResponseParameter("shop")).build();
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    answer(TOKEN);

    TokenSet tokens =
        client.complete(pending, CALLBACK + "?code=c&state=" + pending.state().reveal());

    assertThat(server.takeRequest().getBody().utf8()).doesNotContain("shop");
    assertThat(tokens.memberNames()).isEmpty();
  }

  @Test
  void aDialectShowsNoValue() {
    assertThat(dialect(it -> it.jsonRequests().tokenParameter("secret", "s3cret")))
        .hasToString("dialect with json requests");
  }

  @Test
  void theLastWordSeesAllMembersAndMayNotFail() throws Exception {
    assertThat(
            read(
                "{\"a\":1}",
                it ->
                    it.conform(
                        members -> {
                          Map<String, Object> more = new LinkedHashMap<>(members);
                          more.put("b", 2L);
                          return more;
                        })))
        .isEqualTo(Map.of("a", 1L, "b", 2L));
  }

  private TokenSet login(OAuthClient client, String more) throws Exception {
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"refresh_token\":\"RT\"}");
    TokenSet tokens =
        client.complete(pending, CALLBACK + "?code=c&state=" + pending.state().reveal() + more);
    server.takeRequest();
    return tokens;
  }

  @Test
  void aRenewalRepeatsWhatIsRepeatedAndKept() throws Exception {
    OAuthClient both =
        of(it -> it.repeatResponseParameter("shop").keepResponseParameter("shop")).build();
    TokenSet kept = login(both, "&shop=7");
    answer(TOKEN);
    assertThat(both.refresh(kept).execute().member("shop")).isEqualTo("7");
    assertThat(server.takeRequest().getBody().utf8())
        .isEqualTo("grant_type=refresh_token&refresh_token=RT&shop=7&client_id=app");

    OAuthClient once = of(it -> it.repeatResponseParameter("shop")).build();
    TokenSet forgotten = login(once, "&shop=7");
    TokenSet said = forgotten.with(Map.of("shop", "of the token response"));
    answer(TOKEN);
    once.refresh(said).execute();
    assertThat(server.takeRequest().getBody().utf8()).doesNotContain("shop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",\"openid\":\"o\" | ,\"openid\":\"o\" | o",
        ",\"openid\":\"o\" | ,\"x\":1 | o",
        ",\"x\":1 | ,\"openid\":\"p\" | p",
        ",\"x\":1 | ,\"x\":1 | null",
        ",\"openid\":\"o\" | ,\"openid\":\"p\" | (refused)",
      })
  void whoseLoginItIsStays(String first, String second, String openid) throws Exception {
    OAuthClient client = of(it -> it.keepMembers("openid")).build();
    String answer =
        "{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"refresh_token\":\"RT\"%s}";
    answer(answer.formatted(first));
    TokenSet tokens = client.refresh(Secret.of("r")).execute();
    answer(answer.formatted(second));

    if (openid.equals("(refused)")) {
      assertThatThrownBy(() -> client.refresh(tokens).execute())
          .isInstanceOfSatisfying(
              InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("another_login"));
    } else {
      TokenSet renewed = client.refresh(tokens).execute();
      assertThat(String.valueOf(renewed.member("openid"))).isEqualTo(openid);
      assertThat(renewed.memberNames().contains("openid")).isEqualTo(!openid.equals("null"));
    }
  }

  @Test
  void anErrorBesideAnEnvelopeCounts() {
    assertError(
        "5", "{\"code\":5,\"data\":{\"a\":1}}", it -> it.envelope("data").errors("code", "m"));
    assertError(
        "6", "{\"code\":0,\"data\":{\"code\":6}}", it -> it.envelope("data").errors("code", "m"));
  }

  @Test
  void anEmptyErrorIsNone() throws Exception {
    assertThat(read("{\"error\":\"\",\"uid\":1}", it -> it.member("uid", "user_id")))
        .containsEntry("user_id", 1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json | {\"error\":\"\"} | ok",
        "application/json | {\"error\":5} | ok",
        "application/json | {\"error\":\"10\"} | invalid_grant",
        "application/json | {\"error | ok",
        "text/html | <p> | ok",
      })
  void anEventHasTheWordOfTheAnswer(String type, String body, String outcome) {
    List<OAuthEvent> events = new ArrayList<>();
    OAuthClient client = of(it -> it.error("10", "invalid_grant")).listener(events::add).build();
    answer(type, body);

    assertThatThrownBy(() -> client.refresh(Secret.of("r")).execute())
        .isInstanceOf(OAuthException.class);
    assertThat(events)
        .filteredOn(OAuthEvent.Request.class::isInstance)
        .extracting(event -> ((OAuthEvent.Request) event).outcome())
        .containsExactly(outcome);
  }

  @ParameterizedTest
  @CsvSource({"application/json", "application/problem+json", "text/plain", "text/html", "(none)"})
  void anApiMaySayInAnyTextThatATokenHasEnded(String type) throws Exception {
    MockResponse.Builder ended = new MockResponse.Builder().body("{\"errcode\":42001}");
    server.enqueue(
        type.equals("(none)") ? ended.build() : ended.setHeader("Content-Type", type).build());
    answer("{}");
    Queue<String> tokens = new ArrayDeque<>(List.of("AT1", "AT2"));
    OkHttpClient api =
        new OAuthInterceptor(
                () -> AccessToken.bearer(Secret.of(tokens.remove()), Instant.EPOCH, null),
                server.url("/").toString())
            .dialect(dialect(it -> it.tokenRefusedWhen("errcode", "42001")))
            .install(new OkHttpClient());

    api.newCall(request()).execute().close();

    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void aServerHasTheNamesThatAreGivenToItAndNoOther() {
    Dialect dialect = dialect(it -> it.issuerAlias("https://b.example"));

    assertThat(dialect.isInMetadata("https://b.example")).isTrue();
    assertThat(dialect.isInMetadata("https://c.example")).isFalse();
    assertThat(dialect.isInMetadata(null)).isFalse();
    assertThat(dialect.isInMetadata(5)).isFalse();
    assertThat(dialect.issuers("https://a.example"))
        .containsExactly("https://a.example", "https://b.example");
    for (String iss : List.of("https://a.example", "https://b.example")) {
      assertThat(dialect.issuerOf("https://a.example", Map.of("iss", iss)))
          .isEqualTo("https://a.example");
    }
    for (Object iss : List.of("https://c.example", 5, List.of("https://a.example"))) {
      assertThat(dialect.issuerOf("https://a.example", Map.of("iss", iss))).isNull();
    }
    assertThat(dialect.issuerOf("https://a.example", Map.of())).isNull();
  }

  @Test
  void aTenantIsOneThatIsAllowedAndItsIssuerIsItsOwn() {
    Dialect dialect =
        dialect(
            it -> it.issuerOfTenants("https://a.example/{tenantid}/", "tid", List.of("t", "u")));
    String issuer = "https://a.example/common/";

    assertThat(dialect.isInMetadata("https://a.example/{tenantid}/")).isTrue();
    assertThat(dialect.isInMetadata("https://a.example/t/")).isFalse();
    assertThat(dialect.issuers(issuer))
        .containsExactly("https://a.example/t/", "https://a.example/u/");
    assertThat(dialect.issuerOf(issuer, Map.of("tid", "t", "iss", "https://a.example/t/")))
        .isEqualTo("https://a.example/t/");
    for (Map<String, Object> claims :
        List.<Map<String, Object>>of(
            Map.of("tid", "t", "iss", "https://a.example/u/"),
            Map.of("tid", "v", "iss", "https://a.example/v/"),
            Map.of("tid", 5, "iss", "https://a.example/5/"),
            Map.of("tid", "t"),
            Map.of("iss", "https://a.example/t/"))) {
      assertThat(dialect.issuerOf(issuer, claims)).as("%s", claims).isNull();
    }
  }

  @Test
  void tenantsNeedAPlaceAndANameEach() {
    assertThatThrownBy(
            () -> Dialect.builder().issuerOfTenants("https://a.example/", "tid", List.of("t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{tenantid}");
    assertThatThrownBy(
            () ->
                Dialect.builder().issuerOfTenants("https://a.example/{tenantid}", "tid", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name the tenants");
  }
}
