package io.symbolon.oauth;

import java.security.SecureRandom;

/**
 * Jitter that a test can foresee: 0 is the earliest, close to 1 the latest, 0.5 leaves waits be.
 */
final class FixedRandom extends SecureRandom {
  private static final long serialVersionUID = 1;

  private final double value;

  FixedRandom(double value) {
    this.value = value;
  }

  @Override
  public double nextDouble() {
    return value;
  }
}
