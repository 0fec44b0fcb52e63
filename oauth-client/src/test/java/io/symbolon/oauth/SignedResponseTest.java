package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that the server signs (JARM). */
final class SignedResponseTest {
  private static final String CALLBACK = "https://client.example.org/cb";
  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    server = extension.server().client("app", "secret-of-thirty-two-octets-at-least");
    server.signIdTokensWith("ES256");
    client = builder().build();
  }

  private OAuthClient.Builder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("app")
        .clientSecret(Secret.of("secret-of-thirty-two-octets-at-least"))
        .clock(clock);
  }

  private PendingAuthorization begin() throws Exception {
    return client.authorize().redirectUri(CALLBACK).signedResponse().begin();
  }

  private void assertRefused(String check, PendingAuthorization pending, String callback) {
    assertThatThrownBy(() -> client.complete(pending, callback))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_signed_response");
              assertThat(e.verdict().failure().name()).isEqualTo(check);
            });
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aSignedResponseIsAskedForAndBelieved() throws Exception {
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url());

    assertThat(HttpUrl.get(pending.url()).queryParameter("response_mode")).isEqualTo("jwt");
    assertThat(HttpUrl.get(callback).queryParameterNames()).containsExactly("response");
    assertThat(client.complete(pending, callback).accessToken()).isNotNull();
  }

  @Test
  void itMayBePosted() throws Exception {
    PendingAuthorization pending =
        client.authorize().redirectUri(CALLBACK).signedResponse().formPost().begin();
    String form = server.authorizeByFormPost(pending.url().toString());

    assertThat(HttpUrl.get(pending.url()).queryParameter("response_mode"))
        .isEqualTo("form_post.jwt");
    assertThat(client.complete(pending, AuthorizationResponse.ofForm(form))).isNotNull();
  }

  @Test
  void withMoreThanACodeItComesInTheFragment() throws Exception {
    PendingAuthorization pending =
        client
            .authorize()
            .redirectUri(CALLBACK)
            .responseType("code token")
            .signedResponse()
            .begin();
    String callback = server.authorize(pending.url());

    assertThat(callback).startsWith(CALLBACK + "#response=");
    assertThat(client.complete(pending, callback)).isNotNull();
  }

  @Test
  void anErrorIsSignedToo() throws Exception {
    server.denyNextAuthorization("access_denied");
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url());

    assertThatThrownBy(() -> client.complete(pending, callback))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
  }

  @Test
  void whatStandsBesideItDoesNotCount() throws Exception {
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url()) + "&code=evil&error=access_denied&state=x";

    assertThat(client.complete(pending, callback)).isNotNull();
    assertThat(server.lastTokenRequest().form().get("code")).isNotEqualTo("evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "?response=", "?code=c&state=STATE&iss=ISSUER", "?error=access_denied"})
  void aResponseThatIsNotSignedIsRefused(String query) throws Exception {
    PendingAuthorization pending = begin();
    String filled =
        query.replace("STATE", pending.state().reveal()).replace("ISSUER", server.issuer());

    assertRefused("response", pending, CALLBACK + filled);
    assertThat(server.requestCount("/jwks")).isZero();
  }

  @Test
  void whoHasADecryptionKeyTakesNothingInClear() throws Exception {
    String key = HostileKeys.privateJwk("rp_enc");
    client = builder().responseDecryptionKeys(DecryptionKey.ofJwk(Secret.of(key))).build();
    PendingAuthorization pending = begin();

    assertRefused("encryption", pending, server.authorize(pending.url()));
  }

  @ParameterizedTest
  @CsvSource({"0, -1, true", "0, 0, false", "60, 59, true", "60, 60, false", "300, 299, true"})
  void aResponseIsGoodAsLongAsTheClocksMayDiffer(long leeway, long late, boolean good)
      throws Exception {
    client = builder().clockLeeway(Duration.ofSeconds(leeway)).build();
    long exp = clock.instant().getEpochSecond() + 60;
    server.signedResponse(claims -> claims.put("exp", exp));
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url());
    clock.advance(Duration.ofSeconds(60 + late));

    if (good) {
      assertThat(client.complete(pending, callback)).isNotNull();
    } else {
      assertRefused("exp", pending, callback);
    }
  }

  @Test
  void aLeewayIsNeitherNegativeNorAboveTenMinutes() {
    assertThat(builder().clockLeeway(Duration.ofMinutes(10)).build()).isNotNull();
    for (Duration wrong : List.of(Duration.ofSeconds(-1), Duration.ofMinutes(10).plusNanos(1))) {
      assertThatThrownBy(() -> builder().clockLeeway(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a leeway is between 0 and 10 minutes, but " + wrong + " is not");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "exp"})
  void whatSaysFromWhomForWhomAndUntilWhenMustBeThere(String claim) throws Exception {
    server.signedResponse(claims -> claims.remove(claim));
    PendingAuthorization pending = begin();

    assertRefused(claim, pending, server.authorize(pending.url()));
    assertThat(server.requestCount("/jwks")).as("keys before the claims").isZero();
  }

  @Test
  void anotherIssuerAudienceOrTimeIsRefused() throws Exception {
    Map<String, Object> wrong =
        Map.of(
            "iss", server.issuer() + "/",
            "aud", List.of("app", "other"),
            "exp", clock.instant().minusSeconds(61).getEpochSecond(),
            "nbf", clock.instant().plusSeconds(61).getEpochSecond(),
            "iat", "now");
    for (Map.Entry<String, Object> claim : wrong.entrySet()) {
      server.signedResponse(claims -> claims.put(claim.getKey(), claim.getValue()));
      PendingAuthorization pending = begin();
      assertRefused(claim.getKey(), pending, server.authorize(pending.url()));
    }
    assertThat(server.requestCount("/jwks")).isZero();
  }

  @Test
  void aResponseThatLayAroundIsRefused() throws Exception {
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url());
    clock.advance(Duration.ofMinutes(7));

    assertRefused("exp", pending, callback);
  }

  @Test
  void aSignatureOfSomebodyElseIsRefused() throws Exception {
    PendingAuthorization pending = begin();
    String callback = server.authorize(pending.url());
    server.replaceSigningKeys();

    assertThatThrownBy(() -> client.complete(pending, callback))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("signature"));
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aMacIsBelievedOnlyWhereTheProgramSaysSo() throws Exception {
    server.signIdTokensWith("HS256");
    client = builder().build();
    PendingAuthorization pending = begin();
    assertRefused("alg", pending, server.authorize(pending.url()));

    client = builder().signedResponseAlgorithms("HS256").build();
    PendingAuthorization again = begin();
    assertThat(client.complete(again, server.authorize(again.url()))).isNotNull();
  }

  @Test
  void noneIsNeverAllowed() throws Exception {
    server.signIdTokensWith("none");
    PendingAuthorization pending = begin();

    assertThatThrownBy(() -> client.complete(pending, server.authorize(pending.url())))
        .isInstanceOf(InvalidResponseException.class);
    assertThatThrownBy(() -> OAuthClient.builder().signedResponseAlgorithms("ES256", "none"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void theStateInsideMustBeThatOfTheLogin() throws Exception {
    for (Object state : List.of("another", 1L, "")) {
      server.signedResponse(claims -> claims.put("state", state));
      PendingAuthorization pending = begin();
      String callback = server.authorize(pending.url());
      assertThatThrownBy(
              () -> client.complete(pending, callback + "&state=" + pending.state().reveal()))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.code()).isEqualTo("state_mismatch"));
    }
    assertThat(server.tokenRequestCount()).isZero();
  }
}
