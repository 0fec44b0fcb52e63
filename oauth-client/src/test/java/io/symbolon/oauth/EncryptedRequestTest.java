package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.jose.EncryptedJwt;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that the client signs and then encrypts (RFC 9101 §6.1). */
final class EncryptedRequestTest {
  private static final String CALLBACK = "https://client.example.org/cb";
  private static final SigningKey KEY = SigningKey.generate("ES256").keyId("k1");
  private static final DecryptionKey RSA =
      key(new HeldCertificate.Builder().rsa2048().build().keyPair()).keyId("enc-rsa");
  private static final DecryptionKey EC = key(ecPair()).keyId("enc-ec");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final TestClock clock = TestClock.at(Instant.parse("2026-03-01T08:00:00Z"));
  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("app");
    client = OAuthClient.builder().issuer(server.issuer()).clientId("app").clock(clock).build();
  }

  private static DecryptionKey key(KeyPair pair) {
    return DecryptionKey.of(pair.getPrivate(), pair.getPublic());
  }

  private static KeyPair ecPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked") // the fake server's own list
  private void publish(DecryptionKey... keys) {
    server.jwks(
        set -> {
          List<Object> all = new ArrayList<>((List<Object>) set.get("keys"));
          for (DecryptionKey key : keys) {
            all.add(parsed(key.publicJwk()));
          }
          set.put("keys", all);
        });
  }

  private static Map<String, Object> parsed(String json) {
    try {
      return StrictJson.parseObject(json);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private AuthorizationRequest request(String alg, String enc) {
    return client
        .authorize()
        .redirectUri(CALLBACK)
        .signedWith(KEY)
        .requestObjectEncryption(alg, enc);
  }

  private static String header(String jwt) {
    return new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[0]), StandardCharsets.UTF_8);
  }

  private static void assertRefused(AuthorizationRequest request, String message) {
    assertThatThrownBy(request::begin)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().fix()).contains("never sent in clear"))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-OAEP-256,A256GCM,enc-rsa",
    "RSA-OAEP-256,A128CBC-HS256,enc-rsa",
    "ECDH-ES,A256GCM,enc-ec",
    "ECDH-ES+A128KW,A128GCM,enc-ec"
  })
  void onlyTheServerCanReadTheRequest(String alg, String enc, String keyId) throws Exception {
    publish(EC, RSA);

    PendingAuthorization pending = request(alg, enc).begin();

    HttpUrl url = HttpUrl.get(pending.url());
    assertThat(url.queryParameterNames()).containsExactly("client_id", "request");
    String jwe = url.queryParameter("request");
    assertThat(StrictJson.parseObject(header(jwe)))
        .containsEntry("alg", alg)
        .containsEntry("enc", enc)
        .containsEntry("kid", keyId)
        .containsEntry("cty", "JWT");
    String signed = EncryptedJwt.signedInside(jwe, List.of(RSA, EC), List.of(alg), List.of(enc));
    assertThat(header(signed)).contains("\"typ\":\"oauth-authz-req+jwt\"");
    assertThat(StrictJwt.parse(signed).claims())
        .containsEntry("iss", "app")
        .containsEntry("aud", server.issuer())
        .containsEntry("state", pending.state().reveal());
  }

  @Test
  void itMayBePushedOrFetchedToo() throws Exception {
    publish(RSA);
    List<String> published = new ArrayList<>();

    request("RSA-OAEP-256", "A256GCM").pushed().begin();
    request("RSA-OAEP-256", "A256GCM")
        .byReference(
            jwt -> {
              published.add(jwt.reveal());
              return "https://client.example.org/r/1";
            })
        .begin();

    String pushed =
        server.requests().stream()
            .filter(it -> it.path().equals("/par"))
            .findFirst()
            .orElseThrow()
            .form()
            .get("request");
    assertThat(List.of(pushed, published.get(0))).allMatch(EncryptedJwt::isOne);
  }

  @Test
  void whatTheServerDoesNotTakeIsNotSent() {
    publish(RSA);
    server.metadata(
        it -> {
          it.put("request_object_encryption_alg_values_supported", List.of("RSA-OAEP-256"));
          it.put("request_object_encryption_enc_values_supported", List.of("A128GCM"));
        });

    assertRefused(
        request("ECDH-ES", "A128GCM"),
        "request_object_encryption_alg_values_supported should be ECDH-ES among them");
    assertRefused(
        request("RSA-OAEP-256", "A256GCM"),
        "request_object_encryption_enc_values_supported should be A256GCM among them");
  }

  @Test
  void aServerWithoutSuchAKeyGetsNoRequest() {
    publish(RSA);

    assertRefused(request("ECDH-ES", "A256GCM"), "keys should be one to encrypt to with ECDH-ES");
  }

  /** The key that verifies the server's signatures is not one to encrypt to. */
  @Test
  void aKeyForSignaturesIsNotUsed() {
    assertRefused(
        request("RSA-OAEP-256", "A256GCM"), "keys should be one to encrypt to with RSA-OAEP-256");
  }

  @Test
  void aKeyThatIsPublishedLaterIsFound() throws Exception {
    assertRefused(request("ECDH-ES", "A256GCM"), "keys should be one");
    publish(EC);
    clock.advance(Duration.ofSeconds(31));

    assertThat(HttpUrl.get(request("ECDH-ES", "A256GCM").begin().url()).queryParameter("request"))
        .matches(EncryptedJwt::isOne);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA1_5,A256GCM",
    "dir,A256GCM",
    "A128KW,A256GCM",
    "PBES2-HS256+A128KW,A256GCM",
    "none,A256GCM",
    "RSA-OAEP-256,none",
    "RSA-OAEP-256,A512GCM",
    "A256GCM,RSA-OAEP-256"
  })
  void whatIsWeakUnknownOrSharedIsAMistake(String alg, String enc) {
    assertThatThrownBy(() -> request(alg, enc))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(alg);
  }

  @Test
  void whatIsNotSignedIsNotEncrypted() {
    assertThatThrownBy(
            () ->
                client
                    .authorize()
                    .redirectUri(CALLBACK)
                    .requestObjectEncryption("ECDH-ES", "A256GCM")
                    .begin())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("requestObjectEncryption(…) needs signedWith(…)");
  }
}
