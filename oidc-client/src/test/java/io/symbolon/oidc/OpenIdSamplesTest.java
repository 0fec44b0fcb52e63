package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.Introspection;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.ProviderSample;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the recorded answers of OpenID providers that are no token responses. */
class OpenIdSamplesTest {
  private static final Set<String> FOLDERS =
      Set.of(
          "google",
          "microsoft-entra",
          "apple",
          "gitlab",
          "line",
          "auth0",
          "okta",
          "keycloak",
          "cognito",
          "duende");
  private static final Set<String> TOKENS =
      Set.of("token-success", "token-error", "refresh-success", "refresh-error");

  private static Stream<ProviderSample> samples(String... kinds) {
    return ProviderSample.all()
        .filter(sample -> sample.pending() == null && List.of(kinds).contains(sample.kind()))
        .filter(sample -> FOLDERS.contains(sample.folder()) || sample.folder().equals("linkedin"));
  }

  private static Stream<ProviderSample> run() {
    return Stream.of(
            discovery(), claims(), headers(), userInfo(), callbacks(), introspections(), devices())
        .flatMap(samples -> samples);
  }

  @Test
  void everySampleIsRunOrPending() {
    Predicate<ProviderSample> elsewhere = sample -> TOKENS.contains(sample.kind());
    List<String> run = new ArrayList<>(run().map(ProviderSample::toString).toList());
    ProviderSample.all()
        .filter(sample -> FOLDERS.contains(sample.folder()))
        .filter(elsewhere.negate())
        .forEach(
            sample ->
                assertThat(sample.pending() != null || run.contains(sample.toString()))
                    .as("%s is run or pending", sample)
                    .isTrue());
  }

  private static String text(ProviderSample sample) {
    return new String(sample.body(), StandardCharsets.UTF_8);
  }

  private static OidcClient client(PlayedProvider played) {
    return played.builder().clientSecret(Secret.of("s3cret")).build();
  }

  static Stream<ProviderSample> discovery() {
    return samples("discovery").filter(sample -> !sample.folder().equals("linkedin"));
  }

  @ParameterizedTest
  @MethodSource("discovery")
  void metadataIsTakenAsItIs(ProviderSample sample) throws Exception {
    Provider provider = sample.provider();
    Map<String, Object> document = HostileJson.object(text(sample));
    try (PlayedProvider played = PlayedProvider.of(provider).metadata(text(sample))) {
      OidcClient client = client(played);

      AuthorizationServer server = client.oauth().server();

      assertThat(server.issuer()).isEqualTo(provider.issuer());
      for (Map.Entry<String, Object> member : document.entrySet()) {
        if (member.getKey().endsWith("_endpoint")) {
          assertThat(server.endpoint(member.getKey())).hasToString((String) member.getValue());
        }
      }
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();
      assertThat(login.url().toString())
          .startsWith(document.get("authorization_endpoint") + "?")
          .contains("code_challenge_method=S256");
    }
  }

  static Stream<ProviderSample> claims() {
    return samples("id-token-claims");
  }

  @ParameterizedTest
  @MethodSource("claims")
  void whatAnIdTokenSaysIsBelieved(ProviderSample sample) throws Exception {
    Map<String, Object> claims = HostileJson.object(text(sample));
    try (PlayedProvider played = PlayedProvider.of(sample.provider(), (String) claims.get("aud"))) {
      played.claims.clear();
      played.claims.putAll(claims);
      played.claims.remove("at_hash"); // of a token that nobody has recorded
      TestClock clock = TestClock.at(Instant.ofEpochSecond((Long) claims.get("iat")));
      if (sample.folder().equals("linkedin")) {
        played.forgetsTheNonce();
      }
      OidcClient client = played.builder().clientSecret(Secret.of("s3cret")).clock(clock).build();

      UserIdentity user = played.login(client).identity();

      assertThat(user.key()).isEqualTo(claims.get("iss") + " " + claims.get("sub"));
      assertUser(user, sample.expected());
    }
  }

  private static void assertUser(UserIdentity user, Map<?, ?> expected) {
    assertThat(user.name()).isEqualTo(expected.get("name"));
    assertThat(user.picture()).isEqualTo(expected.get("picture"));
    assertThat(user.email()).isEqualTo(expected.get("email"));
    assertThat(user.isEmailVerified()).isEqualTo(expected.get("emailVerified") != null);
  }

  static Stream<ProviderSample> headers() {
    return samples("id-token-header");
  }

  /** The signature is that of another key, so that no header makes the token good. */
  @ParameterizedTest
  @MethodSource("headers")
  void theAlgorithmIsOneThatWasAnnounced(ProviderSample sample) throws Exception {
    ProviderSample discovery =
        discovery().filter(other -> other.folder().equals(sample.folder())).findFirst().get();
    try (PlayedProvider played = PlayedProvider.of(sample.provider()).metadata(text(discovery))) {
      played.idTokenHeader(text(sample));
      boolean announced = "ok".equals(sample.expected().get("outcome"));

      assertThatThrownBy(() -> played.login(client(played)))
          .isInstanceOfSatisfying(
              IdTokenException.class,
              e -> assertThat(e.check()).isEqualTo(announced ? "key" : "alg"));
    }
  }

  static Stream<ProviderSample> userInfo() {
    return samples("userinfo").filter(sample -> sample.expected().get("by") != null);
  }

  @ParameterizedTest
  @MethodSource("userInfo")
  void userInfoIsAddedToTheIdToken(ProviderSample sample) throws Exception {
    try (PlayedProvider played = PlayedProvider.of(sample.provider())) {
      played.userInfo(text(sample));
      played.claims.put("sub", HostileJson.object(text(sample)).get("sub"));
      OidcClient client = client(played);

      assertUser(client.identity(played.login(client)), sample.expected());
    }
  }

  static Stream<ProviderSample> callbacks() {
    return samples("callback", "callback-error");
  }

  @ParameterizedTest
  @MethodSource("callbacks")
  void whatTheBrowserPostsIsTaken(ProviderSample sample) throws Exception {
    try (PlayedProvider played = PlayedProvider.of(sample.provider())) {
      OidcClient client = client(played);
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();
      played.response(login, "");
      AuthorizationResponse response =
          AuthorizationResponse.ofForm(
              text(sample).trim().replace("state=abc", "state=" + login.state().reveal()));

      if (sample.expected().get("members") instanceof Map<?, ?> members) {
        OidcTokens tokens = client.complete(login, response);
        members.forEach(
            (name, value) -> assertThat(tokens.tokens().member((String) name)).isEqualTo(value));
      } else {
        assertThatThrownBy(() -> client.complete(login, response))
            .isInstanceOfSatisfying(
                OAuthErrorException.class,
                e -> assertThat(e.error()).isEqualTo(sample.expected().get("outcome")));
      }
    }
  }

  static Stream<ProviderSample> introspections() {
    return samples("introspection");
  }

  @ParameterizedTest
  @MethodSource("introspections")
  void anApiAsksAboutATokenByItsOwnName(ProviderSample sample) throws Exception {
    String endpoint = "https://localhost:5001/identity/connect/introspect";
    try (PlayedProvider played = PlayedProvider.of(sample.provider(), "api1")) {
      played.metadata.put("token_endpoint", endpoint);
      played.metadata.put("introspection_endpoint", endpoint);
      played.answerNext(sample.answer());

      Introspection token = client(played).oauth().introspect(Secret.of("the-reference-token"));

      Map<?, ?> expected = sample.expected();
      assertThat(token.isActive()).isEqualTo(expected.get("active"));
      assertThat(token.clientId()).isEqualTo(expected.get("clientId"));
      assertThat(token.subject()).isEqualTo(expected.get("subject"));
      assertThat(String.join(" ", token.scope()))
          .isEqualTo(expected.get("scope") == null ? "" : expected.get("scope"));
      Number end = (Number) expected.get("expiresAt");
      assertThat(token.expiresAt())
          .isEqualTo(end == null ? null : Instant.ofEpochSecond(end.longValue()));
      assertThat(played.sentTo(endpoint))
          .containsExactly(
              "POST /identity/connect/introspect"
                  + " token=the-reference-token&token_type_hint=access_token");
      assertThat(played.requests.get(1).getHeaders().get("Authorization"))
          .isEqualTo("Basic YXBpMTpzM2NyZXQ=");
    }
  }

  static Stream<ProviderSample> devices() {
    return samples("device", "device-error");
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aDeviceShowsWhereToGoAndWaits(ProviderSample sample) throws Exception {
    ProviderSample begun = samples("device").findFirst().get();
    try (PlayedProvider played = PlayedProvider.of(sample.provider())) {
      played.metadata.put("device_authorization_endpoint", played.metadata.get("token_endpoint"));
      played.answerNext(begun.answer());
      OidcClient client = client(played);

      DeviceAuthorization device = client.oauth().device().begin();

      Map<?, ?> expected = begun.expected();
      assertThat(device.userCode()).isEqualTo(expected.get("userCode"));
      assertThat(device.verificationUri())
          .isEqualTo(HttpUrl.get((String) expected.get("verificationUri")));
      assertThat(device.expiresAt())
          .isEqualTo(PlayedProvider.NOW.plusSeconds((Long) expected.get("expiresIn")));
      assertThat(device.interval()).isEqualTo(Duration.ofSeconds((Long) expected.get("interval")));
      if (sample.kind().equals("device-error")) {
        played.answerNext(sample.answer());
        played.clock.advance(Duration.ofSeconds(5));
        assertThat(device.poll()).isNull();
        assertThat(played.sentTo(String.valueOf(played.metadata.get("token_endpoint")))).hasSize(2);
      }
    }
  }
}
