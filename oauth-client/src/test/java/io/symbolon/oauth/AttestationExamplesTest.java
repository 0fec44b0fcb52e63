package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.jose.VerificationKey;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The examples of draft-ietf-oauth-attestation-based-client-auth-11, and the public keys that its
 * authors publish for them.
 */
final class AttestationExamplesTest {
  /** §4. */
  private static final String ATTESTATION =
      "eyJ0eXAiOiJvYXV0aC1jbGllbnQtYXR0ZXN0YXRpb24"
          + "rand0IiwiYWxnIjoiRVMyNTYiLCJraWQiOiIxMSJ9.eyJzdWIiOiJodHRwczovL2NsaWV"
          + "udC5leGFtcGxlLmNvbSIsImlhdCI6MTc3MjQ4NzU5NSwiZXhwIjoyNTI5ODY2Mzk0LCJj"
          + "bmYiOnsiandrIjp7Imt0eSI6IkVDIiwidXNlIjoic2lnIiwiY3J2IjoiUC0yNTYiLCJ4I"
          + "joiVmNLVk5CWjRJYUJBWVczanhNNHczVEpGVkE3bXllVUdReUd0LWdfeXZwUSIsInkiOi"
          + "JmLUUtaFlFM1RBV0t3aFZ2OXBlajlOQUJzOVNYOVhzTk84MHg1N2pGVHlVIn19fQ._TS4"
          + "d-LAnRlwdN97wiVnl4z7C9gvm45IWr-BvGTzeZaHtZtgNZ88gvzroU3LElUPbgF4kWi_D"
          + "FORnKzsx5yu6A";

  /** §5.1. */
  private static final String PROOF =
      "eyJ0eXAiOiJvYXV0aC1jbGllbnQtYXR0ZXN0YXRp"
          + "b24tcG9wK2p3dCIsImFsZyI6IkVTMjU2In0.eyJhdWQiOiJodHRwczovL2FzLmV4YW1wb"
          + "GUuY29tIiwianRpIjoiZDI1ZDAwYWItNTUyYi00NmZjLWFlMTktOThmNDQwZjI1MDY0Ii"
          + "wiaWF0IjoxNzcyNDg3NTk1LCJjaGFsbGVuZ2UiOiI1YzFhOWUxMC0yOWZmLTRjMmItYWU"
          + "3My01N2MwOTU3YzA5YzQifQ.M4Uc4rWVAqaLlmDDUXQKkKPbAQKj0JrTizLgWhZndmbkv"
          + "M3VL8y-w_QJr7Z0HZlH94E64cLa8L5fSjJItYv0jg";

  private static final String CHALLENGE = "AYjcyMzY3ZDhiNmJkNTZ";
  private static final Instant NOW = Instant.ofEpochSecond(1772487595);

  private final SigningKey instance = SigningKey.generate("ES256");
  private final Queue<MockResponse> answers = new ArrayDeque<>();
  private ExampleSite site;

  @BeforeEach
  void start() throws Exception {
    site = ExampleSite.start().answer("/token", request -> answers.remove());
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .metadata("client_attestation_signing_alg_values_supported", List.of("ES256"))
                .metadata("client_attestation_pop_signing_alg_values_supported", List.of("ES256"))
                .build())
        .clientId("https://client.example.com")
        .authentication(
            ClientAuthentication.attestJwtClientAuth(() -> Secret.of(ATTESTATION), instance))
        .httpClient(site.http())
        .clock(TestClock.at(NOW))
        .build();
  }

  private static MockResponse withChallenge(int status, String body) {
    return ExampleSite.json(body)
        .newBuilder()
        .code(status)
        .addHeader("Cache-Control", "no-store")
        .addHeader("OAuth-Client-Attestation-Challenge", CHALLENGE)
        .build();
  }

  private static Map<String, Object> claims(RecordedRequest request) throws Exception {
    return DpopProofTest.claims(request.getHeaders().get("OAuth-Client-Attestation-PoP"));
  }

  @Test
  void theAttestationIsSentAsItIsAndTheProofHasWhatTheExampleHas() throws Exception {
    answers.add(
        withChallenge(
            200,
            """
            {
              "access_token": "2YotnFZFEjr1zCsicMWpAA",
              "token_type": "Bearer",
              "expires_in": 3600
            }
            """)); // §6.2
    answers.add(ExampleSite.json("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"));
    OAuthClient client = client();

    assertThat(client.clientCredentials().execute().accessToken().value().reveal())
        .isEqualTo("2YotnFZFEjr1zCsicMWpAA");
    client.clientCredentials().execute();

    RecordedRequest second = site.requests("/token").get(1);
    assertThat(second.getHeaders().values("OAuth-Client-Attestation")).containsExactly(ATTESTATION);
    assertThat(DpopProofTest.header(second.getHeaders().get("OAuth-Client-Attestation-PoP")))
        .isEqualTo(DpopProofTest.header(PROOF));
    assertThat(claims(second))
        .containsOnlyKeys(DpopProofTest.claims(PROOF).keySet())
        .containsEntry("aud", DpopProofTest.claims(PROOF).get("aud"))
        .containsEntry("iat", DpopProofTest.claims(PROOF).get("iat"))
        .containsEntry("challenge", CHALLENGE);
  }

  /** §6.1. */
  @Test
  void theRefusalThatWantsAChallengeIsAnswered() throws Exception {
    answers.add(
        withChallenge(
            400,
            """
            {
              "error": "use_attestation_challenge",
              "error_description": "Authorization Server requires a fresh challenge"
            }
            """));
    answers.add(ExampleSite.json("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"));

    client().clientCredentials().execute();

    assertThat(claims(site.requests("/token").get(0))).doesNotContainKey("challenge");
    assertThat(claims(site.requests("/token").get(1))).containsEntry("challenge", CHALLENGE);
  }

  @Test
  void theSignaturesOfTheExamplesVerify() throws Exception {
    VerificationKey attester =
        key(
            "EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf84",
            "kGe5DgSIycKp8w9aJmoHhB1sB3QTugfnRWm5nU_TzsY");
    VerificationKey attested =
        key(
            "VcKVNBZ4IaBAYW3jxM4w3TJFVA7myeUGQyGt-g_yvpQ",
            "f-E-hYE3TAWKwhVv9pej9NABs9SX9XsNO80x57jFTyU");

    assertThat(attester.verifies(SignatureAlgorithm.ES256, StrictJwt.parse(ATTESTATION))).isTrue();
    assertThat(attested.verifies(SignatureAlgorithm.ES256, StrictJwt.parse(PROOF))).isTrue();
    assertThat(attester.verifies(SignatureAlgorithm.ES256, StrictJwt.parse(PROOF))).isFalse();
  }

  private static VerificationKey key(String x, String y) throws Exception {
    String set = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}";
    return KeySet.of(StrictJson.parseObject(set.formatted(x, y))).keys().get(0);
  }
}
