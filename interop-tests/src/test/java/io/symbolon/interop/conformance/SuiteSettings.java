package io.symbolon.interop.conformance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.HostnameVerifier;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Where a suite runs, and how to talk to it.
 *
 * @param url such as {@code https://localhost:8443/}
 * @param token of its API; null in development mode, which asks for none
 */
record SuiteSettings(HttpUrl url, String token) {
  static final String URL = "conformance.url";
  static final String TOKEN = "conformance.token";

  /** Where the suite reaches this process, if not by 127.0.0.1; for back-channel logout. */
  static final String CALLBACK_URL = "conformance.callback.url";

  /** The port that this process listens on; any free one if it is not named. */
  static final String CALLBACK_PORT = "conformance.callback.port";

  /** Where the suite fetches requests, over https, if not by 127.0.0.1. */
  static final String REQUEST_URL = "conformance.request.url";

  /** The port for it; any free one if it is not named. */
  static final String REQUEST_PORT = "conformance.request.port";

  /** What a suite in development mode calls itself, unless it is told otherwise. */
  static final String HOME = "localhost.emobix.co.uk";

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", HOME);

  /** Whom the certificate of the client is about (RFC 8705 §2.1.2). */
  static final String CERTIFICATE_NAME = "CN=symbolon-conformance";

  /** The certificate of the client, where a module wants one. */
  static final HeldCertificate CLIENT_CERTIFICATE =
      new HeldCertificate.Builder()
          .commonName(CERTIFICATE_NAME.substring("CN=".length()))
          .rsa2048()
          .build();

  /** What the command line says; null when it names no suite. */
  static SuiteSettings fromSystemProperties() {
    String url = System.getProperty(URL, "");
    if (url.isEmpty()) {
      return null;
    }
    String token = System.getProperty(TOKEN, "");
    return new SuiteSettings(HttpUrl.get(url), token.isEmpty() ? null : token);
  }

  /** The same host as the suite, and the certificate of whoever runs it on this computer. */
  OkHttpClient http() {
    return http(new HandshakeCertificates.Builder());
  }

  /** Shows the client's certificate, too. */
  OkHttpClient mtlsHttp() {
    return http(new HandshakeCertificates.Builder().heldCertificate(CLIENT_CERTIFICATE));
  }

  /** A suite at home makes its certificate itself; nobody else's is excused. */
  private OkHttpClient http(HandshakeCertificates.Builder tls) {
    boolean home = LOCAL.contains(url.host());
    if (home) {
      LOCAL.forEach(tls::addInsecureHost);
    }
    HandshakeCertificates certificates = tls.addPlatformTrustedCertificates().build();
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
            .followRedirects(false);
    HostnameVerifier strict = new OkHttpClient().hostnameVerifier();
    if (home) {
      http.dns(SuiteSettings::addresses)
          .hostnameVerifier(
              (host, session) -> LOCAL.contains(host) || strict.verify(host, session));
    }
    return http.build();
  }

  /** Whatever DNS says, nothing that is meant for this computer leaves it. */
  private static List<InetAddress> addresses(String host) throws UnknownHostException {
    return Dns.SYSTEM.lookup(host.equals(HOME) ? "localhost" : host);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "the conformance suite at " + url;
  }
}
