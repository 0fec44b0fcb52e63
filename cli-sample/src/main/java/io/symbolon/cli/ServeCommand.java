package io.symbolon.cli;

import io.symbolon.cli.demo.DemoServer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code symbolon serve}: the demo server alone, for trying other clients against it. */
@Command(
    name = "serve",
    description = "Starts an authorization server and a protected API on 127.0.0.1, until Ctrl-C.",
    mixinStandardHelpOptions = true,
    hidden = true)
final class ServeCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The authorization server's port (default: a free one).")
  private int port;

  @Option(
      names = "--token-lifetime",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long access tokens live (default: ${DEFAULT-VALUE}).")
  private long tokenLifetime;

  @Override
  public void run() {
    DemoServer.Builder builder =
        DemoServer.builder().port(port).accessTokenLifetime(Duration.ofSeconds(tokenLifetime));
    try (DemoServer server = builder.start()) {
      describe(server, spec.commandLine().getOut());
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void describe(DemoServer server, PrintWriter out) {
    out.printf("Issuer   %s%n", server.issuer());
    out.printf("API      %s/api/reports  (reports.read)%n", server.api());
    out.printf("         %s/api/orders   (a user's orders.read)%n", server.api());
    out.printf(
        "Service  %s  secret %s%n", server.reportsService().id(), server.reportsService().secret());
    out.printf("Web      %s  secret %s%n", server.webShop().id(), server.webShop().secret());
    out.printf("Desktop  %s  (public, http://127.0.0.1:*/callback)%n", server.desktop());
    out.printf("User     %s  password %s%n", DemoServer.USERNAME, DemoServer.PASSWORD);
    out.println("Ctrl-C stops both.");
    out.flush();
  }
}
