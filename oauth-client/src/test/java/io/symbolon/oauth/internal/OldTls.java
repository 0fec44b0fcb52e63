package io.symbolon.oauth.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * A server that speaks nothing newer than TLS 1.1, and two clients, on a Java that still allows it:
 * one that wants it, and ours.
 */
final class OldTls {
  private OldTls() {}

  public static void main(String[] arguments) throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().rsa2048().addSubjectAlternativeName("127.0.0.1").build();
    HandshakeCertificates identity =
        new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    HandshakeCertificates trust =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    try (SSLServerSocket listener =
        (SSLServerSocket)
            identity
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) {
      listener.setEnabledProtocols(new String[] {"TLSv1.1"});
      Thread thread = new Thread(() -> serve(listener));
      thread.setDaemon(true);
      thread.start();
      OkHttpClient lax =
          new OkHttpClient.Builder()
              .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
              .connectionSpecs(List.of(ConnectionSpec.COMPATIBLE_TLS))
              .build();
      Request request =
          new Request.Builder().url("https://127.0.0.1:" + listener.getLocalPort()).build();
      try (Response response = lax.newCall(request).execute()) {
        System.out.println("lax: " + response.handshake().tlsVersion());
      }
      try {
        new HttpExchange(lax, Duration.ofSeconds(5)).execute(request);
        System.out.println("ours: answered");
      } catch (IOException e) {
        System.out.println("ours: " + e.getClass().getName());
      }
    }
  }

  private static void serve(SSLServerSocket listener) {
    while (!listener.isClosed()) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        byte[] request = new byte[4_096];
        if (socket.getInputStream().read(request) > 0) {
          String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        // The client has refused.
      }
    }
  }
}
