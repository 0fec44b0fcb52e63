package io.symbolon.oauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Renews with the newest refresh token, each time. The caching source around it lets one in. A
 * renewal that has begun runs to its end, or an interrupted caller would lose the login.
 */
final class RefreshingTokenSource implements TokenSource {
  private final OAuthClient client;
  private final TokenCheck[] checks;
  private final DetachedWork<TokenSet> renewing;
  private volatile TokenSet tokens;
  private volatile @Nullable AccessToken unclaimed;
  private volatile @Nullable LoginRequiredException ended;

  RefreshingTokenSource(OAuthClient client, TokenSet tokens, TokenCheck... checks) {
    this.client = client;
    this.tokens = tokens;
    this.checks = checks.clone();
    this.renewing = new DetachedWork<>(client.leaseDuration());
  }

  @Override
  public AccessToken token() throws IOException {
    AccessToken left = unclaimed;
    if (left != null && left.isFresh(client.clock().instant())) {
      unclaimed = null;
      return left;
    }
    LoginRequiredException end = ended;
    if (end != null) {
      throw end;
    }
    client.requireKeyOf(tokens);
    if (tokens.refreshToken() == null) {
      throw new LoginRequiredException(
          "the access token has ended, and there is no refresh token to renew it",
          Verdict.about("the renewal for " + client)
              .failed("refresh_token", "a refresh token", "none", "RFC 6749 §6")
              .fix("log in again; many servers give a refresh token only for offline_access")
              .build(),
          null);
    }
    AccessToken token = renewing.result(this::renewed).accessToken();
    unclaimed = null;
    return token;
  }

  private TokenSet renewed() throws IOException {
    try {
      TokenSet renewed = client.refresh(tokens).checks(checks).execute();
      tokens = renewed;
      unclaimed = renewed.accessToken();
      return renewed;
    } catch (OAuthErrorException e) {
      if (!e.error().equals("invalid_grant")) {
        throw e;
      }
      LoginRequiredException required =
          new LoginRequiredException(
              "the server no longer takes the refresh token: " + e.getMessage(), e.verdict(), e);
      ended = required;
      throw required;
    }
  }
}
