package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd requests to the redirect URI. */
class HostileAuthorizationResponsesTest {
  private static final HostileCases CASES = HostileCases.of("authorization_responses");
  private static final String CLIENT_SECRET = "7Fjfp0ZBr1KtDRbnfVdmIw-9aKx2Lq8VvYtR4sWmE1o";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String ACCESS_TOKEN = "2YotnFZFEjr1zCsicMWpAA";

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;
  private OAuthClient client;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    site.answer("/token", "{\"access_token\":\"" + ACCESS_TOKEN + "\",\"token_type\":\"Bearer\"}");
    client = client();
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer(ExampleSite.ISSUER)
                .authorizationEndpoint(ExampleSite.ISSUER + "/authorize")
                .tokenEndpoint(ExampleSite.ISSUER + "/token")
                .build())
        .clientId("s6BhdRkqt3")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(site.http())
        .clock(clock)
        .build();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> responses() {
    return CASES.toRun().filter(c -> !isReplay(c) && c.context("receiver") == null);
  }

  static Stream<HostileCase> replays() {
    return CASES.toRun().filter(c -> isReplay(c) && c.context("receiver") == null);
  }

  static Stream<HostileCase> restored() {
    return CASES.toRun().filter(c -> c.context("process") != null);
  }

  private static boolean isReplay(HostileCase hostile) {
    return hostile.isContext("transaction", "already completed");
  }

  @Test
  void everyCaseIsRunOrListed() {
    Stream<HostileCase> loopback =
        CASES.toRun().filter(c -> c.isContext("receiver", "loopback")); // another test's
    CASES.assertComplete(
        Stream.of(responses(), replays(), restored(), loopback).flatMap(cases -> cases));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("responses")
  void aResponseIsTakenOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    PendingAuthorization pending = pending(hostile);

    Attempt<TokenSet> attempt = Attempt.at(() -> client.complete(pending, response(hostile)));

    attempt.hides(secrets(hostile));
    if (!hostile.isAccepted()) {
      assertThat(attempt.refusal(InvalidResponseException.class).code()).isIn(codes(hostile));
    } else if ("oauth_error".equals(hostile.outcomeKind())) {
      assertError(hostile, attempt.refusal(OAuthErrorException.class));
    } else {
      assertThat(attempt.value().accessToken().value().reveal()).isEqualTo(ACCESS_TOKEN);
      assertRedeemed(hostile);
      return;
    }
    assertThat(site.contacts()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replays")
  void aLoginIsCompletedOnce(HostileCase hostile) throws Exception {
    PendingAuthorization pending = pending(hostile);
    client.complete(pending, response(hostile));

    Attempt<TokenSet> again = Attempt.at(() -> client.complete(pending, response(hostile)));

    again.hides(secrets(hostile));
    assertThat(again.refusal(InvalidResponseException.class).code()).isEqualTo("login_spent");
    assertThat(site.requests()).hasSize(1);
  }

  /** What an app does whose process was killed while the browser was open. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("restored")
  void aLoginOutlivesTheProcessThatBeganIt(HostileCase hostile) throws Exception {
    SecretKey key = new SecretKeySpec(new byte[32], "AES");
    String stored = pending(hostile).seal(key, "");
    OAuthClient recreated = client();

    Attempt<TokenSet> attempt =
        Attempt.at(
            () ->
                recreated.complete(
                    PendingAuthorization.unseal(stored, key, ""), response(hostile)));

    assertThat(attempt.hides(secrets(hostile)).value().accessToken()).isNotNull();
    assertRedeemed(hostile);
  }

  @Test
  void anErrorThatRepeatsTheStateDoesNotMakeUsShowIt() throws Exception {
    HostileCase genuine = CASES.named("AUTHZ-OK-01");
    AuthorizationResponse echo =
        AuthorizationResponse.ofQuery(
            "state=af0ifjsldkj&error=x-af0ifjsldkj&error_description=af0ifjsldkj+is+old");

    Attempt<TokenSet> attempt = Attempt.at(() -> client.complete(pending(genuine), echo));

    OAuthErrorException refusal =
        attempt.hides(secrets(genuine)).refusal(OAuthErrorException.class);
    assertThat(refusal.description()).isEqualTo("██ is old");
  }

  private PendingAuthorization pending(HostileCase hostile) {
    boolean query = hostile.isContext("response_mode", "query");
    return new PendingAuthorization(
        URI.create(ExampleSite.ISSUER + "/authorize"),
        "s6BhdRkqt3",
        ExampleSite.ISSUER,
        hostile.isContext("iss_supported", true),
        hostile.contextText("redirect_uri"),
        query ? null : hostile.contextText("response_mode"),
        Set.of(),
        Secret.of(hostile.contextText("state_sent")),
        Secret.of(VERIFIER),
        clock.instant(),
        Map.of());
  }

  private static AuthorizationResponse response(HostileCase hostile) {
    Map<?, ?> request = hostile.object("request");
    if (request.get("method").equals("POST")) {
      return AuthorizationResponse.ofForm((String) request.get("body"));
    }
    if (request.containsKey("target")) {
      return AuthorizationResponse.ofUrl((String) request.get("target"));
    }
    URI redirect = URI.create(hostile.contextText("redirect_uri"));
    String url = redirect.getScheme() + "://" + redirect.getRawAuthority() + request.get("path");
    return AuthorizationResponse.ofUrl(
        url + part("?", query(hostile)) + part("#", request.get("fragment")));
  }

  private static String part(String mark, Object content) {
    return content == null ? "" : mark + content;
  }

  /** The query; where the case only says how to make it, it is made. */
  private static String query(HostileCase hostile) {
    String query = (String) hostile.object("request").get("query");
    if (query == null || query.indexOf('…') < 0) {
      return query;
    }
    String parameters =
        IntStream.range(0, 10_000).mapToObj(i -> "p" + i + "=1").collect(Collectors.joining("&"));
    String made =
        query
            .replaceFirst("a+…repeat to 1 MB…", "a".repeat(1_000_000))
            .replaceFirst("p=1&…10,000 times…", parameters);
    assertThat(made.length()).isGreaterThan(query.length());
    return made;
  }

  private static List<String> secrets(HostileCase hostile) {
    List<String> secrets =
        new ArrayList<>(
            List.of(CLIENT_SECRET, VERIFIER, ACCESS_TOKEN, hostile.contextText("state_sent")));
    secrets.add("SplxlOBeZQQYbYS6WxSbIA");
    return secrets;
  }

  /** The codes that fit the kind of case. */
  private static List<String> codes(HostileCase hostile) {
    String kind = hostile.id().split("-")[1];
    return switch (hostile.id()) {
      case "AUTHZ-ISS-16" -> List.of("redirect_uri_mismatch");
      case "AUTHZ-MODE-01", "AUTHZ-MODE-10" -> List.of("state_mismatch");
      case "AUTHZ-MODE-05" -> List.of("malformed_response");
      default ->
          switch (kind) {
            case "STATE" -> List.of("state_mismatch");
            case "ISS" -> List.of("issuer_mismatch");
            case "PLACE" -> List.of("redirect_uri_mismatch");
            case "MODE" -> List.of("response_mode_mismatch", "invalid_signed_response");
            default -> List.of("malformed_response");
          };
    };
  }

  private static void assertError(HostileCase hostile, OAuthErrorException refusal) {
    assertThat(refusal.error()).isEqualTo(parameters(query(hostile)).get("error"));
    assertThat(refusal.getMessage().chars()).noneMatch(Character::isISOControl);
    String description = refusal.description();
    assertThat((description == null ? "" : description).chars()).noneMatch(Character::isISOControl);
  }

  private void assertRedeemed(HostileCase hostile) {
    assertThat(site.requests()).hasSize(1);
    RecordedRequest request = site.requests("/token").get(0);
    Map<String, String> form = parameters(request.getBody().utf8());
    assertThat(form)
        .containsEntry("grant_type", "authorization_code")
        .containsEntry("redirect_uri", hostile.contextText("redirect_uri"))
        .containsEntry("code_verifier", VERIFIER);
    if (hostile.outcome().containsKey("code")) {
      assertThat(form).containsEntry("code", (String) hostile.outcome().get("code"));
    }
  }

  private static Map<String, String> parameters(String form) {
    return FormCodec.decode(form, form.length(), 100).stream()
        .collect(Collectors.toMap(FormCodec.Pair::name, FormCodec.Pair::value));
  }
}
