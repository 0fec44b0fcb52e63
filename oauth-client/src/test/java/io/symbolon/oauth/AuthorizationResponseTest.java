package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.net.URI;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form in which a response can come back, and where it may come back to. */
final class AuthorizationResponseTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OAuthClient client;

  @BeforeEach
  void register() {
    server = extension.server().publicClient("app");
    client = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
  }

  private PendingAuthorization begin(String redirectUri) throws Exception {
    return client.authorize().redirectUri(redirectUri).begin();
  }

  private void assertRefused(String code, String message, ThrowingCallable complete) {
    assertThatThrownBy(complete)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
    assertThat(server.tokenRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        REDIRECT_URI,
        REDIRECT_URI + "?tenant=a%2Fb&lang=%C3%A9+x&empty=",
        "https://shop.example.com",
        "https://shop.example.com:8443/cb",
        "https://shop.example.com/%FF",
        "http://127.0.0.1:8400/callback",
        "http://[::1]:8400/callback?x",
        "http://localhost/cb",
        "com.example.app:/cb",
        "com.example.app:/cb?from=login",
        "com.example.app://host/cb",
        "msauth.com.example.app://auth",
      })
  void aResponseByItsUrlMayComeToAnyRegisteredRedirectUri(String redirectUri) throws Exception {
    PendingAuthorization pending = begin(redirectUri);

    assertThat(client.complete(pending, server.authorize(pending.url()))).isNotNull();
    assertThat(server.lastTokenRequest().form()).containsEntry("redirect_uri", redirectUri);
  }

  /** Found by fuzzing: whoever answers may repeat the state where we quote them. */
  @Test
  void theStateIsNotShownWhenTheResponseRepeatsIt() throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);
    String state = pending.state().reveal();

    assertRefused(
        "issuer_mismatch",
        "the response is from \"https://██.example.com\", not from \"" + server.issuer() + "\"",
        () ->
            client.complete(
                pending,
                REDIRECT_URI
                    + "?code=x&state="
                    + state
                    + "&iss=https://"
                    + state
                    + ".example.com"));
    assertRefused(
        "redirect_uri_mismatch",
        "the callback is from https://shop.example.com/██, not from " + REDIRECT_URI,
        () -> client.complete(pending, "https://shop.example.com/" + state + "?code=x"));
  }

  @Test
  void theSlashThatBrowsersAddToABareOriginIsForgiven() throws Exception {
    PendingAuthorization pending = begin("https://shop.example.com");
    String callback = server.authorize(pending.url());

    assertThat(client.complete(pending, callback.replace(".com?", ".com/?"))).isNotNull();
  }

  @Test
  void aFragmentBehindTheQueryIsNotPartOfTheResponse() throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);

    assertThat(client.complete(pending, server.authorize(pending.url()) + "#_=_")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example.com/callback/",
        "https://shop.example.com/Callback",
        "https://shop.example.com/call%62ack",
        "https://shop.example.com//callback",
        "https://shop.example.com/",
        "https://shop.example.com",
        "https://shop.example.com:443/callback",
        "https://SHOP.example.com/callback",
        "http://shop.example.com/callback",
        "https://shop.example.com.evil.example/callback",
        "/callback",
        "",
      })
  void aResponseThatCameToAnotherPlaceIsRefused(String place) throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);
    String callback = server.authorize(pending.url()).replace(REDIRECT_URI, place);

    assertRefused(
        "redirect_uri_mismatch",
        "the callback is from " + place + ", not from " + REDIRECT_URI,
        () -> client.complete(pending, callback));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant=b", "tenant=", "Tenant=a", ""})
  void aResponseWithoutTheRedirectUrisOwnQueryIsRefused(String query) throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI + "?tenant=a");
    String callback = server.authorize(pending.url()).replace("?tenant=a", "?" + query);

    assertRefused(
        "redirect_uri_mismatch",
        "the callback is from " + REDIRECT_URI + ", not from " + REDIRECT_URI + "?tenant=a",
        () -> client.complete(pending, callback));
  }

  @Test
  void aQueryAloneIsEnoughWhereAProxyRewritesUrls() throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);
    String query = URI.create(server.authorize(pending.url())).getRawQuery();

    assertThat(client.complete(pending, AuthorizationResponse.ofQuery(query))).isNotNull();
  }

  @Test
  void noQueryAtAllHasNoState() throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);

    assertRefused(
        "state_mismatch",
        "the response does not carry the state of this login",
        () -> client.complete(pending, AuthorizationResponse.ofQuery(null)));
    assertRefused(
        "state_mismatch",
        "the response does not carry the state of this login",
        () -> client.complete(pending, REDIRECT_URI));
  }

  @Test
  void aFormComesFromTheBrowserByPost() throws Exception {
    PendingAuthorization pending =
        client.authorize().redirectUri(REDIRECT_URI + "?tenant=a").formPost().begin();
    String form = server.authorizeByFormPost(pending.url().toString());

    assertThat(client.complete(pending, AuthorizationResponse.ofForm(form))).isNotNull();
    assertThat(server.lastTokenRequest().form())
        .containsEntry("redirect_uri", REDIRECT_URI + "?tenant=a");
  }

  @Test
  void anErrorMayComeInAFormToo() throws Exception {
    PendingAuthorization pending = client.authorize().redirectUri(REDIRECT_URI).formPost().begin();
    server.denyNextAuthorization("access_denied");
    String form = server.authorizeByFormPost(pending.url().toString());

    assertThatThrownBy(() -> client.complete(pending, AuthorizationResponse.ofForm(form)))
        .isInstanceOf(OAuthErrorException.class)
        .hasMessage(server.issuer() + " answered access_denied: as the test wanted");
  }

  @Test
  void aFormIsRefusedWhereAQueryWasAskedForAndTheOtherWayRound() throws Exception {
    PendingAuthorization asQuery = begin(REDIRECT_URI);
    String query = URI.create(server.authorize(asQuery.url())).getRawQuery();
    assertRefused(
        "response_mode_mismatch",
        "the response came as form_post, but query was asked for",
        () -> client.complete(asQuery, AuthorizationResponse.ofForm(query)));

    PendingAuthorization asForm = client.authorize().redirectUri(REDIRECT_URI).formPost().begin();
    String form = server.authorizeByFormPost(asForm.url().toString());
    assertRefused(
        "response_mode_mismatch",
        "the response came as query, but form_post was asked for",
        () -> client.complete(asForm, REDIRECT_URI + "?" + form));
  }

  @Test
  void aQueryThatWasEncodedOnceMoreIsNotShown() throws Exception {
    PendingAuthorization pending = begin(REDIRECT_URI);

    for (String mark : List.of("%3F", "%3f", ";", "&", "%26")) {
      assertRefused(
          "redirect_uri_mismatch",
          "the callback is from " + REDIRECT_URI + "…, not from " + REDIRECT_URI,
          () -> client.complete(pending, REDIRECT_URI + mark + "code=s3cret"));
      assertThat(AuthorizationResponse.ofUrl(REDIRECT_URI + mark + "code=s3cret"))
          .hasToString("authorization response at " + REDIRECT_URI + "…");
    }
  }

  @Test
  void itShowsItsAddressAndNothingElse() {
    assertThat(AuthorizationResponse.ofUrl(REDIRECT_URI + "?code=s3cret#s3cret"))
        .hasToString("authorization response at " + REDIRECT_URI);
    assertThat(AuthorizationResponse.ofQuery("code=s3cret")).hasToString("authorization response");
    assertThat(AuthorizationResponse.ofForm("code=s3cret")).hasToString("authorization response");
  }
}
