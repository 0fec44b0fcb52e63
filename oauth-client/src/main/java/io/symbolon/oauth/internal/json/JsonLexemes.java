package io.symbolon.oauth.internal.json;

/**
 * One pass over the characters of a document, before any parser sees it: what Moshi's reader lets
 * through (raw control characters, {@code True}) or pays dearly for (depth, digits).
 */
final class JsonLexemes {
  private JsonLexemes() {}

  static void check(String text, int maxDepth, int maxNumberChars) throws MalformedJsonException {
    int depth = 0;
    int numberChars = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        i = endOfString(text, i);
        continue;
      }
      numberChars = isNumberChar(c) ? numberChars + 1 : 0;
      if (numberChars > maxNumberChars) {
        throw new MalformedJsonException("a number has more than " + maxNumberChars + " digits");
      }
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
      if (depth > maxDepth) {
        throw new MalformedJsonException("it is nested deeper than " + maxDepth + " levels");
      }
      checkOutsideString(text, i, c);
    }
  }

  private static int endOfString(String text, int start) throws MalformedJsonException {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c < ' ') {
        throw new MalformedJsonException("a string holds a raw control character");
      }
      if (c == '\\') {
        i++;
      }
    }
    throw new MalformedJsonException("a string does not end");
  }

  private static boolean isNumberChar(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }

  private static void checkOutsideString(String text, int i, char c) throws MalformedJsonException {
    if (c > '~' || (c < ' ' && c != '\t' && c != '\n' && c != '\r')) {
      throw new MalformedJsonException("it holds a character that JSON does not know");
    }
    boolean exponent = c == 'E' && i > 0 && Character.isDigit(text.charAt(i - 1));
    if (c >= 'A' && c <= 'Z' && !exponent) {
      throw new MalformedJsonException("a literal is not in lower case");
    }
  }
}
