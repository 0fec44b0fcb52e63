package io.symbolon.oauth;

import io.symbolon.oauth.internal.QuietListener;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A store that tells a listener of every failure; equal to every other one around that store. */
record ObservedStore(TokenStore store, QuietListener listener) implements TokenStore {
  static TokenStore of(TokenStore store, @Nullable QuietListener listener) {
    return listener == null ? store : new ObservedStore(store, listener);
  }

  private IOException told(String operation, IOException e) {
    listener.storeFailed(operation, e);
    return e;
  }

  @Override
  public @Nullable StoredTokens load(String key) throws IOException {
    try {
      return store.load(key);
    } catch (IOException e) {
      throw told("load", e);
    }
  }

  @Override
  public @Nullable StoredTokens save(
      String key, StoredTokens tokens, long expectedVersion, long fence) throws IOException {
    try {
      return store.save(key, tokens, expectedVersion, fence);
    } catch (IOException e) {
      throw told("save", e);
    }
  }

  @Override
  public boolean delete(String key, long expectedVersion, long fence) throws IOException {
    try {
      return store.delete(key, expectedVersion, fence);
    } catch (IOException e) {
      throw told("delete", e);
    }
  }

  @Override
  public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
    try {
      return store.tryLease(key, duration);
    } catch (IOException e) {
      throw told("lease", e);
    }
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
