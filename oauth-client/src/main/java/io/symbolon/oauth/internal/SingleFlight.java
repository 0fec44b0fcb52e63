package io.symbolon.oauth.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that many threads want and one does: the first caller runs it on its own thread, the others
 * wait for its result or its error. No lock is held meanwhile.
 *
 * <p>A follower does not inherit the leader's interruption: when the leader was interrupted, one of
 * the followers takes over. Every wait ends by the deadline and can be interrupted.
 */
public final class SingleFlight<T> {
  private final AtomicReference<@Nullable CompletableFuture<T>> flight = new AtomicReference<>();
  private final Duration longestWait;

  /** Followers wait at most this long, in real time. */
  public SingleFlight(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /** Whether somebody is at work now. */
  public boolean isRunning() {
    return flight.get() != null;
  }

  /**
   * The result of work that began no earlier than the last completed one ended.
   *
   * @param work fails with an {@link IOException} or with nothing that is checked
   */
  public T join(Callable<T> work) throws IOException {
    while (true) {
      CompletableFuture<T> other = flight.get();
      CompletableFuture<T> mine = new CompletableFuture<>();
      if (other == null && flight.compareAndSet(null, mine)) {
        return lead(mine, work);
      }
      if (other == null) {
        continue;
      }
      try {
        return follow(other);
      } catch (CancellationException e) {
        // Somebody else must lead now; perhaps this thread.
      }
    }
  }

  private T lead(CompletableFuture<T> mine, Callable<T> work) throws IOException {
    try {
      T result = work.call();
      flight.set(null);
      mine.complete(result);
      return result;
    } catch (Throwable e) {
      flight.set(null);
      if (Thread.currentThread().isInterrupted()) {
        mine.cancel(false);
      }
      mine.completeExceptionally(e);
      throw rethrow(e);
    }
  }

  private T follow(CompletableFuture<T> other) throws IOException {
    try {
      return other.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another thread fetches");
    } catch (TimeoutException e) {
      throw new InterruptedIOException(
          "another thread has been fetching for more than " + longestWait);
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    }
  }

  private static IOException rethrow(@Nullable Throwable cause) throws IOException {
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IOException("fetching failed", cause);
  }
}
