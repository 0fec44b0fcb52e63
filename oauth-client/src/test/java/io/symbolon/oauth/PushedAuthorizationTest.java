package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that reach the server ahead of the browser (RFC 9126). */
final class PushedAuthorizationTest {
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String STATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final TestClock CLOCK = TestClock.at("2026-03-01T08:00:00Z");
  private static final String CALLBACK = "https://client.example.org/cb";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(CLOCK));

  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw");
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of("7Fjfp0ZBr1KtDRbnfVdmIw"))
        .clock(CLOCK)
        .random(KnownOctets.ofBase64Url(STATE, VERIFIER))
        .build();
  }

  private AuthorizationRequest request() {
    return client().authorize().redirectUri(CALLBACK).scope("account-information").pushed();
  }

  private ReceivedRequest push() {
    return server.requests().stream()
        .filter(request -> request.path().equals("/par"))
        .findFirst()
        .orElseThrow();
  }

  /** RFC 9126 §2.1 and §4, with PKCE S256. */
  @Test
  void theServerGetsTheRequestAndTheBrowserOnlyAReference() throws Exception {
    PendingAuthorization pending = request().begin();

    assertThat(push().method()).isEqualTo("POST");
    assertThat(push().header("Authorization"))
        .isEqualTo("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
    assertThat(push().body())
        .isEqualTo(
            "response_type=code&client_id=s6BhdRkqt3"
                + "&redirect_uri=https%3A%2F%2Fclient.example.org%2Fcb"
                + "&scope=account-information"
                + ("&state=" + STATE)
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                + "&code_challenge_method=S256");
    assertThat(pending.url())
        .hasToString(
            server.authorizationEndpoint()
                + "?client_id=s6BhdRkqt3"
                + "&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A1");
    assertThat(pending.urlExpiresAt()).isEqualTo(CLOCK.instant().plusSeconds(60));
    assertThat(pending.state().reveal()).isEqualTo(STATE);
  }

  @Test
  void aPushedLoginEndsLikeAnyOther() throws Exception {
    OAuthClient client = client();
    PendingAuthorization pending = client.authorize().redirectUri(CALLBACK).pushed().begin();

    assertThat(client.complete(pending, server.authorize(pending.url())).accessToken()).isNotNull();
    assertThatThrownBy(() -> server.authorize(pending.url()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unknown request_uri");
  }

  @Test
  void eachBeginIsPushedAnew() throws Exception {
    AuthorizationRequest request =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("s6BhdRkqt3")
            .clientSecret(Secret.of("7Fjfp0ZBr1KtDRbnfVdmIw"))
            .build()
            .authorize()
            .redirectUri(CALLBACK)
            .pushed();

    assertThat(request.begin().url()).isNotEqualTo(request.begin().url());
    assertThat(server.requestCount("/par")).isEqualTo(2);
  }

  @Test
  void aServerThatRequiresItGetsItUnasked() throws Exception {
    server.metadata(it -> it.put("require_pushed_authorization_requests", true));

    PendingAuthorization pending = client().authorize().redirectUri(CALLBACK).begin();

    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");
  }

  @Test
  void aServerThatRequiresItButNamesNoEndpointIsRefused() {
    server.metadata(
        it -> {
          it.put("require_pushed_authorization_requests", true);
          it.remove("pushed_authorization_request_endpoint");
        });

    assertThatThrownBy(() -> client().authorize().redirectUri(CALLBACK).begin())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessage(
            "the metadata of "
                + server.issuer()
                + " names no pushed_authorization_request_endpoint");
  }

  @Test
  void aRefusalIsNotFollowedByAPlainRequest() {
    server.answerNext(
        "/par",
        new MockResponse.Builder()
            .code(400)
            .setHeader("Content-Type", "application/json")
            .body("{\"error\":\"invalid_request\",\"error_description\":\"bad " + STATE + "\"}")
            .build());

    assertThatThrownBy(() -> request().begin())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_request");
              assertThat(e.explain()).doesNotContain(STATE);
            });
  }

  @Test
  void aLostAnswerIsNotFollowedByAPlainRequest() {
    server.cutNext("/par", Cut.BEFORE_ANSWER);

    assertThatThrownBy(() -> request().begin()).isInstanceOf(IOException.class);
    assertThat(server.requestCount("/par")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"expires_in\":60}",
        "{\"request_uri\":null,\"expires_in\":60}",
        "{\"request_uri\":\"\",\"expires_in\":60}",
        "{\"request_uri\":7,\"expires_in\":60}",
        "{\"request_uri\":\"6esc\",\"expires_in\":60}",
        "{\"request_uri\":\"urn:x&redirect_uri=https://evil\\r\\n\",\"expires_in\":60}",
        "{\"request_uri\":\"urn:x#fragment\",\"expires_in\":60}",
        "[]",
      })
  void anAnswerWithoutReferenceIsRefused(String body) {
    server.answerNext("/par", json(201, body));

    assertThatThrownBy(() -> request().begin())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("malformed_response"));
  }

  @Test
  void aReferenceIsBounded() {
    server.answerNext(
        "/par", json(201, "{\"request_uri\":\"urn:" + "x".repeat(2001) + "\",\"expires_in\":60}"));

    assertThatThrownBy(() -> request().begin()).isInstanceOf(InvalidResponseException.class);
  }

  @Test
  void aReferenceCannotBringAnotherParameter() throws Exception {
    server.answerNext("/par", json(200, "{\"request_uri\":\"urn:x&redirect_uri=https://evil\"}"));

    PendingAuthorization pending = request().begin();

    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");
    assertThat(pending.urlExpiresAt()).isNull();
  }

  @Test
  void theEndOfTheReferenceSurvivesTheSeal() throws Exception {
    var key = new javax.crypto.spec.SecretKeySpec(new byte[32], "AES");
    PendingAuthorization pending = request().begin();

    assertThat(PendingAuthorization.unseal(pending.seal(key, ""), key, "").urlExpiresAt())
        .isEqualTo(CLOCK.instant().plus(Duration.ofMinutes(1)));
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }
}
