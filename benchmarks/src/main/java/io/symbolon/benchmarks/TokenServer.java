package io.symbolon.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint on loopback that gives everybody a token, takes its time, and counts; and an API
 * that answers everybody.
 */
final class TokenServer implements AutoCloseable {
  /** As long as a token with a few claims. */
  private static final String PADDING = "x".repeat(1_300);

  private static final int BACKLOG = 1_000;

  static {
    // Else each answer on a kept connection waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService answers = Executors.newFixedThreadPool(2);
  private final Executor late;
  private final AtomicInteger requests = new AtomicInteger();
  private final Duration lifetime;
  private volatile @Nullable String lastAuthorization;

  /**
   * @param lifetime of the tokens
   * @param delay between a token request and its answer; none for the API
   */
  TokenServer(Duration lifetime, Duration delay) throws IOException {
    this.lifetime = lifetime;
    this.late = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, answers);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.createContext("/token", this::tokenRequest);
    server.createContext("/api", this::call);
    server.start();
  }

  URI tokenEndpoint() {
    return URI.create(origin() + "/token");
  }

  URI api() {
    return URI.create(origin() + "/api");
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int tokenRequests() {
    return requests.get();
  }

  /** What came with the last call of the API; null when nothing did. */
  @Nullable String lastAuthorization() {
    return lastAuthorization;
  }

  /** The token in the answer to the request of that number, from 1. */
  static String token(int request) {
    return "token-" + request + "-" + PADDING;
  }

  private void tokenRequest(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String json =
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
            .formatted(token(requests.incrementAndGet()), lifetime.toSeconds());
    late.execute(() -> answerLate(exchange, json));
  }

  private void call(HttpExchange exchange) throws IOException {
    lastAuthorization = exchange.getRequestHeaders().getFirst("Authorization");
    answer(exchange, "text/plain", "OK");
  }

  /** A caller that has gone away is its own affair. */
  private static void answerLate(HttpExchange exchange, String json) {
    try {
      answer(exchange, "application/json", json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    answers.shutdownNow();
  }
}
