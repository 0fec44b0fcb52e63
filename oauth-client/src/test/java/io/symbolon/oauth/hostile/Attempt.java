package io.symbolon.oauth.hostile;

import io.symbolon.oauth.OAuthException;
import java.io.IOException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * One go at a hostile input. Whatever it was, it ended in time, on a small stack, in a value or in
 * an exception that is declared.
 */
public final class Attempt<T> {
  private static final long STACK_BYTES = 512 * 1024;
  private static final long DEADLINE_SECONDS = 10;
  private static final int SHORTEST_SECRET = 6;

  private final T value;
  private final Exception refusal;

  private Attempt(T value, Exception refusal) {
    this.value = value;
    this.refusal = refusal;
  }

  /** Runs it; fails for an exception that no caller expects, and when it does not end. */
  public static <T> Attempt<T> at(Callable<T> work) throws Exception {
    FutureTask<Attempt<T>> task = new FutureTask<>(() -> attempt(work));
    Thread thread = new Thread(null, task, "attempt", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
    if (thread.isAlive()) {
      AssertionError hanging = new AssertionError("not done after " + DEADLINE_SECONDS + " s");
      hanging.setStackTrace(thread.getStackTrace());
      throw hanging;
    }
    return task.get();
  }

  private static <T> Attempt<T> attempt(Callable<T> work) {
    try {
      return new Attempt<>(work.call(), null);
    } catch (IOException | ParseException e) {
      return new Attempt<>(null, e);
    } catch (Throwable e) {
      throw new AssertionError("an exception that is not declared: " + e, e);
    }
  }

  /** What came out; fails when it was refused. */
  public T value() {
    if (refusal != null) {
      throw new AssertionError("should have been accepted, but: " + explained(refusal), refusal);
    }
    return value;
  }

  /** Why it was refused; fails when it was accepted, or refused in another way. */
  public <E extends Exception> E refusal(Class<E> type) {
    if (refusal == null) {
      throw new AssertionError("should have been refused, but was accepted: " + value);
    }
    if (!type.isInstance(refusal)) {
      throw new AssertionError("refused, but not by " + type.getSimpleName(), refusal);
    }
    return type.cast(refusal);
  }

  /** Whether it was accepted or refused. */
  public boolean isAccepted() {
    return refusal == null;
  }

  /** Fails when a secret can be seen in what came out, or anywhere in the exception. */
  public Attempt<T> hides(Collection<String> secrets) {
    String shown = refusal == null ? String.valueOf(value) : explained(refusal);
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_SECRET && shown.contains(secret)) {
        throw new AssertionError("shows the secret " + secret + ": " + shown);
      }
    }
    return this;
  }

  private static String explained(Throwable refusal) {
    StringBuilder text = new StringBuilder();
    explain(refusal, text, Collections.newSetFromMap(new IdentityHashMap<>()));
    return text.toString();
  }

  private static void explain(Throwable throwable, StringBuilder text, Set<Throwable> seen) {
    if (throwable == null || !seen.add(throwable)) {
      return;
    }
    text.append(throwable).append('\n');
    if (throwable instanceof OAuthException oauth) {
      text.append(oauth.code()).append(' ').append(oauth.explain()).append(oauth.verdict());
    }
    explain(throwable.getCause(), text, seen);
    new HashSet<>(Arrays.asList(throwable.getSuppressed())).forEach(s -> explain(s, text, seen));
  }
}
