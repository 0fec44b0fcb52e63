package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Neighbours of the cases. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "aud | [\"s6BhdRkqt3\",\"https://other.example.com\"]",
        "aud | [[\"s6BhdRkqt3\"]]",
        "aud | [\"s6BhdRkqt3\",null]",
        "azp | \"other\"",
        "azp | null",
        "sub | null",
        "exp | null",
        "exp | 1767225540",
        "exp | 253402300800",
        "iat | 1767225661",
        "iat | 1767221939",
        "iat | -1",
        "nbf | 1767225661",
        "auth_time | 1767225661",
        "events | {}",
        "at_hash | \"AAAAAAAAAAAAAAAAAAAAAA\"",
        "at_hash | null"
      })
  void aWrongClaimIsRefused(String claim, String value) throws Exception {
    HostileCase genuine = HostileIdTokens.CASES.named("IDT-OK-01");

    Attempt<IdToken> attempt =
        Attempt.at(() -> verified(genuine, "{\"" + claim + "\":" + value + "}"));

    assertThat(attempt.refusal(IdTokenException.class).check()).isEqualTo(claim);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"exp\":1767225541,\"iat\":1767225500}",
        "{\"iat\":1767225660}",
        "{\"iat\":1767221940}",
        "{\"nbf\":1767225660}",
        "{\"auth_time\":1767225660}"
      })
  void theLeewayCountsToTheSecond(String claims) throws Exception {
    HostileCase genuine = HostileIdTokens.CASES.named("IDT-OK-01");

    assertThat(verified(genuine, claims).subject()).isEqualTo("24400320");
  }

  @Test
  void aNonceThatNobodySentIsRefused() throws Exception {
    HostileCase withoutNonce = HostileIdTokens.CASES.named("IDT-OK-33");

    Attempt<IdToken> attempt = Attempt.at(() -> verified(withoutNonce, "{\"nonce\":\"x\"}"));

    assertThat(attempt.refusal(IdTokenException.class).check()).isEqualTo("nonce");
  }

  @Test
  void aRenewalThatBringsTheOldTokenIsRefused() throws Exception {
    HostileCase genuine = HostileIdTokens.CASES.named("IDT-OK-01");
    IdToken old = verified(genuine, "{\"iat\":1767225000}");

    Attempt<IdToken> attempt =
        Attempt.at(
            () ->
                verifier(genuine)
                    .verify(
                        old.serialized().reveal(),
                        IdTokenExpectation.refresh(old.claims(), HostileIdTokens.ACCESS_TOKEN)));

    assertThat(attempt.refusal(IdTokenException.class).check()).isEqualTo("iat");
  }

  /** The ID token of the case with some claims replaced, signed anew. */
  private static IdToken verified(HostileCase hostile, String others) throws Exception {
    String payload = HostileIdTokens.token(hostile).split("\\.")[1];
    Map<String, Object> claims =
        HostileJson.object(
            new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    claims.putAll(HostileJson.object(others));
    String token =
        HostileKeys.signed("{\"alg\":\"RS256\",\"kid\":\"rs1\"}", HostileJson.text(claims));
    return verifier(hostile).verify(token, expected(hostile));
  }

  private static IdTokenVerifier verifier(HostileCase hostile) {
    Object maxAge = hostile.context("max_iat_age");
    IdTokenRules rules =
        new IdTokenRules(
            issuer(hostile),
            HostileIdTokens.CLIENT_ID,
            HostileIdTokens.texts(hostile, "trusted_audiences"),
            Duration.ofSeconds((Long) hostile.context("leeway")),
            maxAge == null ? Duration.ofHours(1) : Duration.ofSeconds((Long) maxAge),
            TestClock.at(Instant.ofEpochSecond(HostileIdTokens.NOW)),
            null);
    KeySet keys = KeySet.of(HostileKeys.set(hostile.contextText("jwks")));
    List<DecryptionKey> decryptionKeys = HostileIdTokens.decryptionKeys(hostile);
    JwtSignature signature =
        new JwtSignature(
            HostileIdTokens.texts(hostile, "allowed_algs"),
            "idTokenAlgorithms(…)",
            HostileIdTokens.clientSecret(hostile),
            keyId -> keys,
            decryptionKeys.isEmpty()
                ? Decryption.NONE
                : new Decryption(decryptionKeys, HostileIdTokens.encryptions(hostile), true));
    return new IdTokenVerifier(rules, signature, IdTokenVerifier.USUAL_TYPES);
  }

  /** By the preset that the case names. */
  private static KnownIssuer issuer(HostileCase hostile) {
    String preset = hostile.contextText("preset");
    if (preset == null) {
      return KnownIssuer.exactly(hostile.contextText("issuer"));
    }
    return switch (preset) {
      case "google" -> issuer(Providers.google());
      case "apple" -> issuer(Providers.apple());
      case "microsoft-common" ->
          issuer(Providers.microsoftMultiTenant("8b1f5ae2-3b0c-4d1e-9f6a-0f3d5c7b9a11"));
      default -> throw new IllegalArgumentException("no preset " + preset);
    };
  }

  private static KnownIssuer issuer(Provider provider) {
    return KnownIssuer.of(
        AuthorizationServer.builder()
            .issuer(provider.issuer())
            .tokenEndpoint(provider.issuer() + "/token")
            .dialect(provider.dialect())
            .build());
  }

  private static IdTokenExpectation expected(HostileCase hostile) {
    String accessToken = HostileIdTokens.accessToken(hostile);
    IdToken original = HostileIdTokens.original(hostile);
    return original != null
        ? IdTokenExpectation.refresh(original.claims(), accessToken)
        : new IdTokenExpectation(
            hostile.contextText("nonce_sent"),
            (Long) hostile.context("max_age"),
            Collections.unmodifiableSet(HostileIdTokens.texts(hostile, "acr_essential")),
            accessToken,
            null,
            Collections.emptySet(),
            hostile.contextText("code"),
            hostile.contextText("state"),
            hostile.isContext("channel", "authorization_endpoint"),
            HostileIdTokens.fromBrowser(hostile));
  }
}
