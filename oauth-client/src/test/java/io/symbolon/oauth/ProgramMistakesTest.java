package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in the program is answered at once, with what was expected and what came. */
final class ProgramMistakesTest {
  private static final AuthorizationServer SERVER =
      AuthorizationServer.builder()
          .authorizationEndpoint("https://login.example.com/authorize")
          .tokenEndpoint("https://login.example.com/token")
          .build();

  private static OAuthClient client() {
    return OAuthClient.builder().server(SERVER).clientId("app").build();
  }

  private static void assertArgument(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static void assertState(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @Test
  void aClientHasAnIdOfVisibleCharacters() {
    assertState(
        "clientId(…) is missing", () -> OAuthClient.builder().issuer("https://a.example").build());
    assertState(
        "a client id is one or more visible ASCII characters, but \"caf\u00e9\" is not",
        () -> OAuthClient.builder().server(SERVER).clientId("caf\u00e9").build());
    assertState(
        "a client id is one or more visible ASCII characters, but \"\" is not",
        () -> OAuthClient.builder().server(SERVER).clientId("").build());
    assertState(
        "a client id is one or more visible ASCII characters, but \"a?b\" is not",
        () -> OAuthClient.builder().server(SERVER).clientId("a\nb").build());
  }

  @Test
  void aClientHasOneServer() {
    assertState(
        "issuer(…) is missing, and server(…) too: name one",
        () -> OAuthClient.builder().clientId("app").build());
    assertState(
        "issuer(…) and server(…) are both there: name one",
        () ->
            OAuthClient.builder()
                .clientId("app")
                .issuer("https://a.example")
                .server(SERVER)
                .build());
  }

  @Test
  void aClientProvesItselfInOneWay() {
    assertState(
        "clientSecret(…) and authentication(…) are both there: name one",
        () ->
            OAuthClient.builder()
                .server(SERVER)
                .clientId("app")
                .clientSecret(Secret.of("s3cret"))
                .authentication(ClientAuthentication.none())
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a.example?x=1          | an issuer has neither query nor fragment",
        "https://a.example#             | an issuer has neither query nor fragment",
        "https://user@a.example         | it is not an absolute https URL without user info and"
            + " fragment",
        "a.example                      | it is not an absolute https URL without user info and"
            + " fragment",
        "ftp://a.example                | it is not an absolute https URL without user info and"
            + " fragment",
        "https://                       | it is not an absolute https URL without user info and"
            + " fragment",
        "https://a.example:99999        | it is not a URL",
        "http://a.example               | http would send secrets in clear text; https is required",
        "http://127.0.0.1.evil.example  | http would send secrets in clear text; https is required",
        "http://192.168.0.1             | http would send secrets in clear text; https is required",
      })
  void anIssuerIsAnHttpsUrl(String issuer, String reason) {
    assertArgument(
        "the issuer is \"" + issuer + "\", but " + reason,
        () -> OAuthClient.builder().issuer(issuer));
    assertArgument(
        "the issuer is \"" + issuer + "\", but " + reason,
        () -> AuthorizationServer.builder().issuer(issuer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example", "https://a.example/", "https://a.example:8443/tenant/1",
        "http://127.0.0.1:8080", "http://[::1]/x", "http://localhost:9000"
      })
  void theseAreIssuers(String issuer) {
    assertThat(OAuthClient.builder().issuer(issuer).clientId("app").build())
        .hasToString("client app at " + issuer);
  }

  @Test
  void theMetadataUrlIsHttps() {
    assertArgument(
        "the metadata URL is \"http://a.example/m\", but http would send secrets in clear text;"
            + " https is required",
        () ->
            OAuthClient.builder()
                .issuer("https://a.example")
                .clientId("app")
                .metadataUrl("http://a.example/m")
                .build());
  }

  @Test
  void aCallTimeoutIsFromAMillisecondToFiveMinutes() {
    for (Duration wrong :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(999_999),
          Duration.ofMillis(-1),
          Duration.ofMinutes(5).plusNanos(1),
          Duration.ofSeconds(Long.MAX_VALUE),
          Duration.ofSeconds(Long.MIN_VALUE),
        }) {
      assertArgument(
          "a call timeout is between 1 ms and 5 minutes, but " + wrong + " is not",
          () -> OAuthClient.builder().callTimeout(wrong));
    }
    OAuthClient.builder().callTimeout(Duration.ofMillis(1)).callTimeout(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "javascript:alert(1)            | browsers run or open such URIs themselves",
        "JavaScript:alert(1)            | browsers run or open such URIs themselves",
        "data:text/html,x               | browsers run or open such URIs themselves",
        "vbscript:x                     | browsers run or open such URIs themselves",
        "file:///etc/passwd             | browsers run or open such URIs themselves",
        "intent://x                     | browsers run or open such URIs themselves",
        "http://shop.example.com/cb     | http would send secrets in clear text; https is required",
        "http://10.0.0.1/cb             | http would send secrets in clear text; https is required",
        "https://shop.example.com/cb#x  | it is not an absolute URI without fragment",
        "/cb                            | it is not an absolute URI without fragment",
        "''                             | it is not an absolute URI without fragment",
        "https://a b/                   | it is not an absolute URI without fragment",
        "https://shop.example.com/\\cb  | it is not an absolute URI without fragment",
        "https://u:p@shop.example.com/  | it is not an absolute https URL without user info and"
            + " fragment",
        "https://shop.example.com/?a=%FF| its query does not decode to UTF-8",
        "com.example.app:/cb?a=%zz      | its query does not decode to UTF-8",
        "https:/shop.example.com/       | it is not an absolute https URL without user info and"
            + " fragment",
      })
  void aRedirectUriIsHttpsOrLoopbackOrTheAppsOwn(String uri, String reason) {
    assertArgument(
        "the redirect URI is \"" + uri + "\", but " + reason,
        () -> client().authorize().redirectUri(uri));
  }

  @Test
  void aLoginNeedsARedirectUri() {
    assertState("redirectUri(…) is missing", () -> client().authorize().begin());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "response_mode",
        "code_challenge",
        "code_challenge_method"
      })
  void whatTheLoginMakesItselfIsNoParameter(String name) {
    assertArgument(
        "the parameter " + name + " is set by this class",
        () -> client().authorize().parameter(name, "x"));
  }

  @Test
  void aScopeHasScopeCharacters() {
    assertArgument(
        "a scope is one or more visible ASCII characters without quote and backslash, but"
            + " \"a\\b\" is not",
        () -> client().clientCredentials().scope("x a\\b"));
    assertArgument(
        "a scope is one or more visible ASCII characters without quote and backslash, but"
            + " \"\u00e9\" is not",
        () -> client().authorize().scope("\u00e9"));
    assertArgument(
        "a scope is one or more visible ASCII characters without quote and backslash, but"
            + " \"\" is not",
        () -> client().authorize().scope(" "));
  }

  @Test
  void aParameterIsSetOnce() {
    assertArgument(
        "the request has a parameter grant_type already",
        () -> client().clientCredentials().parameter("grant_type", "password"));
    assertArgument(
        "the request has a parameter audience already",
        () -> client().clientCredentials().parameter("audience", "a").parameter("audience", "b"));
    assertArgument(
        "the request has a parameter refresh_token already",
        () -> client().refresh(Secret.of("r")).parameter("refresh_token", Secret.of("q")));
    assertArgument(
        "the request has a parameter scope already",
        () -> client().clientCredentials().scope("a").scope("b"));
  }

  @Test
  void aGrantThatIsSpentIsNoSource() {
    assertState(
        "the grant refresh_token cannot be repeated for every token; execute() this request and use"
            + " OAuthClient.tokenSource(tokens)",
        () -> client().refresh(Secret.of("r")).tokenSource());
  }

  @Test
  void aRefreshNeedsARefreshToken() {
    AccessToken token = AccessToken.bearer(Secret.of("a"), Instant.EPOCH, null);
    TokenSet tokens = new TokenSet(token, null, null, java.util.Map.of());

    assertArgument(
        "there is no refresh token; many servers give one only for the scope offline_access",
        () -> client().refresh(tokens));
    assertThat(tokens.scope()).isEqualTo(Set.of());
  }

  @Test
  void aBearerTokenFitsAHeader() {
    assertArgument(
        "a bearer token has visible ASCII characters only, without quote, comma and backslash",
        () -> AccessToken.bearer(Secret.of("a\r\nX: y"), Instant.EPOCH, null));
  }

  @Test
  void aSecretIsNotEmptyAndComesFromAVariableThatIsSet() {
    assertArgument("a secret may not be empty", () -> Secret.of(""));
    assertState(
        "the environment variable SYMBOLON_NOT_SET is not set",
        () -> Secret.fromEnv("SYMBOLON_NOT_SET"));
  }

  @Test
  void aServerByHandHasUsableEndpoints() {
    assertArgument(
        "token_endpoint is missing",
        () -> AuthorizationServer.builder().issuer("https://a.example").build());
    assertArgument(
        "token_endpoint is \"http://a.example/token\", but http would send secrets in clear text;"
            + " https is required",
        () -> AuthorizationServer.builder().tokenEndpoint("http://a.example/token").build());
    assertArgument(
        "jwks_uri is \"http://127.0.0.1/jwks\", but a server behind https may not name an http"
            + " URL",
        () ->
            AuthorizationServer.builder()
                .issuer("https://a.example")
                .tokenEndpoint("https://a.example/token")
                .metadata("jwks_uri", "http://127.0.0.1/jwks")
                .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://api.example.com/v1", "https://api.example.com/?a"})
  void anInterceptorIsBoundToOrigins(String url) {
    TokenSource source = () -> AccessToken.bearer(Secret.of("a"), Instant.EPOCH, null);

    assertArgument(
        "the origin is \"" + url + "\", but an origin has neither path nor query",
        () -> new OAuthInterceptor(source, url));
  }
}
