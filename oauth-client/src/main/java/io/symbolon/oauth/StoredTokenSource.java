package io.symbolon.oauth;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token of one entry in a store that others use, too. Asked for a token, it takes the newest
 * from the store, and renews it only if nobody else has, under the store's lease: one refresh token
 * is never sent by two.
 *
 * <p>A renewal that has begun runs to its end on a thread of its own, whatever becomes of the
 * caller: its answer is in the store before anybody gets it.
 */
final class StoredTokenSource implements TokenSource {
  private final OAuthClient client;
  private final TokenStore store;
  private final Clock clock;
  private final StoredEntry entry;
  private final DetachedWork<StoredTokens> renewing;
  private volatile @Nullable AccessToken handedOut;
  private volatile boolean adopted;

  static StoredTokenSource ofLogin(
      OAuthClient client, TokenStore store, String key, TokenCheck... checks) {
    return new StoredTokenSource(client, store, new StoredRenewal(client, store, key, checks));
  }

  static StoredTokenSource ofGrant(
      OAuthClient client, TokenStore store, String key, TokenRequest request) {
    return new StoredTokenSource(client, store, new StoredGrant(client, store, key, request));
  }

  private StoredTokenSource(OAuthClient client, TokenStore store, StoredEntry entry) {
    this.client = client;
    this.store = store;
    this.clock = client.clock();
    this.renewing = new DetachedWork<>(client.leaseDuration().multipliedBy(3));
    this.entry = entry;
  }

  @Override
  public AccessToken token() throws IOException {
    StoredTokens present = entry.newest();
    AccessToken token = handOut(isNews(present) ? present : renewedOrGood(present));
    adopted = !entry.isOwn(token);
    return token;
  }

  /**
   * Somebody who comes to a stored token in its last moments can use it while the server is down.
   */
  private StoredTokens renewedOrGood(StoredTokens present) throws IOException {
    try {
      return renewed(present);
    } catch (LoginRequiredException e) {
      throw e;
    } catch (IOException e) {
      AccessToken token = present.tokens().accessToken();
      Instant end = token.expiresAt();
      boolean isGood = end == null || clock.instant().isBefore(end);
      if (!isGood || client.presentable(token) == null || isHandedOut(token)) {
        throw e;
      }
      return present;
    }
  }

  /** Whether the last token came from the store, where somebody else had put it. */
  boolean isAdopted() {
    return adopted;
  }

  /** A token that somebody else has put into the store; null when there is none. Sends nothing. */
  @Nullable AccessToken news() {
    try {
      StoredTokens present = entry.newest();
      adopted = isNews(present);
      return adopted ? handOut(present) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Another token than the one that our caller no longer wants, and good for a while. */
  private boolean isNews(StoredTokens present) {
    AccessToken token = present.tokens().accessToken();
    return !isHandedOut(token)
        && client.presentable(token) != null
        && token.isFresh(clock.instant());
  }

  private boolean isHandedOut(AccessToken token) {
    AccessToken last = handedOut;
    return last != null && StoredEntry.isSame(last, token);
  }

  private AccessToken handOut(StoredTokens newest) throws LoginRequiredException {
    AccessToken token = client.presentable(newest.tokens().accessToken());
    if (token == null) {
      throw StoredRenewal.loginRequired(
          "somebody with another DPoP key, or with none, renews this login", null);
    }
    handedOut = token;
    return token;
  }

  private StoredTokens renewed(StoredTokens present) throws IOException {
    return renewing.result(() -> UntilSaved.run(() -> entry.renew(present)));
  }

  /** The key stays out of it: it may be a user's name. */
  @Override
  public String toString() {
    return "entry in " + store;
  }
}
