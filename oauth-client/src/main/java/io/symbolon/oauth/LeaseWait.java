package io.symbolon.oauth;

import io.symbolon.oauth.internal.QuietListener;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for the right to renew an entry, or until somebody else has. */
final class LeaseWait {
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** Says whether there is nothing left to do; reads the store. */
  @FunctionalInterface
  interface Done {
    boolean test() throws IOException;
  }

  private final OAuthClient client;
  private final TokenStore store;
  private final String key;

  LeaseWait(OAuthClient client, TokenStore store, String key) {
    this.client = client;
    this.store = store;
    this.key = key;
  }

  /** Null when somebody else renewed while we waited. */
  TokenStore.@Nullable Lease lease(Done done) throws IOException {
    long begun = System.nanoTime();
    // Longer than a lease: its holder may have died, and then it ends by itself.
    long deadline = begun + client.leaseDuration().toNanos() + MARGIN_NANOS;
    for (int attempt = 0; ; attempt++) {
      TokenStore.Lease lease = store.tryLease(key, client.leaseDuration());
      if (lease != null) {
        tell(attempt, "leased", begun);
        return lease;
      }
      if (done.test()) {
        tell(attempt + 1, "renewed", begun);
        return null;
      }
      if (System.nanoTime() - deadline > 0) {
        tell(attempt + 1, "gave_up", begun);
        throw new IOException(
            "another process has been renewing this login for too long; nobody may renew it twice");
      }
      pause(attempt);
    }
  }

  private void tell(int refusedLeases, String outcome, long begun) {
    QuietListener listener = client.listener();
    if (listener != null && refusedLeases > 0) {
      listener.waitedForLease(outcome, begun);
    }
  }

  /** Twice as long each time, with jitter: a store in trouble is not asked in step by everybody. */
  void pause(int attempt) {
    long longest = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(attempt, 10));
    LockSupport.parkNanos((long) (longest * (0.5 + client.random().nextDouble() / 2)));
  }
}
