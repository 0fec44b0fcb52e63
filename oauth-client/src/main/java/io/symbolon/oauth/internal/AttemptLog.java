package io.symbolon.oauth.internal;

import io.symbolon.oauth.OAuthHealth;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Remembers how the last attempts at something went. */
public final class AttemptLog {
  private final Clock clock;
  private @Nullable Instant succeededAt;
  private @Nullable Instant failedAt;
  private @Nullable String failure;
  private @Nullable Instant retryAt;

  /** Before the first attempt. */
  public AttemptLog(Clock clock) {
    this.clock = clock;
  }

  /** One went well. */
  public synchronized void succeeded() {
    succeededAt = clock.instant();
    retryAt = null;
  }

  /** One failed. */
  public synchronized void failed(Exception e) {
    failedAt = clock.instant();
    failure = QuietListener.outcome(e);
  }

  /** No further one before this time. */
  public synchronized void retryAt(Instant time) {
    retryAt = time;
  }

  /** How it is now. */
  public synchronized OAuthHealth.Attempts attempts() {
    return new OAuthHealth.Attempts(succeededAt, failedAt, failure, retryAt);
  }
}
