package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.testkit.TestClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpentLoginsTest {
  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
  private final SpentLogins spent = new SpentLogins(clock);

  @Test
  void aStateIsSpentOnce() {
    assertThat(spent.spend(Secret.of("a"))).isTrue();
    assertThat(spent.spend(Secret.of("a"))).isFalse();
    assertThat(spent.spend(Secret.of("b"))).isTrue();
  }

  @Test
  void aStateIsRememberedAsLongAsALoginLives() {
    spent.spend(Secret.of("a"));

    clock.advance(PendingAuthorization.LIFETIME.minus(Duration.ofMillis(1)));
    assertThat(spent.spend(Secret.of("a"))).isFalse();
  }

  @Test
  void oneOfManyThreadsSpendsAState() throws Exception {
    AtomicInteger firsts = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      Secret state = Secret.of("s" + i);
      if (i % 20 == 0) {
        Crowd.of(16, () -> spent.spend(state) ? firsts.incrementAndGet() : 0);
      } else if (spent.spend(state)) {
        firsts.incrementAndGet();
      }
    }
    assertThat(firsts).hasValue(200);
  }

  /** Whoever replays a login replays a recent one. */
  @Test
  void theLatestAreRememberedWhenThereAreTooMany() {
    for (int i = 0; i < 30_000; i++) {
      spent.spend(Secret.of("state-" + i));
    }

    for (int i = 21_000; i < 30_000; i++) {
      assertThat(spent.spend(Secret.of("state-" + i))).as("state %s", i).isFalse();
    }
  }
}
