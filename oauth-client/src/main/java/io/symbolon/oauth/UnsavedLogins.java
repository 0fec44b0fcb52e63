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

  private final Map<Place, StoredTokens> logins = new ConcurrentHashMap<>();

  void put(TokenStore store, String key, StoredTokens login) {
    logins.put(new Place(store, key), login);
  }

  boolean holds(TokenStore store, String key) {
    return logins.containsKey(new Place(store, key));
  }

  /** Tries again; the login when it still cannot be saved, null when nothing is left to save. */
  @Nullable StoredTokens saveNow(TokenStore store, String key) {
    if (logins.isEmpty()) {
      return null;
    }
    Place place = new Place(store, key);
    StoredTokens login = logins.get(place);
    if (login == null) {
      return null;
    }
    try {
      store.save(key, login, login.version(), 0);
      logins.remove(place, login);
      return null;
    } catch (IOException e) {
      return login;
    }
  }
}
