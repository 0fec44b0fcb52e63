package io.symbolon.interop.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.symbolon.oauth.OAuthException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where the suite calls the client behind the browser's back (Back-Channel Logout §2.5). */
final class BackChannel implements AutoCloseable {
  /** What is done with the body of a call. */
  @FunctionalInterface
  interface Receiver {
    boolean receive(String form) throws IOException;
  }

  private HttpServer server;
  private volatile Receiver receiver = form -> false;
  private volatile OAuthException refusal;

  void open() throws SuiteException {
    int port = Integer.getInteger(SuiteSettings.CALLBACK_PORT, 0);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new SuiteException("the port " + port + " cannot be opened: " + e.getMessage());
    }
    server.createContext("/", this::called);
    server.start();
  }

  String url() {
    return System.getProperty(
        SuiteSettings.CALLBACK_URL,
        "http://127.0.0.1:" + server.getAddress().getPort() + "/logout");
  }

  void expect(Receiver next) {
    refusal = null;
    receiver = next;
  }

  /** The refusal of the last call, if it was refused. */
  void throwRefusal() throws OAuthException {
    if (refusal != null) {
      throw refusal;
    }
  }

  private void called(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status(form), -1);
    exchange.close();
  }

  private int status(String form) throws IOException {
    try {
      return receiver.receive(form) ? 200 : 400;
    } catch (OAuthException e) {
      refusal = e;
      return 400;
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
