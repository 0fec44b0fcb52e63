package io.symbolon.oauth;

import java.util.regex.Pattern;

/** Which characters RFC 6749, appendix A, allows where. */
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
}
