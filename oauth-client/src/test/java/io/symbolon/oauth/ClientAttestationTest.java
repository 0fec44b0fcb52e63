package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** draft-ietf-oauth-attestation-based-client-auth-11. */
final class ClientAttestationTest {
  private static final String HEADER = "OAuth-Client-Attestation";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final SigningKey attester = SigningKey.generate("ES256");
  private final SigningKey instance = SigningKey.generate("ES256");
  private final Queue<MockResponse> answers = new ArrayDeque<>();
  private FakeAuthorizationServer server;

  @BeforeEach
  void start() {
    server = extension.server();
    server.endpoint("/token", request -> answers.isEmpty() ? tokens().build() : answers.remove());
  }

  private static MockResponse.Builder tokens() {
    return json(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}");
  }

  private static MockResponse.Builder json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body);
  }

  private static MockResponse wantsChallenge(String challenge) {
    MockResponse.Builder refusal = json(400, "{\"error\":\"use_attestation_challenge\"}");
    return challenge == null
        ? refusal.build()
        : refusal.setHeader(HEADER + "-Challenge", challenge).build();
  }

  private Secret attestation() {
    try {
      return Secret.of(
          attester.jwt(
              "oauth-client-attestation+jwt",
              Map.of(
                  "sub",
                  "app",
                  "iat",
                  1_700_000_000,
                  "exp",
                  2_000_000_000,
                  "cnf",
                  Map.of("jwk", instance.publicHalf().members()))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private OAuthClient.Builder builder(Secret attestation) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("app")
        .authentication(ClientAuthentication.attestJwtClientAuth(() -> attestation, instance));
  }

  private OAuthClient.Builder builder(AuthorizationServer described, Secret attestation) {
    return OAuthClient.builder()
        .server(described)
        .clientId("app")
        .authentication(ClientAuthentication.attestJwtClientAuth(() -> attestation, instance));
  }

  private List<ReceivedRequest> requests() {
    return server.requests().stream().filter(it -> it.method().equals("POST")).toList();
  }

  private Map<String, Object> claims(int request) throws Exception {
    return DpopProofTest.claims(requests().get(request).header(HEADER + "-PoP"));
  }

  private static void assertError(OAuthClient client, String error) {
    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void anAttestationGoesWithAProofOfItsKey() throws Exception {
    Secret attestation = attestation();

    builder(attestation).build().clientCredentials().execute();

    ReceivedRequest sent = requests().get(0);
    assertThat(sent.body()).isEqualTo("grant_type=client_credentials&client_id=app");
    assertThat(sent.header("Authorization")).isNull();
    assertThat(sent.header(HEADER)).isEqualTo(attestation.reveal());
    String proof = sent.header(HEADER + "-PoP");
    assertThat(StrictJson.parseObject(StrictJson.write(DpopProofTest.header(proof))))
        .containsOnly(
            Map.entry("alg", "ES256"), Map.entry("typ", "oauth-client-attestation-pop+jwt"));
    assertThat(claims(0)).containsOnlyKeys("aud", "jti", "iat");
    assertThat(claims(0)).containsEntry("aud", server.issuer());
    assertThat(claims(0).get("jti").toString()).hasSize(22);
  }

  @Test
  void aChallengeThatIsWantedIsGivenOnceAndRemembered() throws Exception {
    answers.add(wantsChallenge("c-1"));
    OAuthClient client = builder(attestation()).build();

    client.clientCredentials().execute();
    client.clientCredentials().execute();

    assertThat(requests()).hasSize(3);
    assertThat(claims(0)).doesNotContainKey("challenge");
    assertThat(claims(1)).containsEntry("challenge", "c-1");
    assertThat(claims(2)).containsEntry("challenge", "c-1");
    Set<Object> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ids.add(claims(i).get("jti"));
    }
    assertThat(ids).as("a proof is good for one request").hasSize(3);
  }

  @Test
  void theChallengeOfEveryAnswerIsKept() throws Exception {
    answers.add(tokens().setHeader(HEADER + "-Challenge", "c-7").build());
    OAuthClient client = builder(attestation()).build();

    client.clientCredentials().execute();
    client.clientCredentials().execute();

    assertThat(claims(1)).containsEntry("challenge", "c-7");
  }

  @Test
  void aServerThatWantsOneChallengeAfterTheOtherIsAskedTwice() throws Exception {
    answers.add(wantsChallenge("c-1"));
    answers.add(wantsChallenge("c-2"));
    OAuthClient client = builder(attestation()).build();

    assertError(client, "use_attestation_challenge");
    assertThat(requests()).hasSize(2);

    client.clientCredentials().execute();
    assertThat(claims(2)).containsEntry("challenge", "c-2");
  }

  @Test
  void noChallengeOrTheSameAgainIsNoReasonToTryAgain() throws Exception {
    answers.add(wantsChallenge(null));
    answers.add(wantsChallenge("two words"));
    answers.add(tokens().setHeader(HEADER + "-Challenge", "c-1").build());
    answers.add(wantsChallenge("c-1"));
    OAuthClient client = builder(attestation()).build();

    assertError(client, "use_attestation_challenge");
    assertError(client, "use_attestation_challenge");
    client.clientCredentials().execute();
    assertError(client, "use_attestation_challenge");

    assertThat(requests()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "use_fresh_attestation, wants a newer client attestation",
    "invalid_client_attestation, check that the server trusts the attester"
  })
  void otherRefusalsAreNotAnsweredWithASecondTry(String error, String advice) {
    answers.add(
        json(401, "{\"error\":\"" + error + "\"}").setHeader(HEADER + "-Challenge", "c-1").build());

    assertThatThrownBy(() -> builder(attestation()).build().clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.explain()).contains(advice));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void withDpopEachTryHasANewProofOfEitherKind() throws Exception {
    answers.add(wantsChallenge("c-1"));
    answers.add(json(400, "{\"error\":\"use_dpop_nonce\"}").setHeader("DPoP-Nonce", "n-1").build());
    answers.add(json(200, "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}").build());
    OAuthClient client = builder(attestation()).dpop(SigningKey.generate("ES256")).build();

    client.clientCredentials().execute();

    assertThat(requests()).hasSize(3);
    assertThat(requests().stream().map(it -> it.header("DPoP")).distinct()).hasSize(3);
    assertThat(claims(2)).containsEntry("challenge", "c-1");
    assertThat(DpopProofTest.claims(requests().get(2).header("DPoP")))
        .containsEntry("nonce", "n-1");
  }

  @Test
  void aLeaseLastsForAllTries() {
    Duration call = Duration.ofSeconds(3);

    assertThat(builder(attestation()).callTimeout(call).build().leaseDuration())
        .isEqualTo(Duration.ofSeconds(22));
    assertThat(
            builder(attestation())
                .dpop(SigningKey.generate("ES256"))
                .callTimeout(call)
                .build()
                .leaseDuration())
        .isEqualTo(Duration.ofSeconds(34));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b.c", "a\r\nX-Evil: 1", "eyJhbGciOiJFUzI1NiJ9.e30.c\r\nX: y"})
  void whatIsNoJwtIsNeitherSentNorShown(String attestation) {
    assertThatThrownBy(() -> builder(Secret.of(attestation)).build().clientCredentials().execute())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the client attestation is not a signed JWT")
        .message()
        .doesNotContain("Evil", "eyJ");
    assertThat(requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_attestation_pop_signing_alg_values_supported | EdDSA"
            + " | takes no proofs of an attestation with ES256",
        "client_attestation_signing_alg_values_supported | HS256"
            + " | takes no attestations signed with ES256",
        "client_attestation_pop_methods_supported | dpop_combined"
            + " | takes no attestation with the proof attestation_pop_jwt",
      })
  void whatTheServerDoesNotTakeIsRefusedHere(String name, String other, String message)
      throws Exception {
    server.metadata(it -> it.put(name, List.of(other)));

    assertThatThrownBy(() -> builder(attestation()).build().clientCredentials().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_metadata");
              assertThat(e.explain()).contains(name, other);
            })
        .hasMessageContaining(message);
    assertThat(requests()).isEmpty();

    server.metadata(it -> it.put(name, List.of(other, "ES256", "attestation_pop_jwt")));
    builder(attestation()).build().clientCredentials().execute();
  }

  /** §6: it is the server's, and not that of one endpoint. */
  @Test
  void aChallengeIsGoodAtAllEndpointsOfAServer() throws Exception {
    try (ExampleSite site = ExampleSite.startWithCertificateFor("other.example.com")) {
      MockResponse answer = tokens().setHeader(HEADER + "-Challenge", "c-1").build();
      site.answer("/token", answer).answer("/revoke", "");
      OAuthClient client =
          builder(
                  AuthorizationServer.builder()
                      .issuer("https://as.example.com")
                      .tokenEndpoint("https://as.example.com/token")
                      .metadata("revocation_endpoint", "https://other.example.com/revoke")
                      .build(),
                  attestation())
              .httpClient(site.http())
              .build();

      client.revoke(client.clientCredentials().execute());

      String proof = site.requests("/revoke").get(0).getHeaders().get(HEADER + "-PoP");
      assertThat(DpopProofTest.claims(proof)).containsEntry("challenge", "c-1");
    }
  }

  @Test
  void twoServersHaveChallengesOfTheirOwn() throws Exception {
    Secret attestation = attestation();
    ClientAuthentication both =
        ClientAuthentication.attestJwtClientAuth(() -> attestation, instance);
    answers.add(tokens().setHeader(HEADER + "-Challenge", "c-1").build());
    builder(attestation).authentication(both).build().clientCredentials().execute();

    try (ExampleSite site = ExampleSite.start().answer("/token", tokens().build())) {
      builder(
              AuthorizationServer.builder()
                  .issuer("https://as.example.com")
                  .tokenEndpoint("https://as.example.com/token")
                  .build(),
              attestation)
          .authentication(both)
          .httpClient(site.http())
          .build()
          .clientCredentials()
          .execute();

      String proof = site.requests("/token").get(0).getHeaders().get(HEADER + "-PoP");
      assertThat(DpopProofTest.claims(proof)).doesNotContainKey("challenge");
    }
  }

  @Test
  void aServerWithoutAnIssuerIsAMistakeInTheProgram() {
    OAuthClient client =
        builder(
                AuthorizationServer.builder().tokenEndpoint(server.tokenEndpoint()).build(),
                attestation())
            .build();

    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("name it in its builder");
  }

  @Test
  void whatTheServerEchoesIsNotShown() {
    Secret attestation = attestation();
    server.endpoint(
        "/token",
        request ->
            json(
                    400,
                    "{\"error\":\"invalid_client\",\"error_description\":\""
                        + (request.header(HEADER) + " " + request.header(HEADER + "-PoP"))
                        + "\"}")
                .build());

    assertThatThrownBy(() -> builder(attestation).build().clientCredentials().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> assertThat(e + e.explain() + e.description()).doesNotContain("eyJ"));
  }
}
