package io.symbolon.oidc;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.providers.UserIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a login brought: who it is, and the tokens to act for them. Immutable. */
public final class OidcTokens {
  private final IdToken idToken;
  private final TokenSet tokens;
  private final @Nullable String sessionState;

  OidcTokens(IdToken idToken, TokenSet tokens) {
    this(idToken, tokens, null);
  }

  OidcTokens(IdToken idToken, TokenSet tokens, @Nullable String sessionState) {
    this.idToken = idToken;
    this.tokens = tokens;
    this.sessionState = sessionState;
  }

  /**
   * Who logged in, verified. After a refresh it is the new one if the server sent one, else the one
   * of the login.
   */
  public IdToken idToken() {
    return idToken;
  }

  /** Who logged in, as with every other provider: from the ID token alone. */
  public UserIdentity identity() {
    return UserIdentity.ofVerifiedClaims(idToken.issuer(), idToken.subject(), idToken.claims());
  }

  /** The same, with what the provider adds to it. What it has signed counts. */
  UserIdentity identity(UserInfo added) {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>(added.claims());
    if (idToken.claims().containsKey("email")) {
      claims.remove("email_verified"); // It is about the other address.
    }
    claims.putAll(idToken.claims());
    return UserIdentity.ofVerifiedClaims(idToken.issuer(), idToken.subject(), claims);
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

  /**
   * What the page asks the provider's iframe about, {@code session_state} (OpenID Connect Session
   * Management §2); null when the provider sent none. Whoever could reach the redirect URI could
   * write it: it says whether to look again, and nothing about who the user is.
   */
  public @Nullable String sessionState() {
    return sessionState;
  }

  /** Without tokens and personal data. */
  @Override
  public String toString() {
    return idToken + "; " + tokens;
  }
}
