package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What node-oidc-provider no longer has: front-channel logout, session management, and requests
 * that the provider fetches.
 */
@Tag("keycloak")
final class KeycloakSessionsTest {
  private static final String REDIRECT_URI = "https://rp.localhost/cb";

  @TempDir private static Path folder;
  @AutoClose private static KeycloakProcess keycloak;
  @AutoClose private static final MockWebServer PUBLISHED = new MockWebServer();

  @BeforeAll
  static void start() throws IOException {
    HeldCertificate certificate =
        new HeldCertificate.Builder()
            .commonName("localhost")
            .addSubjectAlternativeName("localhost")
            .build();
    PUBLISHED.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
    PUBLISHED.start();
    Path pem = Files.writeString(folder.resolve("published.pem"), certificate.certificatePem());
    keycloak = KeycloakProcess.startTrusting(pem);
  }

  private static OidcClient client() {
    return client("sessions");
  }

  private static OidcClient client(String clientId) {
    return OidcClient.builder()
        .issuer(keycloak.issuer())
        .clientId(clientId)
        .clientSecret(Secret.of("sessions-secret"))
        .build();
  }

  private static OidcTokens complete(OidcClient oidc, LoginRequest request) throws IOException {
    return complete(oidc, request, browser(new OkHttpClient()));
  }

  private static OidcTokens complete(OidcClient oidc, LoginRequest request, ScriptedBrowser browser)
      throws IOException {
    PendingLogin login = request.redirectUri(REDIRECT_URI).begin();
    return oidc.complete(login, browser.callback(login.url().toString()).url().toString());
  }

  private static ScriptedBrowser browser(OkHttpClient http) {
    return ScriptedBrowser.of(http, KeycloakProcess.USERNAME, KeycloakProcess.PASSWORD);
  }

  private static String page(Object url) throws IOException {
    Request request = new Request.Builder().url(url.toString()).build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
      return response.body().string();
    }
  }

  private static SigningKey signingKey() {
    return SigningKey.ofJwk(Secret.of(keycloak.clientKey().toJSONString()));
  }

  private static String publish(Secret requestObject) {
    PUBLISHED.enqueue(
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/oauth-authz-req+jwt")
            .body(requestObject.reveal())
            .build());
    return PUBLISHED.url("/request").newBuilder().host("localhost").build().toString();
  }

  @Test
  void theProviderFetchesTheRequest() throws Exception {
    OidcClient oidc = client();
    PendingLogin login =
        oidc.login()
            .signedWith(signingKey())
            .byReference(KeycloakSessionsTest::publish)
            .redirectUri(REDIRECT_URI)
            .begin();

    assertThat(HttpUrl.get(login.url()).queryParameterNames())
        .containsExactlyInAnyOrder("client_id", "response_type", "scope", "request_uri");
    String callback = browser(new OkHttpClient()).callback(login.url().toString()).url().toString();
    OidcTokens tokens = oidc.complete(login, callback);

    assertThat(tokens.idToken().text("preferred_username")).isEqualTo(KeycloakProcess.USERNAME);
    RecordedRequest fetched = PUBLISHED.takeRequest();
    assertThat(fetched.getMethod() + " " + fetched.getTarget()).isEqualTo("GET /request");
  }

  @Test
  void aFetchedRequestOfAStrangersIsRefused() throws Exception {
    OidcClient oidc = client();
    LoginRequest request =
        oidc.login()
            .signedWith(SigningKey.generate("ES256"))
            .byReference(KeycloakSessionsTest::publish);

    assertThatThrownBy(() -> complete(oidc, request))
        .hasMessageStartingWith("HTTP 400 at " + keycloak.issuer().replace("/realms/lab", ""))
        .hasMessageContaining("Invalid Request");
    PUBLISHED.takeRequest();
  }

  private static OkHttpClient remembering(List<String> pages) {
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain -> {
              Response response = chain.proceed(chain.request());
              pages.add(response.peekBody(1 << 20).string());
              return response;
            })
        .build();
  }

  @Test
  void theFrameOfALogoutNamesTheSessionThatEnds() throws Exception {
    OidcClient oidc = client();
    List<String> pages = new CopyOnWriteArrayList<>();
    ScriptedBrowser alice = browser(remembering(pages));
    OidcTokens ends = complete(oidc, oidc.login(), alice);
    OidcTokens stays = complete(oidc, oidc.login());

    alice.visit(oidc.logout().idTokenHint(ends.idToken()).begin().url().toString());
    String page = pages.get(pages.size() - 1);
    Element frame = Jsoup.parse(page).selectFirst("iframe");
    assertThat(frame).as(page).isNotNull();
    String url = frame.attr("src");

    assertThat(url).startsWith("https://rp.localhost/frontchannel?");
    oidc.checkFrontchannelLogout(ends.idToken(), url);
    assertThatThrownBy(() -> oidc.checkFrontchannelLogout(stays.idToken(), url))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("sid"));
  }

  @Test
  void aPageCanWatchTheSession() throws Exception {
    OidcClient oidc = client();

    assertThat(complete(oidc, oidc.login()).sessionState()).isNotEmpty();
    assertThat(page(oidc.checkSessionIframe())).contains("postMessage");
  }

  @Test
  void theStateOfTheSessionIsSignedWithTheResponse() throws Exception {
    OidcClient oidc = client("sessions-signed");

    assertThat(complete(oidc, oidc.login().signedResponse()).sessionState()).isNotEmpty();
  }

  /** It writes iss twice, unless its client is told to leave the one of RFC 9207 out. */
  @Test
  void aSignedResponseThatNamesItsIssuerTwiceIsRefused() {
    OidcClient oidc = client();

    assertThatThrownBy(() -> complete(oidc, oidc.login().signedResponse()))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageEndingWith("a member name occurs twice");
  }
}
