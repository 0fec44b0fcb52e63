package io.symbolon.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins whose response brings more than a code (OpenID Connect Core §3.3). */
final class HybridLoginTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";
  private static final String SECRET = "shop-secret";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void register() {
    server = extension.server().client("shop", SECRET).signIdTokensWith("ES256");
    oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of(SECRET))
            .build();
  }

  private PendingLogin begin(String responseType) throws Exception {
    return oidc.login().redirectUri(REDIRECT_URI).responseType(responseType).begin();
  }

  /** Changes the claims of the ID token that comes by the browser, and of no other. */
  private void forge(Consumer<Map<String, Object>> change) {
    server.idTokenClaims(
        claims -> {
          if (claims.containsKey("c_hash")) {
            change.accept(claims);
          }
        });
  }

  private void assertRefusedBeforeTheCodeIsSpent(String check, PendingLogin login)
      throws Exception {
    String callback = server.authorize(login.url());
    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo(check));
    assertThat(server.tokenRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"code id_token", "code token", "code id_token token"})
  void aHybridLoginEndsVerifiedWithTheTokensOfTheTokenResponse(String responseType)
      throws Exception {
    PendingLogin login = begin(responseType);
    String callback = server.authorize(login.url());

    OidcTokens tokens = oidc.complete(login, callback);

    assertThat(callback).startsWith(REDIRECT_URI + "#code=");
    assertThat(tokens.idToken().subject()).isEqualTo("alice");
    assertThat(tokens.idToken().claims()).doesNotContainKey("c_hash");
    assertThat(callback).doesNotContain(tokens.accessToken().value().reveal());
  }

  @Test
  void aPageMayHandOverTheFragment() throws Exception {
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url());
    String fragment = callback.substring(callback.indexOf('#') + 1);

    assertThat(oidc.complete(login, AuthorizationResponse.ofFragment(fragment))).isNotNull();
  }

  @Test
  void aServerPostsTheResponseForm() throws Exception {
    PendingLogin login =
        oidc.login()
            .redirectUri(REDIRECT_URI)
            .responseType("code id_token token")
            .formPost()
            .begin();
    String form = server.authorizeByFormPost(login.url().toString());

    assertThat(oidc.complete(login, AuthorizationResponse.ofForm(form))).isNotNull();
  }

  @Test
  void theSameResponseInTheQueryIsRefused() throws Exception {
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url()).replace('#', '?');

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("state_mismatch"));
    assertThat(server.tokenRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c_hash", "at_hash", "nonce"})
  void whatBindsTheTokenToTheResponseMustBeThere(String claim) throws Exception {
    forge(claims -> claims.remove(claim));

    assertRefusedBeforeTheCodeIsSpent(claim, begin("code id_token token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c_hash", "at_hash", "s_hash", "nonce"})
  void anotherValueOfWhatBindsTheTokenIsRefused(String claim) throws Exception {
    forge(claims -> claims.put(claim, "AAAAAAAAAAAAAAAAAAAAAA"));

    assertRefusedBeforeTheCodeIsSpent(claim, begin("code id_token token"));
  }

  @Test
  void aCodeOfAnotherLoginIsNotSpent() throws Exception {
    PendingLogin mallorys = begin("code id_token");
    String stolen = server.authorize(mallorys.url()).replaceAll(".*code=([^&]*).*", "$1");
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url()).replaceFirst("code=[^&]*", "code=" + stolen);

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("c_hash"));
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void anotherUserInTheTokenResponseIsRefused() throws Exception {
    forge(claims -> claims.put("sub", "mallory"));
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url());

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("sub"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id_token=[^&]*", "&id_token=[^&]*"})
  void aResponseWithoutTheIdTokenIsRefused(String part) throws Exception {
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url()).replaceFirst(part, "");

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("malformed_response"));
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void aResponseWithTwoIdTokensIsRefused() throws Exception {
    PendingLogin login = begin("code id_token");
    String callback = server.authorize(login.url()) + "&id_token=x";

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOf(InvalidResponseException.class);
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  void anIdTokenThatNobodyAskedForIsNotRead() throws Exception {
    PendingLogin login = oidc.login().redirectUri(REDIRECT_URI).begin();
    String callback = server.authorize(login.url()) + "&id_token=x&access_token=evil";

    assertThat(oidc.complete(login, callback).accessToken().value().reveal()).isNotEqualTo("evil");
  }

  @Test
  void theWrongHashOfTheCodeIsRefusedInTheTokenResponseToo() throws Exception {
    server.idTokenClaims(claims -> claims.put("c_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
    PendingLogin login = oidc.login().redirectUri(REDIRECT_URI).begin();
    String callback = server.authorize(login.url());

    assertThatThrownBy(() -> oidc.complete(login, callback))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("c_hash"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id_token", "token", "id_token token", "none"})
  void withoutCodeThereIsNoLogin(String responseType) {
    assertThatThrownBy(() -> oidc.login().responseType(responseType))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a response type contains \"code\"");
  }
}
