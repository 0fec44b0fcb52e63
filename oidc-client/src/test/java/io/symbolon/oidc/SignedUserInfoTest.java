package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Instant;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UserInfo that is signed, and claims that somebody else has signed. */
class SignedUserInfoTest {
  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rs1\"}";
  private static final String WHO = "\"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\"";

  private ExampleSite site;
  private OidcClient client;

  @BeforeEach
  void start() throws Exception {
    site = ExampleSite.start();
    site.answer(
        "/.well-known/openid-configuration",
        HostileCases.of("discovery_jwks").named("META-OK-01").response().mock());
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set("default")));
    site.answer(
        "/token", "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"Bearer\"}");
    client = builder().build();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private OidcClient.Builder builder() {
    return OidcClient.builder()
        .issuer(ExampleSite.ISSUER)
        .clientId("s6BhdRkqt3")
        .httpClient(site.http())
        .clock(TestClock.at(Instant.ofEpochSecond(1767225600)));
  }

  private UserInfo userInfo(OidcClient oidc) throws Exception {
    IdToken login =
        new IdToken(Secret.of("a.b.c"), Map.of("iss", ExampleSite.ISSUER, "sub", "24400320"));
    return oidc.userInfo(new OidcTokens(login, oidc.oauth().clientCredentials().execute()));
  }

  private static MockResponse jwt(String text) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/jwt")
        .body(text)
        .build();
  }

  private void assertRefused(OidcClient oidc, String check) {
    assertThatThrownBy(() -> userInfo(oidc))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo(check));
  }

  @Test
  void aRegisteredClientAsksForAJwtAndBelievesIt() throws Exception {
    site.answer(
        "/userinfo",
        jwt(HostileKeys.signed(HEADER, "{" + WHO + ",\"sub\":\"24400320\",\"name\":\"Jane\"}")));

    assertThat(userInfo(builder().userInfoAlgorithms("RS256").build()).text("name"))
        .isEqualTo("Jane");
    RecordedRequest request = site.requests("/userinfo").get(0);
    assertThat(request.getHeaders().get("Accept")).isEqualTo("application/jwt");
    assertThat(request.getHeaders().get("Authorization"))
        .isEqualTo("Bearer 2YotnFZFEjr1zCsicMWpAA");
  }

  @Test
  void aSignatureThatNobodyAskedForIsVerifiedAllTheSame() throws Exception {
    String jwt = HostileKeys.signed(HEADER, "{" + WHO + ",\"sub\":\"24400320\"}");
    site.answer("/userinfo", jwt(jwt));
    assertThat(userInfo(client).subject()).isEqualTo("24400320");

    site.answer("/userinfo", jwt(jwt.substring(0, jwt.length() - 8) + "AAAAAAAA"));
    assertRefused(client, "signature");
  }

  @Test
  void whoAsksForASignatureIsToldWhatToRegister() {
    OidcClient oidc = builder().userInfoAlgorithms("RS256").build();
    site.answer("/userinfo", "{\"sub\":\"24400320\"}");
    assertThatThrownBy(() -> userInfo(oidc))
        .hasMessageEndingWith("is not signed")
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().fix()).contains("userinfo_signed_response_alg"));

    site.answer("/userinfo", jwt("x").newBuilder().setHeader("Content-Type", "text/html").build());
    assertThatThrownBy(() -> userInfo(oidc)).hasMessageEndingWith("is not application/jwt");
    assertThatThrownBy(() -> userInfo(client)).hasMessageEndingWith("is not application/json");
  }

  @Test
  void aSignedAnswerAboutAnotherUserIsRefused() throws Exception {
    site.answer("/userinfo", jwt(HostileKeys.signed(HEADER, "{" + WHO + ",\"sub\":\"999\"}")));
    assertRefused(client, "sub");
    site.answer("/userinfo", jwt(HostileKeys.signed(HEADER, "{" + WHO + "}")));
    assertRefused(client, "sub");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "iss | \"iss\":\"https://evil.example\",\"aud\":\"s6BhdRkqt3\"",
        "iss | \"iss\":[\"https://as.example.com\"],\"aud\":\"s6BhdRkqt3\"",
        "aud | \"iss\":\"https://as.example.com\",\"aud\":[\"other\"]",
        "aud | \"iss\":\"https://as.example.com\",\"aud\":null",
        "exp | \"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\",\"exp\":1767225540",
        "exp | \"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\",\"exp\":\"never\"",
        "nbf | \"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\",\"nbf\":1767225661",
        "events | \"iss\":\"https://as.example.com\",\"aud\":\"s6BhdRkqt3\",\"events\":{}"
      })
  void aWrongClaimIsRefused(String check, String claims) throws Exception {
    site.answer(
        "/userinfo", jwt(HostileKeys.signed(HEADER, "{\"sub\":\"24400320\"," + claims + "}")));

    assertRefused(client, check);
  }

  @Test
  void ourNameAmongOthersWillDo() throws Exception {
    site.answer(
        "/userinfo",
        jwt(
            HostileKeys.signed(
                HEADER,
                "{\"iss\":\"https://as.example.com\",\"aud\":[\"x\",\"s6BhdRkqt3\"],\"sub\":\"24400320\"}")));

    assertThat(userInfo(client).subject()).isEqualTo("24400320");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at+jwt", "logout+jwt", "token-introspection+jwt"})
  void aTokenOfAnotherKindIsRefused(String type) throws Exception {
    site.answer(
        "/userinfo",
        jwt(
            HostileKeys.signed(
                "{\"alg\":\"RS256\",\"kid\":\"rs1\",\"typ\":\"" + type + "\"}",
                "{" + WHO + ",\"sub\":\"24400320\"}")));

    assertRefused(client, "typ");
  }

  @Test
  void anUnknownAlgorithmIsAMistakeInTheProgram() {
    assertThatThrownBy(() -> OidcClient.builder().userInfoAlgorithms("none"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Claims of others.

  private static UserInfo passedOn(String source) {
    return new UserInfo(
        "24400320",
        HostileJson.object(
            "{\"sub\":\"24400320\",\"_claim_names\":{\"score\":\"src1\",\"lost\":\"src2\"},"
                + "\"_claim_sources\":{\"src1\":"
                + source
                + "}}"));
  }

  private void assertClaimRefused(String check, UserInfo info) {
    assertThatThrownBy(() -> client.providedClaim(info, "score"))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_claim");
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
  }

  private static String statement(String claims) throws Exception {
    return HostileKeys.signed(HEADER, "{\"iss\":\"https://as.example.com\"" + claims + "}");
  }

  @Test
  void anAggregatedClaimIsBelievedFromTheOneWhoVouchesForIt() throws Exception {
    UserInfo info = passedOn("{\"JWT\":\"" + statement(",\"score\":650") + "\"}");

    assertThat(client.providedClaim(info, "score")).isEqualTo(650L);
    assertThat(client.providedClaim(info, "name")).isNull();
    assertThat(site.requests()).extracting(RecordedRequest::getTarget).doesNotContain("/claims");
  }

  @Test
  void aDistributedClaimIsFetchedWithTheTokenThatCameForIt() throws Exception {
    site.answer("/claims", jwt(statement(",\"score\":650")));
    UserInfo info =
        passedOn(
            "{\"endpoint\":\"https://as.example.com/claims\",\"access_token\":\"ksj3n283dke\"}");
    assertThat(site.requests()).isEmpty();

    assertThat(client.providedClaim(info, "score")).isEqualTo(650L);
    assertThat(site.requests("/claims"))
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.getHeaders().get("Authorization"))
                    .isEqualTo("Bearer ksj3n283dke"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/claims",
        "https://as.example.com:8443/claims",
        "https://as.example.com@evil.example/claims",
        "http://as.example.com/claims",
        "http://127.0.0.1/claims",
        "file:///etc/passwd"
      })
  void nobodyElseIsAskedForADistributedClaim(String endpoint) {
    assertClaimRefused("endpoint", passedOn("{\"endpoint\":\"" + endpoint + "\"}"));
    assertThat(site.contacts()).doesNotContain("evil.example", "127.0.0.1");
    assertThat(site.requests("/claims")).isEmpty();
  }

  @Test
  void aClaimThatSomebodyElseSignedIsRefused() throws Exception {
    String jwt = statement(",\"score\":650");
    assertClaimRefused(
        "signature", passedOn("{\"JWT\":\"" + jwt.substring(0, jwt.length() - 8) + "AAAAAAAA\"}"));
    String other = HostileKeys.signed(HEADER, "{\"iss\":\"https://evil.example\",\"score\":1}");
    assertClaimRefused("iss", passedOn("{\"JWT\":\"" + other + "\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "score | ,\"other\":1",
        "aud | ,\"score\":1,\"aud\":\"other\"",
        "exp | ,\"score\":1,\"exp\":1",
        "nonce | ,\"score\":1,\"nonce\":\"n\"",
        "events | ,\"score\":1,\"events\":{}"
      })
  void aStatementForAnotherPurposeIsRefused(String check, String claims) throws Exception {
    assertClaimRefused(check, passedOn("{\"JWT\":\"" + statement(claims) + "\"}"));
  }

  @Test
  void theExplanationSaysWhetherTheClaimIsThere() throws Exception {
    for (String claims : new String[] {",\"score\":null", ",\"score\":1,\"exp\":1"}) {
      UserInfo info = passedOn("{\"JWT\":\"" + statement(claims) + "\"}");
      assertThatThrownBy(() -> client.providedClaim(info, "score"))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e ->
                  assertThat(e.verdict().checks())
                      .filteredOn(check -> check.name().equals("score"))
                      .singleElement()
                      .satisfies(
                          check ->
                              assertThat(check.actual())
                                  .isEqualTo(check.passed() ? "a value" : "nothing")));
    }
  }

  @Test
  void aSourceThatIsNotThereIsReported() {
    assertClaimRefused("endpoint", passedOn("{}"));
    assertThatThrownBy(() -> client.providedClaim(passedOn("{}"), "lost"))
        .isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void anEndpointThatRedirectsIsNotFollowed() {
    site.answer(
        "/claims",
        new MockResponse.Builder()
            .code(302)
            .setHeader("Location", "https://evil.example/")
            .build());

    UserInfo info = passedOn("{\"endpoint\":\"https://as.example.com/claims\"}");
    assertClaimRefused("answer", info);
    assertThatThrownBy(() -> client.providedClaim(info, "score"))
        .hasMessageContaining("its endpoint answered 302");
    assertThat(site.contacts()).doesNotContain("evil.example");
  }

  @Test
  void aSignedClaimThatComesWithAnErrorIsNone() throws Exception {
    MockResponse signed = jwt(statement(",\"score\":650"));
    site.answer("/claims", signed.newBuilder().code(403).build());

    assertClaimRefused("answer", passedOn("{\"endpoint\":\"https://as.example.com/claims\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/html", "application/jwtx"})
  void aSignedClaimOfAnotherMediaTypeIsNone(String type) throws Exception {
    MockResponse signed = jwt(statement(",\"score\":650"));
    site.answer("/claims", signed.newBuilder().setHeader("Content-Type", type).build());

    assertClaimRefused("answer", passedOn("{\"endpoint\":\"https://as.example.com/claims\"}"));
  }

  /** It comes from somebody else, and must not write headers of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"\"a b\"", "\"a\\r\\nX-Evil: 1\"", "\"\u00e9\"", "\"\"", "5", "null"})
  void whatIsNoTokenIsNotSentForAClaim(String token) throws Exception {
    site.answer("/claims", jwt(statement(",\"score\":650")));
    UserInfo info =
        passedOn("{\"endpoint\":\"https://as.example.com/claims\",\"access_token\":" + token + "}");

    assertThat(client.providedClaim(info, "score")).isEqualTo(650L);
    assertThat(site.requests("/claims"))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getHeaders().get("Authorization")).isNull();
              assertThat(request.getHeaders().get("X-Evil")).isNull();
              assertThat(request.getHeaders().get("Accept")).isEqualTo("application/jwt");
            });
  }

  @Test
  void aRefusedEndpointIsNotShownWithItsQuery() {
    UserInfo info = passedOn("{\"endpoint\":\"https://evil.example/claims?user=ada&t=s3cret\"}");

    assertThatThrownBy(() -> client.providedClaim(info, "score"))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.explain()).contains("https://evil.example/claims");
              assertThat(e + e.explain()).doesNotContain("s3cret");
            });
  }

  /** With an issuer on the loopback interface, http is allowed; but not the other one of both. */
  @Test
  void theSchemeOfTheEndpointIsThatOfTheIssuer() throws Exception {
    try (FakeAuthorizationServer local = FakeAuthorizationServer.start()) {
      OidcClient here = OidcClient.builder().issuer(local.issuer()).clientId("x").build();
      String https = local.issuer().replace("http://", "https://");

      assertThatThrownBy(
              () ->
                  here.providedClaim(passedOn("{\"endpoint\":\"" + https + "/claims\"}"), "score"))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.verdict().failure().name()).isEqualTo("endpoint"));
      assertThatThrownBy(
              () ->
                  here.providedClaim(
                      passedOn("{\"endpoint\":\"" + local.issuer() + "/claims\"}"), "score"))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.verdict().failure().name()).isEqualTo("answer"));
    }
  }
}
