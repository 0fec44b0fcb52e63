package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples of the specifications, as far as they go with PKCE. */
final class RfcExamplesTest {
  /** RFC 9207 §2.1: 43 characters of base64url, as ours are. */
  private static final String STATE = "ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI";

  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String TOKENS =
      """
      {
        "access_token":"2YotnFZFEjr1zCsicMWpAA",
        "token_type":"%s",
        "expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
        "example_parameter":"example_value"
      }""";

  private static FakeAuthorizationServer server;
  private static OkHttpClient http;

  /** Answers as honest.as.example, over TLS. */
  @BeforeAll
  static void start() throws IOException {
    HeldCertificate held =
        new HeldCertificate.Builder().addSubjectAlternativeName("honest.as.example").build();
    HandshakeCertificates certificates =
        new HandshakeCertificates.Builder()
            .heldCertificate(held)
            .addTrustedCertificate(held.certificate())
            .build();
    server = FakeAuthorizationServer.builder().https(certificates.sslSocketFactory()).start();
    http =
        new OkHttpClient.Builder()
            .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
            .dns(host -> List.of(InetAddress.getByName("127.0.0.1")))
            .build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OAuthClient.Builder client() {
    String endpoint = server.tokenEndpoint().replace("127.0.0.1", "honest.as.example");
    return OAuthClient.builder()
        .server(
            AuthorizationServer.builder()
                .issuer("https://honest.as.example")
                .authorizationEndpoint("https://honest.as.example/authorize")
                .tokenEndpoint(endpoint)
                .metadata("authorization_response_iss_parameter_supported", true)
                .build())
        .clientId("s6BhdRkqt3")
        .random(KnownOctets.ofBase64Url(STATE, VERIFIER))
        .httpClient(http);
  }

  private static MockResponse tokens(String type) {
    return new MockResponse.Builder()
        .code(200)
        .setHeader("Content-Type", "application/json;charset=UTF-8")
        .setHeader("Cache-Control", "no-store")
        .setHeader("Pragma", "no-cache")
        .body(TOKENS.formatted(type))
        .build();
  }

  @Test
  void rfc9207AndRfc6749TheCodeOfAnHonestServerIsRedeemed() throws Exception {
    server.answerNext(tokens("Bearer"));
    OAuthClient client = client().clientSecret(Secret.of("gX1fBat3bV")).build();
    PendingAuthorization pending =
        client.authorize().redirectUri("https://client.example/cb").begin();

    TokenSet tokens =
        client.complete(
            pending,
            "https://client.example/cb?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58"
                + ("&state=" + STATE)
                + "&iss=https%3A%2F%2Fhonest.as.example");

    ReceivedRequest request = server.lastTokenRequest();
    assertThat(request.header("Authorization"))
        .isEqualTo("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"); // RFC 6749 §4.1.3
    assertThat(request.body())
        .isEqualTo(
            "grant_type=authorization_code&redirect_uri=https%3A%2F%2Fclient.example%2Fcb"
                + "&code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58"
                + ("&code_verifier=" + VERIFIER));
    assertThat(tokens.accessToken().value().reveal()).isEqualTo("2YotnFZFEjr1zCsicMWpAA");
    assertThat(tokens.refreshToken().reveal()).isEqualTo("tGzv3JOkF0XG5Qx2TlKWIA");
    assertThat(tokens.member("example_parameter")).isEqualTo("example_value");
    assertThat(tokens.memberNames()).containsExactly("example_parameter");
    assertThat(tokens.issuer()).isEqualTo("https://honest.as.example");
  }

  @Test
  void rfc9207AnErrorOfTheHonestServerIsReported() throws Exception {
    OAuthClient client = client().build();
    PendingAuthorization pending =
        client.authorize().redirectUri("https://client.example/cb").begin();

    assertThatThrownBy(
            () ->
                client.complete(
                    pending,
                    "https://client.example/cb?error=access_denied"
                        + ("&state=" + STATE)
                        + "&iss=https%3A%2F%2Fhonest.as.example"))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"))
        .hasMessage("https://honest.as.example answered access_denied");
  }

  @Test
  void rfc6749AnExampleTokenTypeIsNotUnderstood() {
    server.answerNext(tokens("example"));
    OAuthClient client = client().clientSecret(Secret.of("gX1fBat3bV")).build();

    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("unsupported_token_type"));
  }

  @Test
  void rfc6749ClientCredentials() throws Exception {
    server.answerNext(tokens("Bearer"));
    OAuthClient client = client().clientSecret(Secret.of("gX1fBat3bV")).build();

    client.clientCredentials().execute();

    ReceivedRequest request = server.lastTokenRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.header("Authorization")).isEqualTo("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
    assertThat(request.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.body()).isEqualTo("grant_type=client_credentials");
  }

  @Test
  void rfc6749TheSecretInTheFormOfARefresh() throws Exception {
    server.answerNext(tokens("Bearer"));
    OAuthClient client =
        client()
            .authentication(ClientAuthentication.post(Secret.of("7Fjfp0ZBr1KtDRbnfVdmIw")))
            .build();

    client.refresh(Secret.of("tGzv3JOkF0XG5Qx2TlKWIA")).execute();

    assertThat(server.lastTokenRequest().body()) // §2.3.1
        .isEqualTo(
            "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA"
                + "&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw");
  }

  @Test
  void rfc6749AnErrorResponse() {
    server.answerNext(
        new MockResponse.Builder()
            .code(400)
            .setHeader("Content-Type", "application/json;charset=UTF-8")
            .body("{\n \"error\":\"invalid_request\"\n}")
            .build());
    OAuthClient client = client().build();

    assertThatThrownBy(() -> client.refresh(Secret.of("tGzv3JOkF0XG5Qx2TlKWIA")).execute())
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_request");
              assertThat(e.httpStatus()).isEqualTo(400);
              assertThat(e.description()).isNull();
              assertThat(e.uri()).isNull();
            });
  }
}
