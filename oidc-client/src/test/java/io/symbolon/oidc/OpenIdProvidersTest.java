package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.KnownOctets;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the OpenID providers of the catalogue may be, what goes to them, and who logged in. */
class OpenIdProvidersTest {
  private static final String ONE = "8b1f5ae2-3b0c-4d1e-9f6a-0f3d5c7b9a11";
  private static final String OTHER = "11111111-2222-3333-4444-555555555555";
  private static final String STATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final String NONCE = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static OidcClient.Builder secret(PlayedProvider provider) {
    return provider.builder().clientSecret(Secret.of("s3cret"));
  }

  private static void assertRefused(String check, PlayedProvider provider, OidcClient client) {
    assertThatThrownBy(() -> provider.login(client))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo(check));
  }

  // Google: two ways to write one issuer.

  @ParameterizedTest
  @ValueSource(strings = {"https://accounts.google.com", "accounts.google.com"})
  void aUserOfGoogleHasOneKeyHoweverTheIssuerIsWritten(String iss) throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.claims.put("iss", iss);

      OidcTokens login = google.login(secret(google).build());

      assertThat(login.identity().key()).isEqualTo("https://accounts.google.com the-user");
      assertThat(login.idToken().issuer()).isEqualTo("https://accounts.google.com");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://accounts.google.com",
        "https://accounts.google.com/",
        "accounts.google.com/",
        "ACCOUNTS.GOOGLE.COM",
        "https://accounts.google.com.example.com"
      })
  void nobodyElseIsGoogle(String iss) throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.claims.put("iss", iss);

      assertRefused("iss", google, secret(google).build());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://accounts.google.com, true",
    "accounts.google.com, true",
    "https://accounts.example.com, false",
  })
  void aResponseIsFromGoogleByEitherName(String iss, boolean google) throws Exception {
    try (PlayedProvider played = PlayedProvider.of(Providers.google())) {
      OidcClient client = secret(played).build();
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();
      AuthorizationResponse response =
          played.response(login, "&iss=" + URLEncoder.encode(iss, StandardCharsets.UTF_8));

      if (google) {
        assertThat(client.complete(login, response).idToken().subject()).isEqualTo("the-user");
      } else {
        assertThatThrownBy(() -> client.complete(login, response))
            .isInstanceOfSatisfying(
                InvalidResponseException.class,
                e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));
        assertThat(played.sentTo("https://accounts.google.com/token_endpoint")).isEmpty();
      }
    }
  }

  @Test
  void appleMayCallItselfOtherwiseInItsMetadataOnlyByTheNameThatIsKnown() throws Exception {
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple())) {
      apple.metadata.put("issuer", "https://account.apple.com.example.com");

      assertThatThrownBy(() -> apple.login(secret(apple).build()))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));
    }
  }

  @Test
  void onlyGoogleMayLeaveTheSchemeOut() throws Exception {
    try (PlayedProvider gitlab = PlayedProvider.of(Providers.gitlab())) {
      gitlab.claims.put("iss", "gitlab.com");

      assertRefused("iss", gitlab, secret(gitlab).build());
    }
  }

  @Test
  void aRenewedTokenMayWriteTheIssuerInTheOtherWay() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.tokens.put("refresh_token", "the-refresh-token");
      OidcClient client = secret(google).build();
      OidcTokens login = google.login(client);
      google.claims.put("iss", "accounts.google.com");

      OidcTokens renewed = client.refresh(login);

      assertThat(renewed.identity().key()).isEqualTo(login.identity().key());
    }
  }

  @Test
  void whoeverIsOfAnotherOrganizationIsRefused() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      OidcClient client = secret(google).build();
      google.claims.put("hd", "example.com");
      OidcTokens login = google.login(client, client.login().requireClaim("hd", "example.com"));
      assertThat(login.idToken().text("hd")).isEqualTo("example.com");

      for (Object other : new Object[] {"example.org", List.of("example.com"), "Example.com"}) {
        google.claims.put("hd", other);
        assertThatThrownBy(
                () -> google.login(client, client.login().requireClaim("hd", "example.com")))
            .isInstanceOfSatisfying(
                IdTokenException.class, e -> assertThat(e.check()).isEqualTo("hd"));
      }
      google.claims.remove("hd");
      assertThatThrownBy(
              () -> google.login(client, client.login().requireClaim("hd", "a.com", "b.com")))
          .hasMessage("the ID token is refused: hd is not what this login demands, but nothing");
    }
  }

  @Test
  void aServiceAccountSaysWhoItIsInItsAssertionAlone() throws Exception {
    String account = "reports@project-1.iam.gserviceaccount.com";
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      OAuthClient client =
          Providers.google().client(account).httpClient(google.http()).clock(google.clock).build();

      client
          .jwtBearer(
              SigningKey.generate("RS256").keyId("key-1"),
              Map.of("scope", "drive.readonly", "aud", "https://oauth2.googleapis.com/token"))
          .execute();

      String sent = google.sentTo("https://accounts.google.com/token_endpoint").get(0);
      HttpUrl form = HttpUrl.get("https://x/?" + sent.substring(sent.lastIndexOf(' ') + 1));
      assertThat(form.queryParameterNames()).containsExactly("grant_type", "assertion");
      String[] jwt = form.queryParameter("assertion").split("\\.");
      assertThat(json(jwt[0])).isEqualTo(Map.of("alg", "RS256", "kid", "key-1", "typ", "JWT"));
      assertThat(json(jwt[1]))
          .containsEntry("iss", account)
          .containsEntry("scope", "drive.readonly")
          .containsEntry("aud", "https://oauth2.googleapis.com/token")
          .containsEntry("exp", PlayedProvider.NOW.getEpochSecond() + 300);
    }
  }

  // Microsoft: an issuer for each tenant.

  private static PlayedProvider microsoft(String... tenants) throws IOException {
    String[] others = Arrays.copyOfRange(tenants, 1, tenants.length);
    PlayedProvider played = PlayedProvider.of(Providers.microsoftMultiTenant(tenants[0], others));
    played.metadata.put("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0");
    return played;
  }

  private static String issuerOf(String tenant) {
    return "https://login.microsoftonline.com/" + tenant + "/v2.0";
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, OTHER})
  void theUsersOfAllowedTenantsAreWelcome(String tenant) throws Exception {
    try (PlayedProvider microsoft = microsoft(ONE, OTHER)) {
      microsoft.claims.put("iss", issuerOf(tenant));
      microsoft.claims.put("tid", tenant);

      OidcTokens login = microsoft.login(secret(microsoft).build());

      assertThat(login.identity().key()).isEqualTo(issuerOf(tenant) + " the-user");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a tenant that is not allowed,   " + OTHER + ", " + OTHER,
    "the issuer of another tenant,   " + OTHER + ", " + ONE,
    "the tenant of another issuer,   " + ONE + ", " + OTHER,
    "the template itself,            {tenantid}, " + ONE,
    "the template as tenant,         {tenantid}, {tenantid}",
    "the place where tenants meet,   organizations, " + ONE,
    "no tenant,                      " + ONE + ",",
  })
  void everyOtherTenantIsRefused(String why, String issuer, String tid) throws Exception {
    try (PlayedProvider microsoft = microsoft(ONE)) {
      microsoft.claims.put("iss", issuerOf(issuer));
      if (tid != null) {
        microsoft.claims.put("tid", tid);
      }

      assertThatThrownBy(() -> microsoft.login(secret(microsoft).build()))
          .as(why)
          .isInstanceOfSatisfying(
              IdTokenException.class, e -> assertThat(e.check()).isEqualTo("iss"))
          .hasMessageContaining("iss should be \"" + issuerOf(ONE) + "\"");
    }
  }

  @Test
  void aRenewalDoesNotMoveAUserToAnotherTenant() throws Exception {
    try (PlayedProvider microsoft = microsoft(ONE, OTHER)) {
      microsoft.tokens.put("refresh_token", "the-refresh-token");
      microsoft.claims.put("iss", issuerOf(ONE));
      microsoft.claims.put("tid", ONE);
      OidcClient client = secret(microsoft).build();
      OidcTokens login = microsoft.login(client);
      microsoft.claims.put("iss", issuerOf(OTHER));
      microsoft.claims.put("tid", OTHER);

      assertThatThrownBy(() -> client.refresh(login))
          .isInstanceOfSatisfying(
              IdTokenException.class, e -> assertThat(e.check()).isEqualTo("iss"));
    }
  }

  @Test
  void aSingleTenantKnowsNoTemplate() throws Exception {
    try (PlayedProvider microsoft = PlayedProvider.of(Providers.microsoft(ONE))) {
      microsoft.claims.put("tid", ONE);
      assertThat(microsoft.login(secret(microsoft).build()).idToken().issuer())
          .isEqualTo(issuerOf(ONE));

      microsoft.metadata.put("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0");
      assertThatThrownBy(() -> microsoft.login(secret(microsoft).build()))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.code()).isEqualTo("issuer_mismatch"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "common", "contoso.onmicrosoft.com", "{tenantid}", "*", ONE + "/.."})
  void aTenantIsNamedByItsId(String name) {
    assertThatThrownBy(() -> Providers.microsoft(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a UUID in lower case");
    assertThatThrownBy(() -> Providers.microsoftMultiTenant(ONE, name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void personalAccountsMeetElsewhere() {
    assertThat(Providers.microsoftMultiTenant(ONE).issuer()).contains("/organizations/");
    assertThat(Providers.microsoftMultiTenant(ONE, Providers.MICROSOFT_PERSONAL).issuer())
        .contains("/common/");
  }

  // Apple: a secret that is signed, an answer that is posted, a name that comes once.

  private static final String USER = "&user=%7B%22name%22%3A%7B%22firstName%22%3A%22John%22%7D%7D";

  @Test
  void theWholeConversationWithApple() throws Exception {
    KeyPair pair = ecKey();
    SigningKey key = SigningKey.of(pair.getPrivate(), pair.getPublic()).keyId("ABC123DEFG");
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple(), "com.example.web")) {
      OidcClient client =
          apple
              .builder()
              .authentication(ClientAuthentication.postSigned(key, "TEAM123456"))
              .random(KnownOctets.ofBase64Url(NONCE, STATE, VERIFIER, "AAECAwQFBgcICQoLDA0ODw"))
              .build();

      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();

      assertThat(login.url())
          .hasToString(
              "https://appleid.apple.com/authorization_endpoint"
                  + "?response_type=code&client_id=com.example.web"
                  + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback"
                  + "&scope=openid%20name%20email"
                  + ("&state=" + STATE)
                  + "&response_mode=form_post"
                  + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                  + "&code_challenge_method=S256"
                  + ("&nonce=" + NONCE));

      OidcTokens tokens = client.complete(login, apple.response(login, USER));

      assertThat(tokens.tokens().member("user")).isEqualTo("{\"name\":{\"firstName\":\"John\"}}");
      assertThat(tokens.identity().name()).isNull(); // nobody has signed it
      String sent = apple.sentTo("https://appleid.apple.com/token_endpoint").get(0);
      HttpUrl form = HttpUrl.get("https://x/?" + sent.substring(sent.lastIndexOf(' ') + 1));
      assertThat(form.queryParameterNames())
          .containsExactlyInAnyOrder(
              "grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret");
      assertSigned(form.queryParameter("client_secret"), pair);
    }
  }

  private static KeyPair ecKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Checked with the JDK alone. */
  private static void assertSigned(String jwt, KeyPair pair) throws Exception {
    String[] parts = jwt.split("\\.");
    assertThat(json(parts[0])).isEqualTo(Map.of("alg", "ES256", "kid", "ABC123DEFG", "typ", "JWT"));
    Map<String, Object> claims = new LinkedHashMap<>(json(parts[1]));
    assertThat((String) claims.remove("jti")).isNotEmpty();
    assertThat(claims)
        .isEqualTo(
            Map.of(
                "iss", "TEAM123456",
                "sub", "com.example.web",
                "aud", "https://appleid.apple.com",
                "iat", PlayedProvider.NOW.getEpochSecond(),
                "exp", PlayedProvider.NOW.getEpochSecond() + 300));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(pair.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  private static Map<String, Object> json(String part) {
    return HostileJson.object(
        new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  @Test
  void eachRequestToAppleHasASecretOfItsOwn() throws Exception {
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple(), "com.example.web")) {
      OidcClient client =
          apple
              .builder()
              .authentication(
                  ClientAuthentication.postSigned(SigningKey.generate("ES256"), "TEAM123456"))
              .build();
      apple.tokens.put("refresh_token", "the-refresh-token");
      OidcTokens login = apple.login(client);
      apple.clock.advance(Duration.ofMinutes(4));
      apple.claims.put("iat", PlayedProvider.NOW.getEpochSecond() + 240);
      apple.claims.put("exp", PlayedProvider.NOW.getEpochSecond() + 500);
      client.refresh(login);

      List<String> sent = apple.sentTo("https://appleid.apple.com/token_endpoint");
      assertThat(sent).hasSize(2);
      assertThat(sent.get(0).split("client_secret=")[1])
          .isNotEqualTo(sent.get(1).split("client_secret=")[1]);
    }
  }

  @Test
  void whatDoesNotComeByPostIsNotFromApple() throws Exception {
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple())) {
      OidcClient client = secret(apple).build();
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();
      String query = "?code=the-code&state=" + login.state().reveal();

      assertThatThrownBy(() -> client.complete(login, PlayedProvider.CALLBACK + query))
          .isInstanceOfSatisfying(
              InvalidResponseException.class,
              e -> assertThat(e.code()).isEqualTo("response_mode_mismatch"));
    }
  }

  @Test
  void aUserWhoCancelsAtAppleHasDenied() throws Exception {
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple())) {
      OidcClient client = secret(apple).build();
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();
      String form = "error=user_cancelled_authorize&state=" + login.state().reveal();

      assertThatThrownBy(() -> client.complete(login, AuthorizationResponse.ofForm(form)))
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));
    }
  }

  // LinkedIn: nothing ties the ID token to the login.

  @Test
  void theWholeConversationWithLinkedIn() throws Exception {
    try (PlayedProvider linkedin = PlayedProvider.of(Providers.linkedin()).forgetsTheNonce()) {
      linkedin.tokens.remove("token_type");
      OidcClient client =
          secret(linkedin).random(KnownOctets.ofBase64Url(NONCE, STATE, VERIFIER)).build();
      PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();

      assertThat(login.url())
          .hasToString(
              "https://www.linkedin.com/oauth/authorization_endpoint"
                  + "?response_type=code&client_id=client-1"
                  + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback"
                  + "&scope=openid%20profile%20email"
                  + ("&state=" + STATE)
                  + ("&nonce=" + NONCE));
      OidcTokens tokens = client.complete(login, linkedin.response(login, ""));

      assertThat(tokens.idToken().subject()).isEqualTo("the-user");
      assertThat(linkedin.sentTo("https://www.linkedin.com/oauth/token_endpoint"))
          .containsExactly(
              "POST /oauth/token_endpoint grant_type=authorization_code"
                  + "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&code=the-code"
                  + "&client_id=client-1&client_secret=s3cret");
    }
  }

  @Test
  void aNonceThatIsThereIsTheOneOfTheLogin() throws Exception {
    try (PlayedProvider linkedin = PlayedProvider.of(Providers.linkedin()).forgetsTheNonce()) {
      linkedin.claims.put("nonce", "another");

      assertRefused("nonce", linkedin, secret(linkedin).build());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"google", "apple", "slack", "line"})
  void everybodyElseRepeatsTheNonce(String name) throws Exception {
    Provider provider = (Provider) Providers.class.getMethod(name).invoke(null);
    try (PlayedProvider played = PlayedProvider.of(provider).forgetsTheNonce()) {
      assertRefused("nonce", played, secret(played).build());
    }
  }

  // LINE, Cognito, and the rest.

  @Test
  void lineIsAskedForAKeyOfItsOwn() throws Exception {
    try (PlayedProvider line = PlayedProvider.of(Providers.line())) {
      line.login(secret(line).build());

      assertThat(line.sentTo("https://access.line.me/token_endpoint"))
          .singleElement()
          .asString()
          .contains("&id_token_key_type=JWK")
          .contains("&client_secret=s3cret");
    }
  }

  @Test
  void aLogoutAtCognitoHasItsOwnNames() throws Exception {
    try (PlayedProvider cognito =
        PlayedProvider.of(Providers.cognito("eu-central-1", "eu-central-1_AbCdEfGhI"))) {
      cognito.metadata.put("end_session_endpoint", "https://x.amazoncognito.com/logout");

      PendingLogout logout =
          secret(cognito)
              .build()
              .logout()
              .postLogoutRedirectUri("https://app.example.com/bye")
              .begin();

      assertThat(logout.parameters().keySet()).containsExactly("client_id", "logout_uri", "state");
      assertThat(logout.parameters().get("logout_uri").reveal())
          .isEqualTo("https://app.example.com/bye");
    }
  }

  @Test
  void anIssuerEndsAsItWasWritten() throws Exception {
    try (PlayedProvider auth0 = PlayedProvider.of(Providers.auth0("example.eu.auth0.com"))) {
      OidcClient client = secret(auth0).build();
      assertThat(auth0.login(client).idToken().issuer()).isEqualTo("https://example.eu.auth0.com/");
      assertThat(auth0.sentTo("https://example.eu.auth0.com/.well-known/openid-configuration"))
          .hasSize(1);

      auth0.claims.put("iss", "https://example.eu.auth0.com");
      assertRefused("iss", auth0, client);
    }
  }

  @Test
  void theScopeOfTheProgramTakesThePlaceOfTheUsualOne() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      LoginRequest request = secret(google).build().login().scope("email");

      PendingLogin login = request.redirectUri(PlayedProvider.CALLBACK).begin();

      assertThat(HttpUrl.get(login.url()).queryParameter("scope")).isEqualTo("openid email");
    }
  }

  @Test
  void aSecretAndAnotherAuthenticationExcludeEachOther() throws Exception {
    try (PlayedProvider line = PlayedProvider.of(Providers.line())) {
      OidcClient.Builder both = secret(line).authentication(ClientAuthentication.none());

      assertThatThrownBy(both::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("are both there");
    }
  }

  @Test
  void aProviderWithoutIdTokensIsNoOpenIdProvider() {
    assertThatThrownBy(() -> OidcClient.builder().provider(Providers.github()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GitHub has no ID tokens: use its client(…) and identity(…) instead");
  }

  @Test
  void aProviderByHandIsUsedAsItIs() throws Exception {
    Provider own =
        Provider.named("Ours", "https://docs.example.com")
            .server(
                AuthorizationServer.builder()
                    .issuer("https://login.example.com")
                    .authorizationEndpoint("https://login.example.com/authorize")
                    .tokenEndpoint("https://login.example.com/token")
                    .build())
            .scope("phone")
            .build();
    OidcClient client = OidcClient.builder().provider(own).clientId("shop").build();

    PendingLogin login = client.login().redirectUri(PlayedProvider.CALLBACK).begin();

    assertThat(login.url().toString())
        .startsWith("https://login.example.com/authorize?")
        .contains("scope=openid%20phone");
  }

  // Who logged in.

  @Test
  void whatIsSignedIsNotReplaced() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.userInfo(
          "{\"sub\":\"the-user\",\"name\":\"Mallory\",\"picture\":\"https://p/1\",\"hd\":\"evil\"}");
      google.claims.put("name", "Ada");
      OidcClient client = secret(google).build();

      UserIdentity user = client.identity(google.login(client));

      assertThat(user.key()).isEqualTo("https://accounts.google.com the-user");
      assertThat(user.name()).isEqualTo("Ada");
      assertThat(user.picture()).isEqualTo("https://p/1");
      assertThat(user.isLinkable()).isTrue();
    }
  }

  @Test
  void anAddressAndItsVerificationAreFromOneSource() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.userInfo(
          "{\"sub\":\"the-user\",\"email\":\"mine@example.com\",\"email_verified\":true}");
      OidcClient client = secret(google).build();
      assertThat(client.identity(google.login(client)).isEmailVerified()).isTrue();

      google.claims.put("email", "yours@example.com");
      UserIdentity user = client.identity(google.login(client));

      assertThat(user.email()).isEqualTo("yours@example.com");
      assertThat(user.isEmailVerified()).isFalse();
    }
  }

  @Test
  void userInfoAboutAnotherUserGivesNoIdentity() throws Exception {
    try (PlayedProvider google = PlayedProvider.of(Providers.google())) {
      google.userInfo("{\"sub\":\"mallory\"}");
      OidcClient client = secret(google).build();
      OidcTokens login = google.login(client);

      assertThatThrownBy(() -> client.identity(login))
          .isInstanceOfSatisfying(
              InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("sub_mismatch"));
    }
  }

  @Test
  void whereThereIsNoUserInfoTheIdTokenIsEnough() throws Exception {
    try (PlayedProvider apple = PlayedProvider.of(Providers.apple())) {
      apple.claims.putAll(Map.of("email", "a@example.com", "email_verified", "true"));
      OidcClient client = secret(apple).build();

      UserIdentity user = client.identity(apple.login(client));

      assertThat(user.email()).isEqualTo("a@example.com");
      assertThat(user.isEmailVerified()).isTrue();
    }
  }
}
