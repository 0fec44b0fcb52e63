package io.symbolon.oauth;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/** Hands out the octets that a test wants to see, in their order, and then no more. */
public final class KnownOctets extends SecureRandom {
  private static final long serialVersionUID = 1;

  private final transient Deque<byte[]> octets = new ArrayDeque<>();

  private KnownOctets() {}

  /** The octets of each text in base64url. */
  public static KnownOctets ofBase64Url(String... texts) {
    KnownOctets random = new KnownOctets();
    for (String text : texts) {
      random.octets.add(Base64.getUrlDecoder().decode(text));
    }
    return random;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] next = octets.remove();
    if (next.length != bytes.length) {
      throw new AssertionError("asked for " + bytes.length + " octets, not for " + next.length);
    }
    System.arraycopy(next, 0, bytes, 0, bytes.length);
  }
}
