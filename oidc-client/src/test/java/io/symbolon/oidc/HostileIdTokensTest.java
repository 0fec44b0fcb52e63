package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the verifier says to hostile and odd ID tokens. */
class HostileIdTokensTest {
  static Stream<HostileCase> tokens() {
    return HostileIdTokens.CASES.toRun().filter(c -> c.context("replay") == null);
  }

  @Test
  void everyCaseIsRunOrListed() {
    Stream<HostileCase> logins = HostileLoginsTest.replays();
    HostileIdTokens.CASES.assertComplete(Stream.concat(tokens(), logins));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tokens")
  void aTokenIsBelievedOrRefusedAsItShouldBe(HostileCase hostile) throws Exception {
    String token = HostileIdTokens.token(hostile);

    Attempt<IdToken> attempt = Attempt.at(() -> verifier(hostile).verify(token, expected(hostile)));

    attempt.hides(HostileIdTokens.secrets(hostile));
    if (hostile.isAccepted()) {
      assertThat(attempt.value().issuer()).isEqualTo(hostile.context("issuer"));
      assertThat(attempt.value().audience()).contains(HostileIdTokens.CLIENT_ID);
    } else {
      IdTokenException refusal = attempt.refusal(IdTokenException.class);
      assertThat(refusal.verdict().checks().stream().filter(check -> !check.passed()))
          .extracting(Verdict.Check::name)
          .containsAnyElementsOf(HostileIdTokens.checks(hostile));
    }
  }

  private static IdTokenVerifier verifier(HostileCase hostile) {
    Object maxAge = hostile.context("max_iat_age");
    IdTokenRules rules =
        new IdTokenRules(
            hostile.contextText("issuer"),
            HostileIdTokens.CLIENT_ID,
            HostileIdTokens.texts(hostile, "trusted_audiences"),
            Duration.ofSeconds((Long) hostile.context("leeway")),
            maxAge == null ? Duration.ofHours(1) : Duration.ofSeconds((Long) maxAge),
            TestClock.at(Instant.ofEpochSecond(HostileIdTokens.NOW)),
            null);
    KeySet keys = KeySet.of(HostileKeys.set(hostile.contextText("jwks")));
    return new IdTokenVerifier(
        rules,
        HostileIdTokens.texts(hostile, "allowed_algs"),
        HostileIdTokens.clientSecret(hostile),
        keyId -> keys);
  }

  private static IdTokenExpectation expected(HostileCase hostile) {
    String accessToken = HostileIdTokens.accessToken(hostile);
    IdToken original = HostileIdTokens.original(hostile);
    return original != null
        ? IdTokenExpectation.refresh(original, accessToken)
        : new IdTokenExpectation(
            hostile.contextText("nonce_sent"),
            (Long) hostile.context("max_age"),
            Collections.unmodifiableSet(HostileIdTokens.texts(hostile, "acr_essential")),
            accessToken,
            null);
  }
}
