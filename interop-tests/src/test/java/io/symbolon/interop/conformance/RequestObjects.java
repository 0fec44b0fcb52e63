package io.symbolon.interop.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.registration.ClientMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Where the suite fetches the request that a login refers to (RFC 9101 §5.2). */
final class RequestObjects implements AutoCloseable {
  private static final String PATH = "/request.jwt";

  private static final SigningKey KEY = SigningKey.generate("RS256");

  private HttpsServer server;
  private volatile String published = "";

  void open() throws SuiteException {
    int port = Integer.getInteger(SuiteSettings.REQUEST_PORT, 0);
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      server = HttpsServer.create(new InetSocketAddress(loopback, port), 0);
    } catch (IOException e) {
      throw new SuiteException("the port " + port + " cannot be opened: " + e.getMessage());
    }
    server.setHttpsConfigurator(
        new HttpsConfigurator(
            new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext()));
    server.createContext(PATH, this::fetched);
    server.start();
  }

  String url() {
    return System.getProperty(
        SuiteSettings.REQUEST_URL, "https://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  /** Signs the requests. */
  SigningKey key() {
    return KEY;
  }

  /** What a client must register so that its requests are fetched from here. */
  ClientMetadata registered(ClientMetadata metadata) throws SuiteException {
    try {
      return metadata
          .with("request_object_signing_alg", KEY.algorithm())
          .with("request_uris", List.of(url()))
          .with("jwks", Map.of("keys", List.of(JSONObjectUtils.parse(KEY.publicJwk()))));
    } catch (ParseException e) {
      throw new SuiteException("the key cannot be shown: " + e.getMessage());
    }
  }

  /** The one that is fetched from now on. */
  String publish(Secret requestObject) {
    published = requestObject.reveal();
    return url();
  }

  private void fetched(HttpExchange exchange) throws IOException {
    byte[] body = published.getBytes(US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "application/oauth-authz-req+jwt");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
