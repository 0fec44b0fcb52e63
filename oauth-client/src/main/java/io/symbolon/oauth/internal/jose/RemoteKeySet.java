package io.symbolon.oauth.internal.jose;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthHealth;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.AttemptLog;
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
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a server publishes, and their rotation. Safe for many threads.
 *
 * <p>A set is good for as long as the server says, from five minutes to a day (an hour when it is
 * silent). A name that is not in it causes one fetch, and then none for 30 seconds, whatever tokens
 * arrive; nor is there one within 30 seconds of a failure. While the server is down, answers
 * nonsense or an empty set, the last good keys are used for up to a day.
 */
public final class RemoteKeySet {
  private static final Duration COOLDOWN = Duration.ofSeconds(30);
  private static final Duration COOLDOWN_WITHOUT_KEYS = Duration.ofSeconds(2);
  private static final Duration SHORTEST = Duration.ofMinutes(5);
  private static final Duration USUAL = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Pattern MAX_AGE =
      Pattern.compile("(^|[,\\s])max-age=\"?([0-9]{1,9})\"?", Pattern.CASE_INSENSITIVE);

  /** Compared by identity: has anybody fetched since? */
  private static final class Known {
    final KeySet keys;
    final Instant fetchedAt;
    final Instant refreshAt;
    final Instant forcedAgainAt;

    Known(KeySet keys, Instant fetchedAt, Instant refreshAt, Instant forcedAgainAt) {
      this.keys = keys;
      this.fetchedAt = fetchedAt;
      this.refreshAt = refreshAt;
      this.forcedAgainAt = forcedAgainAt;
    }

    boolean hasEnded(Instant now) {
      return now.isAfter(fetchedAt.plus(LONGEST));
    }

    /** A time before the fetch shows that the clock was set back, and proves no freshness. */
    boolean isFresh(Instant now) {
      return now.isBefore(refreshAt) && !now.isBefore(fetchedAt);
    }

    /** In the last fifth of its time, unless a fetch has just failed. */
    boolean isDue(Instant now) {
      Duration lifetime = Duration.between(fetchedAt, refreshAt);
      return !now.isBefore(refreshAt.minus(lifetime.dividedBy(5))) && !now.isBefore(forcedAgainAt);
    }

    boolean mayBeForced(Instant now) {
      return !now.isBefore(forcedAgainAt) && !now.isBefore(fetchedAt.plus(COOLDOWN));
    }

    /** The same keys after a fetch that failed. */
    Known kept(Instant now) {
      Instant again = now.plus(COOLDOWN);
      return new Known(keys, earlier(fetchedAt, now), isFresh(now) ? refreshAt : again, again);
    }

    static Instant earlier(Instant one, Instant other) {
      return one.isBefore(other) ? one : other;
    }
  }

  private record Failure(IOException exception, Instant failedAt) {
    boolean isTooEarly(Instant now) {
      return now.isBefore(failedAt.plus(COOLDOWN_WITHOUT_KEYS)) && !now.isBefore(failedAt);
    }
  }

  private final HttpExchange http;
  private final Clock clock;
  private final AttemptLog attempts;
  private final SingleFlight<KeySet> flight = new SingleFlight<>(LONGEST_WAIT);
  private final @Nullable Executor executor;
  private final AtomicReference<@Nullable Known> renewing = new AtomicReference<>();
  private volatile @Nullable Known known;
  private volatile @Nullable Failure failure;

  /** Nothing is fetched before a key is needed. */
  public RemoteKeySet(HttpExchange http, Clock clock) {
    this(http, clock, null);
  }

  /**
   * The same with renewals in the background: whoever asks in the last fifth of a set's time starts
   * one and does not wait for it.
   *
   * @param executor null when there are to be none
   */
  public RemoteKeySet(HttpExchange http, Clock clock, @Nullable Executor executor) {
    this.http = http;
    this.clock = clock;
    this.executor = executor;
    this.attempts = new AttemptLog(clock);
  }

  /** How the last fetches went. */
  public OAuthHealth.Attempts attempts() {
    return attempts.attempts();
  }

  /**
   * The keys, with the one of this name if the server publishes it.
   *
   * @param url where the server publishes them now
   * @param keyId null when any key will do
   * @throws IOException when they cannot be fetched and none are known
   */
  public KeySet keys(HttpUrl url, @Nullable String keyId) throws IOException {
    Known current = known;
    Instant now = clock.instant();
    if (current == null || current.hasEnded(now)) {
      return flight.join(() -> current == known ? first(url) : latest());
    }
    if (!current.keys.knows(keyId) && !now.isBefore(current.forcedAgainAt)) {
      return flight.join(() -> current == known ? forced(url, current) : latest());
    }
    if (current.isFresh(now) || flight.isRunning()) {
      renewInTime(url, current, now);
      return current.keys;
    }
    return flight.join(
        () ->
            current == known
                ? fetchOrKeep(url, current, current.forcedAgainAt, "refresh")
                : latest());
  }

  private void renewInTime(HttpUrl url, Known current, Instant now) {
    Known begun = renewing.get();
    if (executor == null
        || !current.isDue(now)
        || begun == current
        || !renewing.compareAndSet(begun, current)) {
      return;
    }
    try {
      executor.execute(() -> renew(url, current));
    } catch (RejectedExecutionException e) {
      // Then whoever comes after the end of their time waits for the fetch.
    }
  }

  private void renew(HttpUrl url, Known current) {
    try {
      flight.join(
          () ->
              current == known
                  ? fetchOrKeep(url, current, current.forcedAgainAt, "refresh")
                  : latest());
    } catch (IOException e) {
      // The keys that are known stay, and nobody waits for an answer.
    }
  }

  /**
   * The keys after one more fetch, for a token that none of these has signed and that names no key.
   * Such fetches and those for unknown names are counted together, and keys of the last 30 seconds
   * are new enough.
   *
   * @param seen what {@link #keys} gave; when there are others by now, there is no fetch
   */
  public KeySet fresherThan(HttpUrl url, KeySet seen) throws IOException {
    Known current = known;
    return current != null && current.keys == seen && current.mayBeForced(clock.instant())
        ? flight.join(() -> current == known ? forced(url, current) : latest())
        : latest();
  }

  /** Tokens that arrive while there are no keys must not make a storm of fetches. */
  private KeySet first(HttpUrl url) throws IOException {
    Failure last = failure;
    if (last != null && last.isTooEarly(clock.instant())) {
      throw last.exception;
    }
    String reason = known == null ? "first" : "refresh";
    long begun = System.nanoTime();
    try {
      KeySet keys = fetch(url, Instant.MIN);
      failure = null;
      attempts.succeeded();
      tell(reason, null, false, begun);
      return keys;
    } catch (IOException e) {
      tell(reason, e, false, begun);
      if (!Thread.currentThread().isInterrupted()) {
        attempts.failed(e);
        attempts.retryAt(clock.instant().plus(COOLDOWN_WITHOUT_KEYS));
        failure = new Failure(e, clock.instant());
      }
      throw e;
    }
  }

  private KeySet latest() {
    Known current = known;
    if (current == null) {
      throw new IllegalStateException("keys are never forgotten");
    }
    return current.keys;
  }

  /** The cooldown begins with the result: whoever comes meanwhile shares it. */
  private KeySet forced(HttpUrl url, Known seen) throws IOException {
    return fetchOrKeep(url, seen, clock.instant().plus(COOLDOWN), "unknown_key");
  }

  private KeySet fetchOrKeep(HttpUrl url, Known seen, Instant forcedAgainAt, String reason)
      throws IOException {
    long begun = System.nanoTime();
    try {
      KeySet keys = fetch(url, forcedAgainAt);
      attempts.succeeded();
      tell(reason, null, false, begun);
      return keys;
    } catch (IOException e) {
      tell(reason, e, true, begun);
      // An interruption is about this thread, not about the server: whoever is next may try at
      // once.
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      attempts.failed(e);
      attempts.retryAt(clock.instant().plus(COOLDOWN));
      known = seen.kept(clock.instant());
      return seen.keys;
    }
  }

  private void tell(String reason, @Nullable IOException failure, boolean keptOld, long begun) {
    QuietListener listener = http.listener();
    if (listener != null) {
      listener.fetched("keys", reason, failure, keptOld, begun);
    }
  }

  private KeySet fetch(HttpUrl url, Instant forcedAgainAt) throws IOException {
    Request request =
        new Request.Builder()
            .url(url)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    HttpAnswer answer = http.execute("jwks_uri", request, Collections.emptyList());
    KeySet keys = read(url, answer);
    Instant now = clock.instant();
    Instant forced = Known.earlier(forcedAgainAt, now.plus(COOLDOWN));
    known = new Known(keys, now, now.plus(lifetime(answer)), forced);
    return keys;
  }

  private static KeySet read(HttpUrl url, HttpAnswer answer) throws IOException {
    String fault = "its HTTP status is " + answer.status();
    if (answer.status() == 200 && answer.mayBeJson()) {
      try {
        Map<String, @Nullable Object> document = answer.json();
        KeySet keys = KeySet.of(document);
        if (!keys.isEmpty()) {
          return keys;
        }
        fault = "it has no key that can verify signatures";
      } catch (ParseException | IllegalArgumentException e) {
        fault = e.getMessage() + "";
      }
    } else if (answer.status() == 200) {
      fault = "it is not JSON";
    }
    String place = Urls.redact(url);
    throw new InvalidResponseException(
        answer.isRedirect() ? "redirect_refused" : "invalid_jwks",
        "the JWK Set at " + place + " cannot be used: " + fault,
        Verdict.about("the JWK Set at " + place)
            .failed("keys", "HTTP status 200 and a JWK Set", fault, "RFC 7517 §5")
            .build());
  }

  private static Duration lifetime(HttpAnswer answer) {
    String cacheControl = answer.header("Cache-Control");
    Matcher maxAge = cacheControl == null ? null : MAX_AGE.matcher(cacheControl);
    if (maxAge == null || !maxAge.find()) {
      return USUAL;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(maxAge.group(2)));
    if (asked.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
