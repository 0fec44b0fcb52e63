package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a user typed, as a resource and the host that knows it (OpenID Connect Discovery §2.1).
 *
 * @param resource the normalized identifier
 * @param host the root of the host that is asked
 */
record UserIdentifier(String resource, HttpUrl host) {
  private static final int MAX_CHARS = 500;
  private static final Pattern TYPED =
      Pattern.compile(
          "(?<scheme>acct:|https?://)?"
              + "((?<user>[^/?#]*)@)?"
              + "(?<host>[^\\s\\\\@:/?#%\\[\\]]+)(:(?<port>[0-9]{1,5}))?"
              + "(?<rest>[/?][^\\s#]*)?"
              + "(#.*)?");
  private static final Pattern USER = Pattern.compile("[^\\s\\\\:]{1,200}");

  static UserIdentifier of(String typed) throws InvalidResponseException {
    String text = typed.trim();
    Matcher parts = TYPED.matcher(text);
    if (text.length() > MAX_CHARS || text.matches("[=@!].*") || !parts.matches()) {
      throw refused(
          "it is not of the form joe@example.com, example.com or https://example.com/joe");
    }
    String scheme = parts.group("scheme");
    String user = parts.group("user");
    boolean more = parts.group("port") != null || parts.group("rest") != null;
    if (user != null && !USER.matcher(user).matches()) {
      throw refused("its part before the @ is no name");
    }
    boolean account = "acct:".equals(scheme) || (scheme == null && user != null && !more);
    if (account && (user == null || more)) {
      throw refused("an account is a name and a host");
    }
    HttpUrl host = host(parts.group("host"), parts.group("port"));
    String resource =
        account
            ? "acct:" + String.valueOf(user).replace("@", "%40") + "@" + parts.group("host")
            : url(scheme, user, parts);
    return new UserIdentifier(resource, host);
  }

  private static String url(@Nullable String scheme, @Nullable String user, Matcher parts) {
    String port = parts.group("port");
    String rest = parts.group("rest");
    return (scheme == null ? "https://" : scheme)
        + (user == null ? "" : user + "@")
        + parts.group("host")
        + (port == null ? "" : ":" + port)
        + (rest == null ? "/" : rest);
  }

  /** OkHttp writes some texts as numbers that are none yet: ①②⑦.0.0.1. */
  private static HttpUrl host(String name, @Nullable String port) throws InvalidResponseException {
    HttpUrl url = HttpUrl.parse("https://" + name + (port == null ? "" : ":" + port) + "/");
    if (url == null || url.host().matches(".*:.*|[0-9.]+")) {
      throw refused("its host is not a name");
    }
    return url;
  }

  private static InvalidResponseException refused(String reason) {
    return new InvalidResponseException(
        "invalid_identifier",
        "the text is not the identifier of a user: " + reason,
        Verdict.about("the identifier that the user typed")
            .failed("form", "an account, a host or a URL", reason, "OpenID Connect Discovery §2.1")
            .fix("ask the user again")
            .build());
  }
}
