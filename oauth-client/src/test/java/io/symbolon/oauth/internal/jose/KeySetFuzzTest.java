package io.symbolon.oauth.internal.jose;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
final class KeySetFuzzTest {
  static Stream<byte[]> seeds() {
    Stream<byte[]> answers =
        HostileCases.of("discovery_jwks")
            .all()
            .filter(hostile -> hostile.id().startsWith("META-JWKS"))
            .filter(hostile -> hostile.object("response").containsKey("body"))
            .map(hostile -> hostile.response().octets());
    Stream<byte[]> sets =
        Stream.of("default", "two_rsa", "weak", "es384", "dupkid_mixed", "with_unknown_kty")
            .map(name -> StrictJson.write(HostileKeys.set(name)))
            .map(json -> json.getBytes(StandardCharsets.UTF_8));
    return Stream.concat(answers, sets);
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyKeyCanBeAskedToVerify(byte[] octets) throws Exception {
    KeySet keys;
    try {
      keys = KeySet.of(StrictJson.parseObject(octets));
    } catch (ParseException | IllegalArgumentException e) {
      return;
    }
    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      for (VerificationKey key : keys.candidates(null, algorithm)) {
        if (key.verifies(algorithm, token(algorithm))) {
          throw new AssertionError("nobody signed this for " + algorithm);
        }
      }
    }
  }

  /** As long as a real signature, so that it gets as far as the arithmetic. */
  private static StrictJwt token(SignatureAlgorithm algorithm) throws MalformedJwtException {
    return StrictJwt.parse(
        "eyJhbGciOiJ4In0.e30." + "A".repeat(algorithm.keyType().equals("RSA") ? 342 : 86));
  }
}
