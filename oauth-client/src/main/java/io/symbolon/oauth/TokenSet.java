package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token request brought: an access token, perhaps a refresh token, and whatever else the
 * server sent along (RFC 6749 §5.1). Immutable.
 */
public final class TokenSet {
  private final AccessToken accessToken;
  private final @Nullable Secret refreshToken;
  private final @Nullable String issuer;
  private final Map<String, @Nullable Object> members;

  TokenSet(
      AccessToken accessToken,
      @Nullable Secret refreshToken,
      @Nullable String issuer,
      Map<String, ? extends @Nullable Object> members) {
    this.accessToken = accessToken;
    this.refreshToken = refreshToken;
    this.issuer = issuer;
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** The access token. */
  public AccessToken accessToken() {
    return accessToken;
  }

  /**
   * The refresh token that is good now; null when the server gave none. After a refresh without a
   * new one it is the old one, which stays valid (RFC 6749 §6).
   */
  public @Nullable Secret refreshToken() {
    return refreshToken;
  }

  /** What was granted; empty when unknown. The same as {@code accessToken().scope()}. */
  public Set<String> scope() {
    return accessToken.scope();
  }

  /** The issuer identifier of the server; null when the client knows none. */
  public @Nullable String issuer() {
    return issuer;
  }

  /**
   * A member of the response that OAuth itself does not define, as JSON: {@code String}, {@code
   * Long}, {@code Double}, {@code Boolean}, {@code List} or {@code Map}; null when it is absent. It
   * may well be a secret.
   */
  public @Nullable Object member(String name) {
    return members.get(name);
  }

  /** The names of those members. */
  public Set<String> memberNames() {
    return members.keySet();
  }

  /** The same with further members; those of the server stay. */
  TokenSet with(Map<String, Object> more) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(more);
    all.putAll(members);
    return new TokenSet(accessToken, refreshToken, issuer, all);
  }

  /** Without any token; of other members only the names. */
  @Override
  public String toString() {
    return accessToken
        + (refreshToken == null ? ", no refresh token" : ", with a refresh token")
        + ", scope "
        + scope()
        + (members.isEmpty() ? "" : ", also " + Display.clean(members.keySet().toString()));
  }
}
