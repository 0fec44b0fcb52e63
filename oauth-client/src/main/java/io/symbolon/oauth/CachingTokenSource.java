package io.symbolon.oauth;

import io.symbolon.oauth.internal.AttemptLog;
import io.symbolon.oauth.internal.QuietListener;
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
import java.util.function.LongSupplier;
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
 * jitter, or as long as the server asks. After a refusal that will not pass by itself, such as
 * {@code invalid_client}, it waits half a minute, then a minute each time. Until then callers get
 * the same failure, and no request is sent; but a token that somebody else has put into the store
 * is taken at once.
 *
 * <p>A token without a known end is used until it is refused. A token's age is measured by the
 * clock and by the process's own timer, and the greater one counts: the first sees a machine that
 * slept, the second a clock that was set back. When the clock is set back to before a token came,
 * that token is due.
 */
public final class CachingTokenSource implements TokenSource {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final TokenSource origin;
  private final Clock clock;
  private final LongSupplier ticker;
  private final SecureRandom random;
  private final @Nullable Executor executor;
  private final @Nullable QuietListener listener;
  private final @Nullable AttemptLog attempts;
  private final SingleFlight<AccessToken> flight = new SingleFlight<>(LONGEST_WAIT);
  private final AtomicReference<@Nullable Held<AccessToken>> held = new AtomicReference<>();
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile @Nullable Failure failure;
  private volatile boolean wasRefused;

  /** What a client makes: with its clock and its threads, and told of in its health. */
  CachingTokenSource(TokenSource origin, OAuthClient client) {
    this.origin = origin;
    this.clock = client.clock();
    this.ticker = System::nanoTime;
    this.random = client.random();
    this.executor = client.executor();
    this.listener = client.listener();
    this.attempts = client.tokenAttempts();
  }

  private CachingTokenSource(Builder builder) {
    this.origin = builder.origin;
    this.clock = builder.clock;
    this.ticker = builder.ticker;
    this.random = builder.random;
    this.executor = builder.executor;
    this.listener = builder.listener;
    this.attempts = null;
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
    Held<AccessToken> current = held.get();
    if (current == null) {
      return renew(null);
    }
    long now = clock.millis();
    long age = current.age(now, ticker.getAsLong());
    if (age < current.dueAfter && (current.wallAge(now) >= 0 || current.isEndless())) {
      return hit(current);
    }
    if (age < current.staleAfter) {
      renewInBackground(current);
      return hit(current);
    }
    return renew(current);
  }

  private AccessToken hit(Held<AccessToken> current) {
    if (listener != null) {
      listener.hit();
    }
    return current.value;
  }

  @Override
  public void invalidate(AccessToken rejected) {
    Held<AccessToken> current = held.get();
    if (current != null
        && current.value.value().equals(rejected.value())
        && held.compareAndSet(current, null)) {
      wasRefused = true;
      forgetLastingFailure();
    }
    origin.invalidate(rejected);
  }

  /** What is new may well have changed the server's mind; a wait that it asked for goes on. */
  private void forgetLastingFailure() {
    Failure last = failure;
    if (last != null && last.isLasting()) {
      failure = null;
    }
  }

  /** Whether the newest refresh token is nowhere but here. */
  boolean losesItsLogin() {
    return origin instanceof RefreshingTokenSource;
  }

  /** Begins with a token that is there already. */
  void prime(AccessToken token) {
    held.set(Held.of(token, clock.instant(), ticker.getAsLong(), random.nextDouble()));
  }

  private AccessToken renew(@Nullable Held<AccessToken> seen) throws IOException {
    try {
      return flight.join(() -> fetch(seen, false));
    } catch (IOException | RuntimeException e) {
      Held<AccessToken> current = held.get();
      if (current != null && isGood(current)) {
        return current.value;
      }
      throw e;
    }
  }

  private boolean isGood(Held<AccessToken> current) {
    return current.age(clock.millis(), ticker.getAsLong()) < current.endsAfter;
  }

  /** Runs alone. Somebody may have fetched since the caller looked. */
  private AccessToken fetch(@Nullable Held<AccessToken> seen, boolean early) throws IOException {
    Held<AccessToken> current = held.get();
    if (current != null && current != seen) {
      return current.value;
    }
    Failure last = failure;
    String reason = reason(current, early);
    long begun = System.nanoTime();
    if (last != null && isTooEarly(last)) {
      return adopt(last, reason, begun);
    }
    try {
      AccessToken token = origin.token();
      hold(token, reason, begun);
      return token;
    } catch (IOException | RuntimeException e) {
      // An interruption is about this thread, not about the server: whoever is next may try at
      // once.
      if (!Thread.currentThread().isInterrupted()) {
        failure = failed(last, e, current != null);
      }
      tell(reason, e, begun);
      throw e;
    }
  }

  private String reason(@Nullable Held<AccessToken> current, boolean early) {
    if (current != null) {
      return early ? "due" : "stale";
    }
    return wasRefused ? "refused" : "first";
  }

  private void hold(AccessToken token, String reason, long begun) {
    prime(token);
    failure = null;
    wasRefused = false;
    tell(reason, null, begun);
  }

  private void tell(String reason, @Nullable Exception failure, long begun) {
    if (listener != null) {
      boolean adopted = origin instanceof StoredTokenSource stored && stored.isAdopted();
      listener.renewed(reason, adopted && failure == null, failure, begun);
    }
  }

  /** Nothing may be sent now, but somebody else may have renewed, or logged in again. */
  private AccessToken adopt(Failure last, String reason, long begun) throws IOException {
    AccessToken news = origin instanceof StoredTokenSource stored ? stored.news() : null;
    if (news == null) {
      throw last.again();
    }
    hold(news, reason, begun);
    return news;
  }

  private Failure failed(@Nullable Failure last, Exception e, boolean tokenLeft) {
    int count = last == null ? 1 : last.count + 1;
    long wait = Failure.waitAfter(e, count, tokenLeft, random.nextDouble());
    Instant now = clock.instant();
    if (attempts != null && wait > 0) {
      attempts.retryAt(now.plusMillis(wait));
    }
    return new Failure(e, count, wait, now.toEpochMilli(), ticker.getAsLong());
  }

  /** Not when the clock was set back meanwhile: the wait would be as long as that jump. */
  private boolean isTooEarly(Failure last) {
    long wallAge = clock.millis() - last.failedAtMillis;
    long ticks = (ticker.getAsLong() - last.failedAtNanos) / 1_000_000;
    return wallAge >= 0 && Math.max(wallAge, ticks) < last.waitMillis;
  }

  private void renewInBackground(Held<AccessToken> current) {
    Failure last = failure;
    boolean tooEarly = last != null && isTooEarly(last);
    if (tooEarly || flight.isRunning() || !renewing.compareAndSet(false, true)) {
      return;
    }
    try {
      background().execute(() -> renewQuietly(current));
    } catch (RuntimeException rejected) {
      // No thread to be had: the token is still good, and a stale one is renewed by its caller.
      renewing.set(false);
    }
  }

  private Executor background() {
    return executor != null ? executor : Renewals.sharedExecutor();
  }

  private void renewQuietly(Held<AccessToken> current) {
    try {
      flight.join(() -> fetch(current, true));
    } catch (IOException | RuntimeException e) {
      // The failure is kept; callers have a token, and the next attempt waits for its time.
    } finally {
      renewing.set(false);
    }
  }

  /** Whether a token is there; never the token. */
  @Override
  public String toString() {
    Held<AccessToken> current = held.get();
    return "caching " + (current == null ? "no token" : current.value.toString());
  }

  /** The last failure, and how many milliseconds to wait since then. */
  private record Failure(
      Exception exception, int count, long waitMillis, long failedAtMillis, long failedAtNanos) {
    private static final long FIRST_WAIT = 1_000;
    private static final long FIRST_LASTING_WAIT = 30_000;
    private static final long LONGEST_WAIT = 60_000;

    /**
     * Without a token to fall back on, the first failure does not delay the next attempt: a caller
     * who tries again at once may well have reason to. Not so when the server has said no.
     */
    static long waitAfter(Exception e, int count, boolean tokenLeft, double jitter) {
      boolean lasting = isLasting(e);
      int steps = Math.min(count - (tokenLeft || lasting ? 1 : 2), 10);
      long first = lasting ? FIRST_LASTING_WAIT : FIRST_WAIT;
      long wait = steps < 0 ? 0 : Math.min(LONGEST_WAIT, first << steps);
      long jittered = (long) (wait * (0.75 + jitter / 2));
      Duration asked = e instanceof OAuthException oauth ? oauth.retryAfter() : null;
      return asked == null ? jittered : Math.max(jittered, asked.toMillis());
    }

    /**
     * The server understood, and said no: it will say so again until somebody changes something.
     */
    private static boolean isLasting(Exception e) {
      return e instanceof OAuthErrorException error && !error.isTemporary();
    }

    boolean isLasting() {
      return isLasting(exception);
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
    private LongSupplier ticker = System::nanoTime;
    private @Nullable Executor executor;
    private @Nullable QuietListener listener;

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

    /** Who is told of renewals and of tokens from memory. Nobody unless set. */
    public Builder listener(OAuthListener listener) {
      this.listener = QuietListener.around(listener);
      return this;
    }

    /** Nanoseconds of a timer that nobody sets; tests have one that they move. */
    Builder ticker(LongSupplier ticker) {
      this.ticker = ticker;
      return this;
    }

    /** The source; it fetches nothing before it is asked. */
    public CachingTokenSource build() {
      return new CachingTokenSource(this);
    }
  }
}
