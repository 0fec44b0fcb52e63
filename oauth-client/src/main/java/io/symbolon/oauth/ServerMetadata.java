package io.symbolon.oauth;

import io.symbolon.oauth.internal.AttemptLog;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.QuietListener;
import io.symbolon.oauth.internal.SingleFlight;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What we know about a server. Its metadata is fetched when first needed, fetched again after
 * twelve hours, and kept for a week while that fails; a document is used only if it is for our
 * issuer, each time anew.
 *
 * <p>How far its clock is ahead of ours is learnt from the {@code Date} of its answers, each time
 * anew, so that a wrong one costs one refusal at most: only over TLS or loopback, where nobody else
 * can have written it, and never more than a day, which no clock in use is wrong by.
 */
final class ServerMetadata {
  private static final Duration FRESH = Duration.ofHours(12);
  private static final Duration STALE = Duration.ofDays(7);
  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration MOST_OFFSET = Duration.ofDays(1);

  /** A {@code Date} has whole seconds, and the answer was on its way. */
  private static final Duration NOISE = Duration.ofSeconds(2);

  private final String name;
  private final List<String> urls;
  private final HttpExchange http;
  private final Clock clock;
  private final @Nullable Dialect dialect;
  private final AttemptLog attempts;
  private final SingleFlight<AuthorizationServer> flight = new SingleFlight<>(LONGEST_WAIT);
  private volatile @Nullable Held<AuthorizationServer> known;
  private volatile @Nullable Duration clockOffset;

  private ServerMetadata(
      String name,
      List<String> urls,
      HttpExchange http,
      Clock clock,
      @Nullable Dialect dialect,
      @Nullable Held<AuthorizationServer> known) {
    this.name = name;
    this.urls = urls;
    this.http = http;
    this.clock = clock;
    this.dialect = dialect;
    this.attempts = new AttemptLog(clock);
    this.known = known;
  }

  static ServerMetadata fixed(AuthorizationServer server, HttpExchange http, Clock clock) {
    return new ServerMetadata(
        server.toString(),
        Collections.emptyList(),
        http,
        clock,
        null,
        Held.forEver(server, clock.instant(), System.nanoTime()));
  }

  static ServerMetadata discovered(
      String issuer,
      @Nullable String url,
      HttpExchange http,
      Clock clock,
      @Nullable Dialect dialect) {
    List<String> urls = url == null ? places(issuer) : Collections.singletonList(checked(url));
    return new ServerMetadata(issuer, urls, http, clock, dialect, null);
  }

  /** Where to look, in this order: the place of RFC 8414 §3, then the one that most have (§5). */
  static List<String> places(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    int path = base.indexOf('/', base.indexOf("://") + 3);
    String origin = path < 0 ? base : base.substring(0, path);
    String suffix = path < 0 ? "" : base.substring(path);
    return Collections.unmodifiableList(
        Arrays.asList(
            origin + "/.well-known/oauth-authorization-server" + suffix,
            base + "/.well-known/openid-configuration"));
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
    Held<AuthorizationServer> current = known;
    long now = clock.millis();
    boolean othersFetch = current != null && !hasEnded(current, now) && flight.isRunning();
    if (current != null && (isFresh(current, now) || othersFetch)) {
      return current.value;
    }
    return flight.join(this::refreshed);
  }

  /** A time before we knew it shows that the clock was set back, and proves no freshness. */
  private static boolean isFresh(Held<AuthorizationServer> current, long now) {
    long age = current.wallAge(now);
    return current.isEndless() || (age >= 0 && age < current.dueAfter);
  }

  private static boolean hasEnded(Held<AuthorizationServer> current, long now) {
    return current.wallAge(now) > current.endsAfter;
  }

  private AuthorizationServer refreshed() throws IOException {
    Held<AuthorizationServer> current = known;
    Instant now = clock.instant();
    if (current != null && isFresh(current, now.toEpochMilli())) {
      return current.value;
    }
    String reason = current == null ? "first" : "refresh";
    long begun = System.nanoTime();
    try {
      AuthorizationServer server = fetch();
      known = held(server, now, FRESH, STALE.toMillis());
      attempts.succeeded();
      tell(reason, null, false, begun);
      return server;
    } catch (IOException e) {
      attempts.failed(e);
      boolean keepOld = current != null && !hasEnded(current, now.toEpochMilli());
      tell(reason, e, keepOld, begun);
      if (current == null || !keepOld) {
        throw e;
      }
      long left = current.endsAfter - current.wallAge(now.toEpochMilli());
      known = held(current.value, now, RETRY, left);
      attempts.retryAt(now.plus(RETRY));
      return current.value;
    }
  }

  private static Held<AuthorizationServer> held(
      AuthorizationServer server, Instant now, Duration due, long endsAfter) {
    return new Held<>(server, now, System.nanoTime(), due.toMillis(), due.toMillis(), endsAfter);
  }

  OAuthHealth.Attempts attempts() {
    return attempts.attempts();
  }

  private void tell(String reason, @Nullable IOException failure, boolean keptOld, long begun) {
    QuietListener listener = http.listener();
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
    HttpAnswer answer = http.execute("metadata", request, Collections.emptyList());
    learnClock(answer, url);
    return answer;
  }

  /** An answer that says nothing, or says it out of a cache, changes nothing. */
  void learnClock(HttpAnswer answer, HttpUrl url) {
    Instant date = answer.date();
    boolean trusted = url.isHttps() || Urls.isLoopback(url.host());
    if (date == null || !trusted || answer.header("Age") != null) {
      return;
    }
    Duration learnt = Duration.ofSeconds(date.getEpochSecond() - clock.instant().getEpochSecond());
    if (learnt.abs().compareTo(MOST_OFFSET) <= 0) {
      learnClock(learnt);
    }
  }

  private void learnClock(Duration learnt) {
    Duration before = clockOffset;
    clockOffset = learnt;
    boolean changed = !isNoise(before == null ? learnt : learnt.minus(before));
    QuietListener listener = http.listener();
    if (listener != null && changed) {
      listener.learntOffset(learnt);
    }
  }

  private static boolean isNoise(Duration difference) {
    return difference.abs().compareTo(NOISE) <= 0;
  }

  /** How far its clock is ahead of ours; null before it has shown it. */
  @Nullable Duration clockOffset() {
    return clockOffset;
  }

  /** What the server takes for now, as far as we know. */
  Instant serverTime() {
    Duration known = clockOffset;
    Instant now = clock.instant();
    return known == null || isNoise(known) ? now : now.plus(known);
  }

  private Map<String, @Nullable Object> document(HttpUrl url, HttpAnswer answer)
      throws IOException {
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
      } catch (ParseException e) {
        fault = e.getMessage();
      }
    }
    throw InvalidResponseException.because(
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
