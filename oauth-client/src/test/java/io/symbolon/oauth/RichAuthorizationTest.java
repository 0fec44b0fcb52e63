package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For what and where a token is wanted (RFC 9396, RFC 8707). */
final class RichAuthorizationTest {
  private static final String CALLBACK = "https://client.example.org/cb";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    server = extension.server().client("s6BhdRkqt3", "secret");
    client =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("s6BhdRkqt3")
            .clientSecret(Secret.of("secret"))
            .build();
  }

  /** RFC 9396 §2. */
  @Test
  void theDetailsGoOutAsJson() throws Exception {
    PendingAuthorization pending =
        client
            .authorize()
            .redirectUri(CALLBACK)
            .authorizationDetails(
                List.of(
                    Map.of("type", "payment_initiation"),
                    Map.of("type", "account_information", "actions", List.of("list_accounts"))))
            .begin();

    assertThat(HttpUrl.get(pending.url()).queryParameter("authorization_details"))
        .startsWith("[{\"type\":\"payment_initiation\"},{")
        .contains("\"actions\":[\"list_accounts\"]");
  }

  @Test
  void whatWasGrantedIsInTheTokenSet() throws Exception {
    List<Map<String, Object>> granted = List.of(Map.of("type", "payment", "amount", "5.00"));
    server.tokenResponse(it -> it.put("authorization_details", granted));

    TokenSet tokens =
        client
            .clientCredentials()
            .authorizationDetails(List.of(Map.of("type", "payment")))
            .execute();

    assertThat(tokens.member("authorization_details")).isEqualTo(granted);
    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=client_credentials"
                + "&authorization_details=%5B%7B%22type%22%3A%22payment%22%7D%5D");
  }

  @Test
  void detailsWithoutTypeAreAMistake() {
    assertThatThrownBy(
            () -> client.authorize().authorizationDetails(List.of(Map.of("amount", "5.00"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("each of the authorization details has a \"type\", but one has only [amount]");
  }

  @Test
  void severalResourcesAreSeveralParameters() throws Exception {
    PendingAuthorization pending =
        client
            .authorize()
            .redirectUri(CALLBACK)
            .resource("https://cal.example.com/")
            .resource("https://contacts.example.com/")
            .begin();
    client.complete(pending, server.authorize(pending.url()));

    assertThat(HttpUrl.get(pending.url()).queryParameterValues("resource"))
        .containsExactly("https://cal.example.com/", "https://contacts.example.com/");
    assertThat(server.lastTokenRequest().form()).doesNotContainKey("resource");
  }

  /** RFC 8707 §2.2. */
  @Test
  void theOnlyResourceIsRepeatedInTheTokenRequest() throws Exception {
    PendingAuthorization pending =
        client
            .authorize()
            .redirectUri(CALLBACK)
            .resource("https://cal.example.com/")
            .pushed()
            .begin();
    client.complete(pending, server.authorize(pending.url()));

    assertThat(server.lastTokenRequest().form())
        .containsEntry("resource", "https://cal.example.com/");
  }

  @Test
  void aTokenRequestMayNameSeveralResources() throws Exception {
    client
        .clientCredentials()
        .resource("https://cal.example.com/?a=b&c")
        .resource("https://contacts.example.com/")
        .execute();

    assertThat(server.lastTokenRequest().body())
        .isEqualTo(
            "grant_type=client_credentials"
                + "&resource=https%3A%2F%2Fcal.example.com%2F%3Fa%3Db%26c"
                + "&resource=https%3A%2F%2Fcontacts.example.com%2F");
  }

  @Test
  void twoSourcesForTwoResourcesShareNoToken() throws Exception {
    TokenRequest request = client.clientCredentials();
    TokenSource calendar = request.resource("https://cal.example.com/").tokenSource();
    TokenSource contacts = request.resource("https://contacts.example.com/").tokenSource();

    assertThat(calendar.token().value()).isNotEqualTo(contacts.token().value());
    assertThat(server.tokenRequestCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/calendar", "https://a.example.com/#b", "https://a b", "urn:"})
  void aResourceIsAnAbsoluteUriWithoutFragment(String uri) {
    assertThatThrownBy(() -> client.authorize().resource(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a resource is an absolute URI without fragment, but ");
    assertThatThrownBy(() -> client.clientCredentials().resource(uri))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
