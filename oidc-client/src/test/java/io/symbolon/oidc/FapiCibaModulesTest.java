package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.internal.jose.StrictJwt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The modules of {@code fapi-ciba-id1-client-test-plan}. */
final class FapiCibaModulesTest extends OidccModules {
  private static final String MODULE = "fapi-ciba-id1-client-";
  private static final String ASK = "POST /backchannel";

  private final SigningKey key = SigningKey.generate("PS256");
  private OidcClient client;

  @BeforeEach
  void start() {
    server.signIdTokensWith("PS256");
    client = builder().idTokenAlgorithms("PS256", "ES256").build();
  }

  private BackchannelAuthentication ask() throws Exception {
    return client.backchannel().loginHint("ada").signedWith(key).begin();
  }

  private OidcTokens login() throws Exception {
    BackchannelAuthentication asked = ask();
    clock.advance(asked.interval());
    return client.await(asked);
  }

  @Test
  @DisplayName(MODULE + "test")
  void aUserAgreesOnTheirPhone() throws Exception {
    OidcTokens tokens = login();

    assertThat(client.userInfo(tokens).subject()).isEqualTo("ada");
    StrictJwt request = StrictJwt.parse(last("/backchannel").form().get("request"));
    assertThat(last("/backchannel").form()).containsOnlyKeys("request");
    assertThat(request.algorithm()).isEqualTo("PS256");
    assertThat(request.type()).as("the suite warns of JWT").isNull();
    assertThat(request.claims())
        .containsEntry("iss", "rp")
        .containsEntry("aud", server.issuer())
        .containsEntry("scope", "openid")
        .containsEntry("login_hint", "ada")
        .containsEntry("nbf", NOW.getEpochSecond())
        .containsEntry("exp", NOW.getEpochSecond() + 300)
        .containsKeys("iat", "jti");
  }

  @Test
  @DisplayName(MODULE + "test-happy-path-no-mtls-endpoint-aliases")
  void withoutAliasesTheUsualEndpointsAreUsed() throws Exception {
    client = builder().idTokenAlgorithms("PS256", "ES256").certificateBoundTokens().build();

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
    assertThat(wire()).contains(ASK, TOKEN, USER_INFO);
  }

  /** The API believes no token before the second renewal. */
  @Test
  @DisplayName(MODULE + "refresh-token-test")
  void theLoginIsRenewedTwice() throws Exception {
    OidcTokens tokens = login();
    int before = server.tokenRequestCount();
    server.endpoint(
        "/accounts",
        request ->
            server.tokenRequestCount() - before < 2
                ? new MockResponse.Builder()
                    .code(401)
                    .setHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                    .build()
                : new MockResponse.Builder().build());
    OkHttpClient api =
        new OAuthInterceptor(client.tokenSource(tokens), server.url("/"))
            .install(new OkHttpClient());

    assertThat(status(api)).isEqualTo(401);
    String rotated = server.lastTokenRequest().form().get("refresh_token");
    assertThat(status(api)).isEqualTo(200);
    assertThat(server.lastTokenRequest().form().get("refresh_token")).isNotEqualTo(rotated);
    assertThat(server.tokenRequestCount() - before).isEqualTo(2);
  }

  private int status(OkHttpClient api) throws IOException {
    Request request = new Request.Builder().url(server.url("/accounts")).build();
    try (Response response = api.newCall(request).execute()) {
      return response.code();
    }
  }

  @Test
  @DisplayName(MODULE + "valid-aud-as-array-test")
  void oneAudienceMayBeAList() throws Exception {
    server.idTokenClaims(claims -> claims.put("aud", List.of("rp")));

    assertThat(client.userInfo(login()).subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName(MODULE + "no-scope-in-token-endpoint-response-test")
  void aScopeThatIsNotNamedIsTheOneAskedFor() throws Exception {
    server.tokenResponse(body -> body.remove("scope"));

    assertThat(login().tokens().scope()).containsExactly("openid");
  }

  @Test
  @DisplayName(MODULE + "respects-interval-test")
  void nobodyIsAskedTooEarly() throws Exception {
    BackchannelAuthentication asked = ask();
    server.refuseNext("authorization_pending");
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isZero();

    clock.advance(asked.interval());
    assertThat(asked.poll()).isNull();
    clock.advance(asked.interval().minusMillis(1));
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    assertThat(client.await(asked).idToken().subject()).isEqualTo("ada");
  }

  @Test
  @DisplayName(MODULE + "slow-down-test")
  void whoIsTooFastSlowsDown() throws Exception {
    BackchannelAuthentication asked = ask();
    Duration before = asked.interval();
    server.refuseNext("authorization_pending");
    clock.advance(before);
    assertThat(asked.poll()).isNull();
    server.refuseNext("slow_down");
    clock.advance(before);
    assertThat(asked.poll()).isNull();

    assertThat(asked.interval()).isEqualTo(before.plusSeconds(5));
    clock.advance(before);
    assertThat(asked.poll()).isNull();
    assertThat(server.tokenRequestCount()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(5));
    assertThat(client.await(asked).idToken().subject()).isEqualTo("ada");
  }

  /** Who is not asked at all. */
  @TestFactory
  Stream<DynamicTest> requestsThatEndAtOnce() {
    return Stream.of(
        ended("missing-authreqid", 200, "{\"expires_in\":120}", "malformed_response"),
        ended("missing-expiresin", 200, "{\"auth_req_id\":\"1c266114\"}", "malformed_response"),
        ended("unknown-user-id", 400, "{\"error\":\"unknown_user_id\"}", "unknown_user_id"));
  }

  private DynamicTest ended(String fault, int status, String body, String code) {
    return module(
        fault,
        () -> {
          server.answerNext(
              "/backchannel",
              new MockResponse.Builder()
                  .code(status)
                  .setHeader("Content-Type", "application/json")
                  .body(body)
                  .build());
          int before = wire().size();
          assertRefused(code, this::ask);
          assertThat(wire().subList(before, wire().size())).endsWith(ASK).doesNotContain(TOKEN);
        });
  }

  /** Who does not agree, or whom the server has had enough of: at the third question. */
  @TestFactory
  Stream<DynamicTest> loginsThatEndWithoutTokens() {
    return Stream.of("request:invalid_request", "access-denied", "expired-token")
        .map(it -> it.split(":"))
        .map(it -> refused(it[0], it.length == 1 ? it[0].replace('-', '_') : it[1]));
  }

  private DynamicTest refused(String fault, String error) {
    return module(
        fault,
        () -> {
          BackchannelAuthentication asked = ask();
          int before = server.tokenRequestCount();
          for (String answer : List.of("authorization_pending", "authorization_pending")) {
            server.refuseNext(answer);
            clock.advance(asked.interval());
            assertThat(asked.poll()).isNull();
          }
          server.refuseNext(error);
          clock.advance(asked.interval());
          assertRefused(error, () -> client.await(asked));

          clock.advance(asked.interval());
          assertRefused(error, asked::poll);
          assertThat(server.tokenRequestCount() - before).isEqualTo(3);
        });
  }

  @TestFactory
  Stream<DynamicTest> idTokensThatAreRefused() {
    long now = NOW.getEpochSecond();
    return Stream.of(
        forged("iss", "iss", it -> it.put("iss", server.issuer() + "1")),
        forged("missing-iss", "iss", it -> it.remove("iss")),
        forged("aud", "aud", it -> it.put("aud", "rp1")),
        forged("secondary-aud", "aud", it -> it.put("aud", List.of("rp", "somebody"))),
        forged("missing-aud", "aud", it -> it.remove("aud")),
        forged("expired-exp", "exp", it -> it.put("exp", now - 300)),
        forged("missing-exp", "exp", it -> it.remove("exp")),
        forged("iat-is-week-in-past", "iat", it -> it.put("iat", now - 604_800)));
  }

  private DynamicTest forged(String fault, String check, Consumer<Map<String, Object>> forgery) {
    return module(
        fault,
        () -> {
          server.idTokenClaims(forgery);
          assertIdTokenRefused(check, this::login);
          assertThat(wire()).doesNotContain(USER_INFO);
        });
  }

  private static DynamicTest module(String fault, org.junit.jupiter.api.function.Executable test) {
    return DynamicTest.dynamicTest(MODULE + "invalid-" + fault + "-test", test);
  }

  @Test
  @DisplayName(MODULE + "invalid-signature-test")
  void aBadlySignedTokenIsRefused() {
    server.idToken(OidccModules::spoilt);
    assertIdTokenRefused("signature", this::login);
  }

  @Test
  @DisplayName(MODULE + "invalid-null-alg-test")
  void anUnsignedTokenIsRefused() {
    server.signIdTokensWith("none");
    assertIdTokenRefused("format", this::login);
  }

  @Test
  @DisplayName(MODULE + "invalid-alternate-alg-test")
  void anAlgorithmOutsideTheProfileIsRefused() {
    server.signIdTokensWith("RS256");
    assertIdTokenRefused("alg", this::login);
  }
}
