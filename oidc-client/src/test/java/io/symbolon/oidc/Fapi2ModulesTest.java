package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The modules of {@code fapi2-security-profile-final-client-test-plan} and {@code
 * fapi2-message-signing-final-client-test-plan}, with a client secret for an assertion.
 */
final class Fapi2ModulesTest extends OidccModules {
  private static final String MODULE = "fapi2-security-profile-final-client-test-";

  private OidcClient client;

  @BeforeEach
  void start() {
    server.signIdTokensWith("PS256");
    server.metadata(
        it -> {
          it.put("pushed_authorization_request_endpoint", server.url("/par"));
          it.put("require_pushed_authorization_requests", true);
        });
    server.jwks(Fapi2ModulesTest::addDecoys);
    client = builder().idTokenAlgorithms("PS256", "ES256", "EdDSA").build();
  }

  /** Keys of other kinds that have the right one's name, as the suite publishes them (RFC 7517). */
  private static void addDecoys(Map<String, Object> set) {
    List<Map<String, Object>> keys = keys(set);
    if (keys.isEmpty()) {
      return;
    }
    Map<String, Object> edwards = new HashMap<>(Map.of("kty", "OKP", "crv", "Ed25519"));
    edwards.put("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    Map<String, Object> elliptic = new HashMap<>(Map.of("kty", "EC", "crv", "P-256"));
    elliptic.put("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4");
    elliptic.put("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    Object name = keys.get(0).get("kid");
    for (Map<String, Object> decoy : List.of(edwards, elliptic)) {
      decoy.put("kid", name);
    }
    keys.add(0, edwards);
    keys.add(elliptic);
  }

  private PendingLogin begin() throws Exception {
    return client.login().redirectUri(REDIRECT_URI).begin();
  }

  private OidcTokens login() throws Exception {
    PendingLogin login = begin();
    return client.complete(login, server.authorize(login.url()));
  }

  private void assertIdTokenRefused(String check, Consumer<Map<String, Object>> forgery) {
    server.idTokenClaims(forgery);
    assertIdTokenRefused(check);
  }

  private void assertIdTokenRefused(String check) {
    assertIdTokenRefused(check, () -> client.userInfo(login()));
    assertThat(wire()).contains(TOKEN).doesNotContain(USER_INFO);
  }

  // ID tokens.

  @Test
  @DisplayName(MODULE + "invalid-iss")
  void theTokenOfAnotherIssuerIsRefused() {
    assertIdTokenRefused("iss", claims -> claims.put("iss", server.issuer() + "1"));
  }

  @Test
  @DisplayName(MODULE + "invalid-missing-iss")
  void aTokenOfNobodyIsRefused() {
    assertIdTokenRefused("iss", claims -> claims.remove("iss"));
  }

  @Test
  @DisplayName(MODULE + "invalid-aud")
  void aTokenForAnotherClientIsRefused() {
    assertIdTokenRefused("aud", claims -> claims.put("aud", "rp1"));
  }

  @Test
  @DisplayName(MODULE + "invalid-missing-aud")
  void aTokenForNobodyIsRefused() {
    assertIdTokenRefused("aud", claims -> claims.remove("aud"));
  }

  @Test
  @DisplayName(MODULE + "invalid-secondary-aud")
  void aTokenForAnotherClientTooIsRefused() {
    assertIdTokenRefused("aud", claims -> claims.put("aud", List.of("rp", "somebody")));
  }

  @Test
  @DisplayName(MODULE + "valid-aud-as-array")
  void oneAudienceMayBeAList() throws Exception {
    server.idTokenClaims(claims -> claims.put("aud", List.of("rp")));

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName(MODULE + "invalid-null-alg")
  void anUnsignedTokenIsRefused() {
    server.signIdTokensWith("none");
    assertIdTokenRefused("format");
  }

  @Test
  @DisplayName(MODULE + "invalid-alternate-alg")
  void anAlgorithmOutsideTheProfileIsRefused() {
    server.signIdTokensWith("RS256");
    assertIdTokenRefused("alg");
  }

  @Test
  @DisplayName(MODULE + "invalid-expired-exp")
  void anOldTokenIsRefused() {
    assertIdTokenRefused("exp", claims -> claims.put("exp", NOW.getEpochSecond() - 300));
  }

  @Test
  @DisplayName(MODULE + "invalid-missing-exp")
  void aTokenWithoutEndIsRefused() {
    assertIdTokenRefused("exp", claims -> claims.remove("exp"));
  }

  @Test
  @DisplayName(MODULE + "invalid-nonce")
  void theTokenOfAnotherLoginIsRefused() {
    assertIdTokenRefused("nonce", claims -> claims.put("nonce", claims.get("nonce") + "1"));
  }

  @Test
  @DisplayName(MODULE + "invalid-missing-nonce")
  void aTokenOfNoLoginIsRefused() {
    assertIdTokenRefused("nonce", claims -> claims.remove("nonce"));
  }

  // Metadata, authorization response and token response.

  @Test
  @DisplayName(MODULE + "discovery-issuer-mismatch")
  void theMetadataOfAnotherIssuerIsRefused() {
    server.metadata(it -> it.put("issuer", server.issuer() + "1"));

    assertRefused("issuer_mismatch", this::login);
    assertThat(wire()).containsExactly(DISCOVERY);
  }

  private void assertResponseRefused(String code, String parameter, String value) throws Exception {
    PendingLogin login = begin();
    HttpUrl callback = HttpUrl.get(server.authorize(login.url()));
    HttpUrl.Builder changed = callback.newBuilder().removeAllQueryParameters(parameter);
    if (value != null) {
      changed.addQueryParameter(parameter, value);
    }

    assertRefused(code, () -> client.complete(login, changed.build().toString()));
    assertThat(wire()).endsWith(AUTHORIZE);
  }

  @Test
  @DisplayName(MODULE + "invalid-authorization-response-iss")
  void theResponseOfAnotherServerIsRefused() throws Exception {
    assertResponseRefused("issuer_mismatch", "iss", server.issuer() + "1");
  }

  @Test
  @DisplayName(MODULE + "remove-authorization-response-iss")
  void aResponseOfNobodyIsRefused() throws Exception {
    assertResponseRefused("issuer_mismatch", "iss", null);
  }

  @Test
  @DisplayName(MODULE + "ensure-authorization-response-with-invalid-state-fails")
  void theResponseToAnotherLoginIsRefused() throws Exception {
    assertResponseRefused("state_mismatch", "state", "another");
  }

  @Test
  @DisplayName(MODULE + "ensure-authorization-response-with-invalid-missing-state-fails")
  void aResponseToNoLoginIsRefused() throws Exception {
    assertResponseRefused("state_mismatch", "state", null);
  }

  @Test
  @DisplayName(MODULE + "token-endpoint-response-without-expires_in")
  void aTokenMayHaveNoEndThatWeKnow() throws Exception {
    server.tokenResponse(body -> body.remove("expires_in"));

    OidcTokens tokens = login();

    assertThat(tokens.accessToken().expiresAt()).isNull();
    assertThat(client.userInfo(tokens).subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName(MODULE + "token-type-case-insensitivity")
  void theTypeOfATokenHasNoCase() throws Exception {
    server.tokenResponse(body -> body.put("token_type", "bEARER"));

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
    assertThat(last("/userinfo").header("Authorization")).startsWith("Bearer ");
  }

  // Tokens that are bound to a key.

  private void assertBoundLogin() throws Exception {
    assertBoundLogin(() -> {});
  }

  /**
   * @param betweenRequests what the server does after each
   */
  private void assertBoundLogin(Runnable betweenRequests) throws Exception {
    client = builder().idTokenAlgorithms("PS256").dpop(SigningKey.generate("ES256")).build();

    PendingLogin login = begin();
    String callback = server.authorize(login.url());
    betweenRequests.run();
    OidcTokens tokens = client.complete(login, callback);
    betweenRequests.run();

    assertThat(tokens.accessToken().type()).isEqualToIgnoringCase("DPoP");
    assertThat(client.userInfo(tokens).subject()).isEqualTo("ada");
    assertThat(last("/par").header("DPoP")).isNotNull();
    assertThat(last("/token").header("DPoP")).isNotNull();
    assertThat(last("/userinfo").header("Authorization")).startsWith("DPoP ");
    assertThat(last("/userinfo").header("DPoP")).isNotNull();
  }

  @Test
  @DisplayName(MODULE + "happy-path")
  void theServersNonceIsInTheProofs() throws Exception {
    server.requireDpopNonce("nonce-1");
    AtomicInteger nonces = new AtomicInteger(1);
    assertBoundLogin(() -> server.requireDpopNonce("nonce-" + nonces.incrementAndGet()));

    assertThat(proof()).contains("\"nonce-3\"");
    assertThat(server.requestCount("/par")).isEqualTo(2);
    assertThat(server.requestCount("/token")).isEqualTo(2);
    assertThat(server.requestCount("/userinfo")).isEqualTo(2);
  }

  @Test
  @DisplayName(MODULE + "happy-path-no-dpop-nonce")
  void aServerNeedsNoNonce() throws Exception {
    assertBoundLogin();
  }

  @Test
  @DisplayName(MODULE + "rs-dpop-auth-scheme-case-insensitivity")
  void theSchemeOfAChallengeHasNoCase() throws Exception {
    server.alterNext(
        "/userinfo",
        answer ->
            new MockResponse.Builder()
                .code(401)
                .addHeader("WWW-Authenticate", "dPoP error=\"use_dpop_nonce\"")
                .addHeader("DPoP-Nonce", "nonce-2")
                .build());
    assertBoundLogin();
    assertThat(server.requestCount("/userinfo")).isEqualTo(2);
  }

  @Test
  void theNonceOfTheSecondAnswerIsInTheNextProof() throws Exception {
    client = builder().idTokenAlgorithms("PS256").dpop(SigningKey.generate("ES256")).build();
    OidcTokens tokens = login();
    server.alterNext(
        "/userinfo",
        answer ->
            new MockResponse.Builder()
                .code(401)
                .addHeader("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"")
                .addHeader("DPoP-Nonce", "nonce-2")
                .build());
    server.alterNext(
        "/userinfo", answer -> answer.newBuilder().setHeader("DPoP-Nonce", "nonce-3").build());
    client.userInfo(tokens);
    assertThat(proof()).contains("\"nonce-2\"");

    client.userInfo(tokens);
    assertThat(proof()).contains("\"nonce-3\"");
  }

  private String proof() {
    String claims = last("/userinfo").header("DPoP").split("\\.")[1];
    return new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
  }

  // Signed responses.

  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rs1\"}";

  /** The response of the server, as claims of a JWT. */
  private Map<String, Object> claims(PendingLogin login) throws Exception {
    HttpUrl plain =
        HttpUrl.get(login.url()).newBuilder().removeAllQueryParameters("response_mode").build();
    HttpUrl callback = HttpUrl.get(server.authorize(plain));
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", server.issuer());
    claims.put("aud", "rp");
    claims.put("exp", NOW.getEpochSecond() + 300);
    claims.put("code", callback.queryParameter("code"));
    claims.put("state", callback.queryParameter("state"));
    return claims;
  }

  private interface Forgery {
    String of(Map<String, Object> claims) throws Exception;
  }

  private void assertJarmRefused(String check, Forgery forgery) throws Exception {
    publishOwnKey();
    client = builder().build();
    server.metadata(it -> it.put("authorization_signing_alg_values_supported", List.of("RS256")));
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).signedResponse().begin();
    Map<String, Object> claims = claims(login);

    String response = forgery.of(new HashMap<>(claims));
    assertThatThrownBy(() -> client.complete(login, REDIRECT_URI + "?response=" + response))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_signed_response");
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
    assertThat(wire()).doesNotContain(TOKEN);
    String honest = signed(HEADER, claims);
    assertThat(client.complete(login, REDIRECT_URI + "?response=" + honest)).isNotNull();
  }

  private void assertJarmClaimRefused(String claim, Object value) throws Exception {
    assertJarmRefused(
        claim,
        claims -> {
          claims.remove(claim);
          if (value != null) {
            claims.put(claim, value);
          }
          return signed(HEADER, claims);
        });
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-without-iss-fails")
  void aSignedResponseOfNobodyIsRefused() throws Exception {
    assertJarmClaimRefused("iss", null);
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-with-invalid-iss-fails")
  void theSignedResponseOfAnotherIssuerIsRefused() throws Exception {
    assertJarmClaimRefused("iss", server.issuer() + "1");
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-without-aud-fails")
  void aSignedResponseForNobodyIsRefused() throws Exception {
    assertJarmClaimRefused("aud", null);
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-with-invalid-aud-fails")
  void aSignedResponseForAnotherClientIsRefused() throws Exception {
    assertJarmClaimRefused("aud", "rp1");
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-without-exp-fails")
  void aSignedResponseWithoutEndIsRefused() throws Exception {
    assertJarmClaimRefused("exp", null);
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-with-expired-exp-fails")
  void anOldSignedResponseIsRefused() throws Exception {
    assertJarmClaimRefused("exp", NOW.getEpochSecond() - 300);
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-with-invalid-sig-fails")
  void aBadlySignedResponseIsRefused() throws Exception {
    assertJarmRefused("signature", claims -> spoilt(signed(HEADER, claims)));
  }

  @Test
  @DisplayName(MODULE + "ensure-jarm-signature-is-not-none")
  void anUnsignedResponseIsRefused() throws Exception {
    assertJarmRefused(
        "format",
        claims -> {
          String token = signed("{\"alg\":\"none\"}", claims);
          return token.substring(0, token.lastIndexOf('.') + 1);
        });
  }

  // Clients with certificates.

  private void publishAliases() {
    server.metadata(
        it ->
            it.put(
                "mtls_endpoint_aliases",
                Map.of(
                    "token_endpoint",
                    server.url("/mtls/token"),
                    "userinfo_endpoint",
                    server.url("/mtls/userinfo"))));
    server.endpoint("/mtls/token", request -> passedOn(request, server.tokenEndpoint()));
    server.endpoint("/mtls/userinfo", request -> passedOn(request, server.userInfoEndpoint()));
  }

  /** The same endpoint by its other address. */
  private static MockResponse passedOn(ReceivedRequest request, String url) {
    RequestBody body =
        request.method().equals("GET")
            ? null
            : RequestBody.create(
                request.body(), MediaType.get("application/x-www-form-urlencoded"));
    Request.Builder same = new Request.Builder().url(url).method(request.method(), body);
    String authorization = request.header("Authorization");
    if (authorization != null) {
      same.header("Authorization", authorization);
    }
    try (Response answer = new OkHttpClient().newCall(same.build()).execute()) {
      return new MockResponse.Builder()
          .code(answer.code())
          .setHeader("Content-Type", String.valueOf(answer.header("Content-Type")))
          .body(answer.body().string())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("oidcc-client-test-mtls-endpoint-aliases")
  void aClientWithACertificateUsesTheAliases() throws Exception {
    publishAliases();
    client = builder().idTokenAlgorithms("PS256").certificateBoundTokens().build();

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
    assertThat(wire()).contains("POST /mtls/token", "GET /mtls/userinfo");
    assertThat(wire()).doesNotContain("GET /mtls/authorize");
  }

  @Test
  @DisplayName(MODULE + "happy-path-no-mtls-endpoint-aliases")
  void withoutAliasesTheUsualEndpointsAreUsed() throws Exception {
    client = builder().idTokenAlgorithms("PS256").certificateBoundTokens().build();

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
    assertThat(wire()).contains(TOKEN, USER_INFO);
  }
}
