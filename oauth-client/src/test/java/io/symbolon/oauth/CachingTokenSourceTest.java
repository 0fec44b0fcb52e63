package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a token is renewed, by whom, and what becomes of failures. */
class CachingTokenSourceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TICK = Duration.ofMillis(1);

  private final TestClock clock = TestClock.at(START);
  private final Origin origin = new Origin();
  private final Queue<Runnable> background = new ArrayDeque<>();

  /** Hands out t1, t2, … or fails. */
  private final class Origin implements TokenSource {
    final AtomicInteger asked = new AtomicInteger();
    final List<AccessToken> refused = new ArrayList<>();
    volatile @Nullable Duration life = HOUR;
    volatile @Nullable Throwable failure;

    @Override
    public AccessToken token() throws IOException {
      int number = asked.incrementAndGet();
      Throwable thrown = failure;
      if (thrown instanceof IOException e) {
        throw e;
      }
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      Duration left = life;
      Instant now = clock.instant();
      return bearer("t" + number, now, left == null ? null : now.plus(left));
    }

    @Override
    public void invalidate(AccessToken rejected) {
      refused.add(rejected);
    }
  }

  private static AccessToken bearer(String value, Instant from, @Nullable Instant to) {
    return AccessToken.bearer(Secret.of(value), from, to);
  }

  private CachingTokenSource source(double jitter, Executor executor) {
    return CachingTokenSource.of(origin)
        .clock(clock)
        .random(new FixedRandom(jitter))
        .executor(executor)
        .build();
  }

  private CachingTokenSource source() {
    return source(0, background::add);
  }

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  private static String value(TokenSource source) throws IOException {
    return source.token().value().reveal();
  }

  private static OAuthErrorException error(String code, @Nullable Duration retryAfter) {
    Verdict verdict = Verdict.about("a test").build();
    return new OAuthErrorException(code, null, null, "a test", verdict, 503, retryAfter);
  }

  // Windows.

  @Test
  void nothingIsFetchedBeforeATokenIsNeeded() {
    assertThat(source()).hasToString("caching no token");
    assertThat(origin.asked).hasValue(0);
  }

  @ParameterizedTest(name = "a token for {0} ms is due at {1} ms and stale at {2} ms")
  @CsvSource({
    "86400000, 86100000, 86370000",
    "3600000, 3300000, 3570000",
    "300000, 240000, 270000",
    "60000, 48000, 54000",
    "5000, 4000, 4500",
    "1000, 800, 900"
  })
  void theWindowsDependOnTheLifetime(long life, long due, long stale) throws Exception {
    origin.life = Duration.ofMillis(life);
    CachingTokenSource source = source();
    assertThat(value(source)).isEqualTo("t1");

    clock.set(START.plusMillis(due).minus(TICK));
    assertThat(value(source)).isEqualTo("t1");
    assertThat(background).isEmpty();

    clock.set(START.plusMillis(due));
    assertThat(value(source)).isEqualTo("t1");
    assertThat(background).hasSize(1);

    clock.set(START.plusMillis(stale).minus(TICK));
    assertThat(value(source)).isEqualTo("t1");
    assertThat(background).hasSize(1);
    assertThat(origin.asked).hasValue(1);

    clock.set(START.plusMillis(stale));
    assertThat(value(source)).isEqualTo("t2");
    assertThat(value(source)).isEqualTo("t2");
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  void aTokenWithoutLifetimeIsFetchedForEachCall() throws Exception {
    origin.life = Duration.ZERO;
    CachingTokenSource source = source();

    assertThat(value(source)).isEqualTo("t1");
    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  void aTokenThatHadEndedBeforeItCameIsFetchedForEachCall() throws Exception {
    origin.life = Duration.ofHours(-1);
    CachingTokenSource source = source();

    assertThat(value(source)).isEqualTo("t1");
    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  void aTokenWithoutKnownEndIsUsedUntilItIsRefused() throws Exception {
    origin.life = null;
    CachingTokenSource source = source();
    value(source);

    clock.advance(Duration.ofDays(10_000));
    assertThat(value(source)).isEqualTo("t1");
    assertThat(background).isEmpty();

    source.invalidate(source.token());
    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  void aTokenMayEndAtTheEndOfTime() throws Exception {
    CachingTokenSource source =
        CachingTokenSource.of(() -> bearer("for-ever", START, Instant.MAX))
            .clock(clock)
            .executor(background::add)
            .build();

    assertThat(value(source)).isEqualTo("for-ever");
    clock.advance(Duration.ofDays(10_000));
    assertThat(value(source)).isEqualTo("for-ever");
    assertThat(background).isEmpty();
  }

  /** By bisection, because what is due shows only in what happens. */
  private long dueAfter(Duration life, double jitter) throws IOException {
    long fresh = 0;
    long due = life.toMillis();
    while (due - fresh > 1) {
      long middle = (fresh + due) / 2;
      background.clear();
      clock.set(START);
      CachingTokenSource source = source(jitter, background::add);
      source.prime(bearer("x", START, START.plus(life)));
      clock.set(START.plusMillis(middle));
      int before = origin.asked.get();
      source.token();
      boolean isFresh = background.isEmpty() && origin.asked.get() == before;
      fresh = isFresh ? middle : fresh;
      due = isFresh ? due : middle;
    }
    return due;
  }

  /** Of a store, by a clock that was set back: issued later than it ends. */
  @Test
  void aTokenThatEndsBeforeItWasIssuedIsFreshUntilItEndsAndNoLonger() {
    AccessToken token = bearer("x", START.plus(HOUR), START);

    assertThat(token.isFresh(START.minusMillis(1))).isTrue();
    assertThat(token.isFresh(START)).isFalse();
  }

  @Test
  void theDueTimeIsJitteredWithinItsWindow() throws Exception {
    Random random = new Random(20_260_101);
    for (int i = 0; i < 500; i++) {
      Duration life = Duration.ofMillis(1 + (long) Math.pow(10, 1 + random.nextDouble() * 8));
      double jitter = random.nextDouble();
      long prefetch = Math.min(300_000, life.toMillis() / 5);
      long stale = Math.min(30_000, life.toMillis() / 10);

      assertThat(dueAfter(life, jitter))
          .as("a life of %s with jitter %s", life, jitter)
          .isBetween(life.toMillis() - prefetch, life.toMillis() - stale);
    }
  }

  @Test
  void aFleetDoesNotRenewInStep() throws Exception {
    assertThat(dueAfter(HOUR, 0)).isEqualTo(3_300_000);
    assertThat(dueAfter(HOUR, 0.5)).isEqualTo(3_367_500);
    assertThat(dueAfter(HOUR, 0.999_999)).isBetween(3_434_990L, 3_435_000L);
  }

  // Renewals in the background.

  @Test
  void aDueTokenIsRenewedOnceInTheBackground() throws Exception {
    CachingTokenSource source = source();
    value(source);
    clock.advance(Duration.ofMinutes(56));

    for (int i = 0; i < 100; i++) {
      assertThat(value(source)).isEqualTo("t1");
    }
    assertThat(background).hasSize(1);
    runBackground();

    assertThat(value(source)).isEqualTo("t2");
    assertThat(origin.asked).hasValue(2);
    assertThat(background).isEmpty();
  }

  @Test
  @DisplayName("F-47 an executor that rejects leaves the renewal to the first caller who needs it")
  void anExecutorThatRejectsIsDoneWithout() throws Exception {
    CachingTokenSource source =
        source(
            0,
            task -> {
              throw new RejectedExecutionException("shut down");
            });
    value(source);
    clock.advance(Duration.ofMinutes(56));
    assertThat(value(source)).isEqualTo("t1");
    assertThat(value(source)).isEqualTo("t1");

    clock.set(START.plus(HOUR).minusSeconds(30));
    assertThat(value(source)).isEqualTo("t2");
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  @DisplayName("F-47 an executor that drops tasks does not end renewals")
  void anExecutorThatDropsTasksIsDoneWithout() throws Exception {
    CachingTokenSource source = source(0, task -> {});
    value(source);
    clock.advance(Duration.ofMinutes(56));
    assertThat(value(source)).isEqualTo("t1");

    clock.advance(HOUR);
    assertThat(value(source)).isEqualTo("t2");
    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  @DisplayName("F-47 an executor that runs inline renews on the caller's thread")
  void anExecutorThatRunsInlineWorks() throws Exception {
    CachingTokenSource source = source(0, Runnable::run);
    value(source);
    clock.advance(Duration.ofMinutes(56));

    assertThat(value(source)).isEqualTo("t1");
    assertThat(value(source)).isEqualTo("t2");
    assertThat(origin.asked).hasValue(2);
  }

  // Failures.

  /** When the origin is asked, in seconds from now, while callers come every second. */
  private List<Long> attempts(CachingTokenSource source, int seconds, boolean expectToken) {
    List<Long> attempts = new ArrayList<>();
    for (long second = 0; second < seconds; second++) {
      int before = origin.asked.get();
      for (int caller = 0; caller < 3; caller++) {
        Throwable thrown = catchThrowable(source::token);
        runBackground();
        assertThat(thrown == null).as("at second %s: %s", second, thrown).isEqualTo(expectToken);
      }
      assertThat(origin.asked.get() - before).isBetween(0, 1);
      if (origin.asked.get() > before) {
        attempts.add(second);
      }
      clock.advance(Duration.ofSeconds(1));
    }
    return attempts;
  }

  @Test
  @DisplayName("F-29 while the token is good callers see no failure, and attempts back off")
  void attemptsBackOffWhileTheTokenIsGood() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.set(START.plusMillis(3_367_500));
    origin.failure = new IOException("down");

    assertThat(attempts(source, 232, true))
        .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
  }

  @Test
  @DisplayName("F-30 when the token has ended callers fail fast, and attempts back off")
  void attemptsBackOffWhenTheTokenHasEnded() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.advance(HOUR);
    origin.failure = new IOException("down");

    assertThat(attempts(source, 200, false))
        .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);

    origin.failure = null;
    clock.advance(Duration.ofMinutes(1));
    int before = origin.asked.get();
    Crowd<AccessToken> crowd = Crowd.of(64, source::token);
    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(origin.asked).hasValue(before + 1);
  }

  @Test
  @DisplayName("F-30 without any token the second attempt is free, and then they back off")
  void attemptsBackOffWithoutAnyToken() {
    CachingTokenSource source = source(0.5, background::add);
    origin.failure = new IOException("down");
    assertThat(catchThrowable(source::token)).hasMessage("down");

    assertThat(attempts(source, 130, false)).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L);
  }

  @Test
  void successEndsTheBackOff() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.advance(HOUR);
    origin.failure = new IOException("down");
    attempts(source, 8, false);
    origin.failure = null;
    clock.advance(Duration.ofSeconds(8));
    value(source);

    clock.advance(HOUR);
    origin.failure = new IOException("down again");
    assertThat(attempts(source, 8, false)).containsExactly(0L, 1L, 3L, 7L);
  }

  @Test
  void theBackOffIsJittered() throws Exception {
    for (double jitter : new double[] {0, 0.25, 0.75, 0.999}) {
      clock.set(START);
      origin.failure = null;
      CachingTokenSource source = source(jitter, background::add);
      value(source);
      clock.advance(HOUR);
      origin.failure = new IOException("down");
      int before = origin.asked.get();
      assertThat(catchThrowable(source::token)).isNotNull();
      Duration wait = Duration.ofMillis((long) (1_000 * (0.75 + jitter / 2)));

      clock.advance(wait.minus(TICK));
      assertThat(catchThrowable(source::token)).isNotNull();
      assertThat(origin.asked).hasValue(before + 1);
      clock.advance(TICK);
      assertThat(catchThrowable(source::token)).isNotNull();
      assertThat(origin.asked).hasValue(before + 2);
    }
  }

  @Test
  @DisplayName("F-14 nobody asks before the time that the server named")
  void theServerSaysWhenToComeBack() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.set(START.plus(HOUR).minusSeconds(200));
    origin.failure = error("temporarily_unavailable", Duration.ofMinutes(2));

    assertThat(attempts(source, 200, true)).containsExactly(0L, 120L);
    assertThat(attempts(source, 100, false)).containsExactly(40L);
  }

  @Test
  void aRuntimeExceptionBacksOffLikeAnyFailure() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.set(START.plusMillis(3_367_500));
    origin.failure = new IllegalStateException("bug");

    assertThat(attempts(source, 232, true))
        .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
    clock.advance(Duration.ofSeconds(1));
    assertThat(attempts(source, 12, false)).containsExactly(10L);
    assertThat(catchThrowable(source::token)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("F-45 after an Error in the origin the next call works")
  void anErrorInTheOriginFreesTheFlight() throws Exception {
    CachingTokenSource source = source();
    origin.failure = new StackOverflowError("deep");
    assertThatThrownBy(source::token).isInstanceOf(StackOverflowError.class);
    origin.failure = null;
    assertThat(value(source)).isEqualTo("t2");

    clock.advance(Duration.ofMinutes(56));
    origin.failure = new OutOfMemoryError("in the background");
    assertThat(value(source)).isEqualTo("t2");
    assertThat(catchThrowable(this::runBackground)).isIn(null, origin.failure);
    origin.failure = null;
    assertThat(value(source)).isEqualTo("t2");
    runBackground();
    assertThat(value(source)).isEqualTo("t4");
  }

  // Invalidation.

  @Test
  void aRefusedTokenIsForgottenOnce() throws Exception {
    CachingTokenSource source = source();
    AccessToken first = source.token();

    source.invalidate(first);
    AccessToken second = source.token();
    source.invalidate(first);
    source.invalidate(bearer("somebody-elses", START, null));

    assertThat(source.token()).isSameAs(second);
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  void aTokenIsRecognizedByItsValue() throws Exception {
    CachingTokenSource source = source();
    value(source);

    source.invalidate(bearer("t1", START, null));

    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  void theOriginHearsOfRefusedTokensToo() throws Exception {
    CachingTokenSource source = source();
    AccessToken first = source.token();

    source.invalidate(first);

    assertThat(origin.refused).containsExactly(first);
  }

  @Test
  void whoLookedTooEarlyDoesNotRenewOnceMore() throws Exception {
    SlowReader slow = new SlowReader(clock);
    CachingTokenSource source = CachingTokenSource.of(origin).clock(slow).build();
    value(source);
    clock.advance(HOUR);
    Crowd<String> reader = slow.begin(() -> value(source));
    assertThat(value(source)).isEqualTo("t2");
    slow.goOn();

    assertThat(reader.await().results()).containsExactly("t2");
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  @DisplayName("F-31 64 callers whose token was refused get one new token")
  void aStormOfRefusalsCausesOneRenewal() throws Exception {
    CachingTokenSource source = source();
    for (int round = 1; round <= 50; round++) {
      AccessToken refused = source.token();
      Crowd<AccessToken> crowd =
          Crowd.of(
              64,
              () -> {
                source.invalidate(refused);
                return source.token();
              });

      assertThat(crowd.distinctResults()).hasSize(1).doesNotContain(refused);
      assertThat(origin.asked).hasValue(round + 1);
    }
  }

  // Interruption.

  @Test
  @DisplayName("F-06 a caller who is interrupted does not spoil it for the others")
  void anInterruptedLeaderDoesNotPoisonItsFollowers() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    TokenSource slow =
        () -> {
          AccessToken token = origin.token();
          if (arrived.getCount() > 0) {
            arrived.countDown();
            waitForInterruption();
          }
          return token;
        };
    CachingTokenSource source =
        CachingTokenSource.of(slow).clock(clock).executor(background::add).build();
    source.prime(bearer("expired", START.minus(HOUR), START));
    Crowd<AccessToken> leader = Crowd.start(1, source::token);
    arrived.await();
    Crowd<String> followers = Crowd.start(63, () -> value(source));
    followers.awaitWaiting(63);

    leader.interrupt();

    assertThat(leader.await().errors()).hasOnlyElementsOfType(InterruptedIOException.class);
    assertThat(followers.await().errors()).isEmpty();
    assertThat(followers.results()).hasSize(63).containsOnly("t2");
    assertThat(origin.asked).hasValue(2);
  }

  private static void waitForInterruption() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  // Clocks that jump.

  @Test
  @DisplayName("F-40 a clock that jumps forward costs one renewal")
  void aClockThatJumpsForwardCostsOneRenewal() throws Exception {
    CachingTokenSource source = source();
    value(source);

    clock.advance(Duration.ofDays(365));
    assertThat(value(source)).isEqualTo("t2");
    assertThat(value(source)).isEqualTo("t2");
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  @DisplayName("F-41 a clock that jumps back to before the token came causes a renewal")
  void aClockThatJumpsBackCausesARenewal() throws Exception {
    CachingTokenSource source = source();
    value(source);

    clock.advance(HOUR.negated());
    assertThat(value(source)).isEqualTo("t1");
    runBackground();
    assertThat(value(source)).isEqualTo("t2");
    assertThat(background).isEmpty();

    clock.set(START);
    assertThat(value(source)).isEqualTo("t3");
  }

  @Test
  @DisplayName("F-41 a clock that jumps back does not prolong the wait after a failure")
  void aClockThatJumpsBackDoesNotProlongTheWait() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    value(source);
    clock.advance(HOUR);
    origin.failure = new IOException("down");
    attempts(source, 5, false);
    origin.failure = null;

    clock.advance(Duration.ofDays(-1));
    value(source);
    runBackground();
    assertThat(value(source)).isEqualTo("t5");
  }

  private CachingTokenSource sourceWithTimer(AtomicLong nanos) {
    return CachingTokenSource.of(origin)
        .clock(clock)
        .ticker(nanos::get)
        .random(new FixedRandom(0))
        .executor(background::add)
        .build();
  }

  @Test
  @DisplayName("F-41 a clock that is set back within a life does not prolong it")
  void aClockThatIsSetBackDoesNotProlongALife() throws Exception {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow
    CachingTokenSource source = sourceWithTimer(nanos);
    value(source);
    Duration lived = Duration.ofMinutes(40);
    clock.advance(lived);
    nanos.addAndGet(lived.toNanos());
    assertThat(value(source)).isEqualTo("t1");

    clock.advance(Duration.ofMinutes(-30)); // ten minutes old, says the clock
    nanos.addAndGet(Duration.ofMinutes(19).plusSeconds(31).toNanos());
    clock.advance(Duration.ofMinutes(19).plusSeconds(31));
    assertThat(value(source)).isEqualTo("t2");

    clock.advance(Duration.ofMinutes(-5));
    nanos.addAndGet(HOUR.toNanos());
    origin.failure = new IOException("down");
    assertThatThrownBy(source::token).hasMessage("down");
  }

  @Test
  @DisplayName("F-41 a clock that is set back does not prolong the wait after a failure")
  void aClockThatIsSetBackDoesNotProlongTheWaitAfterAFailure() throws Exception {
    AtomicLong nanos = new AtomicLong();
    CachingTokenSource source = sourceWithTimer(nanos);
    origin.failure = error("invalid_client", Duration.ofMinutes(5));
    clock.advance(HOUR);
    assertThat(catchThrowable(source::token)).isNotNull();
    origin.failure = null;
    clock.advance(Duration.ofMinutes(4));
    nanos.addAndGet(Duration.ofMinutes(4).toNanos());
    clock.advance(Duration.ofMinutes(-3));
    assertThat(catchThrowable(source::token)).isNotNull();

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(value(source)).isEqualTo("t2");
  }

  @Test
  @DisplayName("F-41 a stored token does not live longer than its life, however wrong the clock is")
  void aTokenFromTheFutureLivesItsLifeAtMost() throws Exception {
    AtomicLong nanos = new AtomicLong();
    CachingTokenSource source = sourceWithTimer(nanos);
    Instant future = START.plus(Duration.ofDays(365));
    source.prime(bearer("stored", future, future.plus(HOUR)));
    assertThat(value(source)).isEqualTo("stored");

    clock.advance(HOUR);
    nanos.addAndGet(HOUR.toNanos());
    assertThat(value(source)).isEqualTo("t1");
  }

  // Refusals that last.

  private static OAuthErrorException refusal(String code) {
    Verdict verdict = Verdict.about("a test").build();
    return new OAuthErrorException(code, null, null, "a test", verdict, 400, null);
  }

  @ParameterizedTest
  @DisplayName("F-15 F-16 callers share a refusal that lasts, without another request")
  @ValueSource(
      strings = {
        "invalid_client",
        "unauthorized_client",
        "invalid_scope",
        "unsupported_grant_type",
        "invalid_grant",
        "word_of_some_server"
      })
  void callersShareARefusalThatLasts(String code) throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    origin.failure = refusal(code);
    Throwable first = catchThrowable(source::token);

    assertThat(first).isSameAs(origin.failure);
    assertThat(Crowd.of(64, source::token).errors()).hasSize(64).containsOnly(first);
    assertThat(attempts(source, 200, false)).containsExactly(30L, 90L, 150L);
  }

  @Test
  @DisplayName("F-13 a refusal that passes is no refusal that lasts")
  void aRefusalThatPassesIsAskedAboutSooner() {
    CachingTokenSource source = source(0.5, background::add);
    origin.failure = error("temporarily_unavailable", null);
    assertThat(catchThrowable(source::token)).isSameAs(origin.failure);

    assertThat(attempts(source, 10, false)).containsExactly(0L, 1L, 3L, 7L);
  }

  @Test
  void aTokenThatIsRefusedLiftsARefusalThatLasts() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    AccessToken token = source.token();
    clock.set(START.plus(HOUR).minusSeconds(10));
    origin.failure = refusal("invalid_scope");
    assertThat(source.token()).isSameAs(token);
    origin.failure = null;
    assertThat(source.token()).isSameAs(token);
    assertThat(origin.asked).hasValue(2);

    source.invalidate(token);
    assertThat(value(source)).isEqualTo("t3");
  }

  @Test
  void aTokenThatIsRefusedDoesNotLiftAWaitThatTheServerAskedFor() throws Exception {
    CachingTokenSource source = source(0.5, background::add);
    AccessToken token = source.token();
    clock.set(START.plus(HOUR).minusSeconds(10));
    origin.failure = error("temporarily_unavailable", Duration.ofMinutes(2));
    assertThat(source.token()).isSameAs(token);

    source.invalidate(token);
    assertThat(catchThrowable(source::token)).isSameAs(origin.failure);
    assertThat(origin.asked).hasValue(2);
  }

  @Test
  void itShowsNoToken() throws Exception {
    CachingTokenSource source = source();
    value(source);

    assertThat(source).hasToString("caching Bearer token, until 2026-01-01T01:00:00Z");
  }
}
