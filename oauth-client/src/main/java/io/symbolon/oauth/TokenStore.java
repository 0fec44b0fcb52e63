package io.symbolon.oauth;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where logins outlive the process: one entry a key, such as a user's id. For several threads,
 * processes and machines at a time; each implementation says for how many of those.
 *
 * <pre>{@code
 * store.save("ada", tokens);                               // after the login
 * TokenSource source = oauth.tokenSource(store, "ada");    // from then on, in every process
 * }</pre>
 *
 * <p>An implementation gives four guarantees and nothing more. What was saved is durable when
 * {@code save} returns. A reader sees an old entry or a new one, never a mixture. {@link
 * #save(String, StoredTokens, long, long)} and {@link #delete} happen only if the version is the
 * expected one and no newer lease was granted. A lease is held by one at a time, ends by itself,
 * and carries a number that grows with each lease of the key. Entries are written sealed ({@link
 * StoredTokens#seal}).
 */
public interface TokenStore {
  /**
   * The entry; null when there is none.
   *
   * @throws StoreCorruptedException when something is there that is not an entry: that is not
   *     "logged out", and nothing overwrites it
   * @throws IOException when the store cannot be reached
   */
  @Nullable StoredTokens load(String key) throws IOException;

  /**
   * Replaces the entry, if it is still the one that was read.
   *
   * @param expectedVersion the version that was read; 0 when there was no entry
   * @param fence the number of the caller's lease; 0 for a new login, which needs none
   * @return the entry with its new version; null when it was another one, or a newer lease was
   *     granted: nothing was changed then
   * @throws StoreCorruptedException when an entry is expected and something unreadable is there;
   *     with 0 expected that is put aside, not destroyed, and the new entry takes its place
   * @throws IOException when it is not known to be durable
   */
  @Nullable StoredTokens save(String key, StoredTokens tokens, long expectedVersion, long fence)
      throws IOException;

  /**
   * Removes the entry, if it is still the one that was read.
   *
   * @param expectedVersion the version that was read
   * @param fence as in {@code save}
   * @return false when it is another one, or a newer lease was granted: nothing was changed then
   * @throws StoreCorruptedException when something unreadable is there; it stays there
   * @throws IOException when it is not known to be gone
   */
  boolean delete(String key, long expectedVersion, long fence) throws IOException;

  /**
   * Asks for the right to renew this entry; does not wait.
   *
   * @param duration after this time others may have it, should the holder have died
   * @return null when somebody else has it
   */
  @Nullable Lease tryLease(String key, Duration duration) throws IOException;

  /** The right to renew one entry. */
  interface Lease extends AutoCloseable {
    /** Grows with each lease of the key. */
    long fence();

    /** Gives the right back; never fails, since it ends by itself anyway. */
    @Override
    void close();
  }

  /**
   * Saves a new login over whatever is there, readable or not.
   *
   * @throws IOException when it is not known to be durable, or others replaced the entry many times
   *     meanwhile
   */
  default void save(String key, TokenSet tokens) throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      if (save(key, StoredTokens.of(tokens), versionToReplace(key), 0) != null) {
        return;
      }
    }
    throw new IOException("the entry changes faster than a new login can take its place");
  }

  private long versionToReplace(String key) throws IOException {
    try {
      StoredTokens present = load(key);
      return present == null ? 0 : present.version();
    } catch (StoreCorruptedException e) {
      return 0;
    }
  }

  private @Nullable StoredTokens loadOrPutAside(String key) throws IOException {
    try {
      return load(key);
    } catch (StoreCorruptedException e) {
      save(key, StoredTokens.ended(), 0, 0);
      return load(key);
    }
  }

  /**
   * Removes the entry whatever it is, when the user logs out. Something unreadable is put aside, as
   * by a new login, so that it does not stand in the way of a logout.
   *
   * @throws IOException when it is not known to be gone, or others replaced the entry many times
   *     meanwhile
   */
  default void remove(String key) throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      StoredTokens present = loadOrPutAside(key);
      if (present == null || delete(key, present.version(), 0)) {
        return;
      }
    }
    throw new IOException("the entry changes faster than it can be removed");
  }
}
