package io.symbolon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;

final class DemoCommandTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine symbolon =
      new CommandLine(new Symbolon())
          .setOut(new PrintWriter(out))
          .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));

  @Test
  void theDemoDoesWhatItSays() {
    int exitCode = symbolon.execute("demo");
    assertThat(out.toString())
        .contains("✓ the ID token is verified; this is who signed in:", "sub        ada")
        .contains("{\"user\":\"ada\",\"orders\":[{\"id\":42,\"item\":\"Tea\"}]}")
        .contains("✓ the call renewed the token")
        .contains("│ state_mismatch: ", "│ invalid_id_token: ", "✗ signature: ")
        .endsWith("Every step did what it says.\n")
        .doesNotContain("✗ the", "eyJ", "client_secret");
    assertThat(exitCode).isZero();
  }

  @Test
  void theHelpNamesTheDemo() {
    assertThat(symbolon.execute("--help")).isZero();
    assertThat(out.toString()).contains("demo").doesNotContain("  serve");
  }
}
