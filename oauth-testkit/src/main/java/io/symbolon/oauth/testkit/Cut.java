package io.symbolon.oauth.testkit;

/** The moment at which a connection dies under a token request. */
public enum Cut {
  /**
   * The server has read the request and done nothing about it: no code was spent, no refresh token
   * rotated. The client cannot tell this from {@link #BEFORE_ANSWER}.
   */
  BEFORE_PROCESSING,

  /**
   * The server has done what it was asked to, the code or the refresh token is spent, and not a
   * byte comes back.
   */
  BEFORE_ANSWER,

  /**
   * As {@link #BEFORE_ANSWER}, but the status, the headers and the first half of the body arrive.
   */
  MID_BODY,

  /**
   * The answer arrives whole and then the connection closes without saying so: the client's next
   * request finds a dead connection in its pool.
   */
  AFTER_ANSWER
}
