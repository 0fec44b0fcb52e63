package io.symbolon.oauth;

import java.io.IOException;

/**
 * A condition that a token response must meet before anything of it is used, kept or handed out.
 *
 * <p>A login protocol on top of OAuth verifies here who the user is; a rule of your own may stand
 * beside it. Throw to refuse the whole response.
 */
@FunctionalInterface
public interface TokenCheck {
  /**
   * Looks at a response.
   *
   * @throws InvalidResponseException to refuse it
   * @throws IOException when the check itself could not be done
   */
  void check(TokenSet tokens) throws IOException;
}
