package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.IdTokenException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import io.symbolon.oidc.UserInfo;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What node-oidc-provider signs and then encrypts to this client. */
final class OidcProviderEncryptionTest {
  @AutoClose private static OidcProviderProcess provider;

  @BeforeAll
  static void start() {
    provider = OidcProviderProcess.start();
  }

  private static OidcClient.Builder client(String clientId) {
    return OidcClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .clientSecret(Secret.of(OidcProviderProcess.SECRET))
        .httpClient(provider.http());
  }

  private static DecryptionKey key(String keyId) {
    return DecryptionKey.ofJwk(
        Secret.of(provider.clientKeys().getKeyByKeyId(keyId).toJSONString()));
  }

  private static OidcTokens signIn(OidcClient oidc) throws IOException {
    PendingLogin login =
        oidc.login().redirectUri("https://rp.localhost/cb").scope("profile email").begin();
    ScriptedBrowser ada = ScriptedBrowser.of(provider.http(), "ada", "anything");
    return oidc.complete(login, ada.callback(login.url().toString()).url().toString());
  }

  @Test
  void anIdTokenAndUserInfoForAnRsaKeyAndAnEcKey() throws Exception {
    OidcClient oidc =
        client("enc-rsa")
            .idTokenDecryption(key("enc-RSA-OAEP-256"))
            .userInfoDecryption(key("enc-ECDH-ES"))
            .userInfoAlgorithms("ES256")
            .build();
    OidcTokens tokens = signIn(oidc);
    assertThat(tokens.idToken().subject()).isEqualTo("ada");
    assertThat(tokens.idToken().serialized().reveal().split("\\.")).hasSize(3);
    UserInfo info = oidc.userInfo(tokens);
    assertThat(info.text("email")).isEqualTo("ada@example.com");
  }

  @Test
  void anIdTokenForAnEcKey() throws Exception {
    OidcClient oidc =
        client("enc-ec")
            .idTokenDecryption(key("enc-RSA-OAEP-256"), key("enc-ECDH-ES"))
            .contentEncryption("A256GCM")
            .build();
    assertThat(signIn(oidc).idToken().subject()).isEqualTo("ada");
  }

  @Test
  void aTokenThatIsNotEncryptedThoughWeRegisteredItIsRefused() {
    OidcClient oidc = client("basic").idTokenDecryption(key("enc-ECDH-ES")).build();
    assertThatThrownBy(() -> signIn(oidc))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("encryption"));
  }

  @Test
  void withoutTheKeyNobodyIsLoggedIn() {
    assertThatThrownBy(() -> signIn(client("enc-ec").build()))
        .isInstanceOfSatisfying(
            IdTokenException.class, e -> assertThat(e.check()).isEqualTo("format"));
  }
}
