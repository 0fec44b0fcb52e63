package io.symbolon.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * All plans against a suite that runs somewhere: {@code -Dconformance.url=https://localhost:8443/}.
 */
final class ConformanceTest {
  /** One module has the client ask for its tokens three times, every 31 seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void everyModuleCounts() throws Exception {
    SuiteSettings settings = SuiteSettings.fromSystemProperties();
    assumeTrue(
        settings != null,
        "no conformance suite is named; name one with -Dconformance.url=https://…");
    ConformanceReport report =
        new ConformanceRun(settings, ModuleTable.ofPlans(), PATIENCE).run(ConformancePlan.all());
    System.out.println(report);
    Files.writeString(Path.of("target", "conformance.txt"), report.toString());
    assertThat(report.results()).isNotEmpty();
    assertThat(report.failures()).isEmpty();
  }
}
