package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.Urls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The wish of another site that the user log in here (OpenID Connect Core §4). Whoever made the
 * link chose what is in it.
 */
final class ThirdPartyLogin {
  private static final String SECTION = "OpenID Connect Core §4";
  private static final int MAX_CHARS = 64 * 1024;
  private static final int MAX_PARAMETERS = 100;

  private final Verdict.Builder verdict = Verdict.about("a login that another site asked for");
  private final Map<String, String> parameters = new HashMap<>();

  ThirdPartyLogin(String query) throws InvalidResponseException {
    try {
      for (FormCodec.Pair pair : FormCodec.decode(query, MAX_CHARS, MAX_PARAMETERS)) {
        if (parameters.put(pair.name(), pair.value()) != null) {
          throw new IllegalArgumentException("a parameter occurs more than once");
        }
      }
    } catch (IllegalArgumentException e) {
      verdict.failed("encoding", "a form", e.getMessage() + "", SECTION);
      throw refused("malformed_response", "it cannot be read: " + e.getMessage());
    }
    parameters.values().removeIf(String::isEmpty);
  }

  /** Only ours: nobody may make us ask a server of their choice. */
  void checkIssuer(String issuer) throws InvalidResponseException {
    String iss = parameters.get("iss");
    if (!verdict.check(
        "iss", issuer.equals(iss), Display.quote(issuer), Display.quote(iss), SECTION)) {
      throw refused("issuer_mismatch", "it is for " + Display.quote(iss) + ", not for " + issuer);
    }
  }

  @Nullable String loginHint() {
    return parameters.get("login_hint");
  }

  /** Where the user goes afterwards; null when the other site does not say. */
  @Nullable String target(List<String> ownOrigins) throws InvalidResponseException {
    String target = parameters.get("target_link_uri");
    if (target == null) {
      return null;
    }
    boolean own = ownOrigins.stream().anyMatch(origin -> isAt(origin, target));
    if (!verdict.check(
        "target_link_uri", own, "at one of " + ownOrigins, "elsewhere", "RFC 9700 §4.11.1")) {
      throw refused("invalid_url", "it leads to a place that is not ours");
    }
    return target;
  }

  private static boolean isAt(String origin, String target) {
    HttpUrl own = HttpUrl.get(origin);
    HttpUrl url = Urls.fault(target, true) == null ? HttpUrl.parse(target) : null;
    return url != null
        && url.scheme().equals(own.scheme())
        && url.host().equals(own.host())
        && url.port() == own.port();
  }

  private InvalidResponseException refused(String code, String reason) {
    return new InvalidResponseException(code, "the login is not begun: " + reason, verdict.build());
  }
}
