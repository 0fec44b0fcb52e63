package io.symbolon.oauth;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth conversation that failed although the other side could be reached.
 *
 * <p>Network trouble is OkHttp's own {@link IOException}; this one means that something was said,
 * and that it was no, or could not be trusted, or that only the user can help. Neither the message
 * nor {@link #explain} ever holds a secret.
 */
public abstract sealed class OAuthException extends IOException
    permits OAuthErrorException, InvalidResponseException, LoginRequiredException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final Verdict verdict;
  private final int httpStatus;
  private final @Nullable Duration retryAfter;

  OAuthException(
      String code,
      String message,
      Verdict verdict,
      int httpStatus,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.verdict = verdict;
    this.httpStatus = httpStatus;
    this.retryAfter = retryAfter;
  }

  /**
   * A word for programs: the server's own error code (RFC 6749 §5.2), or one of ours such as {@code
   * state_mismatch}. Codes stay the same from release to release.
   */
  public final String code() {
    return code;
  }

  /** The HTTP status of the answer; 0 when the failure is not about an HTTP answer. */
  public final int httpStatus() {
    return httpStatus;
  }

  /** How long the server asked us to wait, at most five minutes; null when it did not. */
  public final @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the same request may well succeed later, without anybody changing anything. */
  public final boolean isTemporary() {
    return httpStatus == 408
        || httpStatus == 425
        || httpStatus == 429
        || httpStatus >= 500
        || code.equals("temporarily_unavailable")
        || code.equals("server_error");
  }

  /** The checks that led here. */
  public final Verdict verdict() {
    return verdict;
  }

  /**
   * Everything a developer needs to know, in lines of plain text: what failed, every check that was
   * run, expected and actual, the section of the specification, the likely cause and the fix.
   */
  public final String explain() {
    return code + ": " + getMessage() + "\n" + verdict;
  }
}
