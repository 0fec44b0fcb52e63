package io.symbolon.oauth.hostile;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Answers every TLS handshake with "TLS 1.1", as a server does that knows nothing newer. */
public final class OldTlsServer implements AutoCloseable {
  private static final int HANDSHAKE = 22;
  private static final byte[] SERVER_HELLO = new byte[5 + 4 + 2 + 32 + 1 + 2 + 1];

  static {
    byte[] head = {HANDSHAKE, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
    System.arraycopy(head, 0, SERVER_HELLO, 0, head.length);
    SERVER_HELLO[SERVER_HELLO.length - 2] = 0x2f; // TLS_RSA_WITH_AES_128_CBC_SHA
  }

  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final CompletableFuture<Integer> nextRecord = new CompletableFuture<>();

  public OldTlsServer() throws IOException {
    Thread thread = new Thread(this::serve, "old-tls");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The type of the record that the client sent after "TLS 1.1": 21 is an alert. */
  public int nextRecordType() throws Exception {
    return nextRecord.get(5, TimeUnit.SECONDS);
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[3]);
      in.readFully(new byte[in.readUnsignedShort()]);
      socket.getOutputStream().write(SERVER_HELLO);
      nextRecord.complete(in.read());
    } catch (IOException e) {
      nextRecord.completeExceptionally(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
