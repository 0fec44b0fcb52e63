package io.symbolon.oauth;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The newest nonce of each server, by its origin (RFC 9449 §8.2 and §9). Safe for many threads. */
final class DpopNonces {
  private static final String HEADER = "DPoP-Nonce";
  private static final int MOST_ORIGINS = 100;
  private static final int MOST_CHARACTERS = 1024;

  private final Map<String, String> byOrigin = new LinkedHashMap<>(16, 0.75f, true);

  synchronized @Nullable String of(HttpUrl url) {
    return byOrigin.get(origin(url));
  }

  /** The nonce that the answer brings, kept for the next proof; null when there is none to use. */
  @Nullable String learn(HttpUrl url, Headers answer) {
    List<String> values = answer.values(HEADER);
    // Two of them are an error of the server's, and nobody knows which is meant.
    return learn(url, values.size() == 1 ? values.get(0) : null);
  }

  @Nullable String learn(HttpUrl url, @Nullable String nonce) {
    if (nonce == null || !isNonce(nonce)) {
      return null;
    }
    put(origin(url), nonce);
    return nonce;
  }

  private synchronized void put(String origin, String nonce) {
    byOrigin.put(origin, nonce);
    if (byOrigin.size() > MOST_ORIGINS) {
      byOrigin.remove(byOrigin.keySet().iterator().next());
    }
  }

  /** Characters as RFC 9449 §8.1 has them: visible, without quote and backslash. */
  private static boolean isNonce(String value) {
    return !value.isEmpty()
        && value.length() <= MOST_CHARACTERS
        && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
  }

  private static String origin(HttpUrl url) {
    return url.scheme() + "://" + url.host() + ":" + url.port();
  }
}
