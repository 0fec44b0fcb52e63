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
      benchmark.plain();
      assertThat(benchmark.lastAuthorization()).isNull();
      benchmark.handWritten();
      assertThat(benchmark.lastAuthorization()).isEqualTo("Bearer " + TokenServer.token(1));
      benchmark.plain();
      benchmark.symbolon();
      assertThat(benchmark.lastAuthorization()).isEqualTo("Bearer " + TokenServer.token(1));
    } finally {
      benchmark.close();
    }
  }
}
