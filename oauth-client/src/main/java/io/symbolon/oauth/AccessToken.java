package io.symbolon.oauth;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The key to an API: what a resource server wants to see (RFC 6749 §1.4). Immutable.
 *
 * <p>It is not a statement about a user, and neither a refresh token nor an identity token fits
 * this type, so that neither can be sent to an API by mistake.
 */
public final class AccessToken {
  private final Secret value;
  private final String type;
  private final Set<String> scope;
  private final Instant issuedAt;
  private final @Nullable Instant expiresAt;
  private final Headers headers;

  AccessToken(
      Secret value, String type, Set<String> scope, Instant issuedAt, @Nullable Instant expiresAt) {
    this.value = value;
    this.type = type;
    this.scope = Collections.unmodifiableSet(new LinkedHashSet<>(scope));
    this.issuedAt = issuedAt;
    this.expiresAt = expiresAt;
    // Prepared once: checking every character again for each request would cost a microsecond.
    this.headers = Headers.of("Authorization", type + " " + value.reveal());
  }

  /**
   * A bearer token from somewhere else, for a {@link TokenSource} of your own.
   *
   * @param issuedAt when it was obtained; renewal is planned by the time between the two
   * @param expiresAt when it ends; null when nobody knows, then it is used until it is refused
   * @throws IllegalArgumentException when the value cannot stand in a header (RFC 6750 §2.1)
   */
  public static AccessToken bearer(Secret value, Instant issuedAt, @Nullable Instant expiresAt) {
    if (!TokenText.fitsHeader(value.reveal())) {
      throw new IllegalArgumentException(
          "a bearer token has visible ASCII characters only, without quote, comma and backslash");
    }
    return new AccessToken(value, "Bearer", Collections.emptySet(), issuedAt, expiresAt);
  }

  /** The token itself. */
  public Secret value() {
    return value;
  }

  /** The way to present it: {@code Bearer}. */
  public String type() {
    return type;
  }

  /**
   * What the token may do, as granted; empty when the server did not say and nothing was asked for.
   */
  public Set<String> scope() {
    return scope;
  }

  /** When it was obtained, by our clock. */
  public Instant issuedAt() {
    return issuedAt;
  }

  /** When it ends, by our clock; null when the server did not say. */
  public @Nullable Instant expiresAt() {
    return expiresAt;
  }

  /** The one header that presents it. */
  Headers headers() {
    return headers;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return type + " token, " + (expiresAt == null ? "no known end" : "until " + expiresAt);
  }
}
