package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Token requests, octet by octet as they were on the wire. */
final class TokenRequestWireTest {
  private static final String REDIRECT_URI = "https://shop.example.com/cb?a=1&b=%C3%A9+c";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private OAuthClient.Builder client(String clientId) {
    return OAuthClient.builder().issuer(extension.server().issuer()).clientId(clientId);
  }

  /** The request as text, but for the two headers that name this run. */
  private static String wire(ReceivedRequest request) {
    return request.method()
        + " "
        + request.path()
        + (request.query() == null ? "" : "?" + request.query())
        + "\n"
        + StreamSupport.stream(request.headers().spliterator(), false)
            .filter(header -> !List.of("Host", "User-Agent").contains(header.getFirst()))
            .map(header -> header.getFirst() + ": " + header.getSecond())
            .sorted()
            .collect(Collectors.joining("\n"))
        + "\n\n"
        + request.body();
  }

  private static String basic(String encodedPair) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(encodedPair.getBytes(StandardCharsets.US_ASCII));
  }

  private static String expected(String authorization, String body) {
    return "POST /token\n"
        + "Accept-Encoding: gzip\n"
        + "Accept: application/json\n"
        + (authorization.isEmpty() ? "" : authorization + "\n")
        + "Cache-Control: no-cache, no-store\n"
        + "Connection: Keep-Alive\n"
        + ("Content-Length: " + body.length() + "\n")
        + "Content-Type: application/x-www-form-urlencoded\n\n"
        + body;
  }

  @Test
  void aCodeIsRedeemedWithVerifierAndTheSameRedirectUri() throws Exception {
    FakeAuthorizationServer server = extension.server().client("shop", "s3cret");
    OAuthClient client = client("shop").clientSecret(Secret.of("s3cret")).build();
    PendingAuthorization pending = client.authorize().redirectUri(REDIRECT_URI).scope("a").begin();
    String callback = server.authorize(pending.url());

    client.complete(pending, callback);

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                basic("shop:s3cret"),
                "grant_type=authorization_code"
                    + "&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcb%3Fa%3D1%26b%3D%25C3%25A9%2Bc"
                    + ("&code=" + HttpUrl.get(callback).queryParameter("code"))
                    + ("&code_verifier=" + pending.codeVerifier().reveal())));
  }

  @Test
  void aPublicClientNamesItselfInTheForm() throws Exception {
    FakeAuthorizationServer server = extension.server().publicClient("app");
    OAuthClient client = client("app").build();
    PendingAuthorization pending =
        client.authorize().redirectUri("com.example.app:/cb").scope("a").begin();
    String callback = server.authorize(pending.url());

    client.complete(pending, callback);

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                "",
                "grant_type=authorization_code&redirect_uri=com.example.app%3A%2Fcb"
                    + ("&code=" + callback.replaceAll(".*[?&]code=([^&]*).*", "$1"))
                    + ("&code_verifier=" + pending.codeVerifier().reveal())
                    + "&client_id=app"));
  }

  @Test
  void aRefreshSendsTheTokenAndNothingElse() throws Exception {
    FakeAuthorizationServer server = extension.server().client("shop", "s3cret");
    OAuthClient client = client("shop").clientSecret(Secret.of("s3cret")).build();
    PendingAuthorization pending = client.authorize().redirectUri(REDIRECT_URI).scope("a").begin();
    TokenSet tokens = client.complete(pending, server.authorize(pending.url()));

    client.refresh(tokens).execute();

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                basic("shop:s3cret"),
                "grant_type=refresh_token&refresh_token=" + tokens.refreshToken().reveal()));
  }

  @Test
  void clientCredentialsKeepTheOrderOfTheProgram() throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");
    OAuthClient client = client("reports").clientSecret(Secret.of("s3cret")).build();

    client
        .clientCredentials()
        .scope(" reports.read   reports.write ")
        .parameter("audience", "https://api.example.com/?a=b&c é€😀")
        .execute();

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                basic("reports:s3cret"),
                "grant_type=client_credentials&scope=reports.read+reports.write"
                    + "&audience=https%3A%2F%2Fapi.example.com%2F%3Fa%3Db%26c"
                    + "+%C3%A9%E2%82%AC%F0%9F%98%80"));
  }

  @Test
  void bothHalvesOfBasicAreFormEncodedFirst() throws Exception {
    String secret = "%&+:/é 😀=?";
    FakeAuthorizationServer server = extension.server().client("a:b c&~", secret);
    OAuthClient client = client("a:b c&~").clientSecret(Secret.of(secret)).build();

    client.clientCredentials().execute();

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                basic("a%3Ab+c%26%7E:%25%26%2B%3A%2F%C3%A9+%F0%9F%98%80%3D%3F"),
                "grant_type=client_credentials"));
  }

  @Test
  void aSecretInTheFormIsEncodedOnce() throws Exception {
    String secret = "%&+:/é 😀=?";
    FakeAuthorizationServer server = extension.server().client("reports", secret);
    OAuthClient client =
        client("reports").authentication(ClientAuthentication.post(Secret.of(secret))).build();

    client.clientCredentials().execute();

    assertThat(wire(server.lastTokenRequest()))
        .isEqualTo(
            expected(
                "",
                "grant_type=client_credentials&client_id=reports"
                    + "&client_secret=%25%26%2B%3A%2F%C3%A9+%F0%9F%98%80%3D%3F"));
  }

  @ParameterizedTest
  @CsvSource({
    "client_secret_basic client_secret_post, client_secret_basic",
    "client_secret_post client_secret_basic, client_secret_basic",
    "client_secret_post,                     client_secret_post",
    "client_secret_post private_key_jwt,     client_secret_post",
    "client_secret_basic,                    client_secret_basic",
    ",                                       client_secret_basic",
  })
  void theMetadataDecidesWhereTheSecretGoes(String supported, String used) throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");
    server.metadata(
        it -> {
          it.remove("token_endpoint_auth_methods_supported");
          if (supported != null) {
            it.put("token_endpoint_auth_methods_supported", List.of(supported.split(" ")));
          }
        });

    client("reports").clientSecret(Secret.of("s3cret")).build().clientCredentials().execute();

    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo(used);
  }

  @Test
  void theProgramsWishBeatsTheMetadata() throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");
    server.metadata(
        it -> it.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic")));

    client("reports")
        .authentication(ClientAuthentication.post(Secret.of("s3cret")))
        .build()
        .clientCredentials()
        .execute();

    assertThat(server.lastTokenRequest().clientAuthentication()).isEqualTo("client_secret_post");
  }

  @Test
  void theQueryOfTheTokenEndpointIsKept() throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");
    server.metadata(it -> it.put("token_endpoint", server.tokenEndpoint() + "?p=B2C_1/s%20x"));

    client("reports").clientSecret(Secret.of("s3cret")).build().clientCredentials().execute();

    assertThat(server.lastTokenRequest().query()).isEqualTo("p=B2C_1/s%20x");
  }

  @Test
  void aSecretParameterComesAfterTheOthers() throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");

    client("reports")
        .authentication(ClientAuthentication.post(Secret.of("s3cret")))
        .build()
        .clientCredentials()
        .parameter("assertion", Secret.of("a.b.c"))
        .parameter("audience", "https://api.example.com")
        .execute();

    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=client_credentials&audience=https%3A%2F%2Fapi.example.com"
                + "&assertion=a.b.c&client_id=reports&client_secret=s3cret");
  }
}
