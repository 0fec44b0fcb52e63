package io.symbolon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.benchmarks.Load.Result;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LoadTest {
  private static final Duration DELAY = Duration.ofMillis(50);

  @Test
  void callersWithoutATokenShareOneRequestOfSymbolon() throws Exception {
    Result result = new Load(8, Duration.ofHours(1), DELAY).cold(Library.SYMBOLON);
    assertThat(result.tokenRequests()).isEqualTo(1);
    assertThat(result.latencies().count()).isEqualTo(8);
    assertThat(result.failures()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whoHasNoTokenWaitsForTheServer(Library library) throws Exception {
    Result result = new Load(4, Duration.ofHours(1), DELAY).cold(library);
    assertThat(result.latencies().within(1)).isGreaterThanOrEqualTo(DELAY.toNanos());
    assertThat(result.failures()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void everyLibraryRenewsATokenThatEnds(Library library) throws Exception {
    Load load = new Load(2, Duration.ofSeconds(1), Duration.ofMillis(10));
    Result result = load.acrossExpiries(library, Duration.ofMillis(1_500));
    assertThat(result.tokenRequests()).isBetween(2, 10);
    assertThat(result.latencies().count()).isPositive();
    assertThat(result.failures()).isZero();
  }

  @Test
  void latenciesAreCountedByRank() {
    Latencies latencies = new Latencies(100);
    LongStream.rangeClosed(1, 100).map(it -> 101 - it).forEach(latencies::add);
    latencies.add(1_000_000); // beyond what is kept
    assertThat(latencies.count()).isEqualTo(100);
    assertThat(latencies.within(0.5)).isEqualTo(50);
    assertThat(latencies.within(0.999)).isEqualTo(100);
    assertThat(latencies.within(1)).isEqualTo(100);
    assertThat(latencies.atLeast(91)).isEqualTo(10);
  }
}
