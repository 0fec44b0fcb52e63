package io.symbolon.oauth;

import java.io.IOException;

/**
 * Anything that can produce an access token that is valid now.
 *
 * <p>Implementations are safe for many threads.
 */
@FunctionalInterface
public interface TokenSource {
  /**
   * An access token to be used at once. Do not keep it; ask again for the next call.
   *
   * @throws LoginRequiredException when only the user can help
   * @throws OAuthException when the server refused
   * @throws IOException when the server could not be reached and no valid token is left
   */
  AccessToken token() throws IOException;

  /**
   * Forgets a token that a resource server refused, if it is still the current one.
   *
   * @param rejected the token that was refused
   */
  default void invalidate(AccessToken rejected) {}
}
