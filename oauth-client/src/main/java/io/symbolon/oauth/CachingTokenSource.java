package io.symbolon.oauth;

import io.symbolon.oauth.internal.Renewals;
import io.symbolon.oauth.internal.SingleFlight;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a token while it is good and renews it in time. Safe for many threads.
 *
 * <ul>
 *   <li><b>fresh</b>: one volatile read.
 *   <li><b>due</b> (the last fifth of its life, at most five minutes): the first caller starts a
 *       renewal in the background; everybody keeps the token and nobody waits.
 *   <li><b>stale or none</b> (the last tenth, at most 30 seconds): callers share one renewal, which
 *       the first of them runs; while the server is down, a token that has not ended is still used.
 * </ul>
 *
 * <p>The due time is jittered, so that many processes do not renew in step. After a failure of any
 * kind the next attempt waits: one second, then twice as long each time up to a minute, with
 * jitter, or as long as the server asks. A token without a known end is used until it is refused.
 * When the clock jumps back to before a token came, that token is due.
 */
public final class CachingTokenSource implements TokenSource {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final TokenSource origin;
  private final Clock clock;
  private final SecureRandom random;
  private final Executor executor;
  private final SingleFlight<AccessToken> flight = new SingleFlight<>(LONGEST_WAIT);
  private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
  private volatile @Nullable Failure failure;

  private CachingTokenSource(Builder builder) {
    this.origin = builder.origin;
    this.clock = builder.clock;
    this.random = builder.random;
    this.executor = builder.executor != null ? builder.executor : Renewals.sharedExecutor();
  }

  /**
   * Around a source that fetches a new token each time it is asked.
   *
   * @param origin is asked for a token by one thread at a time, and told of every refused one
   */
  public static Builder of(TokenSource origin) {
    return new Builder(origin);
  }

  @Override
  public AccessToken token() throws IOException {
    Held current = held.get();
    if (current == null) {
      return renew(null);
    }
    Instant now = clock.instant();
    if (current.isFresh(now)) {
      return current.token;
    }
    if (now.isBefore(current.staleAt)) {
      renewInBackground(current);
      return current.token;
    }
    return renew(current);
  }

  @Override
  public void invalidate(AccessToken rejected) {
    Held current = held.get();
    if (current != null && current.token.value().equals(rejected.value())) {
      held.compareAndSet(current, null);
    }
    origin.invalidate(rejected);
  }

  /** Begins with a token that is there already. */
  void prime(AccessToken token) {
    held.set(Held.of(token, clock.instant(), random.nextDouble()));
  }

  private AccessToken renew(@Nullable Held seen) throws IOException {
    try {
      return flight.join(() -> fetch(seen));
    } catch (IOException | RuntimeException e) {
      Held current = held.get();
      if (current != null && current.isGood(clock.instant())) {
        return current.token;
      }
      throw e;
    }
  }

  /** Runs alone. Somebody may have fetched since the caller looked. */
  private AccessToken fetch(@Nullable Held seen) throws IOException {
    Held current = held.get();
    if (current != null && current != seen) {
      return current.token;
    }
    Failure last = failure;
    if (last != null && last.isTooEarly(clock.instant())) {
      throw last.again();
    }
    try {
      AccessToken token = origin.token();
      held.set(Held.of(token, clock.instant(), random.nextDouble()));
      failure = null;
      return token;
    } catch (IOException | RuntimeException e) {
      // An interruption is about this thread, not about the server: whoever is next may try at
      // once.
      if (!Thread.currentThread().isInterrupted()) {
        failure = Failure.after(last, e, current != null, clock.instant(), random.nextDouble());
      }
      throw e;
    }
  }

  private void renewInBackground(Held current) {
    Failure last = failure;
    boolean tooEarly = last != null && last.isTooEarly(clock.instant());
    if (tooEarly || flight.isRunning() || !current.renewing.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(() -> renewQuietly(current));
    } catch (RuntimeException rejected) {
      // No thread to be had: the token is still good, and a stale one is renewed by its caller.
      current.renewing.set(false);
    }
  }

  private void renewQuietly(Held current) {
    try {
      flight.join(() -> fetch(current));
    } catch (IOException | RuntimeException e) {
      // The failure is kept; callers have a token, and the next attempt waits for its time.
    } finally {
      current.renewing.set(false);
    }
  }

  /** Whether a token is there; never the token. */
  @Override
  public String toString() {
    Held current = held.get();
    return "caching " + (current == null ? "no token" : current.token.toString());
  }

  /** A token and the times at which it becomes due and stale. */
  private static final class Held {
    final AccessToken token;
    final Instant since;
    final Instant dueAt;
    final Instant staleAt;
    final AtomicBoolean renewing = new AtomicBoolean();

    private Held(AccessToken token, Instant since, Instant dueAt, Instant staleAt) {
      this.token = token;
      this.since = since;
      this.dueAt = dueAt;
      this.staleAt = staleAt;
    }

    /**
     * @param jitter from 0 to 1, for {@link RenewalWindow#dueAt}
     */
    static Held of(AccessToken token, Instant now, double jitter) {
      RenewalWindow window = RenewalWindow.of(token);
      Instant since = token.expiresAt() == null ? Instant.MIN : now;
      return new Held(token, since, window.dueAt(jitter), window.staleAt());
    }

    /** A time before the token came shows that the clock was set back, and proves no freshness. */
    boolean isFresh(Instant now) {
      return now.isBefore(dueAt) && !now.isBefore(since);
    }

    boolean isGood(Instant now) {
      return token.expiresAt() == null || now.isBefore(token.expiresAt());
    }
  }

  /** The last failure and when to try again. */
  private record Failure(Exception exception, int count, Instant failedAt, Instant retryAt) {
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    /**
     * Without a token to fall back on, the first failure does not delay the next attempt: a caller
     * who tries again at once may well have reason to.
     */
    static Failure after(
        @Nullable Failure last, Exception e, boolean tokenLeft, Instant now, double jitter) {
      int count = last == null ? 1 : last.count + 1;
      int steps = Math.min(count - (tokenLeft ? 1 : 2), 10);
      long wait = steps < 0 ? 0 : Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << steps);
      long jittered = (long) (wait * (0.75 + jitter / 2));
      Duration asked = e instanceof OAuthException oauth ? oauth.retryAfter() : null;
      long millis = asked == null ? jittered : Math.max(jittered, asked.toMillis());
      return new Failure(e, count, now, now.plusMillis(millis));
    }

    /** Not when the clock was set back meanwhile: the wait would be as long as that jump. */
    boolean isTooEarly(Instant now) {
      return now.isBefore(retryAt) && !now.isBefore(failedAt);
    }

    IOException again() {
      if (exception instanceof RuntimeException e) {
        throw e;
      }
      return (IOException) exception;
    }
  }

  /** Describes a source. Not for several threads. */
  public static final class Builder {
    private final TokenSource origin;
    private Clock clock = Clock.systemUTC();
    private SecureRandom random = new SecureRandom();
    private @Nullable Executor executor;

    private Builder(TokenSource origin) {
      this.origin = origin;
    }

    /** The time. The system's unless set. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** Where the jitter comes from. */
    public Builder random(SecureRandom random) {
      this.random = random;
      return this;
    }

    /** Where renewals in the background run; a few daemon threads unless set. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /** The source; it fetches nothing before it is asked. */
    public CachingTokenSource build() {
      return new CachingTokenSource(this);
    }
  }
}
