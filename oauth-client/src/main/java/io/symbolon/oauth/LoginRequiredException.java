package io.symbolon.oauth;

import org.jspecify.annotations.Nullable;

/**
 * Only the user can help: the login has ended, and a program cannot renew it.
 *
 * <p>Send the user to the server again. The cause, when there is one, is the server's own answer.
 */
public final class LoginRequiredException extends OAuthException {
  private static final long serialVersionUID = 1;

  LoginRequiredException(String message, Verdict verdict, @Nullable Throwable cause) {
    super("login_required", message, verdict, 0, null, cause);
  }
}
