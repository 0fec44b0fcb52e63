package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the browser is sent to ask for (RFC 6749 §4.1.1, RFC 7636 §4.3). */
final class AuthorizationUrlTest {
  /** RFC 7636, appendix B. */
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String STATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final TestClock CLOCK = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private static OAuthClient client(String authorizationEndpoint) {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint(authorizationEndpoint)
                .tokenEndpoint("https://login.example.com/token")
                .build())
        .clientId("s6BhdRkqt3")
        .clock(CLOCK)
        .random(KnownOctets.ofBase64Url(STATE, VERIFIER))
        .build();
  }

  @Test
  void theParametersStandInOneOrderAndTheChallengeIsThatOfRfc7636AppendixB() throws Exception {
    PendingAuthorization pending =
        client("https://login.example.com/authorize")
            .authorize()
            .redirectUri("https://client.example.com/cb")
            .scope("orders.read  orders.write")
            .begin();

    assertThat(pending.url())
        .hasToString(
            "https://login.example.com/authorize?response_type=code&client_id=s6BhdRkqt3"
                + "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
                + "&scope=orders.read%20orders.write"
                + ("&state=" + STATE)
                + ("&code_challenge=" + CHALLENGE)
                + "&code_challenge_method=S256");
    assertThat(pending.codeVerifier().reveal()).isEqualTo(VERIFIER);
    assertThat(pending.state().reveal()).isEqualTo(STATE);
    assertThat(pending.createdAt()).isEqualTo(CLOCK.instant());
    assertThat(pending.scope()).containsExactly("orders.read", "orders.write");
  }

  @Test
  void everyValueIsPercentEncodedSoThatNoneBecomesAnotherParameter() throws Exception {
    PendingAuthorization pending =
        client("https://login.example.com/authorize")
            .authorize()
            .redirectUri("com.example.app:/cb?a=1&b=%20+")
            .parameter("login_hint", "grüß+ & co=#1 100%/\"")
            .formPost()
            .begin();

    assertThat(pending.url())
        .hasToString(
            "https://login.example.com/authorize?response_type=code&client_id=s6BhdRkqt3"
                + "&redirect_uri=com.example.app%3A%2Fcb%3Fa%3D1%26b%3D%2520%2B"
                + ("&state=" + STATE)
                + "&response_mode=form_post"
                + ("&code_challenge=" + CHALLENGE)
                + "&code_challenge_method=S256"
                + "&login_hint=gr%C3%BC%C3%9F%2B%20%26%20co%3D%231%20100%25%2F%22");
  }

  @Test
  void theQueryOfTheEndpointIsKeptAsTheServerWroteIt() throws Exception {
    PendingAuthorization pending =
        client("https://login.example.com/authorize?tenant=a%2Bb%20c%26&x&p=B2C_1/s")
            .authorize()
            .redirectUri("https://client.example.com/cb")
            .begin();

    assertThat(pending.url().toString())
        .startsWith(
            "https://login.example.com/authorize?tenant=a%2Bb%20c%26&x&p=B2C_1/s"
                + "&response_type=code&client_id=s6BhdRkqt3&redirect_uri=");
  }

  @Test
  void aClientIdOfAnyVisibleCharactersArrives() throws Exception {
    OAuthClient client =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .authorizationEndpoint("https://login.example.com/authorize")
                    .tokenEndpoint("https://login.example.com/token")
                    .build())
            .clientId("https://app.example.com/?a=b&c=d+e %")
            .build();

    PendingAuthorization pending =
        client.authorize().redirectUri("https://client.example.com/cb").begin();

    assertThat(HttpUrl.get(pending.url()).queryParameter("client_id"))
        .isEqualTo("https://app.example.com/?a=b&c=d+e %");
    assertThat(pending.url().toString())
        .contains("client_id=https%3A%2F%2Fapp.example.com%2F%3Fa%3Db%26c%3Dd%2Be%20%25&");
  }

  @Test
  void theVerifierThatIsSentLaterIsTheOneOfTheChallenge() throws Exception {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
    String redirectUri = "http://127.0.0.1:8400/cb?x=%C3%A9&y=a+b";

    PendingAuthorization pending = client.authorize().redirectUri(redirectUri).begin();
    client.complete(pending, server.authorize(pending.url()));

    HttpUrl url = HttpUrl.get(pending.url());
    String verifier = server.lastTokenRequest().form().get("code_verifier");
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    assertThat(verifier).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(pending.state().reveal());
    assertThat(url.queryParameter("code_challenge"))
        .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    assertThat(url.queryParameter("redirect_uri")).isEqualTo(redirectUri);
    assertThat(server.lastTokenRequest().form()).containsEntry("redirect_uri", redirectUri);
  }

  @Test
  void eachBeginIsALoginOfItsOwn() throws Exception {
    OAuthClient client =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .authorizationEndpoint("https://login.example.com/authorize")
                    .tokenEndpoint("https://login.example.com/token")
                    .build())
            .clientId("app")
            .build();
    AuthorizationRequest request =
        client.authorize().redirectUri("https://client.example.com/cb").attach("to", "/a");

    PendingAuthorization first = request.begin();
    PendingAuthorization second = request.attach("to", "/b").begin();

    assertThat(first.state()).isNotEqualTo(second.state());
    assertThat(first.codeVerifier()).isNotEqualTo(second.codeVerifier());
    assertThat(first.attachment("to")).isEqualTo("/a");
    assertThat(second.attachment("to")).isEqualTo("/b");
  }

  @Test
  void aServerThatOffersOnlyPlainIsRefused() {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    server.metadata(it -> it.put("code_challenge_methods_supported", List.of("plain", "s256")));
    OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();

    assertThatThrownBy(
            () -> client.authorize().redirectUri("https://client.example.com/cb").begin())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("pkce_downgrade"))
        .hasMessage("the server " + server.issuer() + " does not offer PKCE with S256");
  }

  @Test
  void aServerThatSaysNothingAboutPkceIsRefusedByWhomeverMustBeSure() throws Exception {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
    AuthorizationRequest request =
        client.authorize().redirectUri("https://client.example.com/cb").requireAnnouncedPkce();
    assertThat(request.begin().url()).hasParameter("code_challenge_method", "S256");

    server.metadata(it -> it.remove("code_challenge_methods_supported"));
    OAuthClient other = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
    AuthorizationRequest unsure =
        other.authorize().redirectUri("https://client.example.com/cb").requireAnnouncedPkce();

    assertThatThrownBy(unsure::begin)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("pkce_not_supported"));
  }

  @Test
  void aServerThatSaysNothingAboutPkceGetsS256() throws Exception {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    server.metadata(it -> it.remove("code_challenge_methods_supported"));
    OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();

    PendingAuthorization pending =
        client.authorize().redirectUri("https://client.example.com/cb").begin();

    assertThat(pending.url().toString()).contains("&code_challenge_method=S256");
  }

  @Test
  void theQueryOfAMetadataUrlIsNotShown() {
    String url = extension.server().url("/metadata");
    OAuthClient client =
        OAuthClient.builder()
            .issuer(extension.server().issuer())
            .metadataUrl(url + "?key=s3cret")
            .clientId("app")
            .build();

    assertThatThrownBy(client::server)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.explain()).doesNotContain("s3cret"))
        .hasMessage("there is no usable metadata at " + url + ": its HTTP status is 404");
  }

  @Test
  void metadataWithoutAuthorizationEndpointIsAFailureOfTheServer() {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    server.metadata(it -> it.remove("authorization_endpoint"));
    OAuthClient client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();

    assertThatThrownBy(
            () -> client.authorize().redirectUri("https://client.example.com/cb").begin())
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("invalid_metadata"))
        .hasMessage("the metadata of " + server.issuer() + " names no authorization_endpoint");
  }
}
