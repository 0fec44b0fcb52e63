package io.symbolon.oidc;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server tells about the user who logged in (OpenID Connect Core §5.3). The subject was
 * compared with the ID token's. Immutable.
 */
public final class UserInfo {
  private final String subject;
  private final Map<String, @Nullable Object> claims;

  UserInfo(String subject, Map<String, @Nullable Object> claims) {
    this.subject = subject;
    this.claims = claims;
  }

  /** The same subject as in the ID token. */
  public String subject() {
    return subject;
  }

  /** A claim as text; null when it is absent or not a text. */
  public @Nullable String text(String name) {
    return claims.get(name) instanceof String text ? text : null;
  }

  /**
   * Whether the server says that the e-mail address belongs to the user: only the JSON value true
   * counts.
   */
  public boolean emailVerified() {
    return Boolean.TRUE.equals(claims.get("email_verified"));
  }

  /** All claims as JSON values. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** The names of the claims: no personal data. */
  @Override
  public String toString() {
    return "UserInfo with " + claims.keySet();
  }
}
