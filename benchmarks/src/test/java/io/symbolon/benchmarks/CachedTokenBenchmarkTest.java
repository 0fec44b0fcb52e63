package io.symbolon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CachedTokenBenchmarkTest {
  @Test
  void everyoneHasATokenBeforeTheMeasurement() throws IOException {
    CachedTokenBenchmark benchmark = new CachedTokenBenchmark();
    benchmark.fill();
    int requests = benchmark.tokenRequests();
    assertThat(benchmark.volatileRead()).isSameAs(benchmark.symbolon());
    assertThat(benchmark.volatileReadAndClock()).isSameAs(benchmark.symbolon());
    assertThat(benchmark.symbolon().value().reveal()).isEqualTo(TokenServer.token(1));
    assertThat(benchmark.synchronizedCache()).isEqualTo(TokenServer.token(2));
    assertThat(benchmark.googleAuth())
        .isEqualTo(Map.of("Authorization", List.of("Bearer " + TokenServer.token(3))));
    assertThat(benchmark.springSecurity().getAccessToken().getTokenValue())
        .isEqualTo(TokenServer.token(4));
    assertThat(benchmark.tokenRequests()).isEqualTo(requests);
    benchmark.close();
  }
}
