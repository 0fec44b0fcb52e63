package io.symbolon.oauth.android;

import io.symbolon.oauth.ApiDump;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiDumpTest {
  @Test
  void theApiIsTheCommittedOne() throws Exception {
    ApiDump.check(Path.of(""));
  }
}
