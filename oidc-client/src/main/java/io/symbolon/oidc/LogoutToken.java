package io.symbolon.oidc;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The provider's word that sessions have ended, verified (OpenID Connect Back-Channel Logout §2.4).
 * It has a subject, a session, or both. Immutable.
 */
public final class LogoutToken {
  private final String issuer;
  private final Map<String, @Nullable Object> claims;

  LogoutToken(String issuer, Map<String, @Nullable Object> claims) {
    this.issuer = issuer;
    this.claims = claims;
  }

  /** Who says so. */
  public String issuer() {
    return issuer;
  }

  /** Whose sessions end; null when only the session is named. */
  public @Nullable String subject() {
    return (String) claims.get("sub");
  }

  /**
   * Which session ends, as in {@link IdToken#sessionId}; null when all sessions of the subject do.
   */
  public @Nullable String sessionId() {
    return (String) claims.get("sid");
  }

  /** When it was made, by the provider's clock. */
  public Instant issuedAt() {
    Object seconds = Objects.requireNonNull(claims.get("iat"));
    return Instant.ofEpochSecond(((Number) seconds).longValue());
  }

  /**
   * Whether this login is one of those that end: of the same issuer, and with the same subject and
   * session as far as they are named here.
   */
  public boolean ends(IdToken login) {
    return issuer.equals(login.issuer())
        && (subject() == null || login.subject().equals(subject()))
        && (sessionId() == null || Objects.equals(login.sessionId(), sessionId()));
  }

  /** All claims as JSON values. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** The issuer and the names of the claims: no personal data. */
  @Override
  public String toString() {
    return "logout token of " + issuer + " with " + claims.keySet();
  }
}
