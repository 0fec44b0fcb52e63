package io.symbolon.oauth;

import io.symbolon.oauth.internal.QuietListener;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one token that a client itself has at a server, shared with everybody who uses the store: for
 * servers where each new token ends the one before. Nothing of it is lost if the entry is.
 */
final class StoredGrant implements StoredEntry {
  private final OAuthClient client;
  private final TokenStore store;
  private final String key;
  private final TokenRequest request;
  private final LeaseWait wait;
  private volatile @Nullable Secret ownToken;

  StoredGrant(OAuthClient client, TokenStore store, String key, TokenRequest request) {
    this.client = client;
    this.store = ObservedStore.of(store, client.listener());
    this.key = key;
    this.request = request;
    this.wait = new LeaseWait(client, this.store, key);
  }

  /** An entry that has ended when there is none, or none that can be read. */
  @Override
  public StoredTokens newest() throws IOException {
    try {
      StoredTokens present = store.load(key);
      return present == null ? StoredTokens.ended() : present;
    } catch (StoreCorruptedException e) {
      return StoredTokens.ended();
    }
  }

  @Override
  public StoredTokens renew(StoredTokens seen) throws IOException {
    AtomicReference<StoredTokens> present = new AtomicReference<>(seen);
    TokenStore.Lease lease =
        wait.lease(
            () -> {
              StoredTokens newest = newest();
              present.set(newest);
              return isNews(newest, seen);
            });
    if (lease == null) {
      return Objects.requireNonNull(present.get());
    }
    try {
      StoredTokens newest = newest();
      return isNews(newest, seen) ? newest : send(newest, lease);
    } finally {
      lease.close();
    }
  }

  /** Not an entry that was removed or damaged meanwhile: that one has ended. */
  private boolean isNews(StoredTokens present, StoredTokens seen) {
    AccessToken token = present.tokens().accessToken();
    return !StoredEntry.isSame(token, seen.tokens().accessToken())
        && token.isFresh(client.clock().instant());
  }

  /** A store that fails must not stop a service that could get a token without it. */
  private StoredTokens send(StoredTokens present, TokenStore.Lease lease) throws IOException {
    StoredTokens obtained = StoredTokens.of(request.execute());
    ownToken = obtained.tokens().accessToken().value();
    try {
      store.save(key, obtained, present.version(), lease.fence());
    } catch (IOException e) {
      QuietListener listener = client.listener();
      if (listener != null) {
        listener.keptInMemory();
      }
    }
    return obtained;
  }

  @Override
  public boolean isOwn(AccessToken token) {
    return token.value().equals(ownToken);
  }
}
