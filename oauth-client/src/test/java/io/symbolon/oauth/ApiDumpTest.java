package io.symbolon.oauth;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiDumpTest {
  @Test
  void theApiIsTheCommittedOne() throws Exception {
    ApiDump.check(Path.of(""));
  }

  /** Here, because the test kit is built before this module and its helper. */
  @Test
  void theApiOfTheTestKitIsTheCommittedOne() throws Exception {
    ApiDump.check(Path.of("../oauth-testkit"));
  }
}
