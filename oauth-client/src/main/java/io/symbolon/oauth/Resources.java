package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.util.regex.Pattern;

/** Resource indicators (RFC 8707 §2). */
final class Resources {
  private static final Pattern ABSOLUTE =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=%-]+");

  private Resources() {}

  static String checked(String uri) {
    if (!ABSOLUTE.matcher(uri).matches()) {
      throw new IllegalArgumentException(
          "a resource is an absolute URI without fragment, but " + Display.quote(uri) + " is not");
    }
    return uri;
  }
}
