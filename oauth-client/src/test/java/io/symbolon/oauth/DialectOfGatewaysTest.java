package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;

/** Servers that sign, take tokens in forms, give the end of a token, or say one thing twice. */
final class DialectOfGatewaysTest extends DialectGround {
  private OAuthClient client(UnaryOperator<Dialect.Builder> how) {
    return of(how).build();
  }

  private static Dialect.Builder stamping(Dialect.Builder dialect) {
    return dialect.completingRequests(
        (parameters, now) -> {
          Map<String, String> all = new TreeMap<>(parameters);
          all.put("time", "" + now.getEpochSecond());
          return all;
        });
  }

  private Request get(String path) {
    return new Request.Builder().url(server.url(path)).build();
  }

  private static AccessToken token() {
    return AccessToken.bearer(Secret.of("AT1-long-enough"), Instant.EPOCH, null);
  }

  @Test
  void aTokenInAFormTakesTheQueryAlongAndIsCompletedByTheClientsClock() throws Exception {
    Dialect api = stamping(Dialect.builder().tokenInForm("auth_token")).build();
    answer("{\"id\":7}");
    OAuthClient client = client(UnaryOperator.identity());
    assertThat(api.call(client, get("/gateway?method=user%20info&app=1"), token()))
        .containsEntry("id", 7L);
    RecordedRequest sent = server.takeRequest();
    assertThat(sent.getMethod() + " " + sent.getTarget()).isEqualTo("POST /gateway");
    assertThat(sent.getBody().utf8())
        .isEqualTo("app=1&auth_token=AT1-long-enough&method=user+info&time=1767225600");
    assertThat(sent.getHeaders().get("Authorization")).isNull();
    assertThat(sent.getHeaders().get("Content-Type"))
        .isEqualTo("application/x-www-form-urlencoded");
  }

  @Test
  void aFormThatNeedsNoTimeGoesWithoutAClientToo() throws Exception {
    answer("{\"id\":7}");
    Dialect api = Dialect.builder().tokenInForm("t").build();
    assertThat(api.call(new OkHttpClient(), get("/me?a=b"), token())).containsKey("id");
    assertThat(server.takeRequest().getBody().utf8()).isEqualTo("a=b&t=AT1-long-enough");
  }

  @Test
  void withoutAClientThereIsNoTimeToSign() {
    Dialect api = stamping(Dialect.builder().tokenInForm("t")).build();
    assertThatThrownBy(() -> api.call(new OkHttpClient(), get("/me"), token()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void aBodyOfTheCallersIsNotReplaced() {
    Dialect api = Dialect.builder().tokenInForm("t").build();
    Request post = get("/me").newBuilder().post(RequestBody.create(new byte[] {'x'})).build();
    assertThatThrownBy(() -> api.call(new OkHttpClient(), post, token()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void anInterceptorPutsNoTokenIntoABody() {
    Dialect api = Dialect.builder().tokenInForm("t").build();
    OAuthInterceptor interceptor = new OAuthInterceptor(() -> token(), "https://api.example.com");
    assertThatThrownBy(() -> interceptor.dialect(api)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFormAndAQueryExcludeEachOther() {
    assertThatThrownBy(() -> Dialect.builder().tokenInForm("t").tokenInQuery("t").build())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anErrorOfAnApiHidesTheToken() {
    answer("{\"error\":\"bad\",\"error_description\":\"no AT1-long-enough here\"}");
    Dialect api = Dialect.builder().tokenInForm("t").build();
    OAuthClient client = client(UnaryOperator.identity());
    OAuthErrorException refusal =
        catchThrowableOfType(
            OAuthErrorException.class, () -> api.call(client, get("/me"), token()));
    assertThat(refusal.error()).isEqualTo("bad");
    assertThat(refusal + " " + refusal.verdict()).doesNotContain("AT1");
  }

  @Test
  void anAnswerThatIsNotTheServersOwnIsNotUsed() throws Exception {
    answer(TOKEN);
    OAuthException refusal =
        catchThrowableOfType(
            OAuthException.class,
            () ->
                client(dialect -> dialect.authenticAnswers(text -> false))
                    .clientCredentials()
                    .execute());
    assertThat(refusal.code()).isEqualTo("untrusted_response");
    answer(TOKEN);
    assertThat(
            client(dialect -> dialect.authenticAnswers(TOKEN::equals))
                .clientCredentials()
                .execute()
                .accessToken()
                .value()
                .reveal())
        .isEqualTo("AT");
  }

  @Test
  void aTestThatFailsIsNotPassed() {
    answer(TOKEN);
    OAuthException refusal =
        catchThrowableOfType(
            OAuthException.class,
            () ->
                client(
                        dialect ->
                            dialect.authenticAnswers(
                                text -> {
                                  throw new IllegalStateException("no key");
                                }))
                    .clientCredentials()
                    .execute());
    assertThat(refusal.code()).isEqualTo("untrusted_response");
  }

  @Test
  void anErrorCountsThoughNobodySignedIt() {
    answer("{\"error\":\"invalid_client\"}");
    OAuthException refusal =
        catchThrowableOfType(
            OAuthException.class,
            () ->
                client(dialect -> dialect.authenticAnswers(text -> false))
                    .clientCredentials()
                    .execute());
    assertThat(refusal.code()).isEqualTo("invalid_client");
  }

  @Test
  void theEndOfATokenIsAPointOfTime() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"expires_in\":1767229200}");
    AccessToken token =
        client(Dialect.Builder::absoluteExpiry).clientCredentials().execute().accessToken();
    assertThat(Duration.between(token.issuedAt(), token.expiresAt()))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPointOfTimeThatHasPassedIsNoLifetime() throws Exception {
    answer("{\"access_token\":\"AT\",\"token_type\":\"bearer\",\"expires_in\":1767225600}");
    AccessToken token =
        client(Dialect.Builder::absoluteExpiry).clientCredentials().execute().accessToken();
    assertThat(token.expiresAt()).isNull();
  }

  @Test
  void theBrowserAndTheRequestsMayHaveTwoNamesForOneThing() throws Exception {
    OAuthClient client =
        client(
            dialect ->
                dialect
                    .withoutPkce()
                    .parameter("client_id", "clientId")
                    .authorizationName("client_id", "client_id"));
    HttpUrl url = HttpUrl.get(client.authorize().redirectUri(CALLBACK).begin().url());
    assertThat(url.queryParameterNames()).contains("client_id").doesNotContain("clientId");
    answer(TOKEN);
    client.clientCredentials().execute();
    assertThat(server.takeRequest().getBody().utf8())
        .isEqualTo("grant_type=client_credentials&clientId=app");
  }

  private OAuthException completed(String parameters) throws Exception {
    OAuthClient client =
        client(dialect -> dialect.withoutPkce().responseParameter("authCode", "code"));
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    String query = parameters + "&state=" + pending.state().reveal();
    return catchThrowableOfType(
        OAuthException.class, () -> client.complete(pending, AuthorizationResponse.ofQuery(query)));
  }

  @Test
  void oneCodeByTwoNamesIsOneCode() throws Exception {
    answer(TOKEN);
    assertThat(completed("authCode=c1&code=c1")).isNull();
    assertThat(server.takeRequest().getBody().utf8()).contains("code=c1&");
  }

  @Test
  void twoCodesAreTooMany() throws Exception {
    assertThat(completed("authCode=c1&code=c2").code()).isEqualTo("malformed_response");
    assertThat(completed("code=c1&code=c1").code()).isEqualTo("malformed_response");
    assertThat(completed("authCode=c1&code=c1&code=c1").code()).isEqualTo("malformed_response");
    assertThat(server.getRequestCount()).isZero();
  }
}
