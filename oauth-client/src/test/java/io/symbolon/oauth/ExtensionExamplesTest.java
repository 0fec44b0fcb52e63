package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.jose.VerificationKey;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples of RFC 8705, 9101, 9126, 9449, 9470 and 9701, as far as a client has to do them. */
final class ExtensionExamplesTest {
  private static final String SERVER = "https://server.example.com";
  private static final String CALLBACK = "https://client.example.com/cb";
  private static final String NONCE = "eyJ7S_zG.eyJH0-Z.HX4w-7v";
  private static final Secret BOUND = Secret.of("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");

  private ExampleSite site;

  @BeforeEach
  void start() throws Exception {
    site =
        ExampleSite.startWithCertificateFor(
            "server.example.com", "mtls.example.com", "resource.example.org");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private OAuthClient.Builder client(String issuer) {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(issuer)
                .authorizationEndpoint(issuer + "/authorize")
                .tokenEndpoint(issuer + "/token")
                .metadata("introspection_endpoint", issuer + "/introspect")
                .metadata("pushed_authorization_request_endpoint", issuer + "/as/par")
                .metadata("jwks_uri", issuer + "/jwks")
                .build())
        .clientId("s6BhdRkqt3")
        .httpClient(site.http());
  }

  private static MockResponse answer(int status, String body, String... headers) {
    MockResponse.Builder answer = ExampleSite.json(body).newBuilder().code(status);
    for (int i = 0; i < headers.length; i += 2) {
      answer.addHeader(headers[i], headers[i + 1]);
    }
    return answer.build();
  }

  private static String body(RecordedRequest request) {
    return request.getBody().utf8();
  }

  private static VerificationKey key(String jwk) {
    return KeySet.of(HostileJson.object("{\"keys\":[" + jwk + "]}")).keys().get(0);
  }

  // RFC 8705

  /** §5 and §3.2. */
  @Test
  void rfc8705AClientWithACertificateGoesToTheAliases() throws Exception {
    String metadata =
        """
        {
          "issuer": "https://server.example.com",
          "authorization_endpoint": "https://server.example.com/authz",
          "token_endpoint": "https://server.example.com/token",
          "introspection_endpoint": "https://server.example.com/introspect",
          "revocation_endpoint": "https://server.example.com/revo",
          "jwks_uri": "https://server.example.com/jwks",
          "response_types_supported": ["code"],
          "response_modes_supported": ["fragment","query","form_post"],
          "grant_types_supported": ["authorization_code", "refresh_token"],
          "token_endpoint_auth_methods_supported":
                          ["tls_client_auth","client_secret_basic","none"],
          "tls_client_certificate_bound_access_tokens": true,
          "mtls_endpoint_aliases": {
            "token_endpoint": "https://mtls.example.com/token",
            "revocation_endpoint": "https://mtls.example.com/revo",
            "introspection_endpoint": "https://mtls.example.com/introspect"
          }
        }
        """;
    site.answer("/.well-known/oauth-authorization-server", metadata)
        .answer("/token", "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}")
        .answer("/revo", "")
        .answer(
            "/introspect",
            """
            {
              "active": true,
              "iss": "https://server.example.com",
              "sub": "ty.webb@example.com",
              "exp": 1493726400,
              "nbf": 1493722800,
              "cnf":{
                "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"
              }
            }
            """);
    OAuthClient client =
        OAuthClient.builder()
            .issuer(SERVER)
            .clientId("s6BhdRkqt3")
            .authentication(ClientAuthentication.tlsClientAuth())
            .httpClient(site.http())
            .build();

    client.refresh(Secret.of("r")).execute();
    client.revoke(Secret.of("r"));
    Introspection introspection = client.introspect(Secret.of("a"));

    assertThat(introspection.member("cnf"))
        .isEqualTo(Map.of("x5t#S256", "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"));
    assertThat(introspection.notBefore()).isEqualTo(Instant.ofEpochSecond(1493722800));
    assertThat(site.requests().stream().map(it -> it.getUrl().toString()))
        .containsExactly(
            "https://server.example.com/.well-known/oauth-authorization-server",
            "https://mtls.example.com/token",
            "https://mtls.example.com/revo",
            "https://mtls.example.com/introspect");
    assertThat(body(site.requests("/token").get(0)))
        .isEqualTo("grant_type=refresh_token&refresh_token=r&client_id=s6BhdRkqt3");
  }

  // RFC 9101

  /** §4. */
  @Test
  void rfc9101ARequestObjectIsReadAndOursSaysTheSame() throws Exception {
    String example =
        """
        eyJhbGciOiJSUzI1NiIsImtpZCI6ImsyYmRjIn0.ewogICAgImlzcyI6ICJzNkJoZF
        JrcXQzIiwKICAgICJhdWQiOiAiaHR0cHM6Ly9zZXJ2ZXIuZXhhbXBsZS5jb20iLAog
        ICAgInJlc3BvbnNlX3R5cGUiOiAiY29kZSBpZF90b2tlbiIsCiAgICAiY2xpZW50X2
        lkIjogInM2QmhkUmtxdDMiLAogICAgInJlZGlyZWN0X3VyaSI6ICJodHRwczovL2Ns
        aWVudC5leGFtcGxlLm9yZy9jYiIsCiAgICAic2NvcGUiOiAib3BlbmlkIiwKICAgIC
        JzdGF0ZSI6ICJhZjBpZmpzbGRraiIsCiAgICAibm9uY2UiOiAibi0wUzZfV3pBMk1q
        IiwKICAgICJtYXhfYWdlIjogODY0MDAKfQ.Nsxa_18VUElVaPjqW_ToI1yrEJ67BgK
        b5xsuZRVqzGkfKrOIX7BCx0biSxYGmjK9KJPctH1OC0iQJwXu5YVY-vnW0_PLJb1C2
        HG-ztVzcnKZC2gE4i0vgQcpkUOCpW3SEYXnyWnKzuKzqSb1wAZALo5f89B_p6QA6j6
        JwBSRvdVsDPdulW8lKxGTbH82czCaQ50rLAg3EYLYaCb4ik4I1zGXE4fvim9FIMs8O
        CMmzwIB5S-ujFfzwFjoyuPEV4hJnoVUmXR_W9typPf846lGwA8h9G9oNTIuX8Ft2jf
        pnZdFmLg3_wr3Wa5q3a-lfbgF3S9H_8nN3j1i7tLR_5Nz-g
        """
            .replace("\n", "");
    VerificationKey theirs =
        key(
            """
            {"kty":"RSA","kid":"k2bdc","e":"AQAB","n":"
            x5RbkAZkmpRxia65qRQ1wwSMSxQUnS7gcpVTV_cdHmfmG2ltd2yabEO9XadD8
            pJNZubINPpmgHh3J1aD9WRwS05ucmFq3CfFsluLt13_7oX5yDRSKX7poXmT_5
            ko8k4NJZPMAO8fPToDTH7kHYbONSE2FYa5GZ60CUsFhSonI-dcMDJ0Ary9lxI
            w5k2z4TAdARVWcS7sD07VhlMMshrwsPHBQgTatlkxyIHXbYdtak8fqvNAwr7O
            lVEvM_Ipf5OfmdB8Sd-wjzaBsyP4VhJKoi_qdgSzpC694XZeYPq45Sw-q51iF
            UlcOlTCI7z6jltUtnR6ySn6XDGFnzH5Fe5ypw"}
            """
                .replace("\n", ""));
    StrictJwt read = StrictJwt.parse(example);
    assertThat(theirs.verifies(SignatureAlgorithm.RS256, read)).isTrue();

    PendingAuthorization pending =
        client(SERVER)
            .build()
            .authorize()
            .redirectUri("https://client.example.org/cb")
            .scope("openid")
            .parameter("max_age", "86400")
            .signedWith(SigningKey.generate("ES256"))
            .begin();

    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request"); // §5.1
    Map<String, Object> ours =
        StrictJwt.parse(HttpUrl.get(pending.url()).queryParameter("request")).claims();
    for (String name : List.of("iss", "aud", "client_id", "redirect_uri", "scope", "max_age")) {
      assertThat(ours).containsEntry(name, read.claims().get(name));
    }
  }

  // RFC 9126

  /** §2.2 and §4. */
  @Test
  void rfc9126TheBrowserTakesTheReferenceThatTheServerGave() throws Exception {
    TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    site.answer(
        "/as/par",
        answer(
            201,
            """
            {
             "request_uri":
               "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c",
             "expires_in": 60
            }
            """,
            "Cache-Control",
            "no-cache, no-store"));

    PendingAuthorization pending =
        client(ExampleSite.ISSUER)
            .clientSecret(Secret.of("7Fjfp0ZBr1KtDRbnfVdmIw"))
            .clock(clock)
            .build()
            .authorize()
            .redirectUri("https://client.example.org/cb")
            .pushed()
            .begin();

    assertThat(site.requests("/as/par").get(0).getHeaders().get("Authorization"))
        .isEqualTo("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
    assertThat(pending.url())
        .hasToString(
            "https://as.example.com/authorize?client_id=s6BhdRkqt3&request_uri=urn%3Aietf%3Aparams"
                + "%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c");
    assertThat(pending.urlExpiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
  }

  /** §2.3. */
  @Test
  void rfc9126ARefusedRequestDoesNotReachTheBrowser() {
    site.answer(
        "/as/par",
        answer(
            400,
            """
            {
              "error": "invalid_request",
              "error_description":
                "The redirect_uri is not valid for the given client"
            }
            """));

    assertThatThrownBy(
            () ->
                client(ExampleSite.ISSUER)
                    .build()
                    .authorize()
                    .redirectUri(CALLBACK)
                    .pushed()
                    .begin())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_request");
              assertThat(e.description())
                  .isEqualTo("The redirect_uri is not valid for the given client");
            });
  }

  // RFC 9449

  private static final String DPOP_KEY =
      "{\"kty\":\"EC\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
          + "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\",\"crv\":\"P-256\"}";

  /** Figure 13. */
  private static final String PROOF =
      "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
          + "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
          + "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
          + "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj"
          + "oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z"
          + "WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF"
          + "c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E"
          + "OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

  private OAuthClient dpop() {
    return client(SERVER)
        .dpop(SigningKey.generate("ES256"))
        .clock(TestClock.at(Instant.ofEpochSecond(1562262616)))
        .build();
  }

  private static MockResponse bound(String... headers) {
    return answer(
        200,
        """
        {
         "access_token": "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU",
         "token_type": "DPoP",
         "expires_in": 2677,
         "refresh_token": "Q..Zkm29lexi8VnWg2zPW1x-tgGad0Ibc3s3EwM_Ni4-g"
        }
        """,
        headers);
  }

  private static Map<String, Object> claims(RecordedRequest request) throws Exception {
    assertThat(request.getHeaders().values("DPoP")).hasSize(1);
    return DpopProofTest.claims(request.getHeaders().get("DPoP"));
  }

  /** Figures 6, 20, 21 and 23. */
  @Test
  void rfc9449ANonceOfTheAuthorizationServerIsUsedUntilThereIsAnotherOne() throws Exception {
    Queue<MockResponse> answers = new ArrayDeque<>();
    answers.add(
        answer(
            400,
            """
            {
             "error": "use_dpop_nonce",
             "error_description":
               "Authorization server requires nonce in DPoP proof"
            }
            """,
            "DPoP-Nonce",
            NONCE));
    answers.add(bound("Cache-Control", "no-store", "DPoP-Nonce", "eyJ7S_zG.eyJbYu3.xQmBj-1"));
    answers.add(bound());
    site.answer("/token", request -> answers.remove());
    OAuthClient client = dpop();

    TokenSet tokens = client.refresh(Secret.of("r")).execute();
    client.refresh(tokens).execute();

    List<RecordedRequest> sent = site.requests("/token");
    assertThat(claims(sent.get(0))).containsOnlyKeys("jti", "htm", "htu", "iat");
    assertThat(claims(sent.get(1)))
        .containsOnlyKeys("jti", "htm", "htu", "iat", "nonce")
        .containsEntry("htm", "POST")
        .containsEntry("htu", "https://server.example.com/token")
        .containsEntry("iat", 1562262616L)
        .containsEntry("nonce", NONCE);
    assertThat(claims(sent.get(2))).containsEntry("nonce", "eyJ7S_zG.eyJbYu3.xQmBj-1");
    assertThat(body(sent.get(2))) // Figure 7
        .isEqualTo(
            "grant_type=refresh_token"
                + "&refresh_token=Q..Zkm29lexi8VnWg2zPW1x-tgGad0Ibc3s3EwM_Ni4-g"
                + "&client_id=s6BhdRkqt3");
    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
    assertThat(tokens.accessToken().value()).isEqualTo(BOUND);
  }

  /** Figures 13, 14 and 24. */
  @Test
  void rfc9449AResourceGetsTheTokenAndAProofForItAndItsNonce() throws Exception {
    assertThat(key(DPOP_KEY).verifies(SignatureAlgorithm.ES256, StrictJwt.parse(PROOF))).isTrue();
    Queue<MockResponse> answers = new ArrayDeque<>();
    answers.add(
        answer(
            401,
            "",
            "WWW-Authenticate",
            "DPoP error=\"use_dpop_nonce\","
                + " error_description=\"Resource server requires nonce in DPoP proof\"",
            "DPoP-Nonce",
            NONCE));
    answers.add(answer(200, "{}"));
    site.answer("/token", bound()).answer("/protectedresource", request -> answers.remove());
    AccessToken token = dpop().refresh(Secret.of("r")).execute().accessToken();
    OkHttpClient api =
        new OAuthInterceptor(() -> token, "https://resource.example.org").install(site.http());

    String resource = "https://resource.example.org/protectedresource";
    try (Response response = api.newCall(new Request.Builder().url(resource).build()).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }

    List<RecordedRequest> sent = site.requests("/protectedresource");
    assertThat(sent.get(0).getHeaders().get("Authorization"))
        .isEqualTo("DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    Map<String, Object> example = DpopProofTest.claims(PROOF);
    assertThat(claims(sent.get(0)))
        .containsOnlyKeys(example.keySet())
        .containsEntry("htm", example.get("htm"))
        .containsEntry("htu", example.get("htu"))
        .containsEntry("ath", example.get("ath"));
    assertThat(DpopProofTest.header(sent.get(0).getHeaders().get("DPoP")))
        .containsOnlyKeys(DpopProofTest.header(PROOF).keySet())
        .containsEntry("typ", "dpop+jwt");
    assertThat(claims(sent.get(1))).containsEntry("nonce", NONCE);
  }

  /** Figures 10 and 11. */
  @Test
  void rfc9449TheKeyOfATokenIsInItsIntrospection() throws Exception {
    site.answer(
        "/introspect",
        """
        {
          "active": true,
          "sub": "someone@example.com",
          "iss": "https://server.example.com",
          "nbf": 1562262611,
          "exp": 1562266216,
          "cnf":
          {
            "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
          }
        }
        """);

    Introspection introspection = client(SERVER).build().introspect(BOUND);

    assertThat(introspection.subject()).isEqualTo("someone@example.com");
    assertThat(introspection.member("cnf"))
        .isEqualTo(Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assertThat(site.requests("/introspect").get(0).getHeaders().get("DPoP")).isNull();
  }

  /** Figure 25. */
  @Test
  void rfc9449TheCodeIsBoundToTheKey() throws Exception {
    SigningKey key = SigningKey.generate("ES256");
    PendingAuthorization pending =
        client(SERVER).dpop(key).build().authorize().redirectUri(CALLBACK).begin();

    HttpUrl url = HttpUrl.get(pending.url());
    assertThat(url.queryParameterNames())
        .containsOnly(
            "response_type",
            "client_id",
            "state",
            "redirect_uri",
            "code_challenge",
            "code_challenge_method",
            "dpop_jkt");
    assertThat(url.queryParameter("dpop_jkt")).isEqualTo(key.publicHalf().thumbprint());
  }

  // RFC 9470

  private static Challenge challenge(String field) {
    return ChallengeParser.parse(field).get(0);
  }

  private OAuthClient purchases() {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://as.example.net/authorize")
                .tokenEndpoint("https://as.example.net/token")
                .build())
        .clientId("s6BhdRkqt3")
        .build();
  }

  private HttpUrl purchase(String name, String value) throws Exception {
    return HttpUrl.get(
        purchases()
            .authorize()
            .redirectUri(CALLBACK)
            .scope("purchase")
            .parameter(name, value)
            .begin()
            .url());
  }

  /** Figures 2 and 4. */
  @Test
  void rfc9470AnotherLevelIsWanted() throws Exception {
    Challenge challenge =
        challenge(
            """
            Bearer error="insufficient_user_authentication",
              error_description="A different authentication level is required",
              acr_values="myACR"
            """
                .replace("\n", ""));

    assertThat(challenge.wantsStepUp()).isTrue();
    assertThat(challenge.acrValues()).containsExactly("myACR");
    assertThat(challenge.maxAge()).isNull();
    HttpUrl url = purchase("acr_values", challenge.acrValues().get(0));
    assertThat(url.toString())
        .startsWith("https://as.example.net/authorize?")
        .contains("client_id=s6BhdRkqt3")
        .contains("response_type=code")
        .contains("scope=purchase")
        .endsWith("&acr_values=myACR");
  }

  /** Figures 3 and 5. */
  @Test
  void rfc9470AMoreRecentLoginIsWanted() throws Exception {
    Challenge challenge =
        challenge(
            """
            Bearer error="insufficient_user_authentication",
              error_description="More recent authentication is required",
              max_age="5"
            """
                .replace("\n", ""));

    assertThat(challenge.wantsStepUp()).isTrue();
    assertThat(challenge.acrValues()).isEmpty();
    assertThat(challenge.maxAge()).isEqualTo(Duration.ofSeconds(5));
    HttpUrl url = purchase("max_age", String.valueOf(challenge.maxAge().toSeconds()));
    assertThat(url.toString()).endsWith("&max_age=5");
  }

  /** Figure 7. */
  @Test
  void rfc9470TheLoginBehindATokenIsInItsIntrospection() throws Exception {
    site.answer(
        "/introspect",
        """
        {
          "active": true,
          "client_id": "s6BhdRkqt3",
          "scope": "purchase",
          "sub": "someone@example.net",
          "aud": "https://rs.example.com",
          "iss": "https://as.example.net",
          "exp": 1639528912,
          "iat": 1618354090,
          "auth_time": 1646340198,
          "acr": "myACR"
        }
        """);

    Introspection introspection =
        client(SERVER).build().introspect(Secret.of("a")).forAudience("https://rs.example.com");

    assertThat(introspection.member("acr")).isEqualTo("myACR");
    assertThat(introspection.member("auth_time")).isEqualTo(1646340198L);
  }

  // RFC 9701

  /** §5, with a signature of our own: the RFC does not publish its key. */
  @Test
  void rfc9701ASignedIntrospectionIsRead() throws Exception {
    String jwt =
        HostileKeys.signed(
            "{\"typ\":\"token-introspection+jwt\",\"alg\":\"RS256\",\"kid\":\"rs1\"}",
            """
            {
              "iss":"https://as.example.com/",
              "aud":"https://rs.example.com/resource",
              "iat":1514797892,
              "token_introspection":
                 {
                    "active":true,
                    "iss":"https://as.example.com/",
                    "aud":"https://rs.example.com/resource",
                    "iat":1514797822,
                    "exp":1514797942,
                    "client_id":"paiB2goo0a",
                    "scope":"read write dolphin",
                    "sub":"Z5O3upPC88QrAjx00dis",
                    "birthdate":"1982-02-01",
                    "given_name":"John",
                    "family_name":"Doe",
                    "jti":"t1FoCCaZd4Xv4ORJUWVUeTZfsKhW30CQCrWDDjwXy6w"
                 }
            }
            """);
    site.answer("/jwks", HostileJson.text(HostileKeys.set("default")))
        .answer(
            "/introspect",
            new MockResponse.Builder()
                .addHeader("Content-Type", "application/token-introspection+jwt")
                .body(jwt)
                .build());
    OAuthClient resource =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .issuer("https://as.example.com/")
                    .tokenEndpoint("https://as.example.com/token")
                    .metadata("introspection_endpoint", "https://as.example.com/introspect")
                    .metadata("jwks_uri", "https://as.example.com/jwks")
                    .build())
            .clientId("https://rs.example.com/resource")
            .clientSecret(Secret.of("secret"))
            .httpClient(site.http())
            .clock(TestClock.at(Instant.ofEpochSecond(1514797892)))
            .build();

    Introspection introspection = resource.introspectSigned(Secret.of("2YotnFZFEjr1zCsicMWpAA"));

    assertThat(site.requests("/introspect").get(0).getHeaders().get("Accept")) // §4
        .isEqualTo("application/token-introspection+jwt");
    assertThat(introspection.isActive()).isTrue();
    assertThat(introspection.clientId()).isEqualTo("paiB2goo0a");
    assertThat(introspection.scope()).containsExactly("read", "write", "dolphin");
    assertThat(introspection.subject()).isEqualTo("Z5O3upPC88QrAjx00dis");
    assertThat(introspection.issuedAt()).isEqualTo(Instant.ofEpochSecond(1514797822));
    assertThat(introspection.expiresAt()).isEqualTo(Instant.ofEpochSecond(1514797942));
    assertThat(introspection.member("birthdate")).isEqualTo("1982-02-01");
    assertThat(introspection.member("jti"))
        .isEqualTo("t1FoCCaZd4Xv4ORJUWVUeTZfsKhW30CQCrWDDjwXy6w");
  }
}
