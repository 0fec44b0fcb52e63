package io.symbolon.oauth.internal;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.OAuthListener;
import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A listener of the application that cannot disturb what it listens to. Events are made here, so
 * that without a listener their classes are not even loaded.
 */
public final class QuietListener {
  private final OAuthListener listener;
  private final AtomicLong failures = new AtomicLong();

  private QuietListener(OAuthListener listener) {
    this.listener = listener;
  }

  /** Around a listener; null stays null, so that nothing is paid for nobody. */
  public static @Nullable QuietListener around(@Nullable OAuthListener listener) {
    return listener == null ? null : new QuietListener(listener);
  }

  /** How often it has thrown. */
  public long failures() {
    return failures.get();
  }

  private void tell(OAuthEvent event) {
    try {
      listener.on(event);
    } catch (Throwable e) {
      // Also an Error: a stack that overflows in a listener is no reason to lose a token.
      failures.incrementAndGet();
    }
  }

  /** The word for a failure; {@code ok} for none. */
  static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return "ok";
    }
    return failure instanceof OAuthException oauth
        ? oauth.code()
        : failure.getClass().getSimpleName();
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** {@link OAuthEvent.CacheHit}. */
  public void hit() {
    tell(OAuthEvent.CacheHit.INSTANCE);
  }

  /**
   * {@link OAuthEvent.Request} with an answer.
   *
   * @param begun by {@link System#nanoTime}
   */
  public void answered(String endpoint, HttpUrl url, int status, String outcome, long begun) {
    tell(new OAuthEvent.Request(endpoint, Urls.redact(url), status, outcome, since(begun)));
  }

  /** {@link OAuthEvent.Request} without an answer. */
  public void unanswered(String endpoint, HttpUrl url, Throwable failure, long begun) {
    answered(endpoint, url, 0, outcome(failure), begun);
  }

  /** {@link OAuthEvent.Renewal}; without failure the token is new, or was adopted. */
  public void renewed(String reason, boolean adopted, @Nullable Exception failure, long begun) {
    String outcome = adopted ? "adopted" : outcome(failure);
    tell(new OAuthEvent.Renewal(reason, outcome, since(begun)));
  }

  /** {@link OAuthEvent.Fetch}. */
  public void fetched(
      String document, String reason, @Nullable IOException failure, boolean keptOld, long begun) {
    tell(new OAuthEvent.Fetch(document, reason, outcome(failure), keptOld, since(begun)));
  }

  /** {@link OAuthEvent.Refusal}. */
  public void refused(InvalidResponseException refusal) {
    Verdict.Check failed = refusal.verdict().failure();
    tell(new OAuthEvent.Refusal(refusal.code(), failed == null ? "" : failed.name()));
  }

  /** {@link OAuthEvent.StoreFault}. */
  public void storeFailed(String operation, IOException failure) {
    boolean corrupted = failure instanceof StoreCorruptedException;
    tell(new OAuthEvent.StoreFault(operation, corrupted ? "corrupted" : outcome(failure)));
  }

  /** {@link OAuthEvent.StoreFault} that has lasted too long. */
  public void keptInMemory() {
    tell(new OAuthEvent.StoreFault("save", "kept_in_memory"));
  }

  /** {@link OAuthEvent.LeaseWait}. */
  public void waitedForLease(String outcome, long begun) {
    tell(new OAuthEvent.LeaseWait(outcome, since(begun)));
  }

  /** {@link OAuthEvent.ClockOffset}. */
  public void learntOffset(Duration offset) {
    tell(new OAuthEvent.ClockOffset(offset));
  }
}
