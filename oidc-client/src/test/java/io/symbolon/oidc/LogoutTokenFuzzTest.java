package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.KeySet;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class LogoutTokenFuzzTest {
  private static final LogoutTokenVerifier VERIFIER =
      new LogoutTokenVerifier(
          new IdTokenRules(
              KnownIssuer.exactly("https://as.example.com"),
              HostileIdTokens.CLIENT_ID,
              Set.of(),
              Duration.ofSeconds(60),
              Duration.ofHours(1),
              Clock.fixed(Instant.ofEpochSecond(HostileIdTokens.NOW), ZoneOffset.UTC),
              null),
          new JwtSignature(
              Set.of("RS256", "HS256"),
              "idTokenAlgorithms(…)",
              Secret.of(HostileKeys.clientSecret()),
              keyId -> KeySet.of(HostileKeys.set("default"))),
          HostileIdTokens.CLIENT_ID,
          (id, until) -> true);

  /** Whole tokens; and payloads, which the target signs. */
  static Stream<byte[]> seeds() {
    return HostileCases.of("logout_userinfo_jarm_introspection")
        .all()
        .filter(hostile -> hostile.text("kind").equals("logout"))
        .map(hostile -> hostile.text("token"))
        .filter(token -> token != null && token.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]*"))
        .flatMap(token -> Stream.of(token, payload(token)))
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String payload(String token) {
    byte[] json = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return new String(json, StandardCharsets.ISO_8859_1);
  }

  @MethodSource("seeds")
  @FuzzTest
  void aFormIsALogoutOrRefused(byte[] octets) throws Exception {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String form = text.startsWith("{") ? "logout_token=" + IdTokenFuzzTest.signed(text) : text;
    for (String request : new String[] {form, "logout_token=" + text}) {
      try {
        LogoutToken token = VERIFIER.verify(request);
        assertThat(token.subject() != null || token.sessionId() != null).isTrue();
        assertThat(token.issuedAt()).isNotNull();
      } catch (InvalidResponseException e) {
        assertThat(e.code()).isEqualTo("invalid_logout_token");
      }
    }
  }
}
