package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationServer;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in the program is answered at once, with what was expected and what came. */
final class OidcProgramMistakesTest {
  private static final AuthorizationServer SERVER =
      AuthorizationServer.builder()
          .issuer("https://login.example.com")
          .authorizationEndpoint("https://login.example.com/authorize")
          .tokenEndpoint("https://login.example.com/token")
          .build();

  private static LoginRequest login() {
    return OidcClient.builder().server(SERVER).clientId("shop").build().login();
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
  void aClientHasAnIdAndOneProvider() {
    assertState(
        "clientId(…) is missing",
        () -> OidcClient.builder().issuer("https://login.example.com").build());
    assertState(
        "issuer(…) is missing, and server(…) too: name one",
        () -> OidcClient.builder().clientId("shop").build());
    assertState(
        "issuer(…) and server(…) are both there: name one",
        () ->
            OidcClient.builder()
                .issuer("https://login.example.com")
                .server(SERVER)
                .clientId("shop")
                .build());
  }

  @Test
  void aProviderByHandHasAnIssuer() {
    AuthorizationServer nameless =
        AuthorizationServer.builder().tokenEndpoint("https://login.example.com/token").build();

    assertState(
        "an OpenID provider has an issuer, but server(…) has none: name it in its builder",
        () -> OidcClient.builder().server(nameless).clientId("shop").build());
  }

  @Test
  void anIssuerIsAnHttpsUrl() {
    assertArgument(
        "the issuer is \"http://login.example.com\", but http would send secrets in clear text;"
            + " https is required",
        () -> OidcClient.builder().issuer("http://login.example.com"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "rs256", "RS1", ""})
  void onlyKnownAlgorithmsAreAllowed(String name) {
    assertArgument(
        name
            + " is not one of [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512,"
            + " EdDSA, Ed25519, HS256, HS384, HS512]",
        () -> OidcClient.builder().idTokenAlgorithms("RS256", name));
  }

  @Test
  void timesAreInTheirRanges() {
    assertArgument(
        "a leeway is between 0 and 10 minutes, but PT10M0.000000001S is not",
        () -> OidcClient.builder().clockLeeway(Duration.ofMinutes(10).plusNanos(1)));
    assertArgument(
        "a leeway is between 0 and 10 minutes, but PT-1S is not",
        () -> OidcClient.builder().clockLeeway(Duration.ofSeconds(-1)));
    assertArgument(
        "a maximum age is positive, but PT0S is not",
        () -> OidcClient.builder().maxIdTokenAge(Duration.ZERO));
    assertArgument(
        "a call timeout is between 1 ms and 5 minutes, but PT0S is not",
        () -> OidcClient.builder().callTimeout(Duration.ZERO));
    assertArgument(
        "a maximum age is not negative, but PT-1S is",
        () -> login().maxAge(Duration.ofSeconds(-1)));
  }

  @Test
  void aLoginNeedsARedirectUri() {
    assertState("redirectUri(…) is missing", () -> login().begin());
    assertArgument(
        "the redirect URI is \"javascript:alert(1)\", but browsers run or open such URIs"
            + " themselves",
        () -> login().redirectUri("javascript:alert(1)"));
  }

  @Test
  void aScopeIsCheckedWhereItIsWritten() {
    assertArgument(
        "a scope is one or more visible ASCII characters without quote and backslash, but"
            + " \"pro\"file\" is not",
        () -> login().scope("email pro\"file"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonce", "max_age", "claims", "state", "scope", "client_id"})
  void whatTheLoginMakesItselfIsNoParameter(String name) {
    assertArgument(
        "the parameter " + name + " is set by this class", () -> login().parameter(name, "x"));
  }

  @Test
  void theNamesOfOurOwnAttachmentsAreTaken() {
    assertArgument(
        "names that begin with \"symbolon.\" are taken, so not symbolon.oidc.nonce",
        () -> login().attach("symbolon.oidc.nonce", "x"));
  }
}
