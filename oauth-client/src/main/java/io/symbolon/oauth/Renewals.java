package io.symbolon.oauth;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads on which tokens are renewed in the background, unless the program names others. */
final class Renewals {
  private Renewals() {}

  static Executor sharedExecutor() {
    return Shared.EXECUTOR;
  }

  private static final class Shared {
    static final Executor EXECUTOR = create();

    private static Executor create() {
      ThreadPoolExecutor executor =
          new ThreadPoolExecutor(
              4,
              4,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(1_000),
              task -> {
                Thread thread = new Thread(task, "symbolon-renewal");
                thread.setDaemon(true);
                return thread;
              });
      executor.allowCoreThreadTimeOut(true);
      return executor;
    }
  }
}
