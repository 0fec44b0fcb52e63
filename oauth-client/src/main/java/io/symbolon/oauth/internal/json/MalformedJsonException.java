package io.symbolon.oauth.internal.json;

import java.io.IOException;

/** A document that is not the JSON we accept. The message says why and quotes nothing. */
public final class MalformedJsonException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what is wrong, and quotes nothing. */
  public MalformedJsonException(String reason) {
    super(reason);
  }
}
