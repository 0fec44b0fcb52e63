package io.symbolon.oauth.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Comparison in time that does not depend on where two values differ. */
public final class Constant {
  private Constant() {}

  /** Whether both are there and equal. */
  public static boolean timeEquals(@Nullable String a, @Nullable String b) {
    return a != null
        && b != null
        && MessageDigest.isEqual(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
