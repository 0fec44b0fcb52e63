package io.symbolon.oauth;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token of one login in a store that others use, too. Asked for a token, it takes the newest
 * from the store, and renews it only if nobody else has, under the store's lease: one refresh token
 * is never sent by two.
 *
 * <p>A renewal that has begun runs to its end on a thread of its own, whatever becomes of the
 * caller: its answer is in the store before anybody gets it.
 */
final class StoredTokenSource implements TokenSource {
  private final TokenStore store;
  private final Clock clock;
  private final StoredRenewal renewal;
  private final DetachedWork<StoredTokens> renewing;
  private volatile @Nullable Secret handedOut;
  private volatile boolean adopted;

  StoredTokenSource(OAuthClient client, TokenStore store, String key, TokenCheck... checks) {
    this.store = store;
    this.clock = client.clock();
    this.renewing = new DetachedWork<>(client.leaseDuration().multipliedBy(3));
    this.renewal = new StoredRenewal(client, store, key, checks);
  }

  @Override
  public AccessToken token() throws IOException {
    StoredTokens present = renewal.newest();
    AccessToken token = handOut(isNews(present) ? present : renewedOrGood(present));
    adopted = !renewal.isOwn(token);
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
      if (!isGood || token.value().equals(handedOut)) {
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
      StoredTokens present = renewal.newest();
      adopted = isNews(present);
      return adopted ? handOut(present) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Another token than the one that our caller no longer wants, and good for a while. */
  private boolean isNews(StoredTokens present) {
    AccessToken token = present.tokens().accessToken();
    return !token.value().equals(handedOut) && RenewalWindow.of(token).isFresh(clock.instant());
  }

  private AccessToken handOut(StoredTokens entry) {
    AccessToken token = entry.tokens().accessToken();
    handedOut = token.value();
    return token;
  }

  private StoredTokens renewed(StoredTokens present) throws IOException {
    return renewing.result(() -> renewal.renew(present));
  }

  /** The key stays out of it: it may be a user's name. */
  @Override
  public String toString() {
    return "login in " + store;
  }
}
