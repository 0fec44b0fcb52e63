package io.symbolon.oauth.testkit;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An application that is registered here; without a secret it is a public client. */
record Client(String id, @Nullable String secret, List<String> redirectUris) {
  private static final Pattern LOOPBACK_PORT =
      Pattern.compile("^(http://(?:127\\.0\\.0\\.1|\\[::1]|localhost)):\\d+(?=[/?]|$)");

  boolean isPublic() {
    return secret == null;
  }

  /** Exactly a registered URI; only the port of a loopback one may vary (RFC 8252, section 7.3). */
  boolean allows(String redirectUri) {
    if (redirectUri.indexOf('#') >= 0) return false;
    return redirectUris.isEmpty()
        || redirectUris.stream().anyMatch(known -> portless(known).equals(portless(redirectUri)));
  }

  private static String portless(String uri) {
    return LOOPBACK_PORT.matcher(uri).replaceFirst("$1");
  }
}
