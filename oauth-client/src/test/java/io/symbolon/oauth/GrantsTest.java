package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Assertions, extension grants, passwords: what is sent, and what may be sent again. */
final class GrantsTest {
  private static final SigningKey KEY = SigningKey.generate("ES256");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
  private FakeAuthorizationServer server;
  private OAuthClient robot;

  @BeforeEach
  void register() {
    server = extension.server().client("robot", "s3cret");
    server.shiftClock(Duration.ZERO);
    robot =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("robot")
            .clientSecret(Secret.of("s3cret"))
            .clock(clock)
            .build();
  }

  private static MockResponse tokens() {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body("{\"access_token\":\"at-1\",\"token_type\":\"Bearer\",\"expires_in\":60}")
        .build();
  }

  private String sent() {
    return server.lastTokenRequest().body();
  }

  /** RFC 7523 §2.1, with the assertion cut short as there. */
  @Test
  void anAssertionOfSomebodyElseIsSentAsItIs() throws Exception {
    server.answerNext(tokens());

    robot.jwtBearer(Secret.of("eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3Mi.J9l-ZhwP")).execute();

    assertThat(sent())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                + "&assertion=eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3Mi.J9l-ZhwP");
  }

  /** RFC 7522 §2.1. */
  @Test
  void aSamlAssertionIsSentInBase64UrlWithoutPadding() throws Exception {
    server.answerNext(tokens());

    robot.saml2Bearer(Secret.of("<Assertion>é?>~</Assertion>")).scope("a").execute();

    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("<Assertion>é?>~</Assertion>".getBytes(StandardCharsets.UTF_8));
    assertThat(sent())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&scope=a&assertion="
                + encoded);
    assertThat(encoded).doesNotContain("=", "+", "/");
  }

  @Test
  void aServiceAccountSignsANewAssertionForEachToken() throws Exception {
    server.accessTokenLifetime(Duration.ofMinutes(10));
    CachingTokenSource source =
        robot
            .jwtBearer(KEY, Map.of("sub", "ada", "scope", "mail", "https://x.example/n", 7L))
            .tokenSource();

    source.token();
    Map<String, Object> first = claims();
    source.token();
    assertThat(server.tokenRequestCount()).isEqualTo(1);
    clock.advance(Duration.ofHours(1));
    source.token();
    Map<String, Object> second = claims();

    assertThat(first)
        .containsEntry("iss", "robot")
        .containsEntry("sub", "ada")
        .containsEntry("aud", server.issuer())
        .containsEntry("scope", "mail")
        .containsEntry("https://x.example/n", 7L);
    assertThat((long) first.get("exp") - (long) first.get("iat")).isEqualTo(300);
    assertThat(second.get("jti")).isNotEqualTo(first.get("jti"));
    assertThat((long) second.get("iat")).isGreaterThan((long) first.get("iat"));
    assertThat(sent()).startsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-b");
  }

  private Map<String, Object> claims() throws Exception {
    String assertion =
        URLDecoder.decode(
            sent().replaceAll(".*[?&]assertion=([^&]*).*", "$1"), StandardCharsets.UTF_8);
    return StrictJson.parseObject(Base64.getUrlDecoder().decode(assertion.split("\\.")[1]));
  }

  @Test
  void theProgramMayNameIssuerAndAudience() throws Exception {
    server.answerNext(tokens());

    robot.jwtBearer(KEY, Map.of("iss", "r@x.example", "aud", "https://as/token")).execute();

    assertThat(claims())
        .containsEntry("iss", "r@x.example")
        .containsEntry("aud", "https://as/token")
        .containsEntry("sub", "robot");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iat", "nbf", "exp", "jti"})
  void theTimesOfAnAssertionAreOurs(String claim) {
    assertThatThrownBy(() -> robot.jwtBearer(KEY, Map.of(claim, 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(claim);
  }

  @Test
  void anExtensionGrantHasTheParametersOfTheProgram() throws Exception {
    server.answerNext(tokens());

    robot
        .grant("urn:example:badge")
        .parameter("badge", Secret.of("b 1"))
        .parameter("door", "north")
        .execute();

    assertThat(sent()).isEqualTo("grant_type=urn%3Aexample%3Abadge&door=north&badge=b+1");
    assertThatThrownBy(() -> robot.grant("a\nb")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> robot.grant("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @SuppressWarnings("deprecation")
  void aPasswordIsSentAndNotShown() throws Exception {
    server.answerNext(tokens());
    TokenRequest request = robot.password("ada", Secret.of("pass word"));

    request.execute();

    assertThat(sent()).isEqualTo("grant_type=password&username=ada&password=pass+word");
    assertThat(request.toString()).doesNotContain("pass word", "ada");
  }

  @SuppressWarnings("deprecation")
  private static Stream<TokenRequest> spent() {
    OAuthClient client = OAuthClient.builder().issuer("https://as.example").clientId("c").build();
    Secret secret = Secret.of("x");
    return Stream.of(
        client.refresh(secret),
        client.jwtBearer(secret),
        client.saml2Bearer(secret),
        client.password("ada", secret),
        client.grant("urn:example:badge"),
        client.grant("authorization_code").parameter("code", secret));
  }

  @ParameterizedTest
  @MethodSource("spent")
  void onlyWhatIsKnownToBeRepeatableIsRepeated(TokenRequest request) {
    assertThatThrownBy(request::tokenSource)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be repeated");
  }

  @Test
  void whatAServiceNeedsOftenCanBeRepeated() {
    Set<CachingTokenSource> sources =
        new HashSet<>(
            List.of(
                robot.clientCredentials().scope("a").tokenSource(),
                robot.jwtBearer(KEY, Map.of()).scope("a").parameter("b", "c").tokenSource()));

    assertThat(sources).hasSize(2);
    assertThat(server.tokenRequestCount()).isZero();
  }
}
