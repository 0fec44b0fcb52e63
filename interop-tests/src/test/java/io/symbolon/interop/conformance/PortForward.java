package io.symbolon.interop.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;

/** Sockets that end at another port than they were connected to. */
final class PortForward extends SocketFactory {
  private final int port;

  private PortForward(int port) {
    this.port = port;
  }

  /** Whatever port a request is for, it arrives at this one. */
  static OkHttpClient to(int port, OkHttpClient http) {
    return http.newBuilder().socketFactory(new PortForward(port)).build();
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress address, int timeout) throws IOException {
        super.connect(
            new InetSocketAddress(((InetSocketAddress) address).getAddress(), port), timeout);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int ignored) throws IOException {
    return new Socket(host, port);
  }

  @Override
  public Socket createSocket(String host, int ignored, InetAddress local, int localPort)
      throws IOException {
    return new Socket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int ignored) throws IOException {
    return new Socket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int ignored, InetAddress local, int localPort)
      throws IOException {
    return new Socket(host, port, local, localPort);
  }
}
