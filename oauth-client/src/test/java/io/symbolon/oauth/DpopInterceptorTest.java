package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to a key on their way to an API (RFC 9449 §7). */
class DpopInterceptorTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private FakeAuthorizationServer elsewhere;
  private CachingTokenSource tokens;
  private OkHttpClient api;

  @BeforeEach
  void start() throws IOException {
    server = extension.server().client("reports", "s3cret");
    elsewhere = FakeAuthorizationServer.start();
    tokens =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .dpop(SigningKey.generate("ES256"))
            .build()
            .clientCredentials()
            .tokenSource();
    api = new OAuthInterceptor(tokens, server.issuer()).install(new OkHttpClient());
  }

  @AfterEach
  void stop() {
    elsewhere.close();
  }

  private int send(Request request) throws IOException {
    try (Response response = api.newCall(request).execute()) {
      response.body().bytes();
      return response.code();
    }
  }

  static Stream<HostileCase> challenges() {
    return HostileCases.of("www_authenticate_dpop")
        .toRun()
        .filter(it -> it.object("action").containsKey("dpop_nonce_retry"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("challenges")
  void aChallengeLeadsToASecondTryWhenItShould(HostileCase hostile) throws Exception {
    MockResponse.Builder answer = new MockResponse.Builder().code(401);
    for (Object header : hostile.list("headers")) {
      List<?> pair = (List<?>) header;
      answer.addHeader((String) pair.get(0), pair.get(1));
    }
    server.answerNext("/api/x", answer.build());

    long retries = (Long) hostile.object("action").get("dpop_nonce_retry");
    assertThat(get("/api/x")).isEqualTo(retries == 0 ? 401 : 200);

    assertThat(requests("/api/x")).hasSize(1 + (int) retries);
  }

  private int get(String path) throws IOException {
    return send(new Request.Builder().url(server.url(path)).build());
  }

  private List<ReceivedRequest> requests(String path) {
    return server.requests().stream().filter(it -> it.path().equals(path)).toList();
  }

  private List<Map<String, Object>> claims(String path) throws Exception {
    List<Map<String, Object>> claims = new ArrayList<>();
    for (ReceivedRequest request : requests(path)) {
      assertThat(request.headers().values("DPoP")).hasSize(1);
      claims.add(DpopProofTest.claims(request.header("DPoP")));
    }
    return claims;
  }

  private static MockResponse.Builder refusal(String challenge) {
    return new MockResponse.Builder().code(401).addHeader("WWW-Authenticate", challenge);
  }

  private static MockResponse.Builder wantsNonce(String nonce) {
    return refusal("DPoP error=\"use_dpop_nonce\"").addHeader("DPoP-Nonce", nonce);
  }

  private static MockResponse redirect(int status, String location) {
    return new MockResponse.Builder().code(status).addHeader("Location", location).build();
  }

  @Test
  void aCallCarriesTheTokenAndAProofForIt() throws Exception {
    assertThat(get("/api/orders?page=2")).isEqualTo(200);

    ReceivedRequest request = requests("/api/orders").get(0);
    assertThat(request.header("Authorization"))
        .isEqualTo("DPoP " + tokens.token().value().reveal());
    assertThat(claims("/api/orders").get(0))
        .containsOnlyKeys("jti", "htm", "htu", "iat", "ath")
        .containsEntry("htm", "GET")
        .containsEntry("htu", server.url("/api/orders"))
        .containsEntry("ath", DpopProofs.hash(tokens.token().value()));
  }

  @Test
  void eachCallHasAProofOfItsOwn() throws Exception {
    get("/api/orders");
    get("/api/orders");

    assertThat(claims("/api/orders")).extracting(it -> it.get("jti")).doesNotHaveDuplicates();
  }

  @Test
  void aProofOfTheCallersIsReplaced() throws Exception {
    send(new Request.Builder().url(server.url("/api/x")).header("DPoP", "mine").build());

    assertThat(claims("/api/x")).hasSize(1);
  }

  @Test
  void anApiThatWantsItsNonceGetsItAndTheNextCallHasItAtOnce() throws Exception {
    tokens.token();
    server.requireDpopNonce("rs-1");

    assertThat(get("/api/orders")).isEqualTo(200);
    assertThat(get("/api/orders")).isEqualTo(200);

    assertThat(claims("/api/orders"))
        .extracting(it -> it.get("nonce"))
        .containsExactly(null, "rs-1", "rs-1");
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DPoP error=\"use_dpop_nonce\"", "dpop error=use_dpop_nonce"})
  void aBodyIsSentAgainWithTheNonce(String challenge) throws Exception {
    server.answerNext("/api/x", refusal(challenge).addHeader("DPoP-Nonce", "n").build());
    RequestBody body = RequestBody.create("pay 5", MediaType.get("text/plain"));

    assertThat(send(new Request.Builder().url(server.url("/api/x")).post(body).build()))
        .isEqualTo(200);

    assertThat(requests("/api/x"))
        .extracting(ReceivedRequest::body)
        .containsOnly("pay 5")
        .hasSize(2);
  }

  @Test
  void aBodyThatCanBeSentOnceIsNotSentAgain() throws Exception {
    server.answerNext("/api/x", wantsNonce("n").build());
    RequestBody once =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("text/plain");
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("pay 5");
          }
        };

    assertThat(send(new Request.Builder().url(server.url("/api/x")).post(once).build()))
        .isEqualTo(401);
    assertThat(requests("/api/x")).hasSize(1);
  }

  @Test
  void anApiThatWantsOneNonceAfterTheOtherIsAskedTwiceAndItsLastOneIsKept() throws Exception {
    server.answerNext("/api/x", wantsNonce("n-1").build());
    server.answerNext("/api/x", wantsNonce("n-2").build());

    assertThat(get("/api/x")).isEqualTo(401);
    assertThat(get("/api/x")).isEqualTo(200);

    assertThat(claims("/api/x"))
        .extracting(it -> it.get("nonce"))
        .containsExactly(null, "n-1", "n-2");
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  void aNonceThatWasSentOrIsNoneIsNoReasonToTryAgain() throws Exception {
    tokens.token();
    server.requireDpopNonce("same");
    get("/api/warm");
    List<MockResponse> answers =
        List.of(
            wantsNonce("same").build(),
            wantsNonce("a").addHeader("DPoP-Nonce", "b").build(),
            wantsNonce("a, b").build(),
            refusal("DPoP error=\"use_dpop_nonce\"").build(),
            refusal("DPoP error=\"invalid_dpop_proof\"").build());

    for (MockResponse answer : answers) {
      server.answerNext("/api/x", answer);
      assertThat(get("/api/x")).isEqualTo(401);
    }

    assertThat(requests("/api/x")).hasSize(answers.size());
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  /** What was not refused with 401 may have been done (RFC 9449 §9). */
  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403, 500})
  void onlyA401IsAnsweredWithASecondTry(int status) throws Exception {
    server.answerNext("/api/x", wantsNonce("n-1").code(status).build());

    assertThat(get("/api/x")).isEqualTo(status);

    assertThat(requests("/api/x")).hasSize(1);
  }

  @Test
  void theNonceOfAnApiStaysAtItsOrigin() throws Exception {
    elsewhere.endpoint(
        "/x", request -> new MockResponse.Builder().addHeader("DPoP-Nonce", "rs-1").build());
    api =
        new OAuthInterceptor(tokens, server.issuer(), elsewhere.issuer())
            .install(new OkHttpClient());
    send(new Request.Builder().url(elsewhere.url("/x")).build());

    server.revokeAllAccessTokens();
    assertThat(get("/api/orders")).isEqualTo(200);

    ReceivedRequest renewal = requests("/token").get(1);
    assertThat(DpopProofTest.claims(renewal.header("DPoP"))).doesNotContainKey("nonce");
  }

  @Test
  void aRefusedTokenIsRenewedOnceWithTheSameKey() throws Exception {
    get("/api/orders");
    server.revokeAllAccessTokens();

    assertThat(get("/api/orders")).isEqualTo(200);

    assertThat(server.tokenRequestCount()).isEqualTo(2);
    assertThat(claims("/api/orders")).extracting(it -> it.get("jti")).doesNotHaveDuplicates();
  }

  @Test
  void aBoundTokenIsNeverSentAsBearer() throws Exception {
    server.endpoint("/bearer", request -> refusal("Bearer realm=\"x\"").build());

    assertThat(get("/bearer")).isEqualTo(401);

    assertThat(requests("/bearer"))
        .allMatch(request -> request.header("Authorization").startsWith("DPoP "));
  }

  @Test
  void eachHopOfARedirectHasAProofForItself() throws Exception {
    server.endpoint("/old", request -> redirect(307, server.url("/api/new?a=b")));

    assertThat(get("/old")).isEqualTo(200);

    assertThat(claims("/old")).extracting(it -> it.get("htu")).containsExactly(server.url("/old"));
    assertThat(claims("/api/new"))
        .extracting(it -> it.get("htu"))
        .containsExactly(server.url("/api/new"));
  }

  @Test
  void afterARedirectOnlyWhatWasRefusedIsSentAgain() throws Exception {
    server.endpoint("/order", request -> redirect(303, server.url("/api/receipt")));
    server.answerNext("/api/receipt", wantsNonce("n").build());
    RequestBody body = RequestBody.create("pay 5", MediaType.get("text/plain"));

    assertThat(send(new Request.Builder().url(server.url("/order")).post(body).build()))
        .isEqualTo(200);

    assertThat(requests("/order")).hasSize(1);
    assertThat(requests("/api/receipt")).extracting(ReceivedRequest::method).containsOnly("GET");
    assertThat(claims("/api/receipt")).extracting(it -> it.get("nonce")).containsExactly(null, "n");
  }

  @Test
  void neitherTokenNorProofGoesToAnotherOrigin() throws Exception {
    elsewhere.endpoint("/x", request -> wantsNonce("evil").build());
    server.endpoint("/old", request -> redirect(307, elsewhere.url("/x")));

    assertThat(get("/old")).isEqualTo(401);
    send(new Request.Builder().url(elsewhere.url("/x")).build());

    assertThat(elsewhere.requests()).hasSize(2);
    for (ReceivedRequest request : elsewhere.requests()) {
      assertThat(request.header("Authorization")).isNull();
      assertThat(request.header("DPoP")).isNull();
    }
  }

  /** Another interceptor may change the URL after ours has added the token. */
  @Test
  void neitherGoesToAnotherOriginThatAnInterceptorChooses() throws Exception {
    elsewhere.endpoint("/x", request -> new MockResponse.Builder().build());
    api =
        api.newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(chain.request().newBuilder().url(elsewhere.url("/x")).build()))
            .build();

    assertThat(get("/api/x")).isEqualTo(200);

    ReceivedRequest request = elsewhere.requests().get(0);
    assertThat(request.header("Authorization")).isNull();
    assertThat(request.header("DPoP")).isNull();
  }

  /** What an authenticator sends in place of a refused request needs no second try of ours. */
  @Test
  void aRequestWithoutTheTokenIsNotRepeatedForANonce() throws Exception {
    server.answerNext("/api/x", wantsNonce("n").build());
    server.endpoint("/public", request -> new MockResponse.Builder().build());
    api =
        api.newBuilder()
            .authenticator(
                (route, response) ->
                    response
                        .request()
                        .newBuilder()
                        .url(server.url("/public"))
                        .removeHeader("Authorization")
                        .build())
            .build();

    assertThat(get("/api/x")).isEqualTo(200);

    assertThat(requests("/public")).hasSize(1);
  }

  @Test
  void aTokenWithoutItsKeyFailsTheCallAndIsNotSent() throws Exception {
    AccessToken bound = tokens.token();
    AccessToken lost =
        new AccessToken(
            bound.value(),
            bound.type(),
            bound.scope(),
            bound.issuedAt(),
            null,
            bound.keyThumbprint(),
            null);
    api = new OAuthInterceptor(() -> lost, server.issuer()).install(new OkHttpClient());

    assertThatThrownBy(() -> get("/api/x"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a DPoP key that is not here");
    assertThat(requests("/api/x")).isEmpty();
  }

  @Test
  void anotherHttpClientCanDoTheSame() throws Exception {
    AccessToken token = tokens.token();
    server.requireDpopNonce("n");
    HttpUrl url = HttpUrl.get(server.url("/api/x"));
    OkHttpClient plain = new OkHttpClient();

    for (int attempt = 0; attempt < 2; attempt++) {
      Request request =
          new Request.Builder().url(url).headers(token.headersFor("GET", url)).build();
      try (Response response = plain.newCall(request).execute()) {
        boolean again = token.wantsAnotherProof(url, response.code(), response.headers());
        assertThat(again).isEqualTo(attempt == 0);
        assertThat(response.code()).isEqualTo(again ? 401 : 200);
      }
    }
  }
}
