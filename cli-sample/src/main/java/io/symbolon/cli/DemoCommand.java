package io.symbolon.cli;

import io.symbolon.cli.demo.DemoServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code symbolon demo}: everything this library does, against a real server, in half a minute. */
@Command(
    name = "demo",
    description =
        "Shows a service call, a login, a renewal and refused forgeries against an authorization"
            + " server that it starts itself on 127.0.0.1. Exit code 0 when every step did what it"
            + " says, 1 otherwise.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(3);

  @Spec private CommandSpec spec;

  @Option(
      names = "--browser",
      description = "Sign in yourself in the real browser; without it the demo does it for you.")
  private boolean browser;

  @Override
  public Integer call() throws Exception {
    Story story =
        new Story(spec.commandLine().getOut(), spec.commandLine().getColorScheme().ansi());
    story.chapter("An authorization server and an API start on 127.0.0.1");
    long start = System.nanoTime();
    try (DemoServer server = DemoServer.builder().accessTokenLifetime(TOKEN_LIFETIME).start()) {
      double seconds = (System.nanoTime() - start) / 1e9;
      story.good(String.format("Spring Authorization Server is up after %.1f s:", seconds));
      story.says("  issuer " + server.issuer() + ", API " + server.api());
      new Demo(server, story, browser).run();
      story.end("Every step did what it says.");
      return 0;
    } catch (Demo.UnexpectedException e) {
      story.bad(e.getMessage() + "");
      return 1;
    }
  }
}
