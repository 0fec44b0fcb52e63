package io.symbolon.oauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Only the user can help: the login has ended, and a program cannot renew it.
 *
 * <p>The code is {@code login_required}; for a login with {@code prompt=none} it may also be {@code
 * interaction_required}, {@code consent_required} or {@code account_selection_required}. Send the
 * user to the server again. The cause, when there is one, is the server's own answer.
 */
public final class LoginRequiredException extends OAuthException {
  private static final long serialVersionUID = 1;

  /** One whose type is not named, so that a class that may throw it does not load this one. */
  static IOException because(String message, Verdict verdict, @Nullable Throwable cause) {
    return new LoginRequiredException(message, verdict, cause);
  }

  LoginRequiredException(String message, Verdict verdict, @Nullable Throwable cause) {
    this("login_required", message, verdict, cause);
  }

  LoginRequiredException(String code, String message, Verdict verdict, @Nullable Throwable cause) {
    super(code, message, verdict, 0, null, cause);
  }
}
