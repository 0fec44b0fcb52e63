package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of RFC 9110 §11.6.1, and what the parameters mean. */
class ChallengeTest {
  private static List<Challenge> parse(String... fields) {
    Headers.Builder headers = new Headers.Builder();
    for (String field : fields) {
      headers.add("WWW-Authenticate", field);
    }
    return Challenge.of(headers.build());
  }

  private static Challenge bearer(String parameters) {
    return parse("Bearer " + parameters).get(0);
  }

  /** RFC 9470 §3. */
  @Test
  void levelsAndAgeMayBeWantedTogether() {
    Challenge challenge =
        bearer(
            "error=\"insufficient_user_authentication\","
                + " error_description=\"A different authentication level is required\","
                + " acr_values=\"myACR otherACR\", max_age=\"5\"");

    assertThat(challenge.error()).isEqualTo("insufficient_user_authentication");
    assertThat(challenge.acrValues()).containsExactly("myACR", "otherACR");
    assertThat(challenge.maxAge()).isEqualTo(Duration.ofSeconds(5));
    assertThat(challenge.wantsStepUp()).isTrue();
  }

  /** RFC 9449 §7.1 and §9. */
  @Test
  void theExamplesOfRfc9449AreUnderstood() {
    Challenge bare = parse("DPoP algs=\"ES256 PS256\"").get(0);
    assertThat(bare.error()).isNull();
    assertThat(bare.isAboutTokens()).isTrue();
    assertThat(bare.refusesProof()).isFalse();

    Challenge invalid =
        parse(
                "DPoP error=\"invalid_token\", error_description=\"Invalid DPoP key binding\","
                    + " algs=\"ES256\"")
            .get(0);
    assertThat(invalid.error()).isEqualTo("invalid_token");
    assertThat(invalid.refusesProof()).isFalse();

    Challenge nonce =
        parse(
                "DPoP error=\"use_dpop_nonce\", error_description=\"Resource server requires nonce"
                    + " in DPoP proof\"")
            .get(0);
    assertThat(nonce.wantsDpopNonce()).isTrue();
    assertThat(nonce.refusesProof()).isTrue();
  }

  /** RFC 9728 §5.1. */
  @Test
  void theExampleOfRfc9728NamesThePlaceOfTheDescription() {
    assertThat(
            bearer(
                    "resource_metadata="
                        + "\"https://resource.example.com/.well-known/oauth-protected-resource\"")
                .resourceMetadata())
        .isEqualTo("https://resource.example.com/.well-known/oauth-protected-resource");
  }

  /** RFC 9470 §4. */
  @Test
  void whatTheApiWantsGoesIntoTheNextLogin() throws Exception {
    AuthorizationServer server =
        AuthorizationServer.builder()
            .authorizationEndpoint("https://as.example.net/authorize")
            .tokenEndpoint("https://as.example.net/token")
            .build();
    OAuthClient client = OAuthClient.builder().server(server).clientId("s6BhdRkqt3").build();
    Challenge challenge =
        bearer("error=\"insufficient_user_authentication\", acr_values=\"myACR\", max_age=\"5\"");

    PendingAuthorization login =
        client
            .authorize()
            .redirectUri("https://client.example.org/cb")
            .scope("purchase")
            .parameter("acr_values", String.join(" ", challenge.acrValues()))
            .parameter("max_age", String.valueOf(challenge.maxAge().toSeconds()))
            .begin();

    assertThat(login.url().toString())
        .startsWith("https://as.example.net/authorize?response_type=code&client_id=s6BhdRkqt3&")
        .contains("&scope=purchase&")
        .endsWith("&acr_values=myACR&max_age=5");
  }

  @Test
  void severalHeadersAndSeveralChallengesInOneKeepTheirOrder() {
    assertThat(parse("DPoP algs=\"ES256\", Bearer realm=\"x\"", "Basic realm=\"y\", Negotiate"))
        .extracting(Challenge::scheme)
        .containsExactly("dpop", "bearer", "basic", "negotiate");
  }

  @Test
  void emptyElementsAreSkipped() {
    assertThat(parse(", Bearer , realm=\"x\",, error=a,"))
        .extracting(Challenge::parameters)
        .containsExactly(Map.of("realm", "x", "error", "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer realm=\"x\", REALM=\"y\"",
        "Bearer\trealm=\"x\"",
        "Bearer \trealm=\"x\"",
        "Bearer realm=\"x\" error=\"y\"",
        "Bearer realm=\"x\"error=\"y\"",
        "Bearer realm=\"x",
        "Bearer realm=x y",
        "Bearer a b",
        "Bearer a xb",
        "B@arer realm=\"x\"",
        "Bearer realm=ä",
        "Bearer realm!",
        "Bearer realm!=",
        "Bearer =x",
        "Bearer realm=\"x\\",
        "=x",
        "\"Bearer\"",
      })
  void aBrokenChallengeIsNotThere(String field) {
    assertThat(ChallengeParser.parse(field)).isEmpty();
  }

  @Test
  void aControlCharacterInAQuotedStringBreaksIt() {
    for (String c : List.of("\u0000", "\u0001", "\r", "\n", "\u007F", "\\\u0001")) {
      assertThat(ChallengeParser.parse("Bearer realm=\"a" + c + "\"")).isEmpty();
    }
    assertThat(ChallengeParser.parse("Bearer realm=\"a\tb\"")).hasSize(1);
  }

  @Test
  void whatWasCompleteBeforeTheFaultStays() {
    assertThat(parse("Basic realm=\"x\", Bearer error=\"a\", error=\"b\", Basic realm=\"z\""))
        .extracting(Challenge::scheme)
        .containsExactly("basic");
  }

  @Test
  void whatFollowsAListOfParametersWithoutAName() {
    assertThat(parse("Bearer realm=\"x\", =y"))
        .extracting(Challenge::parameters)
        .containsExactly(Map.of("realm", "x"));
  }

  @Test
  void aToken68IsFollowedByTheNextChallenge() {
    List<Challenge> challenges = parse("Negotiate YWJj==, Bearer realm=\"x\"");

    assertThat(challenges).extracting(Challenge::scheme).containsExactly("negotiate", "bearer");
    assertThat(challenges.get(0).token68()).isEqualTo("YWJj==");
  }

  @Test
  void aChallengeIsItsSchemeItsParametersAndItsToken() {
    Challenge challenge = bearer("realm=\"x\", error=\"invalid_token\"");
    Challenge negotiate = parse("Negotiate YWJj==").get(0);

    assertThat(challenge)
        .isEqualTo(bearer("error=invalid_token, realm=x"))
        .hasSameHashCodeAs(bearer("error=invalid_token, realm=x"))
        .isNotEqualTo(parse("DPoP realm=\"x\", error=\"invalid_token\"").get(0))
        .isNotEqualTo(bearer("realm=\"y\", error=\"invalid_token\""))
        .isNotEqualTo(null)
        .hasToString("bearer invalid_token");
    assertThat(negotiate)
        .isEqualTo(parse("negotiate YWJj==").get(0))
        .isNotEqualTo(parse("Negotiate YWJk==").get(0))
        .isNotEqualTo(parse("Negotiate").get(0))
        .hasToString("negotiate");
  }

  @Test
  void aFaultInOneHeaderDoesNotTouchAnother() {
    assertThat(parse("Bearer realm=\"x", "Bearer realm=\"y\""))
        .extracting(challenge -> challenge.parameters().get("realm"))
        .containsExactly("y");
  }

  @Test
  void sixteenChallengesAreReadAndNoMore() {
    assertThat(ChallengeParser.parse("Basic, ".repeat(100))).hasSize(16);
    assertThat(parse("Basic, ".repeat(10), "Basic, ".repeat(10))).hasSize(16);
  }

  @Test
  void sixtyFourParametersAreReadAndNoMore() {
    StringBuilder field = new StringBuilder("Bearer p0=x");
    for (int i = 1; i < 64; i++) {
      field.append(", p").append(i).append("=x");
    }
    assertThat(parse(field.toString()).get(0).parameters()).hasSize(64);
    assertThat(parse(field + ", p64=x")).isEmpty();
  }

  @Test
  void aLongHeaderTakesNoLongTime() {
    String letters = "a".repeat(200_000);
    assertThat(ChallengeParser.parse("Bearer " + letters + "=\"")).isEmpty();
    assertThat(ChallengeParser.parse("Bearer a=\"" + "\\\"".repeat(100_000))).isEmpty();
    assertThat(ChallengeParser.parse("Bearer " + " ".repeat(200_000) + "=")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "five", "99999999999999999999", "+5"})
  void anAgeThatIsNoWholeNumberOfSecondsIsNoAge(String age) {
    assertThat(bearer("max_age=\"" + age + "\"").maxAge()).isNull();
  }

  @Test
  void aScopeWithACharacterThatNoScopeHasIsNoScope() {
    assertThat(bearer("scope=\"read\\\"write\"").scope()).isEmpty();
    assertThat(bearer("scope=\"read  write\"").scope()).containsExactly("read", "write");
    assertThat(bearer("realm=\"x\"").scope()).isEmpty();
  }

  @Test
  void onlyTokenSchemesAskForAStepUp() {
    assertThat(parse("Basic error=\"insufficient_scope\"").get(0).wantsStepUp()).isFalse();
    assertThat(parse("DPoP error=\"insufficient_scope\"").get(0).wantsStepUp()).isTrue();
    assertThat(bearer("error=\"invalid_token\"").wantsStepUp()).isFalse();
  }

  @Test
  void onlyADpopChallengeWantsADpopNonce() {
    assertThat(parse("dpop error=\"use_dpop_nonce\"").get(0).wantsDpopNonce()).isTrue();
    assertThat(bearer("error=\"use_dpop_nonce\"").wantsDpopNonce()).isFalse();
    assertThat(parse("DPoP error=\"invalid_dpop_proof\"").get(0).refusesProof()).isTrue();
    assertThat(bearer("error=\"invalid_dpop_proof\"").refusesProof()).isFalse();
  }
}
