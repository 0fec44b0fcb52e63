package io.symbolon.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A text that must not be seen: a client secret, a token, a code, a state.
 *
 * <p>It never shows itself: {@link #toString} is {@code ██}, and {@link #reveal} is the one word to
 * search for when you want to know where secrets leave. Equality takes the same time wherever two
 * secrets differ. Immutable; not serializable on purpose.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * A secret with this text.
   *
   * @throws IllegalArgumentException when the text is empty
   */
  public static Secret of(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a secret may not be empty");
    }
    return new Secret(value);
  }

  /**
   * The secret in an environment variable.
   *
   * @throws IllegalStateException when the variable is not set or empty
   */
  public static Secret fromEnv(String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException("the environment variable " + name + " is not set");
    }
    return new Secret(value);
  }

  static @Nullable Secret ofNullable(@Nullable String value) {
    return value == null ? null : new Secret(value);
  }

  /** The text itself. From here on it is yours to protect. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "██";
  }
}
