package io.symbolon.interop.conformance;

import java.util.Set;
import javax.net.ssl.HostnameVerifier;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Where a suite runs, and how to talk to it.
 *
 * @param url such as {@code https://localhost:8443/}
 * @param token of its API; null in development mode, which asks for none
 * @param mtlsUrl where its endpoints ask for a certificate, such as {@code https://localhost:8444/}
 */
record SuiteSettings(HttpUrl url, String token, HttpUrl mtlsUrl) {
  static final String URL = "conformance.url";
  static final String TOKEN = "conformance.token";
  static final String MTLS_URL = "conformance.mtls.url";

  /** Where the suite reaches this process, if not by 127.0.0.1; for back-channel logout. */
  static final String CALLBACK_URL = "conformance.callback.url";

  /** The port that this process listens on; any free one if it is not named. */
  static final String CALLBACK_PORT = "conformance.callback.port";

  /** Where the suite fetches requests, over https, if not by 127.0.0.1. */
  static final String REQUEST_URL = "conformance.request.url";

  /** The port for it; any free one if it is not named. */
  static final String REQUEST_PORT = "conformance.request.port";

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

  /** The certificate of the client, where a module wants one. */
  static final HeldCertificate CLIENT_CERTIFICATE =
      new HeldCertificate.Builder().commonName("symbolon-conformance").rsa2048().build();

  /** What the command line says; null when it names no suite. */
  static SuiteSettings fromSystemProperties() {
    String url = System.getProperty(URL, "");
    if (url.isEmpty()) {
      return null;
    }
    String token = System.getProperty(TOKEN, "");
    String mtls = System.getProperty(MTLS_URL, url);
    return new SuiteSettings(HttpUrl.get(url), token.isEmpty() ? null : token, HttpUrl.get(mtls));
  }

  /** The same host as the suite, and the certificate of whoever runs it on this computer. */
  OkHttpClient http() {
    return http(new HandshakeCertificates.Builder());
  }

  /** Shows the client's certificate, too. */
  OkHttpClient mtlsHttp() {
    return http(new HandshakeCertificates.Builder().heldCertificate(CLIENT_CERTIFICATE));
  }

  /** Where the suite asks for a certificate, for what it shows at its plain base URL. */
  HttpUrl withCertificate(HttpUrl shown) {
    boolean plain = shown.host().equals(url.host()) && shown.port() == url.port();
    return plain ? shown.newBuilder().host(mtlsUrl.host()).port(mtlsUrl.port()).build() : shown;
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
      http.hostnameVerifier(
          (host, session) -> LOCAL.contains(host) || strict.verify(host, session));
    }
    return http.build();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "the conformance suite at " + url;
  }
}
