package io.symbolon.oauth.internal.jose;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.spec.SecretKeySpec;

/** The client secret as a MAC key: its UTF-8 octets (RFC 7518 §3.2). */
public final class SharedKey {
  private SharedKey() {}

  /** Whether the secret made the MAC of the token; false too when the secret is too short. */
  public static boolean verifies(String secret, SignatureAlgorithm algorithm, StrictJwt jwt) {
    return verifies(secret.getBytes(StandardCharsets.UTF_8), algorithm, jwt.jws());
  }

  /**
   * Makes the MAC of octets.
   *
   * @throws IllegalArgumentException when the secret is shorter than the hash (RFC 7518 §3.2)
   */
  public static byte[] sign(String secret, SignatureAlgorithm algorithm, byte[] signingInput) {
    byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
    if (!algorithm.isSymmetric() || octets.length < algorithm.signatureOctets()) {
      throw new IllegalArgumentException(
          algorithm
              + " needs a client secret of "
              + algorithm.signatureOctets()
              + " octets or more, but this one has "
              + octets.length
              + " (RFC 7518 §3.2)");
    }
    try {
      return algorithm.sign(new SecretKeySpec(octets, "HMAC"), signingInput);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm + " is not there", e);
    }
  }

  static boolean verifies(byte[] octets, SignatureAlgorithm algorithm, CompactJws jws) {
    return octets.length > 0
        && algorithm.verifies(
            new SecretKeySpec(octets, "HMAC"), jws.signingInput(), jws.signature());
  }
}
