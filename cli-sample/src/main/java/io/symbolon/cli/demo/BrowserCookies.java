package io.symbolon.cli.demo;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * Cookies in memory. As in a browser, {@code Secure} does not stand in the way on the own machine.
 */
final class BrowserCookies implements CookieJar {
  private final List<Cookie> cookies = new ArrayList<>();

  @Override
  public synchronized void saveFromResponse(HttpUrl url, List<Cookie> received) {
    for (Cookie cookie : received) {
      cookies.removeIf(old -> isSame(old, cookie));
      cookies.add(isLoopback(url) ? withoutSecure(cookie) : cookie);
    }
  }

  @Override
  public synchronized List<Cookie> loadForRequest(HttpUrl url) {
    long now = System.currentTimeMillis();
    cookies.removeIf(cookie -> cookie.expiresAt() <= now);
    return cookies.stream().filter(cookie -> cookie.matches(url)).toList();
  }

  private static boolean isSame(Cookie a, Cookie b) {
    return a.name().equals(b.name()) && a.domain().equals(b.domain()) && a.path().equals(b.path());
  }

  private static boolean isLoopback(HttpUrl url) {
    return url.host().equals("127.0.0.1") || url.host().equals("localhost");
  }

  private static Cookie withoutSecure(Cookie cookie) {
    return new Cookie.Builder()
        .name(cookie.name())
        .value(cookie.value())
        .hostOnlyDomain(cookie.domain())
        .path(cookie.path())
        .expiresAt(cookie.expiresAt())
        .build();
  }
}
