package io.symbolon.oauth.internal;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of which a test writes every byte, one connection after the other. */
final class RawServer implements AutoCloseable {
  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  /** What happens on a connection; it is closed afterwards. */
  @FunctionalInterface
  interface Script {
    void play(Connection connection) throws IOException, InterruptedException;
  }

  RawServer(Script script) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread thread = new Thread(() -> serve(script), "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Script script) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        socket.setTcpNoDelay(true);
        script.play(new Connection(socket, connections.incrementAndGet()));
      } catch (IOException e) {
        // The client or the test has gone.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/token";
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many requests were read as a whole. */
  int requests() {
    return requests.get();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  final class Connection {
    final Socket socket;
    final int number;
    private final BufferedReader reader;

    Connection(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Reads one request with its body. */
    void readRequest() throws IOException {
      int length = 0;
      String line = reader.readLine();
      if (line == null) {
        throw new EOFException();
      }
      while (!line.isEmpty()) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring(16));
        }
        line = reader.readLine();
      }
      for (int i = 0; i < length; i++) {
        if (reader.read() < 0) {
          throw new EOFException();
        }
      }
      requests.incrementAndGet();
    }

    void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }
  }
}
