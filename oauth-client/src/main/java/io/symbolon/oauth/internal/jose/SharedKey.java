package io.symbolon.oauth.internal.jose;

import java.nio.charset.StandardCharsets;
import javax.crypto.spec.SecretKeySpec;

/** The client secret as a MAC key: its UTF-8 octets (RFC 7518 §3.2). */
public final class SharedKey {
  private SharedKey() {}

  /** Whether the secret made the MAC of the token; false too when the secret is too short. */
  public static boolean verifies(String secret, SignatureAlgorithm algorithm, StrictJwt jwt) {
    return verifies(secret.getBytes(StandardCharsets.UTF_8), algorithm, jwt.jws());
  }

  static boolean verifies(byte[] octets, SignatureAlgorithm algorithm, CompactJws jws) {
    return octets.length > 0
        && algorithm.verifies(
            new SecretKeySpec(octets, "HMAC"), jws.signingInput(), jws.signature());
  }
}
