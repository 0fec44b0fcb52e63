package io.symbolon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A server in a process of its own: known to be up when it has said so, gone when the tests are.
 */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> up = new CompletableFuture<>();
  private final Thread shutdownHook = new Thread(this::kill);

  private ServerProcess(Process process) {
    this.process = process;
  }

  /** Starts the command and returns once a line of its output satisfies {@code isUp}. */
  static ServerProcess start(ProcessBuilder command, Predicate<String> isUp, Duration deadline) {
    ServerProcess server = new ServerProcess(launch(command));
    Runtime.getRuntime().addShutdownHook(server.shutdownHook);
    Thread reader = new Thread(() -> server.read(isUp), "output of " + command.command().get(0));
    reader.setDaemon(true);
    reader.start();
    server.await(deadline);
    return server;
  }

  private static Process launch(ProcessBuilder command) {
    try {
      return command.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Predicate<String> isUp) {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (isUp.test(line)) up.complete(line);
      }
    } catch (IOException e) {
      output.add(e.toString()); // its end has been cut off by close()
    }
    up.completeExceptionally(new IllegalStateException("it ended"));
  }

  private void await(Duration deadline) {
    try {
      up.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      String said = String.join("\n", output);
      throw new IllegalStateException("the server was not up after " + deadline + ":\n" + said, e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server started", e);
    }
  }

  /** The line that said that the server is up. */
  String upLine() {
    return up.join();
  }

  /** Everything that the server has said, for the message of a test that fails. */
  String output() {
    return String.join("\n", output);
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
