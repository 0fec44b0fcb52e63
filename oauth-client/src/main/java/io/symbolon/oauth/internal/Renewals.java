package io.symbolon.oauth.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that work in the background, unless the program names others. */
public final class Renewals {
  private Renewals() {}

  /** Four daemon threads for the whole process, made when they are first needed. */
  public static Executor sharedExecutor() {
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
