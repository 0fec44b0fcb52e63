package io.symbolon.oauth.internal;

import io.symbolon.oauth.internal.json.StrictJson;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** A complete HTTP response: status, headers and the bytes of its body. */
public final class HttpAnswer {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/(.+\\+)?json|text/plain|(text|application)/javascript");
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int status;
  private final Headers headers;
  private final byte[] body;

  /** An answer that was read to its end. */
  public HttpAnswer(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** Whether the status is 2xx. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Whether the status is 3xx, which this library never follows. */
  public boolean isRedirect() {
    return status >= 300 && status < 400;
  }

  /** The one value of a header; null when it is absent or there are several. */
  public @Nullable String header(String name) {
    List<String> values = headers.values(name);
    return values.size() == 1 ? values.get(0) : null;
  }

  /** All headers. */
  public Headers headers() {
    return headers;
  }

  /** The bytes of the body. */
  public byte[] body() {
    return body.clone();
  }

  /** The media type in lower case without parameters; null when the server named none. */
  public @Nullable String mediaType() {
    String value = header("Content-Type");
    if (value == null) {
      return null;
    }
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether the media type may carry JSON: JSON types, none at all, and the plain-text types that
   * old servers put on JSON. HTML never, nor two types at once.
   */
  public boolean mayBeJson() {
    String type = mediaType();
    return (type == null && headers.values("Content-Type").isEmpty())
        || (type != null && JSON_TYPE.matcher(type).matches());
  }

  /** The body as one strict JSON object; a byte order mark in front is forgiven. */
  public Map<String, @Nullable Object> json() throws ParseException {
    boolean marked = body.length >= 3 && Arrays.equals(Arrays.copyOf(body, 3), BYTE_ORDER_MARK);
    return StrictJson.parseObject(marked ? Arrays.copyOfRange(body, 3, body.length) : body);
  }

  /** A word for an event: {@code ok}, the server's error code, or what is wrong with the status. */
  public String outcome() {
    try {
      if (mayBeJson() && json().get("error") instanceof String error && !error.isEmpty()) {
        return error;
      }
    } catch (ParseException e) {
      // Whoever reads the body says so; here the status must do.
    }
    return isSuccess() ? "ok" : isRedirect() ? "redirect_refused" : "http_error";
  }

  /** When the server says it answered; null without a usable {@code Date}. */
  public @Nullable Instant date() {
    Date date = headers.getDate("Date");
    return date == null ? null : date.toInstant();
  }

  /**
   * How long the server asks us to wait, at most five minutes; null when it does not ask. A point
   * of time is meant by its own clock, as the answer shows it.
   *
   * @param now by our clock, for an answer that does not show its own
   */
  public @Nullable Duration retryAfter(Instant now) {
    String value = header("Retry-After");
    if (value == null) {
      return null;
    }
    Duration wait = value.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    Date date = wait == null ? headers.getDate("Retry-After") : null;
    if (date != null) {
      Instant sentAt = date();
      wait = Duration.between(sentAt == null ? now : sentAt, date.toInstant());
    }
    if (wait == null || wait.isNegative()) {
      return null;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
