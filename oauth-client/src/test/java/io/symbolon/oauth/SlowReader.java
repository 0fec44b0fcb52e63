package io.symbolon.oauth;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * A clock at which one thread stops: it has looked at what there is, and acts on it only after
 * others have changed it.
 */
public final class SlowReader extends Clock {
  private final Clock time;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ThreadLocal<Boolean> isSlow = ThreadLocal.withInitial(() -> false);

  /** Shows the time of another clock. */
  public SlowReader(Clock time) {
    this.time = time;
  }

  /** Begins to read on a thread of its own, and returns when that has stopped. */
  public <T> Crowd<T> begin(Callable<T> read) throws InterruptedException {
    Crowd<T> reader =
        Crowd.start(
            1,
            () -> {
              isSlow.set(true);
              return read.call();
            });
    stopped.await();
    return reader;
  }

  /** Lets it act. */
  public void goOn() {
    goOn.countDown();
  }

  @Override
  public Instant instant() {
    Instant now = time.instant();
    if (isSlow.get()) {
      isSlow.set(false);
      stopped.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return now;
  }

  @Override
  public ZoneId getZone() {
    return time.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
