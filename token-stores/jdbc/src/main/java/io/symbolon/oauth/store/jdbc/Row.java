package io.symbolon.oauth.store.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * A row as it was read.
 *
 * @param sealed the login; null when there is only a lease
 * @param version changes with the login, and is never used again
 * @param fence changes with each lease; 0 before the first
 * @param leasedUntil in microseconds since 1970
 * @param now the database's time when it was read, likewise
 */
record Row(@Nullable String sealed, long version, long fence, long leasedUntil, long now) {
  boolean isLeased() {
    return now < leasedUntil;
  }

  /** Higher than those of rows that are gone, and, should the clock be set back, of this one. */
  long nextFence() {
    return Math.max(fence + 1, now);
  }
}
