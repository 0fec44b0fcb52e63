package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the client signs (RFC 9101). */
final class SignedRequestTest {
  private static final String CALLBACK = "https://client.example.org/cb";
  private static final TestClock CLOCK = TestClock.at("2026-03-01T08:00:00Z");
  private static final SigningKey KEY = SigningKey.generate("ES256").keyId("k1");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(CLOCK));

  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    server = extension.server().client("s6BhdRkqt3", "secret");
    client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("s6BhdRkqt3")
            .clientSecret(Secret.of("secret"))
            .clock(CLOCK)
            .build();
  }

  private AuthorizationRequest request() {
    return client.authorize().redirectUri(CALLBACK).scope("orders.read").signedWith(KEY);
  }

  private static String header(String jwt) {
    return new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[0]), StandardCharsets.UTF_8);
  }

  /** RFC 9101 §4 and §5.1. */
  @Test
  void everythingIsInsideAndOnlyTheClientIdBeside() throws Exception {
    PendingAuthorization pending =
        request()
            .parameter("max_age", "300")
            .resource("https://a.example.com/")
            .resource("https://b.example.com/")
            .authorizationDetails(List.of(Map.of("type", "payment")))
            .begin();

    HttpUrl url = HttpUrl.get(pending.url());
    assertThat(url.queryParameterNames()).containsExactly("client_id", "request");
    String jwt = url.queryParameter("request");
    assertThat(header(jwt))
        .isEqualTo("{\"alg\":\"ES256\",\"typ\":\"oauth-authz-req+jwt\",\"kid\":\"k1\"}");
    Map<String, Object> claims = StrictJwt.parse(jwt).claims();
    long now = CLOCK.instant().getEpochSecond();
    assertThat(claims)
        .containsEntry("iss", "s6BhdRkqt3")
        .containsEntry("aud", server.issuer())
        .containsEntry("iat", now)
        .containsEntry("nbf", now)
        .containsEntry("exp", now + 300)
        .containsEntry("client_id", "s6BhdRkqt3")
        .containsEntry("response_type", "code")
        .containsEntry("redirect_uri", CALLBACK)
        .containsEntry("scope", "orders.read")
        .containsEntry("state", pending.state().reveal())
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("max_age", 300L)
        .containsEntry("resource", List.of("https://a.example.com/", "https://b.example.com/"))
        .containsEntry("authorization_details", List.of(Map.of("type", "payment")));
    assertThat(claims.get("jti").toString()).hasSize(43);
    assertThat(claims).doesNotContainKeys("sub", "request", "request_uri");
  }

  @Test
  void eachRequestObjectIsAnotherOne() throws Exception {
    assertThat(request().begin().url()).isNotEqualTo(request().begin().url());
  }

  /** RFC 9126 §3. */
  @Test
  void aPushedRequestMayBeSigned() throws Exception {
    PendingAuthorization pending = request().pushed().begin();

    ReceivedRequest push =
        server.requests().stream().filter(it -> it.path().equals("/par")).findFirst().orElseThrow();
    assertThat(push.form()).containsOnlyKeys("client_id", "request");
    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");
  }

  @Test
  void theServerMayFetchIt() throws Exception {
    List<String> published = new ArrayList<>();

    PendingAuthorization pending =
        request()
            .byReference(
                jwt -> {
                  published.add(jwt.reveal());
                  return "https://client.example.org/requests/1";
                })
            .begin();

    assertThat(HttpUrl.get(pending.url()).queryParameter("request_uri"))
        .isEqualTo("https://client.example.org/requests/1");
    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");
    assertThat(StrictJwt.parse(published.get(0)).claims())
        .containsEntry("state", pending.state().reveal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://client.example.org/r",
        "http://127.0.0.1/r",
        "urn:r",
        "/r",
        "https://a b",
        "https://u:p@client.example.org/r"
      })
  void aRequestObjectIsPublishedAtAnHttpsUrl(String uri) {
    assertThatThrownBy(() -> request().byReference(jwt -> uri).begin())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a request object is published at an https URL of at most 512");
  }

  @Test
  void aServerThatTakesOnlySignedRequestsGetsNoOther() {
    server.metadata(it -> it.put("require_signed_request_object", true));

    assertThatThrownBy(() -> client.authorize().redirectUri(CALLBACK).begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the server "
                + server.issuer()
                + " takes signed requests only: name a key with signedWith(…)");
  }

  @Test
  void anAlgorithmThatTheServerDoesNotTakeIsRefusedBeforeTheBrowserGoes() {
    server.metadata(
        it -> it.put("request_object_signing_alg_values_supported", List.of("RS256", "none")));

    assertThatThrownBy(() -> request().begin())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessage(
            "the server " + server.issuer() + " takes no requests that are signed with ES256");
  }

  @Test
  void mistakesAreRefused() {
    assertThatThrownBy(() -> request().byReference(jwt -> "https://a/").pushed().begin())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> client.authorize().redirectUri(CALLBACK).byReference(jwt -> "https://a/").begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("byReference(…) needs signedWith(…)");
    assertThatThrownBy(() -> request().parameter("request", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
