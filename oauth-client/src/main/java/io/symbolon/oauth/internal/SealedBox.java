package io.symbolon.oauth.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Text that its carrier can neither read nor change: AES-GCM with a random 96-bit initialization
 * vector, in base64url, bound to a context that must be the same on the way back.
 */
public final class SealedBox {
  private static final int IV_OCTETS = 12;
  private static final int TAG_BITS = 128;

  private SealedBox() {}

  /**
   * Seals the text. The cipher chooses the vector: keys in a keystore of the platform take none.
   */
  public static String seal(String text, SecretKey key, String context) {
    try {
      Cipher cipher = cipher(key);
      cipher.init(Cipher.ENCRYPT_MODE, key);
      cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] iv = cipher.getIV();
      if (iv.length != IV_OCTETS) {
        throw new GeneralSecurityException("a vector of " + iv.length + " octets");
      }
      byte[] box = ByteBuffer.allocate(IV_OCTETS + sealed.length).put(iv).put(sealed).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(box);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key cannot be used for AES-GCM", e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws GeneralSecurityException when key, context or text are not those of the sealing
   * @throws IllegalArgumentException when the key is not for AES
   */
  public static String open(String sealed, SecretKey key, String context)
      throws GeneralSecurityException {
    byte[] box = decode(sealed);
    if (box.length < IV_OCTETS + TAG_BITS / 8) { // the JDK's cipher throws a ProviderException
      throw new GeneralSecurityException("too short");
    }
    byte[] iv = Arrays.copyOf(box, IV_OCTETS);
    Cipher cipher = cipher(key);
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return new String(
        cipher.doFinal(box, IV_OCTETS, box.length - IV_OCTETS), StandardCharsets.UTF_8);
  }

  /**
   * Exactly what {@link #seal} writes: padding or stray bits would make other texts for one box.
   */
  private static byte[] decode(String sealed) throws GeneralSecurityException {
    try {
      byte[] box = Base64.getUrlDecoder().decode(sealed);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(box).equals(sealed)) {
        return box;
      }
    } catch (IllegalArgumentException e) {
      // The same refusal as for bits that stand for nothing.
    }
    throw new GeneralSecurityException("not base64url");
  }

  private static Cipher cipher(SecretKey key) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals("AES")) { // not every platform's cipher looks
      throw new IllegalArgumentException("the key is for " + key.getAlgorithm() + ", not for AES");
    }
    return Cipher.getInstance("AES/GCM/NoPadding");
  }
}
