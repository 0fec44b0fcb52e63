package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.SampleProviders;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of answers that only one provider gives. */
class HostileProvidersTest {
  private static final String CLIENT_SECRET = "7Fjfp0ZBr1KtDRbnfVdmIw-9aKx2Lq8VvYtR4sWmE1o";
  private static final String CODE = "SplxlOBeZQQYbYS6WxSbIA";
  private static final Set<String> PRESETS = Set.of("qq", "alipay");

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> cases() {
    return HostileCases.of("token_responses").toRun().filter(HostileProvidersTest::isToRun);
  }

  static boolean isToRun(HostileCase hostile) {
    return PRESETS.contains(String.valueOf(hostile.context("preset")));
  }

  private OAuthClient client(HostileCase hostile) throws IOException {
    AuthorizationServer known =
        hostile.isContext("preset", "qq")
            ? Providers.qq().server()
            : SampleProviders.alipay().server();
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint(ExampleSite.ISSUER + "/authorize")
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .dialect(known.dialect())
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(site.http())
        .clock(clock)
        .build();
  }

  /** The corpus cannot sign for Alipay; here its answers are signed as they should be. */
  private static MockResponse answer(HostileCase hostile) {
    MockResponse answer = hostile.response().mock();
    Map<String, Object> body =
        hostile.isContext("preset", "alipay") ? hostile.response().jsonBody() : Map.of();
    return body.containsKey("sign")
        ? answer
            .newBuilder()
            .body(SampleProviders.signed((String) hostile.object("response").get("body")))
            .build()
        : answer;
  }

  private static Attempt<TokenSet> login(OAuthClient client) throws Exception {
    PendingAuthorization pending =
        client.authorize().redirectUri("https://client.example.org/cb").begin();
    String query = "code=" + CODE + "&state=" + pending.state().reveal();
    return Attempt.at(() -> client.complete(pending, AuthorizationResponse.ofQuery(query)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anAnswerIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    site.answer("/token", answer(hostile));

    Attempt<TokenSet> attempt = login(client(hostile));

    attempt.hides(List.of(CLIENT_SECRET, CODE));
    if (hostile.isAccepted()) {
      AccessToken token = attempt.value().accessToken();
      if (hostile.outcome().get("expires_in") instanceof Long seconds) {
        assertThat(Duration.between(token.issuedAt(), token.expiresAt())).hasSeconds(seconds);
      }
      return;
    }
    OAuthErrorException refusal = attempt.refusal(OAuthErrorException.class);
    assertThat(hostile.outcomeKind()).isEqualTo("provider_error");
    assertThat(refusal.description()).startsWith(hostile.outcome().get("code") + ": ");
  }

  static Stream<HostileCase> unsigned() {
    return cases().filter(hostile -> hostile.isContext("preset", "alipay"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsigned")
  void anAnswerOfAlipayThatIsNotSignedIsNotTaken(HostileCase hostile) throws Exception {
    site.answer("/token", hostile.response().mock());

    Attempt<TokenSet> attempt = login(client(hostile));

    assertThat(attempt.isAccepted()).isFalse();
  }
}
