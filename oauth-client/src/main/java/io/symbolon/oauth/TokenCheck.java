package io.symbolon.oauth;

import java.io.IOException;
import java.util.Map;

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

  /**
   * Looks at the authorization response of a login before its code is spent: it belongs to the
   * login, and has a code and no error. Does nothing unless overridden.
   *
   * @param parameters what came, decoded; a parameter that came twice or empty is not there
   * @throws InvalidResponseException to refuse it; the code is not sent then
   * @throws IOException when the check itself could not be done
   */
  default void checkResponse(Map<String, Secret> parameters) throws IOException {}
}
