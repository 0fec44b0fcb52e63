package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.KnownOctets;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose login is believed, and why not (OpenID Connect Core §3.1.3.7). */
final class VerifiedLoginTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";
  private static final String SECRET =
      "a secret of more than sixty-four octets, as HS512 wants it to be";
  private static final String STATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final String NONCE = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  private final TestClock clock = TestClock.at(NOW);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;

  @BeforeEach
  void register() {
    server = extension.server().client("shop", SECRET).publicClient("app");
    server.signIdTokensWith("ES256"); // the quickest to make
  }

  private OidcClient.Builder builder() {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("shop")
        .clientSecret(Secret.of(SECRET))
        .clock(clock);
  }

  private OidcTokens login(OidcClient client) throws Exception {
    return login(client, client.login());
  }

  private OidcTokens login(OidcClient client, LoginRequest request) throws Exception {
    PendingLogin login = request.redirectUri(REDIRECT_URI).begin();
    return client.complete(login, server.authorize(login.url()));
  }

  private void assertRefused(String check, OidcClient client, LoginRequest request) {
    assertThatThrownBy(() -> login(client, request))
        .isInstanceOfSatisfying(
            IdTokenException.class,
            e -> {
              assertThat(e.check()).isEqualTo(check);
              assertThat(e.code()).isEqualTo("invalid_id_token");
            });
  }

  private void assertRefused(String check, OidcClient client) {
    assertRefused(check, client, client.login());
  }

  @Test
  void theWholeAuthorizationUrl() throws Exception {
    OidcClient client = builder().random(KnownOctets.ofBase64Url(NONCE, STATE, VERIFIER)).build();

    PendingLogin login =
        client
            .login()
            .redirectUri(REDIRECT_URI)
            .scope("profile offline_access")
            .maxAge(Duration.ofMinutes(5))
            .requireAcr("gold", "silver & more")
            .parameter("prompt", "select_account")
            .formPost()
            .begin();

    assertThat(login.url())
        .hasToString(
            server.authorizationEndpoint()
                + "?response_type=code&client_id=shop"
                + "&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcallback"
                + "&scope=openid%20profile%20offline_access"
                + ("&state=" + STATE)
                + "&response_mode=form_post"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                + "&code_challenge_method=S256"
                + "&max_age=300"
                + "&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%2C"
                + "%22values%22%3A%5B%22gold%22%2C%22silver%20%26%20more%22%5D%7D%7D%7D"
                + "&prompt=select_account"
                + ("&nonce=" + NONCE));
  }

  @Test
  void openidIsAlwaysAskedFor() throws Exception {
    OidcClient client = builder().build();

    for (LoginRequest request :
        List.of(client.login(), client.login().scope(""), client.login().scope("openid"))) {
      HttpUrl url = HttpUrl.get(request.redirectUri(REDIRECT_URI).begin().url());
      assertThat(url.queryParameter("scope")).isEqualTo("openid");
    }
  }

  @Test
  void eachBeginHasANonceOfItsOwn() throws Exception {
    LoginRequest request = builder().build().login().redirectUri(REDIRECT_URI);

    HttpUrl first = HttpUrl.get(request.begin().url());
    HttpUrl second = HttpUrl.get(request.begin().url());

    assertThat(first.queryParameter("nonce"))
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(second.queryParameter("nonce"))
        .isNotEqualTo(first.queryParameter("state"));
    assertThat(second.queryParameterValues("nonce")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void anyPublicKeyAlgorithmThatTheServerAnnouncesIsVerified(String algorithm) throws Exception {
    server.signIdTokensWith(algorithm).user("ada", Map.of());

    IdToken token = login(builder().build()).idToken();

    assertThat(token.subject()).isEqualTo("ada");
    assertThat(token.issuer()).isEqualTo(server.issuer());
    assertThat(token.audience()).containsExactly("shop");
    assertThat(token.issuedAt()).isEqualTo(NOW);
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(token.authTime()).isEqualTo(NOW);
    String header = token.serialized().reveal().split("\\.")[0];
    assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
        .contains("\"alg\":\"" + algorithm + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void aMacIsVerifiedWhereTheProgramAllowsIt(String algorithm) throws Exception {
    server.signIdTokensWith(algorithm);

    assertThat(login(builder().idTokenAlgorithms(algorithm).build())).isNotNull();
  }

  @Test
  void aMacIsRefusedUnlessTheProgramAllowsIt() {
    server.signIdTokensWith("HS256");

    assertRefused("alg", builder().build());
  }

  @Test
  void aMacWithAnotherSecretIsRefused() {
    server.signIdTokensWith("HS256");
    server.idToken(token -> signedWith("another secret of more than thirty-two octets", token));

    assertRefused("signature", builder().idTokenAlgorithms("HS256").build());
  }

  @Test
  void aMacIsNothingForAPublicClient() {
    server.idTokenHeader(header -> header.put("alg", "HS256"));
    OidcClient client =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("app")
            .idTokenAlgorithms("HS256")
            .clock(clock)
            .build();

    assertThatThrownBy(() -> login(client))
        .isInstanceOf(IdTokenException.class)
        .hasMessage("the ID token is refused: a client without secret cannot check HS256");
  }

  @Test
  void anAlgorithmThatTheServerDoesNotAnnounceIsRefused() {
    server.metadata(it -> it.put("id_token_signing_alg_values_supported", List.of("RS256")));

    assertRefused("alg", builder().build());
  }

  @Test
  void anAlgorithmThatTheProgramDoesNotAllowIsRefused() {
    assertRefused("alg", builder().idTokenAlgorithms("RS256", "EdDSA").build());
  }

  @Test
  void noneIsNoSignature() {
    server.signIdTokensWith("none");
    assertRefused("format", builder().build());

    server.signIdTokensWith("ES256");
    server.metadata(it -> it.put("id_token_signing_alg_values_supported", List.of("none", "None")));
    for (String none : List.of("none", "None", "NONE", "nOnE")) {
      server.idTokenHeader(header -> header.put("alg", none));
      assertRefused("alg", builder().build());
    }
  }

  @Test
  void aChangedTokenIsRefused() {
    server.idToken(
        token -> {
          String[] parts = token.split("\\.");
          String claims =
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                  .replace("alice", "admin");
          return String.join(
              ".",
              parts[0],
              Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(claims.getBytes(StandardCharsets.UTF_8)),
              parts[2]);
        });

    assertRefused("signature", builder().build());
  }

  static List<Refusal> badClaims() {
    return List.of(
        new Refusal("nonce", "missing", claims -> claims.remove("nonce")),
        new Refusal("nonce", "another", claims -> claims.put("nonce", "guess")),
        new Refusal("nonce", "in a list", claims -> claims.put("nonce", List.of("x"))),
        new Refusal("iss", "missing", claims -> claims.remove("iss")),
        new Refusal("iss", "with a slash", claims -> claims.merge("iss", "/", Refusal::joined)),
        new Refusal("iss", "another", claims -> claims.put("iss", "https://evil.example")),
        new Refusal("aud", "missing", claims -> claims.remove("aud")),
        new Refusal("aud", "another", claims -> claims.put("aud", "other")),
        new Refusal("aud", "one more", claims -> claims.put("aud", List.of("shop", "other"))),
        new Refusal("aud", "none", claims -> claims.put("aud", List.of())),
        new Refusal("aud", "null", claims -> claims.put("aud", Arrays.asList("shop", null))),
        new Refusal("azp", "another", claims -> claims.put("azp", "other")),
        new Refusal("azp", "a list", claims -> claims.put("azp", List.of("shop"))),
        new Refusal("sub", "missing", claims -> claims.remove("sub")),
        new Refusal("sub", "empty", claims -> claims.put("sub", "")),
        new Refusal("sub", "a number", claims -> claims.put("sub", 7)),
        new Refusal("sub", "too long", claims -> claims.put("sub", "x".repeat(256))),
        new Refusal("exp", "missing", claims -> claims.remove("exp")),
        new Refusal("exp", "text", claims -> claims.put("exp", "9999999999")),
        new Refusal("iat", "missing", claims -> claims.remove("iat")),
        new Refusal("iat", "after exp", claims -> claims.put("exp", NOW.getEpochSecond() - 1)),
        new Refusal("nbf", "to come", claims -> claims.put("nbf", NOW.getEpochSecond() + 61)),
        new Refusal("events", "a logout", claims -> claims.put("events", Map.of("x", Map.of()))),
        new Refusal(
            "at_hash", "another", claims -> claims.put("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
        new Refusal("auth_time", "text", claims -> claims.put("auth_time", "now")));
  }

  record Refusal(String check, String how, Consumer<Map<String, Object>> change) {
    static Object joined(Object a, Object b) {
      return a.toString() + b;
    }

    @Override
    public String toString() {
      return check + " " + how;
    }
  }

  @ParameterizedTest
  @MethodSource("badClaims")
  void aTokenForSomethingElseIsRefused(Refusal refusal) {
    server.idTokenClaims(refusal.change());

    assertRefused(refusal.check(), builder().build());
  }

  @Test
  void theTokenOfAnotherLoginIsRefused() throws Exception {
    OidcClient client = builder().build();
    String first = login(client).idToken().serialized().reveal();
    server.idToken(token -> first);

    assertRefused("nonce", client);
  }

  @Test
  void trustedAudiencesMayStandBesideUs() throws Exception {
    server.idTokenClaims(
        claims -> {
          claims.put("aud", List.of("api", "shop"));
          claims.put("azp", "shop");
        });

    IdToken token = login(builder().trustedAudiences("api", "more").build()).idToken();

    assertThat(token.audience()).containsExactly("api", "shop");
    assertRefused("aud", builder().trustedAudiences("more").build());
    server.idTokenClaims(claims -> claims.put("aud", "api"));
    assertRefused("aud", builder().trustedAudiences("api").build());
  }

  @ParameterizedTest
  @CsvSource({ // leeway and offset of the server's clock, in seconds; which check refuses
    "60, 60, ''", "60, 61, iat", "60, -359, ''", "60, -360, exp",
    "0, 0, ''", "0, 1, iat", "0, -299, ''", "0, -300, exp",
    "600, 600, ''", "600, 601, iat", "600, -899, ''", "600, -900, exp",
  })
  void clocksMayDifferByTheLeeway(long leeway, long offset, String check) throws Exception {
    server.shiftClock(Duration.ofSeconds(offset));
    OidcClient client = builder().clockLeeway(Duration.ofSeconds(leeway)).build();

    if (check.isEmpty()) {
      assertThat(login(client)).isNotNull();
    } else {
      assertRefused(check, client);
    }
  }

  @ParameterizedTest
  @CsvSource({"3600, 3660, true", "3600, 3661, false", "10, 70, true", "10, 71, false"})
  void aTokenIsFreshWhenItArrives(long maxAge, long age, boolean accepted) throws Exception {
    server.idTokenClaims(claims -> claims.put("iat", NOW.getEpochSecond() - age));
    OidcClient client = builder().maxIdTokenAge(Duration.ofSeconds(maxAge)).build();

    if (accepted) {
      assertThat(login(client).idToken().issuedAt()).isEqualTo(NOW.minusSeconds(age));
    } else {
      assertRefused("iat", client);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, true", "360, true", "361, false", "-60, true", "-61, false", ", false"})
  void anAgeThatWasDemandedIsChecked(Long age, boolean accepted) throws Exception {
    server.idTokenClaims(
        claims -> {
          claims.remove("auth_time");
          if (age != null) {
            claims.put("auth_time", NOW.getEpochSecond() - age);
          }
        });
    OidcClient client = builder().build();
    LoginRequest request = client.login().maxAge(Duration.ofMinutes(5));

    if (accepted) {
      assertThat(login(client, request)).isNotNull();
    } else {
      assertRefused("auth_time", client, request);
    }
  }

  @ParameterizedTest
  @CsvSource({"gold, true", "silver, true", "bronze, false", "'gold\nsilver', false", ", false"})
  void aKindOfLoginThatWasDemandedIsChecked(String acr, boolean accepted) throws Exception {
    server.idTokenClaims(
        claims -> {
          if (acr != null) {
            claims.put("acr", acr);
          }
        });
    OidcClient client = builder().build();
    LoginRequest request = client.login().requireAcr("gold", "silver");

    if (accepted) {
      assertThat(login(client, request).idToken().acr()).isEqualTo(acr);
    } else {
      assertRefused("acr", client, request);
    }
  }

  @Test
  void aResponseWithoutIdTokenIsNoLogin() {
    for (Object nothing : Arrays.asList(null, 5, "")) {
      server.tokenResponse(
          body -> {
            body.remove("id_token");
            if (nothing != null) {
              body.put("id_token", nothing);
            }
          });
      assertThatThrownBy(() -> login(builder().build()))
          .isInstanceOf(InvalidResponseException.class);
    }
  }

  @Test
  void anIssuerMayHaveAPath() throws Exception {
    try (FakeAuthorizationServer tenant =
        FakeAuthorizationServer.builder().clock(clock).issuerPath("/tenant/1").start()) {
      tenant.client("shop", SECRET).signIdTokensWith("ES256");
      OidcClient client = builder().issuer(tenant.issuer()).build();
      PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();

      OidcTokens tokens = client.complete(login, tenant.authorize(login.url()));

      assertThat(tokens.idToken().issuer()).isEqualTo(tenant.issuer()).endsWith("/tenant/1");
      assertThat(tenant.requestCount("/tenant/1/.well-known/openid-configuration")).isEqualTo(1);
      assertThat(client.userInfo(tokens).subject()).isEqualTo("alice");
    }
  }

  @Test
  void aServerByHandNeedsNoDiscovery() throws Exception {
    OidcClient client =
        OidcClient.builder()
            .server(
                AuthorizationServer.builder()
                    .issuer(server.issuer())
                    .authorizationEndpoint(server.authorizationEndpoint())
                    .tokenEndpoint(server.tokenEndpoint())
                    .metadata("jwks_uri", server.jwksUri())
                    .build())
            .clientId("shop")
            .clientSecret(Secret.of(SECRET))
            .idTokenAlgorithms("ES256")
            .clock(clock)
            .build();

    assertThat(login(client).idToken().subject()).isEqualTo("alice");
    assertThat(server.requestCount("/.well-known/openid-configuration")).isZero();
  }

  @Test
  void metadataWithoutKeysIsAFailureOfTheServer() {
    server.metadata(it -> it.remove("jwks_uri"));

    assertThatThrownBy(() -> login(builder().build()))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("invalid_metadata"))
        .hasMessage("the metadata of " + server.issuer() + " names no jwks_uri");
  }

  /** The token with a MAC of another secret. */
  private static String signedWith(String secret, String token) {
    String input = token.substring(0, token.lastIndexOf('.'));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] tag = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
