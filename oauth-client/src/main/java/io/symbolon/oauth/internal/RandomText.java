package io.symbolon.oauth.internal;

import java.security.SecureRandom;
import java.util.Base64;

/** Values that nobody can guess. */
public final class RandomText {
  private static final String LETTERS_AND_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomText() {}

  /** 256 random bits in 43 characters of base64url. */
  public static String of256Bits(SecureRandom random) {
    return of(32, random);
  }

  /** 128 random bits in 22 characters of base64url. */
  public static String of128Bits(SecureRandom random) {
    return of(16, random);
  }

  /** More than 250 random bits in 43 letters and digits. */
  public static String ofLettersAndDigits(SecureRandom random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 43) {
      text.append(LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length())));
    }
    return text.toString();
  }

  private static String of(int length, SecureRandom random) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
