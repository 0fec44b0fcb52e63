package io.symbolon.oauth.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenRequest;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded answer of a real provider ends where it should: as tokens, as a user, or in one of
 * the three reactions. Samples name the method of {@link Providers} that makes their provider.
 */
class ProviderSamplesTest {
  private static final Set<String> TOKENS = Set.of("token-success", "token-error");
  private static final Set<String> REFRESHES = Set.of("refresh-success", "refresh-error");
  private static final Set<String> USERS =
      Set.of("userinfo", "userinfo-error", "openid", "openid-error", "api-error");
  private static final String CALLBACK = "https://app.example.com/callback";

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  static Stream<ProviderSample> run() {
    return ProviderSample.all()
        .filter(sample -> sample.pending() == null && sample.expected().get("by") == null)
        .filter(
            sample ->
                TOKENS.contains(sample.kind())
                    || REFRESHES.contains(sample.kind())
                    || USERS.contains(sample.kind()));
  }

  @ParameterizedTest
  @MethodSource("run")
  void endsWhereItShould(ProviderSample sample) throws Exception {
    enqueue(sample);
    Map<?, ?> expected = sample.expected();
    Object outcome = expected.get("outcome");
    if ("ok".equals(outcome)) {
      checkSuccess(sample, expected);
      return;
    }
    OAuthException refusal =
        catchThrowableOfType(OAuthException.class, () -> execute(sample, provider(sample)));
    assertThat(refusal).as("an exception").isNotNull();
    assertThat(refusal.code()).isEqualTo(outcome);
    assertThat(refusal.isTemporary()).isEqualTo("temporarily_unavailable".equals(outcome));
    if (expected.get("description") != null) {
      assertThat(((OAuthErrorException) refusal).description())
          .isEqualTo(expected.get("description"));
    }
  }

  /** The answer, and those before and after it in the same conversation. */
  private void enqueue(ProviderSample sample) throws ReflectiveOperationException {
    String issuer = provider(sample).server() == null ? provider(sample).issuer() : null;
    if (issuer != null && !USERS.contains(sample.kind())) {
      server.enqueue(metadata(issuer));
    }
    sample.others("before").forEach(other -> server.enqueue(answer(other)));
    server.enqueue(answer(sample));
    sample.others("after").forEach(other -> server.enqueue(answer(other)));
  }

  /** As little as a provider may say about itself. */
  private static MockResponse metadata(String issuer) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .body(
            "{\"issuer\":\"%1$s\",\"token_endpoint\":\"%1$s/t\",\"authorization_endpoint\":\"%1$s/a\"}"
                .formatted(issuer))
        .build();
  }

  private static MockResponse answer(ProviderSample sample) {
    if (!Boolean.TRUE.equals(sample.expected().get("signed"))) {
      return sample.answer();
    }
    String text = new String(sample.body(), StandardCharsets.UTF_8);
    return sample.answer().newBuilder().body(SampleProviders.signed(text)).build();
  }

  private void checkSuccess(ProviderSample sample, Map<?, ?> expected) throws Exception {
    Object result = execute(sample, provider(sample));
    if (result instanceof UserIdentity user) {
      assertThat(user.subject()).isEqualTo(expected.get("subject"));
      assertThat(user.name()).isEqualTo(expected.get("name"));
      assertThat(user.picture()).isEqualTo(expected.get("picture"));
      assertThat(user.email()).isEqualTo(expected.get("email"));
      if (expected.get("issuer") != null) {
        assertThat(user.issuer()).isEqualTo(expected.get("issuer"));
      }
      assertThat(user.isEmailVerified()).isEqualTo(expected.get("emailVerified") != null);
      return;
    }
    TokenSet tokens = (TokenSet) result;
    AccessToken token = tokens.accessToken();
    assertThat(token.type()).isEqualTo("Bearer");
    assertThat(token.value().reveal()).isEqualTo(expected.get("accessToken"));
    Secret refresh = tokens.refreshToken();
    assertThat(refresh == null ? null : refresh.reveal()).isEqualTo(expected.get("refreshToken"));
    Number seconds = (Number) expected.get("expiresIn");
    assertThat(lifetime(token))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds.longValue()));
    if (expected.get("scope") != null) {
      assertThat(String.join(" ", tokens.scope())).isEqualTo(expected.get("scope"));
    }
    if (expected.get("members") instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) ->
              assertThat(tokens.member((String) name)).as("%s", name).isEqualTo(value));
    }
  }

  private static Duration lifetime(AccessToken token) {
    Instant end = token.expiresAt();
    return end == null ? null : Duration.between(token.issuedAt(), end);
  }

  private Object execute(ProviderSample sample, Provider provider) throws IOException {
    OAuthClient client =
        provider
            .client(
                String.valueOf(sample.members().getOrDefault("clientId", "client-1")),
                Secret.of("the-client-secret"))
            .httpClient(ProviderSample.everywhere(server))
            .clock(clock(sample))
            .build();
    if (REFRESHES.contains(sample.kind())) {
      return client.refresh(Secret.of("earlier-refresh-token")).execute();
    }
    if (TOKENS.contains(sample.kind())) {
      return sample.expected().get("grant") instanceof String grant
          ? grant(client, grant, sample.expected().get("parameters"))
          : login(provider, client);
    }
    TokenSet tokens = tokensOf(sample);
    return provider.identity(tokens, client);
  }

  private static TokenSet grant(OAuthClient client, String grant, Object parameters)
      throws IOException {
    if (grant.equals("client_credentials")) {
      return client.clientCredentials().execute();
    }
    TokenRequest request = client.grant(grant);
    for (Map.Entry<?, ?> parameter : ((Map<?, ?>) parameters).entrySet()) {
      request =
          request.parameter((String) parameter.getKey(), Secret.of((String) parameter.getValue()));
    }
    return request.execute();
  }

  private static Clock clock(ProviderSample sample) {
    return sample.expected().get("now") instanceof Number now
        ? TestClock.at(Instant.ofEpochSecond(now.longValue()))
        : Clock.systemUTC();
  }

  private static TokenSet login(Provider provider, OAuthClient client) throws IOException {
    PendingAuthorization pending = provider.authorize(client).redirectUri(CALLBACK).begin();
    String response = "code=the-code&state=" + pending.state().reveal();
    boolean posted = pending.url().toString().contains("response_mode=form_post");
    return client.complete(
        pending,
        posted
            ? AuthorizationResponse.ofForm(response)
            : AuthorizationResponse.ofUrl(CALLBACK + "?" + response));
  }

  /** Those of a login whose token response had the members that the sample names. */
  private static TokenSet tokensOf(ProviderSample sample) throws IOException {
    Map<?, ?> members =
        sample.expected().get("tokenMembers") instanceof Map<?, ?> some ? some : Map.of();
    try (MockWebServer tokens = new MockWebServer()) {
      tokens.start();
      StringBuilder json = new StringBuilder("{\"access_token\":\"AT\",\"token_type\":\"Bearer\"");
      members.forEach((name, value) -> json.append(",\"" + name + "\":\"" + value + "\""));
      tokens.enqueue(
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body(json.append('}').toString())
              .build());
      return OAuthClient.builder()
          .clientId("client-1")
          .server(
              io.symbolon.oauth.AuthorizationServer.builder()
                  .tokenEndpoint(tokens.url("/token").toString())
                  .build())
          .build()
          .clientCredentials()
          .execute();
    }
  }

  /** By the name of its method in {@link Providers}. */
  static Provider provider(ProviderSample sample) throws ReflectiveOperationException {
    return sample.provider();
  }

  @ParameterizedTest
  @MethodSource("run")
  void showsNoSecret(ProviderSample sample) throws Exception {
    enqueue(sample);
    String shown;
    try {
      shown = execute(sample, provider(sample)).toString();
    } catch (OAuthException e) {
      shown = e + " " + e.verdict();
    }
    assertThat(shown).doesNotContain("the-client-secret", "the-code", "earlier-refresh-token");
    assertThat(new String(sample.body(), StandardCharsets.UTF_8)).isNotEmpty();
  }
}
