package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line that turns on all of FAPI 2.0, or says what is missing. */
final class ProfileTest {
  private static final String CALLBACK = "https://client.example.org/cb";
  private static final SigningKey ES256 = SigningKey.generate("ES256");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final AtomicReference<String> pushed = new AtomicReference<>();
  private final AtomicReference<ReceivedRequest> introspected = new AtomicReference<>();
  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server();
    server.endpoint(
        "/par",
        request -> {
          pushed.set(request.body());
          return new MockResponse.Builder()
              .code(201)
              .setHeader("Content-Type", "application/json")
              .body("{\"request_uri\":\"urn:x:1\",\"expires_in\":60}")
              .build();
        });
  }

  private OAuthClient.Builder builder(Profile profile) {
    return OAuthClient.builder().issuer(server.issuer()).clientId("bank").profile(profile);
  }

  private OAuthClient client(Profile profile) {
    return builder(profile)
        .authentication(ClientAuthentication.privateKeyJwt(ES256))
        .certificateBoundTokens()
        .build();
  }

  private static void assertMissing(ThrowingCallable call, String... names) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> {
              assertThat(e.code()).isEqualTo("profile_not_met");
              assertThat(e.verdict().checks().stream().filter(check -> !check.passed()))
                  .extracting(Verdict.Check::name)
                  .containsExactly(names);
              assertThat(e).hasMessageContainingAll(names);
            });
  }

  @Test
  void fapiPushesEveryRequest() throws Exception {
    PendingAuthorization pending =
        client(Profile.FAPI_2_0).authorize().redirectUri(CALLBACK).begin();

    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");
    assertThat(pushed.get())
        .contains("&code_challenge_method=S256")
        .contains("client_assertion=ey")
        .doesNotContain("response_mode");
    assertThat(pending.issRequired()).isTrue();
  }

  @Test
  void messageSigningSignsRequestAndResponse() throws Exception {
    PendingAuthorization pending =
        client(Profile.FAPI_2_0_MESSAGE_SIGNING)
            .authorize()
            .redirectUri(CALLBACK)
            .signedWith(ES256)
            .begin();

    assertThat(pushed.get()).contains("request=ey").doesNotContain("redirect_uri");
    assertThat(pending.responseMode()).isEqualTo("query.jwt");
  }

  @Test
  void everythingThatTheServerLacksIsSaidAtOnce() {
    server.metadata(
        it -> {
          it.remove("pushed_authorization_request_endpoint");
          it.remove("code_challenge_methods_supported");
          it.remove("authorization_response_iss_parameter_supported");
          it.remove("response_modes_supported");
        });

    assertMissing(
        () ->
            client(Profile.FAPI_2_0_MESSAGE_SIGNING)
                .authorize()
                .redirectUri(CALLBACK)
                .responseType("code token")
                .begin(),
        "response_type",
        "pushed_authorization_request_endpoint",
        "code_challenge_methods_supported",
        "authorization_response_iss_parameter_supported",
        "signed request",
        "response_modes_supported");
  }

  @Test
  void aClientSecretAndBearerTokensAreNotEnough() {
    OAuthClient weak = builder(Profile.FAPI_2_0).clientSecret(Secret.of("secret")).build();

    assertMissing(
        () -> weak.authorize().redirectUri(CALLBACK).begin(),
        "client authentication",
        "sender-constrained tokens");
    assertMissing(
        () -> weak.clientCredentials().execute(),
        "client authentication",
        "sender-constrained tokens");
    assertThat(server.tokenRequestCount()).isZero();
    assertThat(pushed.get()).isNull();
  }

  @Test
  void aKeyAloneDoesNotBindTokens() {
    OAuthClient unbound =
        builder(Profile.FAPI_2_0).authentication(ClientAuthentication.privateKeyJwt(ES256)).build();

    assertMissing(() -> unbound.clientCredentials().execute(), "sender-constrained tokens");
  }

  @Test
  void aDpopKeyBindsTokens() throws Exception {
    OAuthClient bound =
        builder(Profile.FAPI_2_0)
            .authentication(ClientAuthentication.privateKeyJwt(ES256))
            .dpop(SigningKey.generate("ES256"))
            .build();

    bound.authorize().redirectUri(CALLBACK).begin();

    assertThat(pushed.get()).contains("&dpop_jkt=");
  }

  @Test
  void aDpopKeyThatBindsOnlySometimesIsNotEnough() {
    OAuthClient lenient =
        builder(Profile.FAPI_2_0)
            .authentication(ClientAuthentication.privateKeyJwt(ES256))
            .dpop(SigningKey.generate("ES256"))
            .acceptBearerTokensDespiteDpop()
            .build();

    assertMissing(() -> lenient.clientCredentials().execute(), "sender-constrained tokens");
  }

  @Test
  void proofsWithRs256AreRefused() {
    OAuthClient weak =
        builder(Profile.FAPI_2_0)
            .authentication(ClientAuthentication.privateKeyJwt(ES256))
            .dpop(SigningKey.generate("RS256"))
            .build();

    assertMissing(() -> weak.clientCredentials().execute(), "DPoP proof");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void signaturesWithRs256AreRefused() {
    SigningKey rs256 = SigningKey.generate("RS256");
    OAuthClient client =
        builder(Profile.FAPI_2_0)
            .authentication(ClientAuthentication.privateKeyJwt(rs256))
            .certificateBoundTokens()
            .build();

    assertMissing(() -> client.clientCredentials().execute(), "client assertion");
    assertMissing(
        () -> client.authorize().redirectUri(CALLBACK).signedWith(rs256).begin(), "signed request");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aResponseSignedWithRs256IsRefused() throws Exception {
    server.signIdTokensWith("RS256").client("bank", "secret");
    server.metadata(
        it -> {
          it.put("authorization_signing_alg_values_supported", List.of("RS256", "PS256"));
          it.put("token_endpoint", server.url("/elsewhere"));
        });
    OAuthClient client = client(Profile.FAPI_2_0_MESSAGE_SIGNING);
    PendingAuthorization pending =
        client.authorize().redirectUri(CALLBACK).signedWith(ES256).begin();
    String signed =
        server.authorize(
            server.authorizationEndpoint()
                + "?response_type=code&response_mode=jwt&client_id=bank&code_challenge_method=S256"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri="
                + "https%3A%2F%2Fclient.example.org%2Fcb&state="
                + pending.state().reveal());

    assertThatThrownBy(() -> client.complete(pending, signed))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("alg"));
    assertThat(server.requestCount("/elsewhere")).isZero();
  }

  /** What the server says about a token, signed by this key or not at all. */
  private void introspecting(SigningKey key, boolean signed) {
    server.metadata(it -> it.remove("introspection_signing_alg_values_supported"));
    server.jwks(it -> it.put("keys", List.of(parsed(key.publicJwk()))));
    server.endpoint(
        "/introspect",
        request -> {
          introspected.set(request);
          return new MockResponse.Builder()
              .setHeader(
                  "Content-Type",
                  signed ? "application/token-introspection+jwt" : "application/json")
              .body(signed ? jwt(key) : "{\"active\":true}")
              .build();
        });
  }

  private static Map<String, Object> parsed(String json) {
    try {
      return StrictJson.parseObject(json);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private String jwt(SigningKey key) {
    try {
      return key.jwt(
          "token-introspection+jwt",
          Map.of(
              "iss",
              server.issuer(),
              "aud",
              "bank",
              "iat",
              Instant.now().getEpochSecond(),
              "token_introspection",
              Map.of("active", true)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void messageSigningHasTheServerSignWhatItSaysAboutATokenOfAnyKind() throws Exception {
    introspecting(ES256, true);
    OAuthClient client = client(Profile.FAPI_2_0_MESSAGE_SIGNING);

    assertThat(client.introspect(Secret.of("t")).isActive()).isTrue();
    assertThat(introspected.get().header("Accept"))
        .isEqualTo("application/token-introspection+jwt");
    client.introspect(Secret.of("t"), "refresh_token");
    assertThat(introspected.get().header("Accept"))
        .isEqualTo("application/token-introspection+jwt");
    assertThat(introspected.get().form()).containsEntry("token_type_hint", "refresh_token");
  }

  @Test
  void messageSigningTakesNoAnswerAboutATokenThatIsNotSigned() {
    introspecting(ES256, false);

    assertThatThrownBy(() -> client(Profile.FAPI_2_0_MESSAGE_SIGNING).introspect(Secret.of("t")))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e ->
                assertThat(e.verdict().failure().expected())
                    .isEqualTo("a usable introspection response"))
        .hasMessageContaining("did not sign what it was asked to sign");
  }

  @Test
  void theSecurityProfileAloneTakesAPlainAnswer() throws Exception {
    introspecting(ES256, false);

    assertThat(client(Profile.FAPI_2_0).introspect(Secret.of("t")).isActive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerAboutATokenThatIsSignedWithRs256IsRefused(boolean announced) {
    introspecting(SigningKey.generate("RS256"), true);
    server.metadata(
        it -> {
          it.remove("introspection_signing_alg_values_supported");
          if (announced) {
            it.put("introspection_signing_alg_values_supported", List.of("RS256", "PS256"));
          }
        });

    assertThatThrownBy(() -> client(Profile.FAPI_2_0_MESSAGE_SIGNING).introspect(Secret.of("t")))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("alg"));
  }
}
