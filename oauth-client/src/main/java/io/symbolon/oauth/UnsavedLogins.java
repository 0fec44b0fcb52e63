package io.symbolon.oauth;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Renewed logins that a store could not take, because its disk is full or its server away. They
 * must not be lost with a cache entry, so that the client holds them.
 */
final class UnsavedLogins {
  private record Place(TokenStore store, String key) {}

  private record Unsaved(StoredTokens before, StoredTokens login, TokenStore.Lease lease) {}

  private final Map<Place, Unsaved> logins = new ConcurrentHashMap<>();

  /**
   * @param before the entry whose refresh token was sent for the login
   * @param lease kept, so that nobody sends the refresh token that is spent, until the login is
   *     saved or the lease ends by itself
   */
  void put(
      TokenStore store,
      String key,
      StoredTokens before,
      StoredTokens login,
      TokenStore.Lease lease) {
    logins.put(new Place(store, key), new Unsaved(before, login, lease));
  }

  boolean holds(TokenStore store, String key) {
    return logins.containsKey(new Place(store, key));
  }

  int count() {
    return logins.size();
  }

  /** Tries again; the login when it still cannot be saved, null when nothing is left to save. */
  @Nullable StoredTokens saveNow(TokenStore store, String key) {
    if (logins.isEmpty()) {
      return null;
    }
    Place place = new Place(store, key);
    Unsaved unsaved = logins.get(place);
    if (unsaved == null) {
      return null;
    }
    try {
      StoredRenewal.replaceSpent(store, key, unsaved.before, unsaved.login);
    } catch (IOException e) {
      return unsaved.login;
    }
    if (logins.remove(place, unsaved)) {
      unsaved.lease.close();
    }
    return null;
  }
}
