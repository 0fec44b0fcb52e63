package io.symbolon.oidc;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import org.jspecify.annotations.Nullable;

/** What a login brought: who it is, and the tokens to act for them. Immutable. */
public final class OidcTokens {
  private final IdToken idToken;
  private final TokenSet tokens;

  OidcTokens(IdToken idToken, TokenSet tokens) {
    this.idToken = idToken;
    this.tokens = tokens;
  }

  /**
   * Who logged in, verified. After a refresh it is the new one if the server sent one, else the one
   * of the login.
   */
  public IdToken idToken() {
    return idToken;
  }

  /** The tokens. */
  public TokenSet tokens() {
    return tokens;
  }

  /** The access token; the same as {@code tokens().accessToken()}. */
  public AccessToken accessToken() {
    return tokens.accessToken();
  }

  /** The refresh token; null when the server gave none. */
  public @Nullable Secret refreshToken() {
    return tokens.refreshToken();
  }

  /** Without tokens and personal data. */
  @Override
  public String toString() {
    return idToken + "; " + tokens;
  }
}
