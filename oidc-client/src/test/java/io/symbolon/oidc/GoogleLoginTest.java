package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A login with Google from the first URL to the day on which the user must come again. */
class GoogleLoginTest {
  private static final String CALLBACK = "https://shop.example.com/callback";
  private static final String API = "https://www.googleapis.com";

  /** Where Google has what, and where the test server has it. */
  private static final Map<String, String> PLACES =
      Map.of(
          "accounts.google.com/.well-known/openid-configuration",
          "/.well-known/openid-configuration",
          "oauth2.googleapis.com/token",
          "/token",
          "oauth2.googleapis.com/revoke",
          "/revoke",
          "openidconnect.googleapis.com/v1/userinfo",
          "/userinfo",
          "www.googleapis.com/oauth2/v3/certs",
          "/jwks",
          "www.googleapis.com/calendar/v3/calendars",
          "/api/calendars");

  private static final HandshakeCertificates TLS = certificate();

  private final TestClock clock = TestClock.at(Instant.parse("2026-03-01T08:00:00Z"));

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(
          FakeAuthorizationServer.builder().clock(clock).https(TLS.sslSocketFactory()));

  private FakeAuthorizationServer google;
  private ExampleSite site;
  private OkHttpClient http;
  private OidcClient oidc;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    google = extension.server().client("shop.apps", "s3cret", CALLBACK);
    google
        .user("108204268033311374519", Map.of("email", "ada@example.com", "email_verified", true))
        .includeIss(false)
        .rotateRefreshTokens(false)
        .signIdTokensWith("RS256")
        .metadata(GoogleLoginTest::names)
        .idTokenClaims(
            claims -> {
              claims.put("iss", "accounts.google.com");
              claims.put("name", "Ada Lovelace");
              claims.put("hd", "example.com");
            });
    http =
        site.http(HttpUrl.get(google.issuer()).port())
            .newBuilder()
            .sslSocketFactory(TLS.sslSocketFactory(), TLS.trustManager())
            .addInterceptor(this::asGoogle)
            .build();
    oidc =
        OidcClient.builder()
            .provider(Providers.google())
            .clientId("shop.apps")
            .clientSecret(Secret.of("s3cret"))
            .httpClient(http)
            .clock(clock)
            .build();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /** Of this machine, and of Google as far as this test's client can tell. */
  private static HandshakeCertificates certificate() {
    HeldCertificate.Builder certificate = new HeldCertificate.Builder();
    certificate.addSubjectAlternativeName("127.0.0.1");
    PLACES.keySet().forEach(place -> certificate.addSubjectAlternativeName(place.split("/")[0]));
    HeldCertificate held = certificate.build();
    return new HandshakeCertificates.Builder()
        .heldCertificate(held)
        .addTrustedCertificate(held.certificate())
        .build();
  }

  private static void names(Map<String, Object> metadata) {
    metadata.clear();
    metadata.put("issuer", "https://accounts.google.com");
    metadata.put("authorization_endpoint", "https://accounts.google.com/o/oauth2/v2/auth");
    metadata.put("token_endpoint", "https://oauth2.googleapis.com/token");
    metadata.put("userinfo_endpoint", "https://openidconnect.googleapis.com/v1/userinfo");
    metadata.put("revocation_endpoint", "https://oauth2.googleapis.com/revoke");
    metadata.put("jwks_uri", "https://www.googleapis.com/oauth2/v3/certs");
    metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
    metadata.put("code_challenge_methods_supported", List.of("plain", "S256"));
  }

  private Response asGoogle(Interceptor.Chain chain) throws IOException {
    Request asked = chain.request();
    String path = PLACES.get(asked.url().host() + asked.url().encodedPath());
    assertThat(path).as("a place of Google's for %s", asked.url()).isNotNull();
    HttpUrl here = asked.url().newBuilder().encodedPath(path).build();
    return chain.proceed(asked.newBuilder().url(here).build());
  }

  private OidcTokens login() throws IOException {
    PendingLogin login =
        oidc.login()
            .redirectUri(CALLBACK)
            .scope("profile email https://www.googleapis.com/auth/calendar.readonly")
            .parameter("access_type", "offline")
            .parameter("include_granted_scopes", "true")
            .prompt("consent")
            .parameter("hd", "example.com")
            .requireClaim("hd", "example.com")
            .begin();
    HttpUrl url = HttpUrl.get(login.url());
    assertThat(url.host() + url.encodedPath()).isEqualTo("accounts.google.com/o/oauth2/v2/auth");
    assertThat(url.query()).contains("access_type=offline", "prompt=consent");
    return oidc.complete(
        login, google.authorize(google.authorizationEndpoint() + "?" + url.encodedQuery()));
  }

  private int call(OkHttpClient api) throws IOException {
    Request request = new Request.Builder().url(API + "/calendar/v3/calendars").build();
    try (Response response = api.newCall(request).execute()) {
      return response.code();
    }
  }

  @Test
  void fromTheUrlToAProtectedCallToARenewalToAnotherLogin() throws Exception {
    OidcTokens login = login();
    UserIdentity user = oidc.identity(login);
    assertThat(user.key()).isEqualTo("https://accounts.google.com 108204268033311374519");
    assertThat(user.name()).isEqualTo("Ada Lovelace");
    assertThat(user.email()).isEqualTo("ada@example.com");
    assertThat(user.isEmailVerified()).isTrue();

    TokenStore store = new MemoryTokenStore(10, clock);
    oidc.save(store, user.key(), login);
    CachingTokenSource tokens = oidc.tokenSource(store, user.key());
    OkHttpClient api = new OAuthInterceptor(tokens, API).install(http);
    assertThat(call(api)).isEqualTo(200);
    assertThat(google.tokenRequestCount()).isEqualTo(1);

    clock.advance(Duration.ofHours(2));
    assertThat(call(api)).isEqualTo(200);
    assertThat(google.tokenRequestCount()).isEqualTo(2);
    assertThat(google.lastTokenRequest().form().get("grant_type")).isEqualTo("refresh_token");

    google.revokeAllAccessTokens();
    assertThat(call(api)).isEqualTo(200);
    assertThat(google.tokenRequestCount()).isEqualTo(3);

    google.revokeAllAccessTokens();
    google.refuseNext(
        400,
        "{\"error\":\"invalid_grant\","
            + "\"error_description\":\"Token has been expired or revoked.\"}",
        "Content-Type",
        "application/json");
    assertThatThrownBy(() -> call(api)).isInstanceOf(LoginRequiredException.class);
    assertThat(store.load(user.key())).isNull();

    OidcTokens again = login();
    oidc.save(store, again.identity().key(), again);
    assertThat(again.identity().key()).isEqualTo(user.key());
    assertThat(call(new OAuthInterceptor(oidc.tokenSource(store, user.key()), API).install(http)))
        .isEqualTo(200);
  }

  @Test
  void aUserOfAnotherOrganizationDoesNotGetIn() {
    google.idTokenClaims(claims -> claims.put("iss", "accounts.google.com"));

    assertThatThrownBy(this::login)
        .isInstanceOfSatisfying(IdTokenException.class, e -> assertThat(e.check()).isEqualTo("hd"));
  }
}
