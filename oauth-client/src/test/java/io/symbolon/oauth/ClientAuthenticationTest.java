package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.SharedKey;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientAuthenticationTest {
  private static final String SECRET =
      "0123456789 abcdef 0123456789 abcdef 0123456789 abcdef 0123456789";
  private static final SigningKey KEY = SigningKey.generate("ES256");

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;

  @BeforeEach
  void registerTheClient() {
    server = extension.server().publicClient("shop");
  }

  private OAuthClient.Builder builder() {
    return OAuthClient.builder().issuer(server.issuer()).clientId("shop").clock(clock);
  }

  private OAuthClient client(ClientAuthentication authentication) {
    return builder().authentication(authentication).build();
  }

  private Map<String, String> send(OAuthClient client) throws IOException {
    client.refresh(Secret.of("a-refresh-token")).execute();
    return server.lastTokenRequest().form();
  }

  private void answerAnything() {
    server.endpoint("/token", request -> tokens());
  }

  private static MockResponse tokens() {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .body("{\"access_token\":\"at\",\"token_type\":\"Bearer\"}")
        .build();
  }

  private static StrictJwt assertion(Map<String, String> form) throws Exception {
    assertThat(form)
        .containsEntry("client_id", "shop")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .doesNotContainKey("client_secret");
    return StrictJwt.parse(form.get("client_assertion"));
  }

  private static boolean isSignedBy(SigningKey key, StrictJwt jwt) throws Exception {
    KeySet keys = KeySet.of(Map.of("keys", List.of(StrictJson.parseObject(key.publicJwk()))));
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(key.algorithm());
    return jwt.algorithm().equals(key.algorithm())
        && key.keyId().equals(jwt.keyId())
        && keys.keys().get(0).verifies(algorithm, jwt);
  }

  /** One text as audience, and the issuer at that (RFC 9700bis, audience injection). */
  @Test
  void anAssertionSaysWhoForWhomAndForHowLong() throws Exception {
    answerAnything();
    StrictJwt jwt = assertion(send(client(ClientAuthentication.privateKeyJwt(KEY))));

    long now = clock.instant().getEpochSecond();
    assertThat(jwt.claims())
        .containsOnlyKeys("iss", "sub", "aud", "jti", "iat", "exp")
        .containsEntry("iss", "shop")
        .containsEntry("sub", "shop")
        .containsEntry("aud", server.issuer())
        .containsEntry("iat", now)
        .containsEntry("exp", now + 60);
    assertThat((String) jwt.claims().get("jti")).matches("[A-Za-z0-9_-]{22}");
    assertThat(isSignedBy(KEY, jwt)).isTrue();
    assertThat(server.lastTokenRequest().header("Authorization")).isNull();
  }

  @Test
  void everyRequestHasItsOwnAssertion() throws Exception {
    answerAnything();
    OAuthClient client = client(ClientAuthentication.privateKeyJwt(KEY));
    StrictJwt first = assertion(send(client));
    clock.advance(Duration.ofMinutes(5));
    StrictJwt second = assertion(send(client));

    assertThat(second.claims().get("jti")).isNotEqualTo(first.claims().get("jti"));
    assertThat(second.claims()).containsEntry("iat", clock.instant().getEpochSecond());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES384", "EdDSA"})
  void theKeyDecidesTheAlgorithm(String algorithm) throws Exception {
    answerAnything();
    SigningKey key = SigningKey.generate(algorithm);
    StrictJwt jwt = assertion(send(client(ClientAuthentication.privateKeyJwt(key))));
    assertThat(isSignedBy(key, jwt)).isTrue();
  }

  @Test
  void aKeyIsReplacedWhileTheProgramRuns() throws Exception {
    answerAnything();
    SigningKey next = SigningKey.generate("EdDSA");
    AtomicReference<SigningKey> current = new AtomicReference<>(KEY);
    OAuthClient client = client(ClientAuthentication.privateKeyJwt(current::get));

    assertThat(isSignedBy(KEY, assertion(send(client)))).isTrue();
    current.set(next);
    assertThat(isSignedBy(next, assertion(send(client)))).isTrue();
  }

  @Test
  void aSecretIsReplacedWhileTheProgramRuns() throws Exception {
    server.client("other", "new secret");
    AtomicReference<Secret> current = new AtomicReference<>(Secret.of("old secret"));
    for (ClientAuthentication authentication :
        List.of(
            ClientAuthentication.basic(current::get), ClientAuthentication.post(current::get))) {
      OAuthClient client = builder().clientId("other").authentication(authentication).build();
      current.set(Secret.of("old secret"));
      assertThatThrownBy(() -> client.clientCredentials().execute())
          .isInstanceOf(OAuthErrorException.class);
      current.set(Secret.of("new secret"));
      assertThat(client.clientCredentials().execute()).isNotNull();
    }
  }

  @Test
  void aSupplierThatFailsIsAFailureOfTheCall() {
    IllegalStateException failure = new IllegalStateException("the vault is sealed");
    OAuthClient client =
        client(
            ClientAuthentication.privateKeyJwt(
                () -> {
                  throw failure;
                }));
    assertThatThrownBy(() -> send(client)).isInstanceOf(IOException.class).hasCause(failure);
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aSecretCanAuthenticateWithoutBeingSent() throws Exception {
    answerAnything();
    Map<String, String> form =
        send(client(ClientAuthentication.clientSecretJwt(Secret.of(SECRET))));
    StrictJwt jwt = assertion(form);

    assertThat(jwt.algorithm()).isEqualTo("HS256");
    assertThat(SharedKey.verifies(SECRET, SignatureAlgorithm.HS256, jwt)).isTrue();
    assertThat(jwt.claims()).containsEntry("aud", server.issuer());
    assertThat(server.lastTokenRequest().body()).doesNotContain("abcdef");
  }

  @Test
  void theServersAlgorithmForASecretIsUsed() throws Exception {
    answerAnything();
    server.metadata(
        it ->
            it.put("token_endpoint_auth_signing_alg_values_supported", List.of("RS256", "HS512")));
    StrictJwt jwt =
        assertion(send(client(ClientAuthentication.clientSecretJwt(Secret.of(SECRET)))));
    assertThat(jwt.algorithm()).isEqualTo("HS512");
    assertThat(SharedKey.verifies(SECRET, SignatureAlgorithm.HS512, jwt)).isTrue();
  }

  @Test
  void aSecretThatIsTooShortForAMacIsRefused() {
    OAuthClient client = client(ClientAuthentication.clientSecretJwt(Secret.of("short")));
    assertThatThrownBy(() -> send(client))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "HS256 needs a client secret of 32 octets or more, but this one has 5 (RFC 7518 §3.2)");
  }

  @Test
  void anAlgorithmThatTheServerDoesNotTakeIsNotSent() {
    server.metadata(
        it -> it.put("token_endpoint_auth_signing_alg_values_supported", List.of("PS256")));
    for (ClientAuthentication authentication :
        List.of(
            ClientAuthentication.privateKeyJwt(KEY),
            ClientAuthentication.clientSecretJwt(Secret.of(SECRET)))) {
      assertThatThrownBy(() -> send(client(authentication)))
          .isInstanceOf(InvalidResponseException.class)
          .hasMessageContaining("takes no assertions with ");
    }
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void theAudienceIsAnotherOneOnlyWhenWrittenDown() throws Exception {
    answerAnything();
    ClientAuthentication authentication =
        ClientAuthentication.privateKeyJwt(KEY)
            .audienceInsteadOfIssuer("https://login.example.com/token");
    assertThat(assertion(send(client(authentication))).claims())
        .containsEntry("aud", "https://login.example.com/token");
    assertThatThrownBy(() -> ClientAuthentication.none().audienceInsteadOfIssuer("x"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aServerWithoutIssuerHasNoAudience() {
    AuthorizationServer nameless =
        AuthorizationServer.builder().tokenEndpoint(server.tokenEndpoint()).build();
    OAuthClient client =
        OAuthClient.builder()
            .server(nameless)
            .clientId("shop")
            .authentication(ClientAuthentication.privateKeyJwt(KEY))
            .build();
    assertThatThrownBy(() -> send(client))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("an assertion is for one issuer");
  }

  @Test
  void anEchoOfTheAssertionIsNotRepeated() {
    server.endpoint(
        "/token",
        request ->
            new MockResponse.Builder()
                .code(401)
                .setHeader("Content-Type", "application/json")
                .body(
                    "{\"error\":\"invalid_client\",\"error_description\":\""
                        + request.form().get("client_assertion")
                        + "\"}")
                .build());
    assertThatThrownBy(() -> send(client(ClientAuthentication.privateKeyJwt(KEY))))
        .isInstanceOf(OAuthErrorException.class)
        .hasMessageNotContaining("eyJ");
  }

  @Test
  void thePushedRequestIsAuthenticatedTheSameWay() throws Exception {
    server.endpoint(
        "/par",
        request ->
            new MockResponse.Builder()
                .code(201)
                .setHeader("Content-Type", "application/json")
                .body("{\"request_uri\":\"urn:example:1\",\"expires_in\":60}")
                .build());
    server.metadata(it -> it.put("require_pushed_authorization_requests", true));
    client(ClientAuthentication.privateKeyJwt(KEY))
        .authorize()
        .redirectUri("https://shop.example.com/cb")
        .begin();

    ReceivedRequest pushed =
        server.requests().stream().filter(it -> it.path().equals("/par")).findFirst().orElseThrow();
    assertThat(assertion(pushed.form()).claims()).containsEntry("aud", server.issuer());
  }

  // Which way a secret goes.

  @Test
  void aSecretGoesAsTheServerWantsIt() throws Exception {
    answerAnything();
    assertThat(sentTo("client_secret_post", "client_secret_basic")).isEqualTo("basic");
    assertThat(sentTo("private_key_jwt", "client_secret_post")).isEqualTo("post");
    assertThat(sentTo("none", "client_secret_jwt")).isEqualTo("jwt");
    assertThatThrownBy(() -> sentTo("private_key_jwt", "none"))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageEndingWith("takes no client secret");
  }

  private String sentTo(String... methods) throws Exception {
    server.metadata(it -> it.put("token_endpoint_auth_methods_supported", List.of(methods)));
    Map<String, String> form = send(builder().clientSecret(Secret.of(SECRET)).build());
    if (server.lastTokenRequest().header("Authorization") != null) {
      return "basic";
    }
    return form.containsKey("client_secret") ? "post" : assertion(form) == null ? "?" : "jwt";
  }

  // Certificates.

  private void publishAliases(Map<String, Object> aliases) {
    server.metadata(it -> it.put("mtls_endpoint_aliases", aliases));
  }

  @Test
  void aClientWithACertificateUsesTheAliases() throws Exception {
    String alias = server.url("/mtls/token");
    publishAliases(
        Map.of(
            "token_endpoint",
            alias,
            "userinfo_endpoint",
            server.url("/mtls/userinfo"),
            "authorization_endpoint",
            server.url("/mtls/authorize")));
    server.endpoint("/mtls/token", request -> tokens());
    for (OAuthClient client :
        List.of(
            client(ClientAuthentication.tlsClientAuth()),
            client(ClientAuthentication.selfSignedTlsClientAuth()),
            builder().certificateBoundTokens().build())) {
      client.clientCredentials().execute();

      assertThat(server.requests())
          .last()
          .extracting(ReceivedRequest::path)
          .isEqualTo("/mtls/token");
      assertThat(server.requests().get(server.requests().size() - 1).body())
          .isEqualTo("grant_type=client_credentials&client_id=shop");
      assertThat(client.server().endpoint("userinfo_endpoint"))
          .hasToString(server.url("/mtls/userinfo"));
      assertThat(client.server().authorizationEndpoint())
          .hasToString(server.authorizationEndpoint());
      assertThat(client.server().issuer()).isEqualTo(server.issuer());
    }
  }

  @Test
  void aClientWithoutCertificateLeavesTheAliasesAlone() throws Exception {
    publishAliases(Map.of("token_endpoint", "http://attacker.example/token"));
    assertThat(builder().build().server().tokenEndpoint()).hasToString(server.tokenEndpoint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://attacker.example/token", "ftp://a.example", "", "/token"})
  void anAliasThatMustNotBeUsedIsRefused(String url) {
    publishAliases(Map.of("token_endpoint", url));
    OAuthClient client = client(ClientAuthentication.tlsClientAuth());
    assertThatThrownBy(() -> client.clientCredentials().execute())
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageContaining("mtls_endpoint_aliases: token_endpoint is ");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aMethodIsShownByItsRegisteredName() {
    assertThat(ClientAuthentication.privateKeyJwt(KEY)).hasToString("private_key_jwt");
    assertThat(ClientAuthentication.clientSecretJwt(Secret.of(SECRET)))
        .hasToString("client_secret_jwt");
    assertThat(ClientAuthentication.tlsClientAuth()).hasToString("tls_client_auth");
    assertThat(ClientAuthentication.selfSignedTlsClientAuth())
        .hasToString("self_signed_tls_client_auth");
  }
}
