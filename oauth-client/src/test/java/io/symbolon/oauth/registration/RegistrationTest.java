package io.symbolon.oauth.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that introduces itself (RFC 7591) and looks after itself (RFC 7592). */
class RegistrationTest {
  private static final ClientMetadata SHOP =
      ClientMetadata.empty()
          .redirectUris("https://client.example.org/callback")
          .clientName("My Example Client")
          .grantTypes("authorization_code", "client_credentials")
          .tokenEndpointAuthMethod("client_secret_basic")
          .scope("orders.read");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private AuthorizationServer metadata;
  private RegistrationEndpoint endpoint;

  @BeforeEach
  void start() {
    server = extension.server();
    metadata =
        AuthorizationServer.builder()
            .issuer(server.issuer())
            .tokenEndpoint(server.tokenEndpoint())
            .metadata("registration_endpoint", server.registrationEndpoint())
            .build();
    endpoint = RegistrationEndpoint.of(metadata, new OkHttpClient());
  }

  private ReceivedRequest last() {
    return server.requests().get(server.requests().size() - 1);
  }

  private void answer(int status, String body) {
    server.answerNext(
        "/register",
        new MockResponse.Builder()
            .code(status)
            .addHeader("Content-Type", "application/json")
            .body(body)
            .build());
  }

  @Test
  void theRequestIsThatOfTheRfc() throws IOException {
    endpoint
        .initialAccessToken(Secret.of("ey23f2.adfj230.af32-developer321"))
        .register(SHOP.softwareStatement("eyJhbGci.eyJzb2Z0.c2ln"));

    assertThat(last().method()).isEqualTo("POST");
    assertThat(last().path()).isEqualTo("/register");
    assertThat(last().header("Content-Type")).isEqualTo("application/json");
    assertThat(last().header("Accept")).isEqualTo("application/json");
    assertThat(last().bearerToken()).isEqualTo("ey23f2.adfj230.af32-developer321");
    assertThat(last().body())
        .isEqualTo(
            "{\"redirect_uris\":[\"https://client.example.org/callback\"],"
                + "\"client_name\":\"My Example Client\","
                + "\"grant_types\":[\"authorization_code\",\"client_credentials\"],"
                + "\"token_endpoint_auth_method\":\"client_secret_basic\","
                + "\"scope\":\"orders.read\","
                + "\"software_statement\":\"eyJhbGci.eyJzb2Z0.c2ln\"}");
  }

  @Test
  void theAnswerOfTheRfcIsRead() throws IOException {
    answer(
        201,
        "{\"client_id\":\"s6BhdRkqt3\",\"client_secret\":\"cf136dc3c1fc93f31185e5885805d\","
            + "\"client_id_issued_at\":2893256800,\"client_secret_expires_at\":2893276800,"
            + "\"redirect_uris\":[\"https://client.example.org/callback\"]}");

    ClientRegistration registration = endpoint.register(SHOP);

    assertThat(registration.clientId()).isEqualTo("s6BhdRkqt3");
    assertThat(registration.clientSecret()).isEqualTo(Secret.of("cf136dc3c1fc93f31185e5885805d"));
    assertThat(registration.clientIdIssuedAt()).isEqualTo(Instant.ofEpochSecond(2893256800L));
    assertThat(registration.clientSecretExpiresAt()).isEqualTo(Instant.ofEpochSecond(2893276800L));
    assertThat(registration.registrationClientUri()).isNull();
    assertThat(registration.metadata().members())
        .containsOnlyKeys("redirect_uris")
        .containsEntry("redirect_uris", List.of("https://client.example.org/callback"));
    assertThatThrownBy(() -> endpoint.read(registration)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSecretThatDoesNotEndHasNoEnd() throws IOException {
    assertThat(endpoint.register(SHOP).clientSecretExpiresAt()).isNull();
  }

  @Test
  void aRegisteredClientGetsATokenAtOnce() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);

    assertThat(registration.client(metadata).build().clientCredentials().execute().accessToken())
        .isNotNull();
    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_basic");
  }

  @Test
  void aRegistrationIsReadChangedAndDeleted() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);

    ClientRegistration read = endpoint.read(ClientRegistration.fromJson(registration.toJson()));
    assertThat(read.toJson()).isEqualTo(endpoint.read(registration).toJson());
    assertThat(last().bearerToken()).isEqualTo(registration.registrationAccessToken().reveal());

    ClientRegistration changed =
        endpoint.update(registration, registration.metadata().clientName("Another"));
    assertThat(last().method()).isEqualTo("PUT");
    assertThat(last().body())
        .contains("\"client_id\":\"" + registration.clientId() + "\"")
        .contains("\"client_secret\":\"" + registration.clientSecret().reveal() + "\"")
        .doesNotContain("registration_access_token")
        .doesNotContain("registration_client_uri")
        .doesNotContain("client_secret_expires_at");
    assertThat(changed.metadata().members()).containsEntry("client_name", "Another");

    endpoint.delete(changed);
    assertThat(last().method()).isEqualTo("DELETE");
    assertThatThrownBy(() -> endpoint.read(registration))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_token"));
  }

  @Test
  void aNewSecretAndTokenReplaceTheOldOnesAndTheRestIsKept() throws IOException {
    ClientRegistration before = endpoint.register(SHOP);
    answer(
        200,
        "{\"client_id\":\""
            + before.clientId()
            + "\",\"client_secret\":\"new-secret\",\"registration_access_token\":\"new-token\"}");

    ClientRegistration after = endpoint.read(before);

    assertThat(after.clientSecret()).isEqualTo(Secret.of("new-secret"));
    assertThat(after.registrationAccessToken()).isEqualTo(Secret.of("new-token"));
    assertThat(after.registrationClientUri()).isEqualTo(before.registrationClientUri());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"client_id\":5}",
        "{\"client_id\":\"\"}",
        "{\"client_id\":\"a\\u0007b\"}",
        "{\"client_id\":\"a\",\"client_secret\":5}",
        "{\"client_id\":\"a\",\"client_id_issued_at\":-1}",
        "{\"client_id\":\"a\",\"client_secret_expires_at\":253402300800}",
        "{\"client_id\":\"a\",\"client_secret\":\"\"}",
        "{\"client_id\":\"a\",\"client_secret\":\"a\\nb\"}",
        "{\"client_id\":\"a\",\"registration_access_token\":\"a\\r\\nX: y\"}",
        "{\"client_id\":\"a\",\"client_secret_expires_at\":\"0\"}",
        "{\"client_id\":\"a\",\"client_id_issued_at\":1e300}",
        "{\"client_id\":\"a\",\"registration_client_uri\":\"http://10.0.0.1/x\"}",
        "{\"client_id\":\"a\",\"registration_client_uri\":\"https://u:p@x.example/\"}",
        "{\"client_id\":\"a\",\"registration_client_uri\":\"file:///x\"}",
        "{\"client_id\":\"a\",\"registration_client_uri\":[]}",
      })
  void anAnswerThatCannotBeUsedIsRefused(String body) {
    answer(201, body);

    assertThatThrownBy(() -> endpoint.register(SHOP))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("malformed_response"));
  }

  @Test
  void anAnswerAboutAnotherClientIsRefused() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);
    answer(200, "{\"client_id\":\"other\"}");

    assertThatThrownBy(() -> endpoint.read(registration))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("client_mismatch"));
  }

  @Test
  void theServersNoShowsNoSecretThatWeSent() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);
    String token = registration.registrationAccessToken().reveal();
    String secret = registration.clientSecret().reveal();
    answer(
        400,
        "{\"error\":\"invalid_client_metadata\",\"error_description\":\""
            + (token + " " + secret)
            + "\"}");

    assertThatThrownBy(() -> endpoint.update(registration, SHOP))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_client_metadata");
              assertThat(e.explain() + e.description()).doesNotContain(token, secret);
            });
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.answerNext(
        "/register",
        new MockResponse.Builder().code(308).addHeader("Location", server.url("/x")).build());

    assertThatThrownBy(() -> endpoint.register(SHOP))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.code()).isEqualTo("redirect_refused"));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void noSecretIsShown() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);

    assertThat(registration.toString() + registration.metadata() + endpoint + SHOP)
        .doesNotContain(registration.clientSecret().reveal())
        .doesNotContain(registration.registrationAccessToken().reveal());
    assertThat(registration.metadata().members())
        .doesNotContainKeys("client_secret", "registration_access_token");
  }

  @Test
  void aSoftwareStatementComesBackAndIsNeitherShownNorLost() throws IOException {
    ClientMetadata stated = SHOP.softwareStatement("eyJ.statement.sig");
    ClientRegistration registration = endpoint.register(stated);

    assertThat(registration.toJson().reveal()).contains("eyJ.statement.sig");
    assertThat(registration + "" + registration.metadata().members()).doesNotContain("statement");

    ClientRegistration changed =
        endpoint.update(registration, registration.metadata().clientName("Other"));
    assertThat(last().body()).contains("\"software_statement\":\"eyJ.statement.sig\"");
    for (int i = 0; i < 2; i++) {
      server.answerNext(
          i == 0 ? "/register" : HttpUrl.get(changed.registrationClientUri()).encodedPath(),
          new MockResponse.Builder()
              .code(400)
              .addHeader("Content-Type", "application/json")
              .body(
                  "{\"error\":\"invalid_software_statement\","
                      + "\"error_description\":\"no: eyJ.statement.sig\"}")
              .build());
    }
    assertHidden(() -> endpoint.register(stated));
    assertHidden(() -> endpoint.update(changed, changed.metadata()));
  }

  private static void assertHidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("invalid_software_statement");
              assertThat(e.explain() + e + e.description()).doesNotContain("eyJ.statement");
            });
  }

  @Test
  void aRefusalSaysWhatWasExpected() throws IOException {
    ClientRegistration registration = endpoint.register(SHOP);
    String place = HttpUrl.get(registration.registrationClientUri()).encodedPath();
    for (String path : List.of("/register", place)) {
      server.answerNext(path, new MockResponse.Builder().code(500).build());
    }

    assertExpected(() -> endpoint.register(SHOP), "a registered client");
    assertExpected(() -> endpoint.delete(registration), "a deleted client");
  }

  private static void assertExpected(ThrowingCallable call, String expected) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().expected()).isEqualTo(expected));
  }

  /** RFC 7592 §2.1, §2.2, §2.3 and §3; only the host is another. */
  @Test
  void theExamplesOfManagementAreSentAndRead() throws IOException {
    String place = server.url("/register/s6BhdRkqt3");
    String told =
        """
        {
         "registration_access_token": "reg-23410913-abewfq.123483",
         "registration_client_uri": "%s",
         "client_id": "s6BhdRkqt3",
         "client_secret": "cf136dc3c1fc93f31185e5885805d",
         "client_id_issued_at": 2893256800,
         "client_secret_expires_at": 2893276800,
         "client_name": "My Example Client",
         "client_name#ja-Jpan-JP": "\\u30AF\\u30E9\\u30A4\\u30A2\\u30F3\\u30C8\\u540D",
         "redirect_uris": [
           "https://client.example.org/callback", "https://client.example.org/callback2"],
         "grant_types": ["authorization_code", "refresh_token"],
         "token_endpoint_auth_method": "client_secret_basic",
         "logo_uri": "https://client.example.org/logo.png",
         "jwks_uri": "https://client.example.org/my_public_keys.jwks"
        }
        """
            .formatted(place);
    answer(201, told);
    server.endpoint(
        "/register/s6BhdRkqt3",
        request ->
            request.method().equals("DELETE")
                ? new MockResponse.Builder().code(204).build()
                : new MockResponse.Builder()
                    .addHeader("Content-Type", "application/json")
                    .body(told)
                    .build());

    ClientRegistration registration = endpoint.read(endpoint.register(SHOP));
    assertManaged("GET", "");
    assertThat(registration.registrationClientUri()).isEqualTo(place);
    assertThat(registration.metadata().members())
        .containsEntry("client_name#ja-Jpan-JP", "\u30AF\u30E9\u30A4\u30A2\u30F3\u30C8\u540D")
        .containsEntry("grant_types", List.of("authorization_code", "refresh_token"));

    endpoint.update(
        registration,
        ClientMetadata.empty()
            .redirectUris("https://client.example.org/callback", "https://client.example.org/alt")
            .grantTypes("authorization_code", "refresh_token")
            .tokenEndpointAuthMethod("client_secret_basic")
            .with("jwks_uri", "https://client.example.org/my_public_keys.jwks")
            .clientName("My New Example")
            .with("client_name#fr", "Mon Nouvel Exemple")
            .with("logo_uri", "https://client.example.org/newlogo.png")
            .with("logo_uri#fr", "https://client.example.org/fr/newlogo.png"));
    assertManaged(
        "PUT",
        "{\"redirect_uris\":[\"https://client.example.org/callback\","
            + "\"https://client.example.org/alt\"],"
            + "\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
            + "\"token_endpoint_auth_method\":\"client_secret_basic\","
            + "\"jwks_uri\":\"https://client.example.org/my_public_keys.jwks\","
            + "\"client_name\":\"My New Example\",\"client_name#fr\":\"Mon Nouvel Exemple\","
            + "\"logo_uri\":\"https://client.example.org/newlogo.png\","
            + "\"logo_uri#fr\":\"https://client.example.org/fr/newlogo.png\","
            + "\"client_id\":\"s6BhdRkqt3\","
            + "\"client_secret\":\"cf136dc3c1fc93f31185e5885805d\"}");

    endpoint.delete(registration);
    assertManaged("DELETE", "");
  }

  private void assertManaged(String method, String body) {
    assertThat(last().method()).isEqualTo(method);
    assertThat(last().path()).isEqualTo("/register/s6BhdRkqt3");
    assertThat(last().header("Accept")).isEqualTo("application/json");
    assertThat(last().header("Authorization")).isEqualTo("Bearer reg-23410913-abewfq.123483");
    assertThat(last().body()).isEqualTo(body);
  }

  /** RFC 7591 §3.2.2. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "invalid_redirect_uri,The redirection URI http://sketchy.example.com is not allowed by this"
            + " server.",
        "invalid_client_metadata,The grant type 'authorization_code' must be registered along with the"
            + " response type 'code' but found only 'implicit' instead.",
      })
  void theErrorsOfTheRfcAreToldInItsWords(String error, String description) {
    answer(400, "{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");

    assertThatThrownBy(() -> endpoint.register(SHOP))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo(error);
              assertThat(e.description()).isEqualTo(description);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"client_id\":5} | sent no client_id of visible characters",
        "{\"client_id\":\"a\",\"client_secret\":\"\"}"
            + " | sent client_secret that is not a text of visible characters",
        "{\"client_id\":\"a\",\"client_id_issued_at\":\"0\"}"
            + " | sent client_id_issued_at that is not a time in seconds",
        "[] | did not answer with a JSON object",
      })
  void whatIsWrongWithAnAnswerIsSaid(String body, String message) {
    answer(201, body);

    assertThatThrownBy(() -> endpoint.register(SHOP)).hasMessageEndingWith(message);
  }

  @Test
  void aPageIsNoRegistration() {
    server.answerNext(
        "/register",
        new MockResponse.Builder()
            .addHeader("Content-Type", "text/html")
            .body("{\"client_id\":\"a\"}")
            .build());

    assertThatThrownBy(() -> endpoint.register(SHOP))
        .hasMessageEndingWith("did not answer with a JSON object");
  }

  @Test
  void anEmptyErrorIsNone() {
    answer(400, "{\"error\":\"\"}");

    assertThatThrownBy(() -> endpoint.register(SHOP))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("http_error"));
  }

  @Test
  void whatTheServerDoesNotSayIsNotThere() throws IOException {
    answer(201, "{\"client_id\":\"a\"}");

    ClientRegistration registration = endpoint.register(SHOP);

    assertThat(registration.toJson().reveal()).isEqualTo("{\"client_id\":\"a\"}");
    assertThat(registration.clientSecret()).isNull();
    assertThat(registration.clientIdIssuedAt()).isNull();
    assertThat(registration.clientSecretExpiresAt()).isNull();
    assertThat(registration).hasToString("registered client a");
    assertThat(SHOP.toString()).startsWith("client metadata [redirect_uris, ");
    assertThat(endpoint).hasToString("registration at " + server.registrationEndpoint());
  }

  @Test
  void theLastSecondIsThatOfTheYear9999() throws IOException {
    answer(201, "{\"client_id\":\"a\",\"client_secret_expires_at\":253402300799}");

    assertThat(endpoint.register(SHOP).clientSecretExpiresAt())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"client_id\":5}", "[]", "nonsense"})
  void whatIsNoKeptRegistrationIsRefused(String json) {
    assertThatThrownBy(() -> ClientRegistration.fromJson(Secret.of(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the registration ");
  }

  @Test
  void theClientAuthenticatesAsItIsRegistered() throws IOException {
    ClientRegistration posting =
        endpoint.register(SHOP.tokenEndpointAuthMethod("client_secret_post"));
    posting.client(metadata).build().clientCredentials().execute();
    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_post");

    ClientRegistration open =
        ClientRegistration.fromJson(
            Secret.of("{\"client_id\":\"a\",\"token_endpoint_auth_method\":\"none\"}"));
    server.publicClient("a").answerNext("/token", tokens());
    open.client(metadata).build().refresh(Secret.of("r")).execute();
    assertThat(server.lastTokenRequest().body())
        .isEqualTo("grant_type=refresh_token&refresh_token=r&client_id=a");
  }

  private static MockResponse tokens() {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .body("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}")
        .build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",\"token_endpoint_auth_method\":\"private_key_jwt\" | by \"private_key_jwt\"",
        ",\"x\":1 | by nothing",
      })
  void aClientWithAKeyNeedsItsKey(String method, String message) {
    ClientRegistration registration =
        ClientRegistration.fromJson(Secret.of("{\"client_id\":\"a\"" + method + "}"));

    assertThatThrownBy(() -> registration.client(metadata))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is registered to authenticate " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"registration_client_uri\":\"https://as.example.com/a\"",
        "\"registration_access_token\":\"t\""
      })
  void withoutAPlaceOrATokenThereIsNoManagement(String member) {
    ClientRegistration registration =
        ClientRegistration.fromJson(Secret.of("{\"client_id\":\"a\"," + member + "}"));

    assertThatThrownBy(() -> endpoint.delete(registration))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("to manage it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aServerWithoutTheEndpointIsAMistakeInTheProgram() {
    AuthorizationServer without =
        AuthorizationServer.builder().tokenEndpoint(server.tokenEndpoint()).build();

    assertThatThrownBy(() -> RegistrationEndpoint.of(without, new OkHttpClient()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("has no registration_endpoint");
  }

  /** Whoever answers over TLS must not have the token sent over http, even to this machine. */
  @Test
  void noTokenGoesOverHttpWhenTheServerIsBehindTls() throws Exception {
    String place = server.url("/manage");
    try (ExampleSite site = ExampleSite.start()) {
      site.answer(
          "/register",
          "{\"client_id\":\"a\",\"registration_access_token\":\"t\","
              + ("\"registration_client_uri\":\"" + place + "\"}"));
      RegistrationEndpoint secure =
          RegistrationEndpoint.of(
              AuthorizationServer.builder()
                  .issuer(ExampleSite.ISSUER)
                  .tokenEndpoint(ExampleSite.ISSUER + "/token")
                  .metadata("registration_endpoint", ExampleSite.ISSUER + "/register")
                  .build(),
              site.http());

      assertThatThrownBy(() -> secure.register(SHOP))
          .isInstanceOf(InvalidResponseException.class)
          .hasMessageContaining("registration_client_uri that cannot be used");
      ClientRegistration kept =
          ClientRegistration.fromJson(
              Secret.of(
                  "{\"client_id\":\"a\",\"registration_access_token\":\"t\","
                      + ("\"registration_client_uri\":\"" + place + "\"}")));
      assertThatThrownBy(() -> secure.read(kept))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("behind http");
      assertThat(site.requests()).hasSize(1);
      assertThat(server.requests()).isEmpty();

      site.answer("/manage", "{\"client_id\":\"a\"}");
      ClientRegistration secret =
          ClientRegistration.fromJson(
              Secret.of(
                  "{\"client_id\":\"a\",\"registration_access_token\":\"t\","
                      + "\"registration_client_uri\":\"https://as.example.com/manage\"}"));
      secure.update(secret, ClientMetadata.empty());
      assertThat(site.requests("/manage").get(0).getBody().utf8())
          .isEqualTo("{\"client_id\":\"a\"}");
    }
  }
}
