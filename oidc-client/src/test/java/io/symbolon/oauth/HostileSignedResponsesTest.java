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
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd signed responses (JARM). */
public class HostileSignedResponsesTest {
  private static final HostileCases CASES = HostileCases.of("logout_userinfo_jarm_introspection");
  private static final String CODE = "SplxlOBeZQQYbYS6WxSbIA";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    site.answer("/jwks", HostileJson.text(HostileKeys.set("default")));
    site.answer(
        "/token", "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"Bearer\"}");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  public static Stream<HostileCase> responses() {
    return CASES.toRun().filter(hostile -> hostile.text("kind").equals("jarm"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("responses")
  void aResponseIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    OAuthClient client = client(hostile);
    PendingAuthorization pending = pending(hostile);
    AuthorizationResponse response =
        AuthorizationResponse.ofQuery("response=" + hostile.text("response_parameter"));

    Attempt<TokenSet> attempt = Attempt.at(() -> client.complete(pending, response));

    attempt.hides(List.of(CODE, VERIFIER, pending.state().reveal(), HostileKeys.clientSecret()));
    if (hostile.isAccepted()) {
      assertThat(attempt.value().accessToken()).isNotNull();
      assertThat(site.requests("/token").get(0).getBody().utf8()).contains("&code=" + CODE);
    } else {
      attempt.refusal(OAuthException.class);
      assertThat(site.requests("/token")).isEmpty();
    }
  }

  private OAuthClient client(HostileCase hostile) {
    DecryptionKey[] keys =
        hostile.context("encryption") == null
            ? new DecryptionKey[0]
            : new DecryptionKey[] {
              DecryptionKey.ofJwk(Secret.of(HostileKeys.privateJwk("rp_enc")))
            };
    return OAuthClient.builder()
        .responseDecryptionKeys(keys)
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .authorizationEndpoint(ExampleSite.ISSUER + "/authorize")
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .metadata("jwks_uri", ExampleSite.ISSUER + "/jwks")
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(HostileKeys.clientSecret()))
        .signedResponseAlgorithms("RS256")
        .httpClient(site.http())
        .clock(clock)
        .build();
  }

  private PendingAuthorization pending(HostileCase hostile) {
    return new PendingAuthorization(
        URI.create(ExampleSite.ISSUER + "/authorize"),
        "s6BhdRkqt3",
        ExampleSite.ISSUER,
        true,
        "https://client.example.org/cb",
        "query.jwt",
        Set.of(),
        Secret.of(hostile.contextText("state_sent")),
        Secret.of(VERIFIER),
        clock.instant(),
        Map.of());
  }
}
