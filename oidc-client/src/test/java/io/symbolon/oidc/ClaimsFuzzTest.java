package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.json.StrictJson;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class ClaimsFuzzTest {
  private static final IdTokenRules RULES =
      new IdTokenRules(
          KnownIssuer.exactly("https://as.example.com"),
          HostileIdTokens.CLIENT_ID,
          Set.of("trusted"),
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Clock.fixed(Instant.ofEpochSecond(HostileIdTokens.NOW), ZoneOffset.UTC),
          null);
  private static final List<IdTokenExpectation> EXPECTED =
      List.of(
          new IdTokenExpectation("n-0S6_WzA2Mj", null, Set.of(), "at", null),
          new IdTokenExpectation(null, 300L, Set.of("gold"), null, null),
          new IdTokenExpectation(null, null, Set.of(), "at", Map.of("sub", "24400320")));

  static Stream<byte[]> seeds() {
    return HostileIdTokens.CASES
        .all()
        .map(hostile -> hostile.text("token"))
        .filter(token -> token != null && token.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+"))
        .map(token -> Base64.getUrlDecoder().decode(token.split("\\.")[1]));
  }

  @MethodSource("seeds")
  @FuzzTest
  void claimsAreThoseOfAnIdTokenOrRefused(byte[] octets) {
    Map<String, Object> claims;
    try {
      claims = StrictJson.parseObject(octets);
    } catch (ParseException e) {
      return;
    }
    EXPECTED.forEach(expected -> check(claims, expected));
  }

  private static void check(Map<String, Object> claims, IdTokenExpectation expected) {
    try {
      RULES.check(claims, SignatureAlgorithm.RS256, expected, Verdict.about("an ID token"));
    } catch (IdTokenException e) {
      assertThat(e.explain()).isNotEmpty();
      return;
    }
    assertUsable(new IdToken(Secret.of("x"), claims));
  }

  /** What was let through has all that its accessors promise. */
  private static void assertUsable(IdToken token) {
    assertThat(token.subject()).isNotEmpty();
    assertThat(token.issuer()).isEqualTo("https://as.example.com");
    assertThat(token.audience()).contains(HostileIdTokens.CLIENT_ID);
    assertThat(token.issuedAt()).isBefore(token.expiresAt().plusSeconds(1));
    token.authTime();
    token.acr();
    assertThat(token.toString()).isNotEmpty();
  }
}
