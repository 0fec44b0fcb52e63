package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The modules of {@code oidcc-client-dynamic-certification-test-plan} and {@code
 * oidcc-client-test-plan} that are about UserInfo.
 */
final class OidccUserInfoModulesTest extends OidccModules {
  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rs1\"}";

  private UserInfo userInfo(OidcClient client) throws Exception {
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();
    return client.userInfo(client.complete(login, server.authorize(login.url())));
  }

  private static MockResponse jwt(String body) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/jwt")
        .body(body)
        .build();
  }

  private String signedInfo(String subject) throws Exception {
    return signed(HEADER, Map.of("iss", server.issuer(), "aud", "rp", "sub", subject));
  }

  @Test
  @DisplayName("oidcc-client-test-userinfo-signed")
  void signedUserInfoIsVerified() throws Exception {
    publishOwnKey();
    String honest = signedInfo("ada");
    server.endpoint("/userinfo", request -> jwt(honest));
    OidcClient client = builder().userInfoAlgorithms("RS256").build();

    assertThat(userInfo(client).subject()).isEqualTo("ada");
    assertThat(last("/userinfo").header("Accept")).isEqualTo("application/jwt");

    String another = signedInfo("eve");
    server.endpoint(
        "/userinfo",
        request ->
            jwt(
                another.substring(0, another.lastIndexOf('.'))
                    + honest.substring(honest.lastIndexOf('.'))));
    assertThatThrownBy(() -> userInfo(client))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("signature"));
  }

  @Test
  @DisplayName("oidcc-client-test-aggregated-claims")
  void anAggregatedClaimIsVerified() throws Exception {
    publishOwnKey();
    String claims =
        signed(HEADER, Map.of("iss", server.issuer(), "eye_color", "blue", "sub", "ada"));
    server.userInfoClaims(
        info -> {
          info.put("_claim_names", Map.of("eye_color", "src1"));
          info.put("_claim_sources", Map.of("src1", Map.of("JWT", claims)));
        });
    OidcClient client = builder().build();

    assertThat(client.providedClaim(userInfo(client), "eye_color")).isEqualTo("blue");
  }

  @Test
  @DisplayName("oidcc-client-test-distributed-claims")
  void aDistributedClaimIsFetchedWithItsOwnToken() throws Exception {
    publishOwnKey();
    String claims = signed(HEADER, Map.of("iss", server.issuer(), "credit_score", 650));
    server.endpoint("/claims_endpoint", request -> jwt(claims));
    server.userInfoClaims(
        info -> {
          info.put("_claim_names", Map.of("credit_score", "src1"));
          info.put(
              "_claim_sources",
              Map.of(
                  "src1",
                  Map.of(
                      "endpoint", server.url("/claims_endpoint"), "access_token", "claims-token")));
        });
    OidcClient client = builder().build();

    assertThat(client.providedClaim(userInfo(client), "credit_score")).isEqualTo(650L);
    assertThat(last("/claims_endpoint").bearerToken()).isEqualTo("claims-token");
  }
}
