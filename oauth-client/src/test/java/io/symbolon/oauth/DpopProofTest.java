package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a DPoP proof (RFC 9449 §4.2), and which nonce is kept for it (§8). */
class DpopProofTest {
  private static final Instant NOW = Instant.ofEpochSecond(1562262616);
  private static final HttpUrl URL = HttpUrl.get("https://rs.example.com/a");
  private static final Secret TOKEN = Secret.of("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");

  private final SigningKey key = SigningKey.generate("ES256");
  private final DpopProofs proofs = new DpopProofs(key, new SecureRandom(), () -> NOW);
  private final DpopNonces nonces = new DpopNonces();

  static Stream<Map<?, ?>> targets() {
    List<?> rows =
        (List<?>) HostileJson.resource("/hostile/www_authenticate_dpop.json").get("dpop_proofs");
    return rows.stream().map(row -> (Map<?, ?>) row);
  }

  static Map<String, Object> header(String proof) throws Exception {
    return part(proof, 0);
  }

  static Map<String, Object> claims(String proof) throws Exception {
    return part(proof, 1);
  }

  private static Map<String, Object> part(String proof, int index) throws Exception {
    byte[] json = Base64.getUrlDecoder().decode(proof.split("\\.")[index]);
    return StrictJson.parseObject(new String(json, StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void theTargetIsTheUrlAsItIsSent(Map<?, ?> row) throws Exception {
    HttpUrl url = HttpUrl.get((String) row.get("url"));
    String method = (String) row.get("method");
    if (row.get("htu").equals("(refused)")) {
      assertThatThrownBy(() -> proofs.proof(method, url, TOKEN, null))
          .isInstanceOf(IOException.class)
          .message()
          .doesNotContain("pw");
      return;
    }
    Map<String, Object> claims = claims(proofs.proof(method, url, TOKEN, null));
    assertThat(claims.get("htm")).isEqualTo(row.get("htm"));
    assertThat(claims.get("htu")).isEqualTo(row.get("htu"));
  }

  @Test
  void aPasswordWithoutANameIsOneToo() {
    HttpUrl url = HttpUrl.get("https://:pw@rs.example.com/a");

    assertThatThrownBy(() -> proofs.proof("GET", url, TOKEN, null))
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("pw");
  }

  @Test
  void aProofSaysWhatTheRfcWantsAndNothingElse() throws Exception {
    String proof = proofs.proof("GET", URL, TOKEN, "n-1");

    assertThat(header(proof)).containsOnlyKeys("alg", "typ", "jwk");
    assertThat(header(proof)).containsEntry("typ", "dpop+jwt").containsEntry("alg", "ES256");
    assertThat((Map<?, ?>) header(proof).get("jwk"))
        .extracting(Map::keySet)
        .isEqualTo(Set.of("kty", "crv", "x", "y"));
    assertThat(claims(proof))
        .containsOnlyKeys("jti", "htm", "htu", "iat", "ath", "nonce")
        .containsEntry("iat", 1562262616L)
        .containsEntry("ath", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo")
        .containsEntry("nonce", "n-1");
    assertThat(claims(proofs.proof("POST", URL, null, null)))
        .containsOnlyKeys("jti", "htm", "htu", "iat");
  }

  /** RFC 9449 §4.1 and §6.1; the private half is not published. */
  @Test
  void theKeyOfTheRfcHasTheThumbprintOfTheRfc() throws Exception {
    PublicKey published =
        ECKey.parse(
                "{\"kty\":\"EC\",\"crv\":\"P-256\","
                    + "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
                    + "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}")
            .toPublicKey();
    SigningKey rfc = SigningKey.external("ES256", published, input -> new byte[64]);

    assertThat(new DpopProofs(rfc, new SecureRandom(), () -> NOW).thumbprint())
        .isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  }

  @Test
  void noTwoProofsAreTheSame() throws Exception {
    Set<Object> ids = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      String id = (String) claims(proofs.proof("GET", URL, null, null)).get("jti");
      assertThat(Base64.getUrlDecoder().decode(id)).hasSize(16);
      assertThat(ids.add(id)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "a\tb", "a\u007fb", "\u00e9", "{1025}"})
  void whatIsNoNonceIsNotKept(String value) {
    nonces.learn(URL, "old");

    assertThat(nonces.learn(URL, value.equals("{1025}") ? "n".repeat(1025) : value)).isNull();
    assertThat(nonces.of(URL)).isEqualTo("old");
  }

  @Test
  void theLongestNonceIsAKibibyte() {
    assertThat(nonces.learn(URL, "n".repeat(1024))).hasSize(1024);
    assertThat(nonces.learn(URL, "!#$,;[]{}~")).isEqualTo("!#$,;[]{}~");
  }

  @Test
  void twoNoncesAreNone() {
    assertThat(nonces.learn(URL, Headers.of("DPoP-Nonce", "a", "dpop-nonce", "b"))).isNull();
    assertThat(nonces.of(URL)).isNull();
  }

  @Test
  void aNonceBelongsToOneOrigin() {
    nonces.learn(URL, "n");

    assertThat(nonces.of(HttpUrl.get("https://rs.example.com/b?c=d"))).isEqualTo("n");
    for (String other :
        List.of("https://rs.example.com:8443/", "http://rs.example.com/", "https://example.com/")) {
      assertThat(nonces.of(HttpUrl.get(other))).isNull();
    }
  }

  @Test
  void ofAHundredAndOneOriginsTheOneThatIsLeastUsedIsForgotten() {
    for (int i = 0; i < 100; i++) {
      nonces.learn(HttpUrl.get("https://h" + i + ".example.com/"), "n" + i);
    }
    nonces.of(HttpUrl.get("https://h0.example.com/"));

    nonces.learn(URL, "n");

    assertThat(nonces.of(HttpUrl.get("https://h0.example.com/"))).isEqualTo("n0");
    assertThat(nonces.of(HttpUrl.get("https://h1.example.com/"))).isNull();
    assertThat(nonces.of(HttpUrl.get("https://h2.example.com/"))).isEqualTo("n2");
  }
}
