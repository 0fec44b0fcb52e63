package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.Crowd;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private static final int THREADS = 64;

  private final SingleFlight<Integer> flight = new SingleFlight<>(Duration.ofSeconds(30));
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch gate = new CountDownLatch(1);

  private int count() throws IOException {
    return pass(gate, runs.incrementAndGet());
  }

  private static <T> T pass(CountDownLatch gate, T result) throws IOException {
    try {
      gate.await();
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the leader was interrupted");
    }
  }

  @Test
  void allThatComeWhileOneWorksShareItsResult() throws Exception {
    Crowd<Integer> crowd = Crowd.start(THREADS, () -> flight.join(this::count));
    crowd.awaitWaiting(THREADS);
    assertThat(flight.isRunning()).isTrue();
    gate.countDown();

    assertThat(crowd.await().results()).hasSize(THREADS).containsOnly(1);
    assertThat(flight.isRunning()).isFalse();
  }

  @Test
  void allThatComeWhileOneWorksShareItsError() throws Exception {
    IOException error = new IOException("no");
    Crowd<Integer> crowd =
        Crowd.start(
            THREADS,
            () ->
                flight.join(
                    () -> {
                      count();
                      throw error;
                    }));
    crowd.awaitWaiting(THREADS);
    gate.countDown();

    assertThat(crowd.await().errors()).hasSize(THREADS).containsOnly(error);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whoComesLaterWorksAnew() throws Exception {
    gate.countDown();

    assertThat(flight.join(this::count)).isEqualTo(1);
    assertThat(flight.join(this::count)).isEqualTo(2);
  }

  @Test
  void neverDoTwoWorkAtOnce() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean crowded = new AtomicBoolean();
    Phaser rounds = new Phaser(THREADS);
    Crowd<Integer> crowd =
        Crowd.of(
            THREADS,
            () -> {
              int last = 0;
              for (int round = 0; round < 200; round++) {
                rounds.arriveAndAwaitAdvance();
                last =
                    flight.join(
                        () -> {
                          crowded.compareAndSet(false, inside.incrementAndGet() > 1);
                          Thread.onSpinWait();
                          inside.decrementAndGet();
                          return runs.incrementAndGet();
                        });
              }
              return last;
            });

    assertThat(crowd.errors()).isEmpty();
    assertThat(crowded).isFalse();
    assertThat(runs.get()).isBetween(200, THREADS * 200);
  }

  /** A result that is older than the question would be a token that was refused a moment ago. */
  @Test
  void nobodyGetsAResultOfWorkThatHadEndedBefore() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    Crowd<Boolean> crowd =
        Crowd.of(
            THREADS,
            () -> {
              boolean fresh = true;
              for (int i = 0; i < 500; i++) {
                int before = ended.get();
                int mine =
                    flight.join(
                        () -> {
                          int run = runs.incrementAndGet();
                          ended.set(run);
                          return run;
                        });
                fresh &= mine >= before;
              }
              return fresh;
            });

    assertThat(crowd.results()).hasSize(THREADS).containsOnly(true);
  }

  @Test
  @DisplayName("F-06 a leader that is interrupted does not take its followers along")
  void anInterruptedLeaderIsReplacedByAFollower() throws Exception {
    Crowd<Integer> leader = Crowd.start(1, () -> flight.join(this::count));
    Crowd.await(() -> runs.get() == 1);
    Crowd<Integer> followers = Crowd.start(THREADS, () -> flight.join(() -> 99));
    followers.awaitWaiting(THREADS);

    leader.interrupt();

    assertThat(leader.await().errors()).hasSize(1).hasOnlyElementsOfType(IOException.class);
    assertThat(followers.await().results()).hasSize(THREADS).containsOnly(99);
  }

  @Test
  @DisplayName("F-06 a follower can be interrupted, and the leader goes on")
  void aFollowerCanBeInterrupted() throws Exception {
    Crowd<Integer> leader = Crowd.start(1, () -> flight.join(this::count));
    Crowd.await(() -> runs.get() == 1);
    Crowd<Boolean> follower =
        Crowd.start(
            1,
            () -> {
              assertThatThrownBy(() -> flight.join(this::count))
                  .isInstanceOf(InterruptedIOException.class);
              return Thread.currentThread().isInterrupted();
            });
    follower.awaitWaiting(1).interrupt();

    assertThat(follower.await().results()).containsExactly(true);
    gate.countDown();
    assertThat(leader.await().results()).containsExactly(1);
  }

  @Test
  @DisplayName("F-45 an exception or an Error ends the flight for all, and the next one can begin")
  void anUncheckedThrowableFreesTheFlight() throws Exception {
    for (Throwable thrown :
        new Throwable[] {new IllegalStateException("bug"), new StackOverflowError("deep")}) {
      CountDownLatch hold = new CountDownLatch(1);
      Crowd<Integer> crowd = Crowd.start(THREADS, () -> flight.join(() -> fail(hold, thrown)));
      crowd.awaitWaiting(THREADS);
      hold.countDown();

      assertThat(crowd.await().errors()).hasSize(THREADS).containsOnly(thrown);
      assertThat(flight.isRunning()).isFalse();
      assertThat(flight.join(() -> 7)).isEqualTo(7);
    }
  }

  private static int fail(CountDownLatch hold, Throwable thrown) throws IOException {
    pass(hold, thrown);
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  @DisplayName("R7 a follower waits no longer than it was told to")
  void aFollowerGivesUpAtItsDeadline() throws Exception {
    SingleFlight<Integer> impatient = new SingleFlight<>(Duration.ofMillis(20));
    Crowd<Integer> leader = Crowd.start(1, () -> impatient.join(this::count));
    Crowd.await(() -> runs.get() == 1);

    assertThatThrownBy(() -> impatient.join(this::count))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining("more than PT0.02S");
    gate.countDown();
    assertThat(leader.await().results()).containsExactly(1);
    assertThat(runs).hasValue(1);
  }
}
