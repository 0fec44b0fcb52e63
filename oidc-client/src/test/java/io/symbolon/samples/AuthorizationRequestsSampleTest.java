package io.symbolon.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The programs in docs/authorization-requests.md. */
final class AuthorizationRequestsSampleTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @BeforeEach
  void register() {
    server = extension.server().client("shop", "s2");
    oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s2"))
            .build();
  }

  @Test
  void pushed() throws Exception {
    PendingLogin login = oidc.login().redirectUri(REDIRECT_URI).pushed().begin();
    assertThat(HttpUrl.get(login.url()).queryParameterNames()).hasSize(2);
  }

  @Test
  void hybrid() throws Exception {
    PendingLogin login =
        oidc.login().redirectUri(REDIRECT_URI).responseType("code id_token").formPost().begin();
    String body = server.authorizeByFormPost(login.url().toString());

    OidcTokens tokens = oidc.complete(login, AuthorizationResponse.ofForm(body));
    assertThat(tokens.idToken().subject()).isEqualTo("alice");
  }

  @Test
  void silent() throws Exception {
    server.denyNextAuthorization("login_required");
    PendingLogin login = oidc.login().redirectUri(REDIRECT_URI).prompt("none").begin();
    assertThat(isLoggedIn(login, server.authorize(login.url()))).isFalse();
  }

  private boolean isLoggedIn(PendingLogin login, String callbackUrl) throws IOException {
    try {
      oidc.complete(login, callbackUrl);
      return true;
    } catch (LoginRequiredException e) { // log in again, without prompt("none")
      return false;
    }
  }

  @Test
  void rich() throws Exception {
    PendingLogin login =
        oidc.login()
            .redirectUri(REDIRECT_URI)
            .resource("https://api.example.com/")
            .authorizationDetails(List.of(Map.of("type", "payment", "amount", "5.00")))
            .claims(Map.of("userinfo", Map.of("email", Map.of("essential", true))))
            .begin();
    assertThat(HttpUrl.get(login.url()).queryParameter("resource")).isNotNull();
  }

  @Test
  void signed() throws Exception {
    SigningKey key = SigningKey.generate("ES256");
    PendingLogin login =
        oidc.login().redirectUri(REDIRECT_URI).signedWith(key).signedResponse().begin();
    assertThat(HttpUrl.get(login.url()).queryParameter("request")).isNotNull();
  }

  @Test
  void encrypted() throws Exception {
    publishEncryptionKey();
    SigningKey key = SigningKey.generate("ES256");
    PendingLogin login =
        oidc.login()
            .redirectUri(REDIRECT_URI)
            .signedWith(key)
            .requestObjectEncryption("RSA-OAEP-256", "A256GCM")
            .begin();
    assertThat(HttpUrl.get(login.url()).queryParameter("request").split("\\.")).hasSize(5);
  }

  @SuppressWarnings("unchecked") // the fake server's own list
  private void publishEncryptionKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    DecryptionKey theirs = DecryptionKey.of(pair.getPrivate(), pair.getPublic());
    Map<String, Object> jwk = StrictJson.parseObject(theirs.publicJwk());
    server.jwks(
        set -> {
          List<Object> keys = new ArrayList<>((List<Object>) set.get("keys"));
          keys.add(jwk);
          set.put("keys", keys);
        });
  }

  @Test
  void thirdParty() throws Exception {
    String query = "iss=" + server.issuer() + "&target_link_uri=https://shop.example.com/orders";
    PendingLogin login =
        oidc.thirdPartyLogin(query, "https://shop.example.com").redirectUri(REDIRECT_URI).begin();
    String next = login.attachment("target_link_uri");
    assertThat(next).isEqualTo("https://shop.example.com/orders");
  }

  @Test
  void profile() {
    SigningKey key = SigningKey.generate("ES256");
    OidcClient bank =
        OidcClient.builder()
            .issuer("https://login.bank.example")
            .clientId("shop")
            .authentication(ClientAuthentication.privateKeyJwt(key))
            .profile(Profile.FAPI_2_0)
            .build();
    assertThat(bank).isNotNull();
  }
}
