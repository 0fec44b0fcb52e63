package io.symbolon.oauth.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.ChildJvm;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With whom we speak. */
class HttpExchangeTlsTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private static HeldCertificate.Builder certificateFor(String host) {
    return new HeldCertificate.Builder().addSubjectAlternativeName(host);
  }

  private static HttpExchange trusting(HeldCertificate certificate) {
    HandshakeCertificates trust =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    return new HttpExchange(
        new OkHttpClient.Builder()
            .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
            .build(),
        Duration.ofSeconds(5));
  }

  private static FakeAuthorizationServer server(HeldCertificate certificate) throws IOException {
    HandshakeCertificates identity =
        new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    return FakeAuthorizationServer.builder().https(identity.sslSocketFactory()).start();
  }

  private static Request request(FakeAuthorizationServer server) {
    return new Request.Builder()
        .url(server.tokenEndpoint())
        .post(FormCodec.oneShotBody(Map.of("refresh_token", "r1")))
        .build();
  }

  private static void assertRefused(
      HeldCertificate certificate, HttpExchange exchange, Class<? extends IOException> error)
      throws IOException {
    try (FakeAuthorizationServer server = server(certificate)) {
      assertThatThrownBy(() -> exchange.execute(request(server))).isInstanceOf(error);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aServerThatIsTrustedIsSpokenTo() throws Exception {
    HeldCertificate certificate = certificateFor("127.0.0.1").build();
    try (FakeAuthorizationServer server = server(certificate)) {
      assertThat(trusting(certificate).execute(request(server)).status()).isEqualTo(401);
      assertThat(server.tokenRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    HeldCertificate certificate = certificateFor("127.0.0.2").build();

    assertRefused(certificate, trusting(certificate), SSLPeerUnverifiedException.class);
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    long now = System.currentTimeMillis();
    HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    HeldCertificate expired =
        certificateFor("127.0.0.1")
            .signedBy(authority)
            .validityInterval(now - 2 * DAY, now - DAY)
            .build();

    assertRefused(expired, trusting(authority), SSLHandshakeException.class);
  }

  @Test
  void aCertificateThatIsNotGoodYetIsRefused() throws Exception {
    long now = System.currentTimeMillis();
    HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    HeldCertificate early =
        certificateFor("127.0.0.1")
            .signedBy(authority)
            .validityInterval(now + DAY, now + 2 * DAY)
            .build();

    assertRefused(early, trusting(authority), SSLHandshakeException.class);
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    HttpExchange platform = new HttpExchange(new OkHttpClient(), Duration.ofSeconds(5));

    assertRefused(certificateFor("127.0.0.1").build(), platform, SSLHandshakeException.class);
  }

  @Test
  void aServerWithoutTls12IsRefusedEvenWhereJavaAllowsIt(@TempDir Path directory) throws Exception {
    Path security =
        Files.writeString(directory.resolve("security"), "jdk.tls.disabledAlgorithms=\n");

    List<String> lines =
        ChildJvm.run(OldTls.class, List.of("-Djava.security.properties=" + security));

    assertThat(lines)
        .hasSize(2)
        .contains("lax: TLS_1_1")
        .last()
        .asString()
        .startsWith("ours: javax.net.ssl.SSL");
  }
}
