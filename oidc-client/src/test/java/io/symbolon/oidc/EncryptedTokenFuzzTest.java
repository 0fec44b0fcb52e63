package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.jose.EncryptedJwt;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class EncryptedTokenFuzzTest {
  private static final List<DecryptionKey> KEYS = List.of(key("rp_enc"), key("rp_enc_ec"));
  private static final String REST = "." + token("IDT-JWE-01").split("\\.", 2)[1];

  private static DecryptionKey key(String name) {
    return DecryptionKey.ofJwk(Secret.of(HostileKeys.privateJwk(name)));
  }

  private static String token(String id) {
    return HostileIdTokens.CASES.named(id).text("token");
  }

  /** Whole tokens; and headers, which the target puts before the rest of a good one. */
  static Stream<byte[]> seeds() {
    return HostileIdTokens.CASES
        .all()
        .map(hostile -> hostile.text("token"))
        .filter(token -> token != null && token.matches("([\\w-]*\\.){4}[\\w-]*"))
        .flatMap(token -> Stream.of(token, header(token)))
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String header(String token) {
    byte[] json = Base64.getUrlDecoder().decode(token.split("\\.")[0]);
    return new String(json, StandardCharsets.ISO_8859_1);
  }

  @MethodSource("seeds")
  @FuzzTest
  void aTextIsOneSignedTokenOrMalformed(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String token =
        text.startsWith("{")
            ? Base64.getUrlEncoder().withoutPadding().encodeToString(octets) + REST
            : text;
    try {
      String inner = EncryptedJwt.signedInside(token, KEYS, List.of(), List.of());
      assertThat(inner).matches("[\\w-]+\\.[\\w-]*\\.[\\w-]+");
    } catch (MalformedJwtException e) {
      assertThat(e.check()).isNotEmpty();
    }
  }
}
