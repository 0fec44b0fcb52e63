package io.symbolon.oauth;

import java.io.IOException;
import java.util.Objects;

/** An entry of a store, and the way to a newer one. Safe for many threads. */
interface StoredEntry {
  /**
   * What the store has.
   *
   * @throws LoginRequiredException when there is nothing, and only a user could bring something
   */
  StoredTokens newest() throws IOException;

  /**
   * A newer entry than this one: somebody else's, if there is one by now, or ours. It is in the
   * store before it is returned.
   */
  StoredTokens renew(StoredTokens seen) throws IOException;

  /** Whether this token came from the server to us, and not to somebody else who stored it. */
  boolean isOwn(AccessToken token);

  /** Some servers renew the life of a token and keep its text. */
  static boolean isSame(AccessToken one, AccessToken other) {
    return one.value().equals(other.value()) && Objects.equals(one.expiresAt(), other.expiresAt());
  }
}
