package io.symbolon.oauth;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that the end of the virtual machine waits for, two seconds at most: between the server's
 * answer and the store lies the only copy of a login.
 */
final class UntilSaved {
  private static final long PATIENCE_SECONDS = 2;

  private UntilSaved() {}

  static <T> T run(Callable<T> work) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> await(done), "symbolon-shutdown");
    boolean hooked = hook(hook);
    try {
      return work.call();
    } finally {
      done.countDown();
      if (hooked) {
        unhook(hook);
      }
    }
  }

  private static void await(CountDownLatch done) {
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hook(Thread hook) {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return true;
    } catch (IllegalStateException e) { // the end has begun
      return false;
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs, and ends with the work.
    }
  }
}
