package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class IdTokenFuzzTest {
  private static final String SECRET = HostileKeys.clientSecret();
  private static final IdTokenExpectation EXPECTED =
      new IdTokenExpectation("n-0S6_WzA2Mj", null, Set.of(), null, null);
  private static final IdTokenVerifier VERIFIER =
      new IdTokenVerifier(
          new IdTokenRules(
              KnownIssuer.exactly("https://as.example.com"),
              HostileIdTokens.CLIENT_ID,
              Set.of(),
              Duration.ofSeconds(60),
              Duration.ofHours(1),
              Clock.fixed(Instant.ofEpochSecond(HostileIdTokens.NOW), ZoneOffset.UTC),
              null),
          Set.of("RS256", "PS256", "ES256", "EdDSA", "HS256"),
          Secret.of(SECRET),
          keyId -> KeySet.of(HostileKeys.set("default")));

  /** Whole tokens; and header and payload in two lines, which the target signs. */
  static Stream<byte[]> seeds() {
    return HostileIdTokens.CASES
        .all()
        .map(hostile -> hostile.text("token"))
        .filter(token -> token != null && token.length() < 20_000)
        .flatMap(token -> Stream.of(token, opened(token)))
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String opened(String token) {
    if (!token.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+")) {
      return token;
    }
    String[] parts = token.split("\\.");
    return decoded(parts[0]).replace("RS256", "HS256") + "\n" + decoded(parts[1]);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1);
  }

  @MethodSource("seeds")
  @FuzzTest
  void aTextIsAVerifiedTokenOrRefused(byte[] octets) throws Exception {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int line = text.indexOf('\n');
    verify(line < 0 ? text : signed(text.substring(0, line), text.substring(line + 1)));
  }

  private static void verify(String text) throws IOException {
    try {
      IdToken token = VERIFIER.verify(text, EXPECTED);
      assertThat(token.issuedAt()).isBefore(token.expiresAt().plusSeconds(1));
      assertThat(token.toString()).doesNotContain(text);
    } catch (IdTokenException e) {
      assertThat(e.explain()).doesNotContain(SECRET);
    }
  }

  static String signed(String payload) throws GeneralSecurityException {
    return signed("{\"alg\":\"HS256\"}", payload);
  }

  private static String signed(String header, String payload) throws GeneralSecurityException {
    String input = encoded(header) + "." + encoded(payload);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private static String encoded(String part) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(part.getBytes(StandardCharsets.ISO_8859_1));
  }
}
