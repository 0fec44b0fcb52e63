package io.symbolon.oauth.testkit;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * RSA key pairs that closed servers have left behind. Making one takes a tenth of a second, which a
 * test suite with a server per test would notice. Two open servers never have the same one.
 */
final class RsaKeyPairs {
  private static final ConcurrentLinkedQueue<KeyPair> SPARE = new ConcurrentLinkedQueue<>();

  private RsaKeyPairs() {}

  static KeyPair take() {
    @Nullable KeyPair spare = SPARE.poll();
    return spare != null ? spare : generate();
  }

  static void giveBack(KeyPair pair) {
    SPARE.add(pair);
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
