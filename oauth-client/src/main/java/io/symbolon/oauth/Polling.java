package io.symbolon.oauth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks the token endpoint again and again until the user has decided elsewhere (RFC 8628 §3.5),
 * never sooner than the server allows. One thread at a time sends; the others see what it found.
 */
final class Polling {
  private static final Duration MORE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int MOST_DOUBLINGS = 6;
  // The clock may be set, by a user or by a test, while we wait for it.
  private static final long LOOK_AT_CLOCK_MILLIS = 100;

  private final OAuthClient client;
  private final TokenRequest request;
  private final Clock clock;
  private final Instant expiresAt;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicBoolean sending = new AtomicBoolean();
  private volatile Duration interval;
  private volatile int failures;
  private volatile Instant next;
  private volatile long nextNanos;
  private volatile @Nullable IOException lastFailure;
  private volatile @Nullable TokenSet tokens;
  private volatile @Nullable OAuthException refusal;
  private volatile boolean cancelled;

  Polling(OAuthClient client, TokenRequest request, Instant expiresAt, Duration interval) {
    this.client = client;
    this.request = request;
    this.clock = client.clock();
    this.expiresAt = expiresAt;
    this.interval = interval;
    this.next = clock.instant();
    pause(interval);
  }

  Duration interval() {
    return interval;
  }

  /** Ends every wait. */
  void cancel() {
    cancelled = true;
    over.countDown();
  }

  /** The server has said that it is worth asking now. */
  void hurry() {
    next = clock.instant();
    nextNanos = System.nanoTime();
  }

  /** There they are, asked for or pushed; the first decision stays. */
  synchronized void succeeded(TokenSet granted) {
    if (tokens == null && refusal == null) {
      tokens = granted;
    }
    over.countDown();
  }

  /** It ended without tokens. */
  synchronized void failed(OAuthException error) {
    if (tokens == null) {
      refusal = error;
    }
    over.countDown();
  }

  /** Waits, and asks whenever it is time. */
  TokenSet await() throws IOException {
    while (true) {
      TokenSet found = poll();
      if (found != null) {
        return found;
      }
      try {
        over.await(LOOK_AT_CLOCK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the user decides");
      }
    }
  }

  /** Asks once if it is time, and does not wait; null while nothing is decided. */
  @Nullable TokenSet poll() throws IOException {
    TokenSet known = decided();
    if (known != null || !isDue() || !sending.compareAndSet(false, true)) {
      return known;
    }
    try {
      known = decided();
      return known == null ? ask() : known;
    } finally {
      sending.set(false);
    }
  }

  private @Nullable TokenSet decided() throws IOException {
    TokenSet known = tokens;
    OAuthException refused = refusal;
    if (known == null && refused != null) {
      throw refused;
    }
    if (known == null && cancelled) {
      throw new IOException("the wait for the user was cancelled");
    }
    if (known == null && !clock.instant().isBefore(expiresAt)) {
      throw expired();
    }
    return known;
  }

  /** By the clock or by a timer that nobody sets: the clock sees a machine that slept. */
  private boolean isDue() {
    return !clock.instant().isBefore(next) || System.nanoTime() - nextNanos >= 0;
  }

  private @Nullable TokenSet ask() throws IOException {
    try {
      TokenSet granted = request.execute();
      succeeded(granted);
      return granted;
    } catch (OAuthException e) {
      return afterAnswer(e);
    } catch (IOException e) {
      // RFC 8628 §3.5: a timeout asks for fewer requests, not for none.
      backOff(e, null);
      return null;
    }
  }

  private @Nullable TokenSet afterAnswer(OAuthException answer) throws OAuthException {
    Duration wanted = answer.retryAfter();
    if (answer.code().equals("slow_down")) {
      interval = longer(interval.plus(MORE), wanted);
    }
    if (answer.code().equals("slow_down") || answer.code().equals("authorization_pending")) {
      failures = 0;
      lastFailure = null;
      pause(longer(interval, wanted));
      return null;
    }
    if (answer.isTemporary()) {
      backOff(answer, wanted);
      return null;
    }
    failed(answer);
    throw answer;
  }

  private void backOff(IOException failure, @Nullable Duration wanted) {
    lastFailure = failure;
    failures = Math.min(failures + 1, MOST_DOUBLINGS);
    Duration doubled = interval.multipliedBy(1L << failures);
    Duration bounded = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    pause(longer(longer(bounded, interval), wanted));
  }

  private void pause(Duration pause) {
    next = clock.instant().plus(pause);
    nextNanos = System.nanoTime() + pause.toNanos();
  }

  private static Duration longer(Duration one, @Nullable Duration other) {
    return other == null || one.compareTo(other) >= 0 ? one : other;
  }

  private LoginRequiredException expired() {
    IOException failure = lastFailure;
    String came = failure == null ? "no decision" : "no answer at the last attempt";
    return new LoginRequiredException(
        "expired_token",
        "the user did not decide before " + expiresAt + "; begin again when they want to",
        Verdict.about("the decision that " + client + " waits for")
            .failed("decision", "one before " + expiresAt, came, "RFC 8628 §3.5")
            .fix("begin again, and show the user the new code")
            .build(),
        failure);
  }
}
