package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.InvalidResponseException;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  /** Nobody signs them in the suite, which is content with the request for UserInfo. */
  @Test
  @DisplayName("oidcc-client-test-aggregated-claims")
  void anAggregatedClaimThatNobodySignedIsRefused() throws Exception {
    String signed = signed("{\"alg\":\"none\"}", Map.of("address", Map.of("locality", "Paris")));
    String unsigned = signed.substring(0, signed.lastIndexOf('.') + 1);
    server.userInfoClaims(
        info -> {
          info.put("_claim_names", Map.of("address", "src1"));
          info.put("_claim_sources", Map.of("src1", Map.of("JWT", unsigned)));
        });
    OidcClient client = builder().build();
    UserInfo info = userInfo(client);

    assertClaimRefused("format", () -> client.providedClaim(info, "address"));
    assertThat(wire()).endsWith(USER_INFO);
  }

  @Test
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

  /** The suite signs it, but in nobody's name, and is content with the request for it. */
  @Test
  @DisplayName("oidcc-client-test-distributed-claims")
  void aDistributedClaimInNobodysNameIsRefused() throws Exception {
    OidcClient client = builder().build();
    UserInfo info = distributed(client, Map.of("credit_score", 650));

    assertClaimRefused("iss", () -> client.providedClaim(info, "credit_score"));
    assertThat(last("/claims_endpoint").bearerToken()).isEqualTo("claims-token");
  }

  @Test
  void aDistributedClaimIsFetchedWithItsOwnToken() throws Exception {
    OidcClient client = builder().build();
    UserInfo info = distributed(client, Map.of("iss", server.issuer(), "credit_score", 650));

    assertThat(client.providedClaim(info, "credit_score")).isEqualTo(650L);
    assertThat(last("/claims_endpoint").bearerToken()).isEqualTo("claims-token");
  }

  private UserInfo distributed(OidcClient client, Map<String, Object> claims) throws Exception {
    publishOwnKey();
    String signed = signed(HEADER, claims);
    server.endpoint("/claims_endpoint", request -> jwt(signed));
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
    return userInfo(client);
  }

  private static void assertClaimRefused(String check, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_claim");
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
  }
}
