package io.symbolon.oauth;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server said no, in the form that OAuth has for it (RFC 6749 §4.1.2.1, §5.2).
 *
 * <p>{@link #error} is the server's code, such as {@code invalid_grant}, known or unknown. The
 * description comes from outside: control characters are replaced, its length is bounded, and
 * secrets of ours that the server repeats are blacked out. Escape it before you put it into HTML.
 */
public final class OAuthErrorException extends OAuthException {
  private static final long serialVersionUID = 1;

  private final @Nullable String description;
  private final @Nullable String uri;

  /** One whose type is not named, so that a class that may throw it does not load this one. */
  static IOException of(
      String error,
      @Nullable String description,
      @Nullable String uri,
      String from,
      Verdict verdict,
      int httpStatus,
      @Nullable Duration retryAfter) {
    return new OAuthErrorException(error, description, uri, from, verdict, httpStatus, retryAfter);
  }

  OAuthErrorException(
      String error,
      @Nullable String description,
      @Nullable String uri,
      String from,
      Verdict verdict,
      int httpStatus,
      @Nullable Duration retryAfter) {
    super(
        error,
        from + " answered " + error + (description == null ? "" : ": " + description),
        verdict,
        httpStatus,
        retryAfter,
        null);
    this.description = description;
    this.uri = uri;
  }

  /**
   * An error that an endpoint answered.
   *
   * @param error the server's code, and the description: without secrets and control characters
   * @param from the endpoint, without its query
   */
  public OAuthErrorException(
      String error, @Nullable String description, String from, int httpStatus) {
    this(
        error,
        description,
        null,
        from,
        Verdict.about("the answer of " + from)
            .failed("error", "no error", error, "RFC 6749 §5.2")
            .build(),
        httpStatus,
        null);
  }

  /** The server's error code. */
  public String error() {
    return code();
  }

  /** What the server adds for developers; null when nothing. */
  public @Nullable String description() {
    return description;
  }

  /** A page of the server about the error; null when it names none. Not checked in any way. */
  public @Nullable String uri() {
    return uri;
  }
}
