package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import org.jspecify.annotations.Nullable;

/**
 * What a token exchange brought (RFC 8693 §2.2.1): often an access token, sometimes something that
 * no API may ever see. Immutable.
 */
public final class ExchangedToken {
  private final Secret value;
  private final String issuedTokenType;
  private final @Nullable TokenSet tokens;

  ExchangedToken(Secret value, String issuedTokenType, @Nullable TokenSet tokens) {
    this.value = value;
    this.issuedTokenType = issuedTokenType;
    this.tokens = tokens;
  }

  /** The token, of whatever kind. */
  public Secret value() {
    return value;
  }

  /** What it is, such as {@code urn:ietf:params:oauth:token-type:saml2}. */
  public String issuedTokenType() {
    return issuedTokenType;
  }

  /** Whether it can be used at an API: whether {@link #tokens} has something to give. */
  public boolean isAccessToken() {
    return tokens != null;
  }

  /**
   * The tokens.
   *
   * @throws IllegalStateException when the server issued no access token: its {@code token_type} is
   *     {@code N_A}, or it is a refresh token
   */
  public TokenSet tokens() {
    if (tokens == null) {
      throw new IllegalStateException(
          "the exchange issued a "
              + Display.clean(issuedTokenType)
              + ", which is not an access token; value() has it");
    }
    return tokens;
  }

  /** The kind; not the token. */
  @Override
  public String toString() {
    return "exchanged " + Display.clean(issuedTokenType) + (tokens == null ? "" : ", " + tokens);
  }
}
