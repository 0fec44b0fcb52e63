package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd introspection responses. */
class HostileIntrospectionTest {
  private static final HostileCases CASES = HostileCases.of("logout_userinfo_jarm_introspection");
  private static final long NOW = 1767225600;
  private static final String RESOURCE = "https://rs.example.com";
  private static final String TOKEN = "mF_9.B5f-4.1JqM";
  private static final String HEADER =
      "{\"alg\":\"RS256\",\"kid\":\"rs1\",\"typ\":\"token-introspection+jwt\"}";

  private ExampleSite site;
  private OAuthClient client;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start().answer("/jwks", HostileJson.text(HostileKeys.set("default")));
    client = builder().build();
  }

  private OAuthClient.Builder builder() {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .metadata("introspection_endpoint", ExampleSite.ISSUER + "/introspect")
                .metadata("jwks_uri", ExampleSite.ISSUER + "/jwks")
                .metadata(
                    "introspection_signing_alg_values_supported", List.of("RS256", "HS256", "none"))
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(HostileKeys.clientSecret()))
        .httpClient(site.http())
        .clock(TestClock.at(Instant.ofEpochSecond(NOW)));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> cases() {
    return CASES.toRun();
  }

  @Test
  void everyCaseIsRunOrListed() {
    CASES.assertComplete(cases());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anAnswerIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    site.answer("/introspect", hostile.response().mock());

    Attempt<Introspection> attempt = Attempt.at(() -> introspect(hostile));

    attempt.hides(List.of(TOKEN, HostileKeys.clientSecret()));
    if (hostile.isAccepted()) {
      boolean inactive = "result: inactive, not an error".equals(hostile.text("note"));
      boolean ignored = "result: inactive".equals(hostile.text("note"));
      assertThat(attempt.value().isActive()).isEqualTo(!inactive && !ignored);
      assertThat(attempt.value().memberNames().isEmpty()).isEqualTo(inactive || ignored);
    } else {
      InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
      assertIsAbout(hostile.text("error"), refusal);
    }
    assertThat(site.requests("/introspect")).hasSize(1);
  }

  private static void assertIsAbout(String error, InvalidResponseException refusal) {
    switch (error) {
      case "http_error" -> assertThat(refusal.code()).isEqualTo(error);
      case "json" -> assertThat(refusal.code()).isEqualTo("malformed_response");
      case "format" ->
          assertThat(refusal.verdict().failure().name()).isEqualTo("token_introspection");
      case "aud", "signature" -> assertThat(refusal.verdict().failure().name()).isEqualTo(error);
      default -> {
        assertThat(refusal.code()).isEqualTo("malformed_response");
        assertThat(refusal).hasMessageContaining(" " + error + " ");
      }
    }
  }

  private Introspection introspect(HostileCase hostile) throws IOException {
    String audience = hostile.contextText("expected_audience");
    if (hostile.isContext("jwt_response", true)) {
      return client.introspectSigned(Secret.of(TOKEN), audience);
    }
    Introspection introspection = client.introspect(Secret.of(TOKEN));
    return audience == null ? introspection : introspection.forAudience(audience);
  }

  @Test
  void membersReachTheCaller() throws IOException {
    site.answer("/introspect", CASES.named("INTROSPECTION-18").response().mock());

    Introspection introspection = client.introspect(Secret.of(TOKEN));

    assertThat(introspection.isActive()).isTrue();
    assertThat(introspection.scope()).containsExactly("read", "write");
    assertThat(introspection.clientId()).isEqualTo("l238j323ds");
    assertThat(introspection.subject()).isEqualTo("Z5O3");
    assertThat(introspection.audience()).containsExactly(RESOURCE);
    assertThat(introspection.issuer()).isEqualTo(ExampleSite.ISSUER);
    assertThat(introspection.tokenType()).isEqualTo("DPoP");
    assertThat(introspection.expiresAt()).isEqualTo(Instant.ofEpochSecond(1767225900));
    assertThat(introspection.issuedAt()).isEqualTo(Instant.ofEpochSecond(1767225500));
    assertThat(introspection.notBefore()).isNull();
    assertThat(introspection.member("cnf"))
        .isEqualTo(Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
  }

  /** The example of RFC 7662 §2.2. */
  @Test
  void theExampleOfTheRfcIsRead() throws IOException {
    site.answer(
        "/introspect",
        """
        {
         "active": true,
         "client_id": "l238j323ds-23ij4",
         "username": "jdoe",
         "scope": "read write dolphin",
         "sub": "Z5O3upPC88QrAjx00dis",
         "aud": "https://protected.example.net/resource",
         "iss": "https://server.example.com/",
         "exp": 1419356238,
         "iat": 1419350238,
         "extension_field": "twenty-seven"
        }
        """);

    Introspection introspection = client.introspect(Secret.of("2YotnFZFEjr1zCsicMWpAA"));

    assertThat(site.requests("/introspect").get(0).getBody().utf8())
        .isEqualTo("token=2YotnFZFEjr1zCsicMWpAA&token_type_hint=access_token");
    assertThat(introspection.scope()).containsExactly("read", "write", "dolphin");
    assertThat(introspection.audience()).containsExactly("https://protected.example.net/resource");
    assertThat(introspection.expiresAt()).isEqualTo(Instant.ofEpochSecond(1419356238));
    assertThat(introspection.member("extension_field")).isEqualTo("twenty-seven");
  }

  private Attempt<Introspection> signed(String header, String claims) throws Exception {
    String jwt = HostileKeys.signed(header, claims);
    site.answer(
        "/introspect",
        ExampleSite.json(jwt)
            .newBuilder()
            .setHeader("Content-Type", "application/token-introspection+jwt")
            .build());
    return Attempt.at(() -> client.introspectSigned(Secret.of(TOKEN), RESOURCE));
  }

  private static String claims(Object iss, Object aud, Object iat) {
    return HostileJson.text(
        Map.of(
            "iss",
            iss,
            "aud",
            aud,
            "iat",
            iat,
            "sub",
            5,
            "exp",
            1,
            "token_introspection",
            Map.of("active", true, "sub", "Z5O3")));
  }

  @Test
  void subjectAndEndOfTheResponseItselfAreIgnored() throws Exception {
    Introspection introspection =
        signed(HEADER, claims(ExampleSite.ISSUER, List.of("x", RESOURCE), NOW)).value();

    assertThat(introspection.subject()).isEqualTo("Z5O3");
    assertThat(introspection.expiresAt()).isNull();
    assertThat(site.requests("/introspect").get(0).getHeaders().get("Accept"))
        .isEqualTo("application/token-introspection+jwt");
  }

  @ParameterizedTest
  @CsvSource({
    "https://as.example.com/, https://rs.example.com, 0, iss",
    "https://as.example.com, https://rs.example.com/, 0, aud",
    "https://as.example.com, s6BhdRkqt3, 0, aud",
    "https://as.example.com, https://rs.example.com, 61, iat",
    "https://as.example.com, https://rs.example.com, -661, iat",
  })
  void aResponseOfOrForSomebodyElseIsRefused(String iss, String aud, long age, String check)
      throws Exception {
    InvalidResponseException refusal =
        signed(HEADER, claims(iss, aud, NOW + age)).refusal(InvalidResponseException.class);

    assertThat(refusal.code()).isEqualTo("invalid_introspection");
    assertThat(refusal.verdict().failure().name()).isEqualTo(check);
  }

  @ParameterizedTest
  @CsvSource({"5, 5, true", "5, 6, false", "5, -605, true", "5, -606, false", "120, 120, true"})
  void aResponseIsAsOldAsTheClocksMayDiffer(long leeway, long age, boolean good) throws Exception {
    client = builder().clockLeeway(Duration.ofSeconds(leeway)).build();
    Attempt<Introspection> attempt =
        signed(HEADER, claims(ExampleSite.ISSUER, RESOURCE, NOW + age));

    assertThat(attempt.isAccepted()).isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({"typ, JWT", "typ, logout+jwt", "alg, HS256", "alg, none", "alg, RS384"})
  void aJwtOfAnotherKindIsRefused(String member, String value) throws Exception {
    Map<String, Object> header = HostileJson.object(HEADER);
    header.put(member, value);

    InvalidResponseException refusal =
        signed(HostileJson.text(header), claims(ExampleSite.ISSUER, RESOURCE, NOW))
            .refusal(InvalidResponseException.class);

    assertThat(refusal.verdict().failure().name()).isEqualTo(member);
  }

  @Test
  void aJwtWithoutATypeIsRefused() throws Exception {
    signed("{\"alg\":\"RS256\",\"kid\":\"rs1\"}", claims(ExampleSite.ISSUER, RESOURCE, NOW))
        .refusal(InvalidResponseException.class);
  }

  @Test
  void whoAsksForASignatureDoesNotTakeAnAnswerWithoutOne() throws Exception {
    site.answer("/introspect", "{\"active\":true}");

    Attempt.at(() -> client.introspectSigned(Secret.of(TOKEN)))
        .refusal(InvalidResponseException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "client_id | 5",
        "username | {}",
        "token_type | []",
        "sub | 24400320",
        "iss | [\"https://as.example.com\"]",
        "jti | false",
        "exp | \"soon\"",
        "exp | -1",
        "exp | 1e30",
        "iat | true",
        "nbf | []",
        "aud | 5",
        "aud | {}",
        "aud | [\"a\",5]",
        "aud | [\"a\",null]",
        "scope | 5",
        "scope | [5]",
      })
  void aMemberOfAnotherTypeIsRefused(String name, String value) throws Exception {
    site.answer("/introspect", "{\"active\":true,\"" + name + "\":" + value + "}");

    InvalidResponseException refusal =
        Attempt.at(() -> client.introspect(Secret.of(TOKEN)))
            .refusal(InvalidResponseException.class);

    assertThat(refusal.code()).isEqualTo("malformed_response");
    assertThat(refusal).hasMessageContaining(" a member " + name + " ");
  }

  @Test
  void whatIsNullOrZeroOrAListIsNoFault() throws Exception {
    site.answer(
        "/introspect",
        "{\"active\":true,\"client_id\":null,\"exp\":null,\"iat\":0,\"aud\":[\"a\",\"b\"],"
            + "\"scope\":[\"read\",\"write all\"]}");

    Introspection introspection = client.introspect(Secret.of(TOKEN));

    assertThat(introspection.clientId()).isNull();
    assertThat(introspection.expiresAt()).isNull();
    assertThat(introspection.issuedAt()).isEqualTo(Instant.EPOCH);
    assertThat(introspection.audience()).containsExactly("a", "b");
    assertThat(introspection.scope()).containsExactly("read", "write", "all");
    assertThat(introspection.toString()).startsWith("active, with ").contains("client_id");
  }

  @Test
  void aTokenIsForTheResourcesThatItNames() throws Exception {
    site.answer("/introspect", "{\"active\":true,\"aud\":[\"a\",\"b\"]}");
    Introspection named = client.introspect(Secret.of(TOKEN));
    assertThat(named.forAudience("b")).isSameAs(named);
    assertThat(mismatch(named)).hasMessage("the token is for \"[a, b]\", not for \"c\"");

    site.answer("/introspect", "{\"active\":true}");
    assertThat(mismatch(client.introspect(Secret.of(TOKEN))))
        .hasMessage("the token is for nothing, not for \"c\"");

    site.answer("/introspect", "{\"active\":false,\"aud\":\"a\"}");
    Introspection inactive = client.introspect(Secret.of(TOKEN));
    assertThat(inactive.forAudience("c")).isSameAs(inactive).hasToString("not active");
  }

  private static InvalidResponseException mismatch(Introspection introspection) throws Exception {
    InvalidResponseException refusal =
        Attempt.at(() -> introspection.forAudience("c")).refusal(InvalidResponseException.class);
    assertThat(refusal.code()).isEqualTo("audience_mismatch");
    return refusal;
  }

  @Test
  void aSignedAnswerThatIsAnErrorIsNone() throws Exception {
    String jwt = HostileKeys.signed(HEADER, claims(ExampleSite.ISSUER, RESOURCE, NOW));
    site.answer(
        "/introspect",
        new MockResponse.Builder()
            .code(403)
            .setHeader("Content-Type", "application/token-introspection+jwt")
            .body(jwt)
            .build());

    Attempt.at(() -> client.introspectSigned(Secret.of(TOKEN), RESOURCE))
        .refusal(InvalidResponseException.class);
  }

  @Test
  void aSignedAnswerOfAnotherMediaTypeIsNone() throws Exception {
    String jwt = HostileKeys.signed(HEADER, claims(ExampleSite.ISSUER, RESOURCE, NOW));
    site.answer(
        "/introspect",
        new MockResponse.Builder().setHeader("Content-Type", "application/jwt").body(jwt).build());

    Attempt.at(() -> client.introspectSigned(Secret.of(TOKEN), RESOURCE))
        .refusal(InvalidResponseException.class);
  }

  @Test
  void theTypeMayBeTheWholeMediaType() throws Exception {
    String header = HEADER.replace("\"token-", "\"application/token-");

    assertThat(signed(header, claims(ExampleSite.ISSUER, RESOURCE, NOW)).value().isActive())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"rs1, not valid", "unknown, one by a key that it does not publish"})
  void whatIsWrongWithASignatureIsSaid(String keyId, String actual) throws Exception {
    String jwt =
        HostileKeys.signed(HEADER.replace("rs1", keyId), claims(ExampleSite.ISSUER, RESOURCE, NOW));
    site.answer(
        "/introspect",
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/token-introspection+jwt")
            .body(jwt.substring(0, jwt.length() - 8) + "AAAAAAAA")
            .build());

    InvalidResponseException refusal =
        Attempt.at(() -> client.introspectSigned(Secret.of(TOKEN), RESOURCE))
            .refusal(InvalidResponseException.class);

    assertThat(refusal.verdict().failure().name()).isEqualTo("signature");
    assertThat(refusal.verdict().failure().actual()).isEqualTo(actual);
  }

  private OAuthClient described(AuthorizationServer.Builder server) {
    return OAuthClient.builder()
        .server(
            server
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .metadata("introspection_endpoint", ExampleSite.ISSUER + "/introspect")
                .metadata("jwks_uri", ExampleSite.ISSUER + "/jwks")
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(HostileKeys.clientSecret()))
        .httpClient(site.http())
        .clock(TestClock.at(Instant.ofEpochSecond(NOW)))
        .build();
  }

  private void assertCheckFails(String check, String claims) throws Exception {
    assertThat(
            signed(HEADER, claims)
                .refusal(InvalidResponseException.class)
                .verdict()
                .failure()
                .name())
        .isEqualTo(check);
  }

  @Test
  void anAlgorithmThatTheServerDoesNotAnnounceIsRefused() throws Exception {
    client =
        described(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .metadata("introspection_signing_alg_values_supported", List.of("ES256")));

    assertCheckFails("alg", claims(ExampleSite.ISSUER, RESOURCE, NOW));
  }

  @Test
  void aServerWithoutAnIssuerSignsNothing() throws Exception {
    client = described(AuthorizationServer.builder());

    assertCheckFails("iss", claims(ExampleSite.ISSUER, RESOURCE, NOW));
  }

  @Test
  void aResponseForOthersOrWithoutATimeIsRefused() throws Exception {
    assertCheckFails("aud", claims(ExampleSite.ISSUER, List.of("x"), NOW));
    assertCheckFails("iat", claims(ExampleSite.ISSUER, RESOURCE, "now"));
  }
}
