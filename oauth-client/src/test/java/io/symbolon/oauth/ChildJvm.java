package io.symbolon.oauth;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a virtual machine of its own. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * The lines that it printed.
   *
   * @param options of the virtual machine
   * @throws AssertionError if it does not end well
   */
  public static List<String> run(Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    File output = File.createTempFile("child", ".out");
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      List<String> lines = Files.readAllLines(output.toPath());
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(main + (ended ? " failed: " : " did not end: ") + lines);
      }
      return lines;
    } finally {
      Files.deleteIfExists(output.toPath());
    }
  }
}
