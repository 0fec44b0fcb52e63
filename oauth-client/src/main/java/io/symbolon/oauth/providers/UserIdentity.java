package io.symbolon.oauth.providers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who logged in, wherever that was. It comes from a verified identity token, or from what a {@link
 * Provider} answered to the tokens of a login of this very client; that somebody holds an access
 * token makes nobody known.
 *
 * <p>Keep an account under {@link #key}. Name, picture and e-mail address may change, may be
 * missing and may belong to somebody else later. Immutable.
 */
public final class UserIdentity {
  private final String issuer;
  private final String subject;
  private final boolean linkable;
  private final Map<String, @Nullable Object> claims;

  UserIdentity(
      String issuer,
      String subject,
      boolean linkable,
      Map<String, ? extends @Nullable Object> claims) {
    this.issuer = issuer;
    this.subject = subject;
    this.linkable = linkable;
    this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /**
   * The user of an identity token. For code that has verified one; an application gets this object
   * from the client that did.
   *
   * @param claims by the names of OpenID Connect Core §5.1
   */
  public static UserIdentity ofVerifiedClaims(
      String issuer, String subject, Map<String, ? extends @Nullable Object> claims) {
    return new UserIdentity(issuer, subject, true, claims);
  }

  /** Who says so: the issuer identifier, or the provider's own address. */
  public String issuer() {
    return issuer;
  }

  /** The user's name for machines there; another user never gets it. */
  public String subject() {
    return subject;
  }

  /** Issuer and subject in one text with a space between them: the key of an account. */
  public String key() {
    return issuer + " " + subject;
  }

  /**
   * Whether an account may be kept for this user. Not for a stand-in that the provider made up for
   * somebody who only looks.
   */
  public boolean isLinkable() {
    return linkable;
  }

  /** The name to show; null when the provider gives none. */
  public @Nullable String name() {
    return text("name");
  }

  /** The URL of a picture; null when there is none. */
  public @Nullable String picture() {
    return text("picture");
  }

  /**
   * An e-mail address; null when there is none. Never link accounts by it, unless it {@link
   * #isEmailVerified is verified} by a provider that you trust with that.
   */
  public @Nullable String email() {
    return text("email");
  }

  /** Whether the provider says that the address is the user's. */
  public boolean isEmailVerified() {
    Object verified = claims.get("email_verified");
    return email() != null && (Boolean.TRUE.equals(verified) || "true".equals(verified));
  }

  private @Nullable String text(String name) {
    return claims.get(name) instanceof String text && !text.isEmpty() ? text : null;
  }

  /**
   * Everything that the provider said, as JSON values: by the names of OpenID Connect Core §5.1
   * where it fits, and by the provider's own names.
   */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** Issuer and subject; nothing else of the person. */
  @Override
  public String toString() {
    return key();
  }
}
