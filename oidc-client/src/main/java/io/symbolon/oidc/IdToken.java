package io.symbolon.oidc;

import io.symbolon.oauth.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who logged in, said by the server and verified: signature, issuer, audience, times, nonce. There
 * is no unverified one. Immutable.
 *
 * <p>The key of an account is issuer and subject together (OpenID Connect Core §5.7); an e-mail
 * address is not, it may belong to somebody else tomorrow. An ID token is no access token and is
 * never sent to an API.
 */
public final class IdToken {
  private final Secret serialized;
  private final Map<String, @Nullable Object> claims;

  IdToken(Secret serialized, Map<String, @Nullable Object> claims) {
    this.serialized = serialized;
    this.claims = claims;
  }

  /** Who says so: the issuer, exactly as configured. */
  public String issuer() {
    return (String) required("iss");
  }

  /** Who it is: unique at this issuer, never reassigned, at most 255 ASCII characters. */
  public String subject() {
    return (String) required("sub");
  }

  /** For whom it was made: our client id, and perhaps others that were named as trusted. */
  public List<String> audience() {
    Object audience = required("aud");
    if (audience instanceof String one) {
      return Collections.singletonList(one);
    }
    List<String> all = new ArrayList<>();
    ((List<?>) audience).forEach(member -> all.add((String) member));
    return Collections.unmodifiableList(all);
  }

  /** When it was made, by the server's clock. */
  public Instant issuedAt() {
    return Instant.ofEpochSecond(((Number) required("iat")).longValue());
  }

  /** Until when it may be accepted. It is not how long the user stays logged in with you. */
  public Instant expiresAt() {
    return Instant.ofEpochSecond(((Number) required("exp")).longValue());
  }

  /** When the user last proved who they are; null when the server does not say. */
  public @Nullable Instant authTime() {
    return claims.get("auth_time") instanceof Number seconds
        ? Instant.ofEpochSecond(seconds.longValue())
        : null;
  }

  /** How strong the login was (OpenID Connect Core §2, {@code acr}); null when not said. */
  public @Nullable String acr() {
    return text("acr");
  }

  /**
   * The session at the provider, {@code sid} (OpenID Connect Front-Channel Logout §3): what a
   * logout names; null when not said.
   */
  public @Nullable String sessionId() {
    return text("sid");
  }

  /** A claim as text; null when it is absent or not a text. */
  public @Nullable String text(String name) {
    return claims.get(name) instanceof String text ? text : null;
  }

  /** A claim as JSON value; null when it is absent. */
  public @Nullable Object claim(String name) {
    return claims.get(name);
  }

  /** All claims as JSON values: text, number, boolean, {@code List}, {@code Map}. */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /** The token as the server wrote it, for {@code id_token_hint}. */
  public Secret serialized() {
    return serialized;
  }

  private Object required(String name) {
    Object value = claims.get(name);
    if (value == null) {
      throw new IllegalStateException("a verified ID token has " + name);
    }
    return value;
  }

  /** The issuer and the names of the claims: no personal data. */
  @Override
  public String toString() {
    return "ID token of " + issuer() + " with " + claims.keySet();
  }
}
