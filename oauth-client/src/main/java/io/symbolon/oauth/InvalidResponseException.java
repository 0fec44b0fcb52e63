package io.symbolon.oauth;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that cannot be used, or must not be trusted. Nothing of it was kept.
 *
 * <p>Codes: {@code malformed_response}, {@code http_error}, {@code redirect_refused}, {@code
 * too_large}, {@code unsupported_token_type}, {@code invalid_metadata}, {@code invalid_url}, {@code
 * issuer_mismatch}, {@code pkce_downgrade}, {@code state_mismatch}, {@code redirect_uri_mismatch},
 * {@code response_mode_mismatch}, {@code login_spent}, {@code login_expired}, {@code
 * login_damaged}, {@code invalid_signed_response}, {@code profile_not_met}, {@code
 * notification_token_mismatch}, {@code auth_req_id_mismatch}.
 */
public non-sealed class InvalidResponseException extends OAuthException {
  private static final long serialVersionUID = 1;

  /** An answer that was refused for the reason in the verdict. */
  public InvalidResponseException(String code, String message, Verdict verdict) {
    this(code, message, verdict, 0);
  }

  /** The same for an HTTP answer with this status. */
  public InvalidResponseException(String code, String message, Verdict verdict, int httpStatus) {
    this(code, message, verdict, httpStatus, null, null);
  }

  /** One whose type is not named, so that a class that may throw it does not load this one. */
  static IOException because(String code, String message, Verdict verdict) {
    return new InvalidResponseException(code, message, verdict);
  }

  /** The same for an HTTP answer. */
  static IOException because(
      String code,
      String message,
      Verdict verdict,
      int httpStatus,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    return new InvalidResponseException(code, message, verdict, httpStatus, retryAfter, cause);
  }

  InvalidResponseException(
      String code,
      String message,
      Verdict verdict,
      int httpStatus,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(code, message, verdict, httpStatus, retryAfter, cause);
  }
}
