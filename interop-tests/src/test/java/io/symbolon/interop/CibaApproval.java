package io.symbolon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** The phone of a user who agrees to every backchannel login, a second after Keycloak has asked. */
final class CibaApproval implements AutoCloseable {
  private final OkHttpClient http = new OkHttpClient();
  private final CompletableFuture<String> callback = new CompletableFuture<>();
  private final Executor thinking = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
  private final HttpServer server;

  private CibaApproval(HttpServer server) {
    this.server = server;
  }

  static CibaApproval start() {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      CibaApproval approval = new CibaApproval(HttpServer.create(anyPort, 0));
      approval.server.createContext("/", approval::asked);
      approval.server.start();
      return approval;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  void callbackAt(String url) {
    callback.complete(url);
  }

  private void asked(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    exchange.sendResponseHeaders(201, -1);
    exchange.close();
    thinking.execute(() -> approve(authorization));
  }

  private void approve(String authorization) {
    byte[] json = "{\"status\":\"SUCCEED\"}".getBytes(UTF_8);
    Request request =
        new Request.Builder()
            .url(callback.join())
            .header("Authorization", authorization)
            .post(RequestBody.create(json, MediaType.get("application/json")))
            .build();
    try {
      http.newCall(request).execute().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
