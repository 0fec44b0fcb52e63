package io.symbolon.oauth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that spends something and therefore runs to its end on a thread of its own, whatever becomes
 * of those who wait for it. Who comes meanwhile waits for the same.
 *
 * <p>Not on the client's executor: its threads may all be waiting here.
 */
final class DetachedWork<T> {
  private final Duration longestWait;
  private final AtomicReference<@Nullable CompletableFuture<T>> begun = new AtomicReference<>();

  DetachedWork(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /**
   * The result of the work that is under way; else of this one.
   *
   * @throws InterruptedIOException when the caller is interrupted or has waited for too long; the
   *     work goes on
   */
  T result(Callable<T> work) throws IOException {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> current = begun.updateAndGet(present -> present == null ? mine : present);
    if (current == null || current == mine) {
      Thread thread = new Thread(() -> complete(mine, work), "symbolon-detached");
      thread.setDaemon(true);
      thread.start();
      return await(mine);
    }
    return await(current);
  }

  private void complete(CompletableFuture<T> result, Callable<T> work) {
    try {
      T value = work.call();
      begun.set(null);
      result.complete(value);
    } catch (Throwable e) {
      begun.set(null);
      result.completeExceptionally(e);
    }
  }

  private T await(CompletableFuture<T> result) throws IOException {
    try {
      return result.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; the renewal goes on in the background");
    } catch (TimeoutException e) {
      throw new InterruptedIOException(
          "the renewal takes more than " + longestWait + "; it goes on in the background");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException("the renewal failed", e.getCause());
    }
  }
}
