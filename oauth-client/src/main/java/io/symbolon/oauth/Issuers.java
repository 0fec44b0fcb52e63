package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.Urls;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Issuer identifiers (RFC 8414 §2) and where their metadata lies (§3, §5). */
final class Issuers {
  private Issuers() {}

  /**
   * The same text.
   *
   * @throws IllegalArgumentException when it is not an issuer identifier
   */
  static String checked(String issuer) {
    String fault =
        issuer.indexOf('?') >= 0 || issuer.indexOf('#') >= 0
            ? "an issuer has neither query nor fragment"
            : Urls.fault(issuer, true);
    if (fault != null) {
      throw new IllegalArgumentException(
          "the issuer is " + Display.quote(issuer) + ", but " + fault);
    }
    return issuer;
  }

  /** Where to look, in this order: the place of RFC 8414, then the one that most servers have. */
  static List<String> metadataUrls(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    int path = base.indexOf('/', base.indexOf("://") + 3);
    String origin = path < 0 ? base : base.substring(0, path);
    String suffix = path < 0 ? "" : base.substring(path);
    return Collections.unmodifiableList(
        Arrays.asList(
            origin + "/.well-known/oauth-authorization-server" + suffix,
            base + "/.well-known/openid-configuration"));
  }
}
