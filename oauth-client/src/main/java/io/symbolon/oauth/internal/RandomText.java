package io.symbolon.oauth.internal;

import java.security.SecureRandom;
import java.util.Base64;

/** Values that nobody can guess. */
public final class RandomText {
  private RandomText() {}

  /** 256 random bits in 43 characters of base64url. */
  public static String of256Bits(SecureRandom random) {
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
