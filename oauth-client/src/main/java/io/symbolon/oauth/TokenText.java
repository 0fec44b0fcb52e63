package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What RFC 6749, appendix A, allows where; and scopes as a program writes them. */
final class TokenText {
  private static final Pattern VSCHAR = Pattern.compile("[\\x20-\\x7E]+");
  // RFC 6750 has only b64token; real servers also use | ! # and others that do no harm in a header.
  private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7E&&[^\",;\\\\]]+");
  private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

  private TokenText() {}

  static boolean isVschar(String text) {
    return VSCHAR.matcher(text).matches();
  }

  static boolean fitsHeader(String text) {
    return HEADER_SAFE.matcher(text).matches();
  }

  static boolean isScopeToken(String text) {
    return SCOPE_TOKEN.matcher(text).matches();
  }

  /**
   * The tokens of a scope.
   *
   * @throws IllegalArgumentException when there is none, or one of other characters
   */
  static Set<String> scope(String scope) {
    Set<String> tokens = new LinkedHashSet<>();
    for (String token : scope.trim().split(" +", -1)) {
      if (!isScopeToken(token)) {
        throw new IllegalArgumentException(
            "a scope is one or more visible ASCII characters without quote and backslash, but "
                + Display.quote(token)
                + " is not");
      }
      tokens.add(token);
    }
    return Collections.unmodifiableSet(tokens);
  }
}
