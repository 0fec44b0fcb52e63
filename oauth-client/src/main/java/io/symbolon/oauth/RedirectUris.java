package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.Urls;
import java.util.Locale;
import java.util.regex.Pattern;

/** Redirect URIs as a client may use them (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.6). */
final class RedirectUris {
  private static final Pattern URI =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=%-]+");
  private static final Pattern DANGEROUS =
      Pattern.compile("(javascript|data|vbscript|file|about|blob|intent|content):.*");

  private RedirectUris() {}

  static String checked(String uri) {
    String scheme = uri.toLowerCase(Locale.ROOT);
    String fault = null;
    if (!URI.matcher(uri).matches()) {
      fault = "it is not an absolute URI without fragment";
    } else if (scheme.startsWith("http:") || scheme.startsWith("https:")) {
      fault = Urls.fault(uri, true);
    } else if (DANGEROUS.matcher(scheme).matches()) {
      fault = "browsers run or open such URIs themselves";
    }
    if (fault == null && !hasReadableQuery(uri)) {
      fault = "its query does not decode to UTF-8";
    }
    if (fault != null) {
      throw new IllegalArgumentException(
          "the redirect URI is " + Display.quote(uri) + ", but " + fault);
    }
    return uri;
  }

  /** The query comes back with the response and is compared then: too late for a complaint. */
  private static boolean hasReadableQuery(String uri) {
    int query = uri.indexOf('?');
    try {
      FormCodec.decode(query < 0 ? "" : uri.substring(query + 1), uri.length(), uri.length());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
