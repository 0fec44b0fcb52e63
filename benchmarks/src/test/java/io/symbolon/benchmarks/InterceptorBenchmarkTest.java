package io.symbolon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InterceptorBenchmarkTest {
  @ParameterizedTest
  @ValueSource(strings = {"inside", "loopback"})
  void theTokenArrivesWhereverTheCallIsAnswered(String answered) throws IOException {
    InterceptorBenchmark benchmark = new InterceptorBenchmark();
    benchmark.answered = answered;
    benchmark.open();
    try {
      assertThat(benchmark.plain()).isEmpty();
      assertThat(benchmark.handWritten()).isEqualTo("Bearer " + TokenServer.token(1));
      assertThat(benchmark.symbolon()).isEqualTo("Bearer " + TokenServer.token(1));
    } finally {
      benchmark.close();
    }
  }
}
