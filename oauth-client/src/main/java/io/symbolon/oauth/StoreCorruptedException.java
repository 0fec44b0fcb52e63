package io.symbolon.oauth;

import java.io.IOException;

/**
 * Something stands in a token store that is not an entry this program can read: damaged, cut short,
 * sealed with another key, of another entry, or written by a newer version.
 *
 * <p>The message says which file or row and what is wrong with it. It is not the same as being
 * logged out: nothing was overwritten.
 */
public final class StoreCorruptedException extends IOException {
  private static final long serialVersionUID = 1;

  /** Something unreadable at a place, such as a file name or a row's key. */
  public StoreCorruptedException(String place, String reason) {
    super(place + " cannot be read: " + reason);
  }
}
