package io.symbolon.oauth.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Text from outside, made fit for a message or a log line. */
public final class Display {
  private static final int MAX_CHARS = 300;

  private Display() {}

  /** Without control and formatting characters, and of bounded length. */
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints().limit(MAX_CHARS).forEach(c -> clean.appendCodePoint(visible(c)));
    if (text.codePointCount(0, text.length()) > MAX_CHARS) {
      clean.append('…');
    }
    return clean.toString();
  }

  /** The same, and with every occurrence of a secret blacked out. */
  public static String clean(String text, Collection<String> secrets) {
    String redacted = text;
    for (String secret : secrets) {
      if (secret.length() >= 4) {
        redacted = redacted.replace(secret, "██");
      }
    }
    return clean(redacted);
  }

  /** A value from outside in quotes, or the word "nothing". */
  public static String quote(@Nullable Object value) {
    return value == null ? "nothing" : "\"" + clean(value.toString()) + "\"";
  }

  private static int visible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          '?';
      default -> c;
    };
  }
}
