package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of hostile and odd back-channel logout requests. */
class HostileLogoutTokensTest {
  private static final HostileCases CASES = HostileCases.of("logout_userinfo_jarm_introspection");
  private static final Instant NOW = Instant.ofEpochSecond(1767225600);
  private static final String ISSUER = "https://as.example.com";
  private static final String CLIENT_ID = "s6BhdRkqt3";

  private final TestClock clock = TestClock.at(NOW);
  private final Map<String, Instant> remembered = new HashMap<>();

  static Stream<HostileCase> requests() {
    return CASES.toRun().filter(hostile -> hostile.text("kind").equals("logout"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void aRequestIsBelievedOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    LogoutTokenVerifier verifier = verifier(hostile);
    if (hostile.isContext("replay", true)) {
      verifier.verify(form(hostile));
    }

    Attempt<LogoutToken> attempt = Attempt.at(() -> verifier.verify(form(hostile)));

    attempt.hides(List.of(hostile.text("token").split("\\.")));
    if (hostile.isAccepted()) {
      assertThat(attempt.value().issuer()).isEqualTo(hostile.context("issuer"));
    } else {
      InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
      assertThat(refusal.code()).isEqualTo("invalid_logout_token");
      assertThat(refusal.verdict().checks().stream().filter(check -> !check.passed()))
          .extracting(Verdict.Check::name)
          .containsAnyElementsOf(checks(hostile));
    }
  }

  private static List<String> checks(HostileCase hostile) {
    return switch (hostile.text("error")) {
      case "alg" -> List.of(hostile.text("token").endsWith(".") ? "format" : "alg");
      case "replay" -> List.of("jti");
      case "signature", "key" -> List.of("signature", "key");
      default -> List.of(hostile.text("error"));
    };
  }

  /** What an HTTP server would hand over: a GET has no body. */
  private static String form(HostileCase hostile) {
    String form = hostile.contextText("form");
    if (hostile.isContext("method", "GET")) {
      return "";
    }
    return form == null
        ? form(hostile.text("token"))
        : form.replace("=A", "=" + hostile.text("token"))
            .replace("=B", "=" + hostile.text("token"));
  }

  private static String form(String token) {
    return "logout_token=" + token;
  }

  private LogoutTokenVerifier verifier(HostileCase hostile) {
    return verifier(
        hostile.contextText("jwks"), HostileIdTokens.texts(hostile, "allowed_algs"), memory());
  }

  private LogoutTokenVerifier verifier(ReplayCache replays) {
    return verifier("default", Set.of("RS256"), replays);
  }

  private LogoutTokenVerifier verifier(String jwks, Set<String> algorithms, ReplayCache replays) {
    return verifier(CLIENT_ID, jwks, algorithms, replays);
  }

  private LogoutTokenVerifier verifier(
      String clientId, String jwks, Set<String> algorithms, ReplayCache replays) {
    return verifier(ISSUER, clientId, jwks, algorithms, replays);
  }

  private LogoutTokenVerifier verifier(
      String issuer, String clientId, String jwks, Set<String> algorithms, ReplayCache replays) {
    IdTokenRules rules =
        new IdTokenRules(
            KnownIssuer.exactly(issuer),
            clientId,
            Set.of(),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            clock,
            null);
    KeySet keys = KeySet.of(HostileKeys.set(jwks));
    JwtSignature signature =
        new JwtSignature(algorithms, "idTokenAlgorithms(…)", null, keyId -> keys, Decryption.NONE);
    return new LogoutTokenVerifier(rules, signature, clientId, replays);
  }

  private MemoryReplayCache memory() {
    return new MemoryReplayCache(Duration.ofHours(2), clock);
  }

  /** The genuine token with some claims replaced, or removed by the text "-", signed anew. */
  private static String token(String others) throws Exception {
    String payload = CASES.named("LOGOUT-07").text("token").split("\\.")[1];
    Map<String, Object> claims =
        HostileJson.object(
            new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    claims.putAll(HostileJson.object(others));
    claims.values().removeIf("-"::equals);
    return HostileKeys.signed("{\"alg\":\"RS256\",\"kid\":\"rs1\"}", HostileJson.text(claims));
  }

  private String refusedCheck(String form) throws Exception {
    Attempt<LogoutToken> attempt = Attempt.at(() -> verifier(memory()).verify(form));
    return attempt.refusal(InvalidResponseException.class).verdict().failure().name();
  }

  /** Neighbours of the cases. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "iss | \"https://as.example.com/\"",
        "iss | \"-\"",
        "aud | \"other\"",
        "aud | [\"s6BhdRkqt3\",\"other\"]",
        "aud | []",
        "aud | \"-\"",
        "iat | \"-\"",
        "iat | 1767221939",
        "iat | 1767225661",
        "iat | \"1767225595\"",
        "exp | \"-\"",
        "exp | 1767225540",
        "exp | null",
        "events | {}",
        "events | [\"http://schemas.openid.net/event/backchannel-logout\"]",
        "events | {\"http://schemas.openid.net/event/backchannel-logout\":true}",
        "events | {\"http://schemas.openid.net/event/backchannel-logout\":[]}",
        "events | {\"HTTP://schemas.openid.net/event/backchannel-logout\":{}}",
        "nonce | \"n-0S6_WzA2Mj\"",
        "jti | \"-\"",
        "jti | 7",
        "jti | \"\"",
        "sid | null",
        "sid | \"\"",
        "sub | null",
        "sub | 24400320",
        "sub | \"\""
      })
  void aWrongClaimIsRefused(String claim, String value) throws Exception {
    String token = token("{\"" + claim + "\":" + value + "}");

    assertThat(refusedCheck(form(token))).isEqualTo(claim);
  }

  @Test
  void somebodyMustBeMeant() throws Exception {
    assertThat(refusedCheck(form(token("{\"sub\":\"-\",\"sid\":\"-\"}")))).isEqualTo("sub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "state=x", "logout_token", "logout_token=%zz", "LOGOUT_TOKEN=a.b.c"})
  void aRequestWithoutTheParameterIsRefused(String form) throws Exception {
    assertThat(refusedCheck(form)).isIn("request", "format");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() throws Exception {
    String[] parts = token("{}").split("\\.");

    assertThat(refusedCheck(form(parts[0] + "." + parts[1] + "."))).isEqualTo("format");
    assertThat(refusedCheck(form(parts[0] + "." + parts[1] + ".AAAA"))).isEqualTo("signature");
  }

  @Test
  void anotherParameterDoesNotHarm() throws Exception {
    assertThat(verifier(memory()).verify("a=b&" + form(token("{}"))).sessionId())
        .isEqualTo("08a5019c");
  }

  @Test
  void aTokenIsRememberedForAsLongAsItWouldBeAccepted() throws Exception {
    LogoutTokenVerifier verifier =
        verifier((id, until) -> remembered.putIfAbsent(id, until) == null);
    verifier.verify(form(token("{\"jti\":\"short\"}")));
    verifier.verify(form(token("{\"jti\":\"long\",\"exp\":253402300799}")));

    // exp is 1767225715; and iat, 1767225595, may be an hour ago. A second for fractions, and the
    // leeway.
    assertThat(remembered.values())
        .containsExactlyInAnyOrder(
            Instant.ofEpochSecond(1767225715 + 61), Instant.ofEpochSecond(1767225595 + 3661));
    assertThat(remembered.keySet()).allMatch(id -> id.matches("[A-Za-z0-9_-]{43}"));
  }

  @Test
  void aTokenThatIsRefusedIsNotRemembered() throws Exception {
    LogoutTokenVerifier verifier =
        verifier((id, until) -> remembered.putIfAbsent(id, until) == null);

    Attempt.at(() -> verifier.verify(form(token("{\"aud\":\"other\"}"))))
        .refusal(InvalidResponseException.class);

    assertThat(remembered).isEmpty();
    assertThat(verifier.verify(form(token("{}"))).subject()).isEqualTo("24400320");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sid", "jti"})
  void aNameHas1024CharactersAtMost(String name) throws Exception {
    String longest = "x".repeat(1024);

    LogoutToken token =
        verifier(memory()).verify(form(token("{\"" + name + "\":\"" + longest + "\"}")));
    assertThat(token.claims()).containsEntry(name, longest);
    assertThat(token.toString()).contains(ISSUER, name).doesNotContain("xx");
    Attempt<LogoutToken> attempt =
        Attempt.at(
            () ->
                verifier(memory()).verify(form(token("{\"" + name + "\":\"" + longest + "x\"}"))));
    assertThat(attempt.refusal(InvalidResponseException.class).verdict().failure().name())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"jti\":\"-\"}      | jti: nothing, events: it, nonce: nothing",
        "{\"jti\":5}          | jti: not usable, events: it, nonce: nothing",
        "{\"events\":\"-\"}   | events: nothing, jti: such a text, sid: such a text",
        "{\"events\":{}}      | events: something else, jti: such a text",
        "{\"nonce\":\"n\"}    | `nonce: a nonce, as in an ID token`",
      })
  void theExplanationSaysWhatCame(String others, String actual) throws Exception {
    Attempt<LogoutToken> attempt = Attempt.at(() -> verifier(memory()).verify(form(token(others))));

    String checks =
        attempt.refusal(InvalidResponseException.class).verdict().checks().stream()
            .map(check -> check.name() + ": " + check.actual())
            .collect(Collectors.joining(", "));
    assertThat(checks).contains(actual.split(", (?=[a-z]+: )"));
  }

  @Test
  void aReplayIsCalledOne() throws Exception {
    LogoutTokenVerifier verifier = verifier(memory());
    verifier.verify(form(token("{}")));

    assertThat(
            Attempt.at(() -> verifier.verify(form(token("{}"))))
                .refusal(InvalidResponseException.class))
        .hasMessageContaining("used before");
  }

  @Test
  void twoClientsThatShareTheMemoryAreToldOfALogoutEach() throws Exception {
    MemoryReplayCache shared = memory();
    LogoutTokenVerifier other = verifier("another client", "default", Set.of("RS256"), shared);

    assertThat(verifier(shared).verify(form(token("{\"jti\":\"one\"}")))).isNotNull();
    assertThat(other.verify(form(token("{\"jti\":\"one\",\"aud\":\"another client\"}"))))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://as.example.com/2, s6BhdRkqt3, one", // the jti of another issuer
    "https://as.example.com, s6BhdRkqt3o, ne", // joined, issuer, client and jti would be the same
    "https://as.example.coms, 6BhdRkqt3, one",
  })
  void whatLooksTheSameWhenJoinedIsAnotherToken(String issuer, String clientId, String jti)
      throws Exception {
    MemoryReplayCache shared = memory();
    verifier(shared).verify(form(token("{\"jti\":\"one\"}")));

    String other =
        token("{\"iss\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\"}".formatted(issuer, clientId, jti));
    assertThat(verifier(issuer, clientId, "default", Set.of("RS256"), shared).verify(form(other)))
        .isNotNull();
  }

  @Test
  void aReplayIsRefusedByEveryProcessThatSharesTheMemory() throws Exception {
    MemoryReplayCache shared = memory();
    String form = form(token("{}"));
    verifier(shared).verify(form);
    clock.advance(Duration.ofSeconds(170));

    Attempt<LogoutToken> attempt = Attempt.at(() -> verifier(shared).verify(form));

    assertThat(attempt.refusal(InvalidResponseException.class).verdict().failure().name())
        .isEqualTo("jti");
  }

  @Test
  void onlyWhatMatchesInEverythingThatIsNamedEnds() throws Exception {
    IdToken login = login("24400320", "08a5019c");

    assertThat(verifier(memory()).verify(form(token("{}"))).ends(login)).isTrue();
    assertThat(verifier(memory()).verify(form(token("{\"sub\":\"-\"}"))).ends(login)).isTrue();
    assertThat(verifier(memory()).verify(form(token("{\"sid\":\"-\"}"))).ends(login)).isTrue();
    assertThat(verifier(memory()).verify(form(token("{\"sub\":\"999\"}"))).ends(login)).isFalse();
    assertThat(verifier(memory()).verify(form(token("{\"sid\":\"x\"}"))).ends(login)).isFalse();
    assertThat(
            verifier(memory())
                .verify(form(token("{}")))
                .ends(
                    new IdToken(
                        Secret.of("a.b.c"),
                        Map.of("iss", "https://b", "sub", "24400320", "sid", "08a5019c"))))
        .isFalse();
    LogoutToken session = verifier(memory()).verify(form(token("{\"sub\":\"-\"}")));
    assertThat(session.ends(new IdToken(Secret.of("a.b.c"), Map.of("iss", ISSUER, "sub", "x"))))
        .isFalse();
  }

  private static IdToken login(String subject, String session) {
    return new IdToken(
        Secret.of("of.the.login"), Map.of("iss", ISSUER, "sub", subject, "sid", session));
  }
}
