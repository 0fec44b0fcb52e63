package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request whose answer waits for the test.
 *
 * <p>The server has done its part by the time {@link #awaitArrival} returns, so a code is spent and
 * a refresh token is rotated; only the answer is missing. Closing the server releases whatever it
 * still holds.
 */
public final class Held {
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private final String path;

  Held(String path) {
    this.path = path;
  }

  /**
   * Waits until the request has come.
   *
   * @throws AssertionError if it does not come in time
   */
  public void awaitArrival(Duration timeout) throws InterruptedException {
    if (!arrived.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("no request to " + path + " arrived within " + timeout);
    }
  }

  /** True once the request has come. */
  public boolean hasArrived() {
    return arrived.getCount() == 0;
  }

  /**
   * Lets the answer go. Releasing before the request comes is allowed: then it is not held at all.
   */
  public void release() {
    released.countDown();
  }

  void hold() throws InterruptedException {
    arrived.countDown();
    released.await();
  }
}
