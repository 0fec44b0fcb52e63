package io.symbolon.oauth;

import io.symbolon.oauth.internal.AttemptLog;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.QuietListener;
import io.symbolon.oauth.internal.SingleFlight;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.json.MalformedJsonException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The server's metadata: fetched when first needed, fetched again after twelve hours, and kept for
 * a week while that fails. A document is used only if it is for our issuer, each time anew.
 */
final class ServerMetadata {
  private static final Duration FRESH = Duration.ofHours(12);
  private static final Duration STALE = Duration.ofDays(7);
  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private record Known(
      AuthorizationServer server, Instant fetchedAt, Instant since, Instant refreshAt) {
    /** A time before we knew it shows that the clock was set back, and proves no freshness. */
    boolean isFresh(Instant now) {
      return now.isBefore(refreshAt) && !now.isBefore(since);
    }

    boolean hasEnded(Instant now) {
      return now.isAfter(fetchedAt.plus(STALE));
    }
  }

  private final String name;
  private final List<String> urls;
  private final @Nullable HttpExchange http;
  private final Clock clock;
  private final @Nullable ClockOffset clockOffset;
  private final @Nullable Dialect dialect;
  private final AttemptLog attempts;
  private final SingleFlight<AuthorizationServer> flight = new SingleFlight<>(LONGEST_WAIT);
  private volatile @Nullable Known known;

  private ServerMetadata(
      String name,
      List<String> urls,
      @Nullable HttpExchange http,
      Clock clock,
      @Nullable ClockOffset clockOffset,
      @Nullable Dialect dialect,
      @Nullable Known known) {
    this.name = name;
    this.urls = urls;
    this.http = http;
    this.clock = clock;
    this.clockOffset = clockOffset;
    this.dialect = dialect;
    this.attempts = new AttemptLog(clock);
    this.known = known;
  }

  static ServerMetadata fixed(AuthorizationServer server) {
    return new ServerMetadata(
        server.toString(),
        Collections.emptyList(),
        null,
        Clock.systemUTC(),
        null,
        null,
        new Known(server, Instant.MIN, Instant.MIN, Instant.MAX));
  }

  static ServerMetadata discovered(
      String issuer,
      @Nullable String url,
      HttpExchange http,
      Clock clock,
      @Nullable ClockOffset clockOffset,
      @Nullable Dialect dialect) {
    List<String> urls =
        url == null ? Issuers.metadataUrls(issuer) : Collections.singletonList(checked(url));
    return new ServerMetadata(issuer, urls, http, clock, clockOffset, dialect, null);
  }

  private static String checked(String url) {
    String fault = Urls.fault(url, true);
    if (fault != null) {
      throw new IllegalArgumentException(
          "the metadata URL is " + Display.quote(url) + ", but " + fault);
    }
    return url;
  }

  AuthorizationServer server() throws IOException {
    Known current = known;
    Instant now = clock.instant();
    boolean isFresh = current != null && current.isFresh(now);
    boolean othersFetch = current != null && !current.hasEnded(now) && flight.isRunning();
    if (current != null && (isFresh || othersFetch)) {
      return current.server;
    }
    return flight.join(this::refreshed);
  }

  private AuthorizationServer refreshed() throws IOException {
    Known current = known;
    Instant now = clock.instant();
    if (current != null && current.isFresh(now)) {
      return current.server;
    }
    String reason = current == null ? "first" : "refresh";
    long begun = System.nanoTime();
    try {
      AuthorizationServer server = fetch();
      known = new Known(server, now, now, now.plus(FRESH));
      attempts.succeeded();
      tell(reason, null, false, begun);
      return server;
    } catch (IOException e) {
      attempts.failed(e);
      boolean keepOld = current != null && !current.hasEnded(now);
      tell(reason, e, keepOld, begun);
      if (current == null || !keepOld) {
        throw e;
      }
      known = new Known(current.server, current.fetchedAt, now, now.plus(RETRY));
      attempts.retryAt(now.plus(RETRY));
      return current.server;
    }
  }

  OAuthHealth.Attempts attempts() {
    return attempts.attempts();
  }

  private void tell(String reason, @Nullable IOException failure, boolean keptOld, long begun) {
    QuietListener listener = exchange().listener();
    if (listener != null) {
      listener.fetched("metadata", reason, failure, keptOld, begun);
    }
  }

  /** The next place is tried only when the server says that there is nothing at this one. */
  private AuthorizationServer fetch() throws IOException {
    Iterator<String> places = urls.iterator();
    while (true) {
      HttpUrl url = HttpUrl.get(places.next());
      HttpAnswer answer = get(url);
      boolean absent = answer.status() >= 400 && answer.status() < 500 && answer.status() != 429;
      if (!absent || !places.hasNext()) {
        return AuthorizationServer.fromMetadata(
            name, document(url, answer), Urls.redact(url), dialect);
      }
    }
  }

  private HttpAnswer get(HttpUrl url) throws IOException {
    Request request = new Request.Builder().url(url).header("Accept", "application/json").build();
    HttpAnswer answer = exchange().execute("metadata", request, Collections.emptyList());
    if (clockOffset != null) {
      clockOffset.learn(answer, url);
    }
    return answer;
  }

  private HttpExchange exchange() {
    if (http == null) {
      throw new IllegalStateException("a fixed server is never fetched");
    }
    return http;
  }

  private Map<String, @Nullable Object> document(HttpUrl url, HttpAnswer answer)
      throws InvalidResponseException {
    String fault = null;
    if (answer.isRedirect()) {
      fault = "it redirects, which would move the trust to another URL";
    } else if (answer.status() != 200) {
      fault = "its HTTP status is " + answer.status();
    } else if (!answer.mayBeJson()) {
      fault = "its media type is " + Display.quote(answer.mediaType());
    }
    if (fault == null) {
      try {
        return answer.json();
      } catch (MalformedJsonException e) {
        fault = e.getMessage();
      }
    }
    throw new InvalidResponseException(
        answer.isRedirect() ? "redirect_refused" : "invalid_metadata",
        "there is no usable metadata at " + Urls.redact(url) + ": " + fault,
        Verdict.about("the metadata document " + Urls.redact(url))
            .failed("document", "HTTP status 200 and a JSON object", fault + "", "RFC 8414 §3.2")
            .fix("check the issuer; or name the endpoints with server(…)")
            .build(),
        answer.status(),
        answer.retryAfter(clock.instant()),
        null);
  }

  @Override
  public String toString() {
    return name;
  }
}
