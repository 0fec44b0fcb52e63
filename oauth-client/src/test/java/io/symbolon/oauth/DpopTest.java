package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens that are bound to a key: the conversation with the authorization server (RFC 9449). */
class DpopTest {
  private static final String CALLBACK = "https://app.example.com/cb";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final SigningKey key = SigningKey.generate("ES256");
  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("reports", "s3cret").publicClient("app");
  }

  private OAuthClient.Builder service() {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("reports")
        .clientSecret(Secret.of("s3cret"))
        .dpop(key);
  }

  private OAuthClient.Builder app(SigningKey key) {
    return OAuthClient.builder().issuer(server.issuer()).clientId("app").dpop(key);
  }

  private TokenSet login(OAuthClient client) throws IOException {
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    return client.complete(pending, server.authorize(pending.url()));
  }

  private List<String> proofs(String path) {
    return server.requests().stream()
        .filter(request -> request.path().equals(path))
        .map(request -> String.valueOf(request.header("DPoP")))
        .toList();
  }

  private static MockResponse wantsNonce(String... nonces) {
    MockResponse.Builder response =
        new MockResponse.Builder()
            .code(400)
            .addHeader("Content-Type", "application/json")
            .body("{\"error\":\"use_dpop_nonce\"}");
    for (String nonce : nonces) {
      response.addHeader("DPoP-Nonce", nonce);
    }
    return response.build();
  }

  private static void assertError(OAuthClient client, String error) {
    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void aTokenIsBoundToTheKey() throws Exception {
    TokenSet tokens = service().build().clientCredentials().execute();

    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
    String proof = proofs("/token").get(0);
    assertThat(DpopProofTest.claims(proof))
        .containsOnlyKeys("jti", "htm", "htu", "iat")
        .containsEntry("htm", "POST")
        .containsEntry("htu", server.tokenEndpoint());
  }

  @Test
  void aNonceThatIsWantedIsGivenOnceAndRemembered() throws Exception {
    server.requireDpopNonce("n-1");
    OAuthClient client = service().build();

    client.clientCredentials().execute();
    client.clientCredentials().execute();

    List<String> proofs = proofs("/token");
    assertThat(proofs).hasSize(3).doesNotHaveDuplicates();
    assertThat(DpopProofTest.claims(proofs.get(0))).doesNotContainKey("nonce");
    assertThat(DpopProofTest.claims(proofs.get(1))).containsEntry("nonce", "n-1");
    assertThat(DpopProofTest.claims(proofs.get(2))).containsEntry("nonce", "n-1");
    assertThat(DpopProofTest.claims(proofs.get(0)).get("jti"))
        .isNotEqualTo(DpopProofTest.claims(proofs.get(1)).get("jti"));
  }

  @Test
  void aCodeSurvivesTheWishForANonce() throws Exception {
    OAuthClient client = app(key).build();
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    server.requireDpopNonce("n-1");

    TokenSet tokens = client.complete(pending, server.authorize(pending.url()));

    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @Test
  void anAssertionIsMadeAnewForTheSecondTry() throws Exception {
    server.answerNext(wantsNonce("n-1")).answerNext(wantsNonce("n-2"));
    OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("reports")
            .authentication(ClientAuthentication.privateKeyJwt(SigningKey.generate("ES256")))
            .dpop(key)
            .build();

    assertError(client, "use_dpop_nonce");

    assertThat(server.requests().stream().map(it -> it.form().get("client_assertion")))
        .filteredOn(assertion -> assertion != null)
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void aServerThatWantsOneNonceAfterTheOtherIsAskedTwiceAndItsLastOneIsKept() throws Exception {
    server.answerNext(wantsNonce("n-1")).answerNext(wantsNonce("n-2"));
    OAuthClient client = service().build();

    assertError(client, "use_dpop_nonce");
    assertThat(server.tokenRequestCount()).isEqualTo(2);

    client.clientCredentials().execute();
    assertThat(DpopProofTest.claims(proofs("/token").get(2))).containsEntry("nonce", "n-2");
  }

  @Test
  void theSameNonceAgainTwoNoncesOrNoneAreNoReasonToTryAgain() throws Exception {
    OAuthClient client = service().build();
    server.requireDpopNonce("same");
    client.clientCredentials().execute();
    long before = server.tokenRequestCount();

    for (MockResponse answer :
        List.of(wantsNonce("same"), wantsNonce("a", "b"), wantsNonce(), wantsNonce("a b"))) {
      server.answerNext(answer);
      assertError(client, "use_dpop_nonce");
    }

    assertThat(server.tokenRequestCount() - before).isEqualTo(4);
  }

  /** A nonce may come with any answer; only the wish for it is answered (RFC 9449 §8.2). */
  @Test
  void aNewNonceBesideAnotherAnswerIsNoReasonToTryAgain() throws Exception {
    OAuthClient client = service().build();
    server.answerNext(wantsNonce("n-1").newBuilder().body("{\"error\":\"invalid_grant\"}").build());
    assertError(client, "invalid_grant");
    assertThat(server.tokenRequestCount()).isEqualTo(1);

    server.alterNext(answer -> answer.newBuilder().addHeader("DPoP-Nonce", "n-2").build());
    client.clientCredentials().execute();
    assertThat(server.tokenRequestCount()).isEqualTo(2);

    client.clientCredentials().execute();
    assertThat(DpopProofTest.claims(proofs("/token").get(1))).containsEntry("nonce", "n-1");
    assertThat(DpopProofTest.claims(proofs("/token").get(2))).containsEntry("nonce", "n-2");
  }

  @Test
  void aProofThatTheServerEchoesIsNotShown() {
    server.endpoint(
        "/token",
        request ->
            new MockResponse.Builder()
                .code(400)
                .addHeader("Content-Type", "application/json")
                .body(
                    "{\"error\":\"invalid_dpop_proof\",\"error_description\":\""
                        + request.header("DPoP")
                        + "\"}")
                .build());

    assertThatThrownBy(() -> service().build().clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> assertThat(e + e.explain() + e.description()).doesNotContain("eyJ"));
  }

  @Test
  void aClientWithoutKeySendsNoProofAndTriesNothingTwice() {
    server.answerNext(wantsNonce("n"));
    OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .build();

    assertError(client, "use_dpop_nonce");

    assertThat(proofs("/token")).containsExactly("null");
  }

  @Test
  void aBearerTokenInsteadOfABoundOneIsRefusedUnlessOneAsksForIt() throws Exception {
    server.tokenResponse(body -> body.put("token_type", "bearer"));

    assertThatThrownBy(() -> service().build().clientCredentials().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("dpop_downgrade"));
    OAuthClient lenient = service().acceptBearerTokensDespiteDpop().build();
    assertThat(lenient.clientCredentials().execute().accessToken().type()).isEqualTo("Bearer");
  }

  @Test
  void aBoundTokenForAClientWithoutKeyIsRefused() {
    server.tokenResponse(body -> body.put("token_type", "DPoP"));
    OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .build();

    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("unsupported_token_type"));
  }

  @Test
  void aServerThatDoesNotKnowTheAlgorithmGetsNoRequest() {
    OAuthClient client = service().dpop(SigningKey.generate("ES384")).build();

    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("takes no DPoP proofs with ES384");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aCodeIsBoundToTheKeyBeforeItExists() throws Exception {
    OAuthClient client = app(key).build();
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).begin();
    String callback = server.authorize(pending.url());

    assertThat(HttpUrl.get(pending.url()).queryParameter("dpop_jkt"))
        .isEqualTo(key.publicHalf().thumbprint());
    assertThatThrownBy(() -> app(SigningKey.generate("ES256")).build().complete(pending, callback))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_grant"));
  }

  @Test
  void aPushedRequestCarriesAProofAndAnswersTheWishForANonce() throws Exception {
    server.requireDpopNonce("n-1");

    PendingAuthorization pending =
        app(key).build().authorize().redirectUri(CALLBACK).pushed().begin();

    assertThat(HttpUrl.get(pending.url()).queryParameter("dpop_jkt")).isNull();
    List<ReceivedRequest> pushed =
        server.requests().stream().filter(it -> it.path().equals("/par")).toList();
    assertThat(pushed).hasSize(2);
    assertThat(pushed.get(1).form()).containsEntry("dpop_jkt", key.publicHalf().thumbprint());
    assertThat(DpopProofTest.claims(proofs("/par").get(1)))
        .containsEntry("nonce", "n-1")
        .containsEntry("htu", server.issuer() + "/par");
  }

  @Test
  void aProofIsMadeByTheServersClock() throws Exception {
    server.shiftClock(Duration.ofMinutes(-5));
    OAuthClient client =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .issuer(server.issuer())
                    .tokenEndpoint(server.tokenEndpoint())
                    .build())
            .clientId("reports")
            .clientSecret(Secret.of("s3cret"))
            .dpop(key)
            .build();

    assertError(client, "invalid_dpop_proof");
    assertThat(client.clientCredentials().execute().accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void aKeyElsewhereThatFailsIsSaidAndNothingIsSent() {
    SigningKey broken =
        SigningKey.external(
            "ES256",
            key.publicHalf().key(),
            input -> {
              throw new IOException("the key service is down");
            });

    assertThatThrownBy(() -> service().dpop(broken).build().clientCredentials().execute())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the key service is down");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aStoredLoginIsRenewedWithItsKeyAfterARestart() throws Exception {
    TokenStore store = new MemoryTokenStore(10);
    TokenSet tokens = login(app(key).build());
    StoredTokens kept = restarted(tokens);
    store.save("ada", kept, 0, 0);

    AccessToken before = app(key).build().tokenSource(store, "ada").token();
    assertThat(before.headersFor("GET", HttpUrl.get(server.url("/api/x"))).get("DPoP")).isNotNull();
    assertThat(before.value()).isEqualTo(tokens.accessToken().value());

    CachingTokenSource renewing = app(key).build().tokenSource(store, "ada");
    AccessToken old = renewing.token();
    renewing.invalidate(old);
    AccessToken renewed = renewing.token();
    assertThat(renewed.value()).isNotEqualTo(old.value());
    assertThat(renewed.type()).isEqualTo("DPoP");
  }

  @Test
  void aLoginWhoseKeyIsLostSaysSoAndStaysInTheStore() throws Exception {
    TokenStore store = new MemoryTokenStore(10);
    store.save("ada", restarted(login(app(key).build())), 0, 0);
    long before = server.tokenRequestCount();

    for (OAuthClient other :
        List.of(
            app(SigningKey.generate("ES256")).build(),
            OAuthClient.builder().issuer(server.issuer()).clientId("app").build())) {
      assertThatThrownBy(() -> other.tokenSource(store, "ada").token())
          .isInstanceOf(LoginRequiredException.class)
          .hasMessageContaining("bound to the DPoP key " + key.publicHalf().thumbprint());
    }

    assertThat(server.tokenRequestCount()).isEqualTo(before);
    assertThat(store.load("ada")).isNotNull();
  }

  @Test
  void aConfidentialClientWithANewKeyRenews() throws Exception {
    TokenStore store = new MemoryTokenStore(10);
    TokenSet tokens = login(service().build());
    store.save("ada", restarted(tokens), 0, 0);

    AccessToken renewed =
        service().dpop(SigningKey.generate("ES256")).build().tokenSource(store, "ada").token();

    assertThat(renewed.value()).isNotEqualTo(tokens.accessToken().value());
  }

  @Test
  void aStoredBearerTokenIsNotUsedByAClientThatWantsBoundOnes() throws Exception {
    TokenStore store = new MemoryTokenStore(10);
    OAuthClient unbound = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
    store.save("ada", restarted(login(unbound)), 0, 0);

    assertThat(app(key).build().tokenSource(store, "ada").token().type()).isEqualTo("DPoP");
  }

  @Test
  void theSameInMemory() throws Exception {
    TokenSet tokens = restarted(login(app(key).build())).tokens();

    assertThat(app(key).build().tokenSource(tokens).token().value())
        .isEqualTo(tokens.accessToken().value());
    OAuthClient other = app(SigningKey.generate("ES256")).build();
    assertThatThrownBy(() -> other.tokenSource(tokens).token())
        .isInstanceOf(LoginRequiredException.class);
  }

  @Test
  void aTokenWithoutItsKeyIsNotSent() throws Exception {
    AccessToken lost = restarted(login(app(key).build())).tokens().accessToken();

    assertThatThrownBy(() -> lost.headersFor("GET", HttpUrl.get(server.url("/api/x"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a DPoP key that is not here");
  }

  /** FAPI 2.0 Security Profile §6.3: a server could have a token presented that it stole. */
  @Test
  void aKeyIsForOneServer() {
    app(key).build();
    service().dpop(key.keyId("same")).build();

    for (SigningKey same : List.of(key, key.keyId("other name"), key.algorithm("ES256"))) {
      OAuthClient.Builder elsewhere = app(same).issuer("https://other.example.com");
      assertThatThrownBy(elsewhere::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is used at " + server.issuer())
          .hasMessageContaining("and not at https://other.example.com")
          .hasMessageContaining("make a key for each");
    }
    app(SigningKey.generate("ES256")).issuer("https://other.example.com").build();
  }

  /** What another process finds in the store. */
  private static StoredTokens restarted(TokenSet tokens) throws IOException {
    StoreKeys keys = StoreKeys.of(new SecretKeySpec(new byte[32], "AES"));
    String sealed = StoredTokens.of(tokens).seal(keys, "ada");
    return StoredTokens.unseal(sealed, 0, keys, "ada", "memory");
  }

  @Test
  void aLeaseLastsForTheSecondTryToo() {
    OAuthClient bound = service().callTimeout(Duration.ofSeconds(3)).build();

    assertThat(bound.leaseDuration()).isEqualTo(Duration.ofSeconds(22));
    assertThat(bound.leaseLastsForACall(Duration.ofSeconds(15).toNanos())).isTrue();
    assertThat(bound.leaseLastsForACall(Duration.ofSeconds(17).toNanos())).isFalse();
  }

  @Test
  void nothingOfTheKeyIsShown() {
    assertThat(service().build().dpop()).asString().doesNotContain("\"d\"").contains("ES256");
  }
}
