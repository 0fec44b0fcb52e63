package io.symbolon.oauth.internal;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * URLs as they are written, before OkHttp's parser makes them alike: it turns {@code
 * https://as.example:443/} and {@code ①②⑦.0.0.1} into other texts.
 */
public final class Urls {
  // No repeated group: Java's matcher calls itself for every turn of one, and the text may be long.
  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"
              + "(/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?"
              + "(\\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern IPV4_LOOPBACK =
      Pattern.compile("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");

  private Urls() {}

  /**
   * Why the text may not be the URL of a server; null when it may.
   *
   * <p>It must be absolute, without user info and fragment, of the characters of RFC 3986, and
   * {@code https}; {@code http} only where the caller allows it and the host is a loopback literal
   * or {@code localhost}.
   */
  public static @Nullable String fault(String text, boolean loopbackHttp) {
    if (!ABSOLUTE.matcher(text).matches() || BAD_ESCAPE.matcher(text).find()) {
      return "it is not an absolute https URL without user info and fragment";
    }
    HttpUrl url = HttpUrl.parse(text);
    if (url == null) {
      return "it is not a URL";
    }
    if (!url.isHttps() && !isLoopback(url.host())) {
      return "http would send secrets in clear text; https is required";
    }
    if (!url.isHttps() && !loopbackHttp) {
      return "a server behind https may not name an http URL";
    }
    return null;
  }

  /** Whether the host is 127.x.y.z, ::1 or localhost, as OkHttp prints it. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || IPV4_LOOPBACK.matcher(host).matches();
  }

  /** Scheme, host and path: what may stand in a message about this URL. */
  public static String redact(HttpUrl url) {
    return url.newBuilder().username("").password("").query(null).fragment(null).toString();
  }
}
