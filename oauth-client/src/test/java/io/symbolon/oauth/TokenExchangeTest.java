package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8693. */
final class TokenExchangeTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OAuthClient shop;

  @BeforeEach
  void register() {
    server = extension.server().client("rs08", "long-secure-random-secret");
    shop =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("rs08")
            .clientSecret(Secret.of("long-secure-random-secret"))
            .build();
  }

  private void answer(String body) {
    server.answerNext(
        new MockResponse.Builder()
            .addHeader("Content-Type", "application/json")
            .body(body)
            .build());
  }

  private TokenExchangeRequest request() {
    return shop.exchange(Secret.of("subject-1"), ACCESS_TOKEN);
  }

  @Test
  void theExampleOfTheSpecification() throws Exception {
    answer(
        "{\"access_token\":\"eyJhbGciOiJFUzI1NiIsImtpZCI6IjllciJ9.eyJhdWQi.H2wbwP\","
            + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
            + "\"token_type\":\"Bearer\",\"expires_in\":60}");

    ExchangedToken exchanged =
        shop.exchange(Secret.of("accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"), ACCESS_TOKEN)
            .resource("https://backend.example.com/api")
            .execute();

    assertThat(server.lastTokenRequest().header("Authorization"))
        .isEqualTo("Basic cnMwODpsb25nLXNlY3VyZS1yYW5kb20tc2VjcmV0");
    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
                + "&subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"
                + "&resource=https%3A%2F%2Fbackend.example.com%2Fapi");
    assertThat(exchanged.issuedTokenType()).isEqualTo(ACCESS_TOKEN);
    assertThat(exchanged.isAccessToken()).isTrue();
    assertThat(exchanged.tokens().accessToken().value()).isEqualTo(exchanged.value());
    assertThat(exchanged.toString()).doesNotContain("eyJ");
  }

  @Test
  void subjectAndActorAreNotConfused() throws Exception {
    answer(
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"issued_token_type\":\"" + JWT + "\"}");

    TokenExchangeRequest request =
        request()
            .actorToken(Secret.of("actor-1"), JWT)
            .requestedTokenType(JWT)
            .resource("https://a.example/")
            .resource("https://b.example/")
            .audience("billing")
            .scope("x y")
            .authorizationDetails(List.of(Map.of("type", "t")))
            .parameter("z", "1");
    request.execute();

    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
                + "&actor_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                + "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                + "&audience=billing&scope=x+y"
                + "&authorization_details=%5B%7B%22type%22%3A%22t%22%7D%5D&z=1"
                + "&subject_token=subject-1&actor_token=actor-1"
                + "&resource=https%3A%2F%2Fa.example%2F&resource=https%3A%2F%2Fb.example%2F");
    assertThat(request.toString()).doesNotContain("subject-1", "actor-1");
    assertThatThrownBy(() -> request.actorToken(Secret.of("other"), JWT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anHonestServerExchanges() throws Exception {
    AccessToken own = shop.clientCredentials().scope("a b").execute().accessToken();

    ExchangedToken exchanged = shop.exchange(own.value(), ACCESS_TOKEN).scope("a").execute();

    assertThat(exchanged.tokens().scope()).containsExactly("a");
    assertThat(exchanged.value()).isNotEqualTo(own.value());
  }

  @ParameterizedTest
  @CsvSource({
    "N_A,urn:ietf:params:oauth:token-type:access_token",
    "n_a,urn:ietf:params:oauth:token-type:saml2",
    "N_A,urn:ietf:params:oauth:token-type:refresh_token",
    "Bearer,urn:ietf:params:oauth:token-type:refresh_token"
  })
  void whatIsNoAccessTokenCannotBecomeOne(String type, String issued) throws Exception {
    answer(
        "{\"access_token\":\"PHNhbWw+, x\",\"token_type\":\""
            + type
            + "\",\"issued_token_type\":\""
            + issued
            + "\"}");

    ExchangedToken exchanged = request().execute();

    assertThat(exchanged.isAccessToken()).isFalse();
    assertThat(exchanged.value().reveal()).isEqualTo("PHNhbWw+, x");
    assertThat(exchanged.issuedTokenType()).isEqualTo(issued);
    assertThatThrownBy(exchanged::tokens)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not an access token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"token_type\":\"Bearer\"",
        "\"token_type\":\"Bearer\",\"issued_token_type\":\"\"",
        "\"token_type\":\"Bearer\",\"issued_token_type\":7",
        "\"token_type\":\"N_A\"",
        "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\""
      })
  void anAnswerThatDoesNotSayWhatItIsIsRefused(String members) {
    answer("{\"access_token\":\"a\"," + members + "}");

    assertThatThrownBy(() -> request().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("malformed_response"));
  }

  @Test
  void aKindThatIsNamedAsAParameterCountsAsWell() {
    answer(
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"issued_token_type\":\"" + JWT + "\"}");

    TokenExchangeRequest request = request().parameter("requested_token_type", ACCESS_TOKEN);

    assertThatThrownBy(request::execute)
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("\"" + ACCESS_TOKEN + "\" was asked for");
    assertThatThrownBy(() -> request.requestedTokenType(JWT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> request().parameter("requested_token_type", "jwt"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anotherKindThanWasAskedForIsRefused() {
    answer(
        "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"issued_token_type\":\""
            + REFRESH_TOKEN
            + "\"}");

    assertThatThrownBy(() -> request().requestedTokenType(ACCESS_TOKEN).execute())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining(REFRESH_TOKEN)
        .hasMessageContaining(ACCESS_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"N_A", "mac"})
  void noOtherGrantTakesATokenOfAnotherKind(String type) {
    answer("{\"access_token\":\"a\",\"token_type\":\"" + type + "\"}");

    assertThatThrownBy(() -> shop.clientCredentials().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("unsupported_token_type"));
  }

  @Test
  void aKindIsAUri() {
    assertThatThrownBy(() -> shop.exchange(Secret.of("a"), "access_token"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRefusalIsReported() {
    server.refuseNext("invalid_target");

    assertThatThrownBy(() -> request().execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_target"));
  }
}
