package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.HostileSignedResponsesTest;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.ProviderSample;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oauth.testkit.TestClock;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Cache;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd answers of a UserInfo endpoint. */
class HostileUserInfoTest {
  private static final HostileCases CASES = HostileCases.of("logout_userinfo_jarm_introspection");
  private static final String ACCESS_TOKEN = "2YotnFZFEjr1zCsicMWpAA";

  private ExampleSite site;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    site.answer(
        "/.well-known/openid-configuration",
        HostileCases.of("discovery_jwks").named("META-OK-01").response().mock());
    site.answer("/jwks.json", HostileJson.text(HostileKeys.set("default")));
    site.answer("/token", "{\"access_token\":\"" + ACCESS_TOKEN + "\",\"token_type\":\"Bearer\"}");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> answers() {
    return userInfo().filter(c -> c.context("http_cache") == null && c.context("preset") == null);
  }

  static Stream<HostileCase> cached() {
    return userInfo().filter(c -> c.context("http_cache") != null);
  }

  static Stream<HostileCase> presets() {
    return userInfo().filter(c -> c.context("preset") != null);
  }

  private static Stream<HostileCase> userInfo() {
    return CASES.toRun().filter(hostile -> hostile.text("kind").equals("userinfo"));
  }

  @Test
  void everyCaseIsRunOrListed() {
    Stream<HostileCase> userInfo =
        Stream.of(answers(), presets(), cached()).flatMap(cases -> cases);
    CASES.assertComplete(
        Stream.of(
                userInfo,
                HostileLogoutTokensTest.requests(),
                HostilePushesTest.pushes(),
                HostileSignedResponsesTest.responses())
            .flatMap(cases -> cases));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void anAnswerIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    OidcClient oidc = client(site.http(), hostile.contextText("signed_response_alg"));
    OidcTokens login = login(oidc, hostile.contextText("id_token_sub"));
    site.answer("/userinfo", hostile.response().mock());

    Attempt<UserInfo> attempt = Attempt.at(() -> oidc.userInfo(login));

    attempt.hides(List.of(ACCESS_TOKEN, "jane@example.com", "Jane Doe"));
    if (hostile.isAccepted()) {
      assertThat(attempt.value().subject()).isEqualTo(hostile.context("id_token_sub"));
      if (hostile.contextText("signed_response_alg") == null) {
        assertThat(attempt.value().claims()).isEqualTo(hostile.response().jsonBody());
      }
    } else {
      assertThat(attempt.refusal(InvalidResponseException.class).code()).isEqualTo(code(hostile));
    }
    assertThat(site.requests("/userinfo")).hasSize(1);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  /** A provider without ID tokens: who it is says the answer to the tokens of this very login. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("presets")
  void aProviderWithoutIdTokensSaysWhoItIs(HostileCase hostile) throws Exception {
    Provider provider = (Provider) Providers.class.getMethod(preset(hostile)).invoke(null);
    try (MockWebServer everybody = new MockWebServer()) {
      everybody.enqueue(PlayedProvider.json("{\"access_token\":\"AT\",\"token_type\":\"bearer\"}"));
      everybody.enqueue(hostile.response().mock());
      everybody.start();
      OAuthClient client =
          provider
              .client("client", Secret.of("s3cret"))
              .httpClient(ProviderSample.everywhere(everybody))
              .build();
      PendingAuthorization login =
          provider.authorize(client).redirectUri(PlayedProvider.CALLBACK).begin();
      String response = PlayedProvider.CALLBACK + "?code=c&state=" + login.state().reveal();
      TokenSet tokens = client.complete(login, response);

      Attempt<UserIdentity> attempt = Attempt.at(() -> provider.identity(tokens, client));

      assertThat(hostile.isAccepted()).isTrue();
      assertThat(attempt.value().subject()).isEqualTo(hostile.response().jsonBody().get("sub"));
    }
  }

  private static String preset(HostileCase hostile) {
    return hostile.contextText("preset");
  }

  private static String code(HostileCase hostile) {
    return switch (hostile.text("error")) {
      case "sub" -> "sub_mismatch";
      case "redirect" -> "redirect_refused";
      case "invalid_token" -> "http_error";
      default ->
          hostile.contextText("signed_response_alg") == null
              ? "malformed_response"
              : "invalid_userinfo";
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cached")
  void nobodyGetsWhatAnHttpCacheKeptForAnother(HostileCase hostile, @TempDir File folder)
      throws Exception {
    try (Cache cache = new Cache(folder, 1 << 20)) {
      OidcClient oidc = client(site.http().newBuilder().cache(cache).build(), null);
      MockResponse cacheable =
          hostile.response().mock().newBuilder().addHeader("Cache-Control", "max-age=60").build();
      site.answer("/userinfo", cacheable);
      oidc.userInfo(login(oidc, "999"));
      OidcTokens second = login(oidc, hostile.contextText("id_token_sub"));

      Attempt<UserInfo> attempt = Attempt.at(() -> oidc.userInfo(second));

      assertThat(attempt.refusal(InvalidResponseException.class).code()).isEqualTo(code(hostile));
      assertThat(site.requests("/userinfo")).hasSize(2);
      assertThat(cache.writeSuccessCount()).isZero();
    }
  }

  private static OidcClient client(OkHttpClient http, String signedResponseAlg) {
    OidcClient.Builder builder =
        OidcClient.builder()
            .issuer(ExampleSite.ISSUER)
            .clientId("s6BhdRkqt3")
            .httpClient(http)
            .clock(TestClock.at(Instant.ofEpochSecond(1767225600)));
    return signedResponseAlg == null
        ? builder.build()
        : builder.userInfoAlgorithms(signedResponseAlg).build();
  }

  private static OidcTokens login(OidcClient oidc, String subject) throws IOException {
    IdToken idToken =
        new IdToken(Secret.of("of.the.login"), Map.of("iss", ExampleSite.ISSUER, "sub", subject));
    return new OidcTokens(idToken, oidc.oauth().clientCredentials().execute());
  }
}
