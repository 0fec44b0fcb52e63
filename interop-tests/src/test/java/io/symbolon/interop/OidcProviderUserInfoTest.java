package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import io.symbolon.oidc.UserInfo;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What node-oidc-provider tells about a user, signed. */
final class OidcProviderUserInfoTest {
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

  private static OidcTokens signIn(OidcClient oidc) throws IOException {
    PendingLogin login =
        oidc.login().redirectUri("https://rp.localhost/cb").scope("profile email").begin();
    ScriptedBrowser ada = ScriptedBrowser.of(provider.http(), "ada", "anything");
    return oidc.complete(login, ada.callback(login.url().toString()).url().toString());
  }

  @Test
  void aSignedAnswerIsVerified() throws Exception {
    OidcClient oidc = client("userinfo-jwt").userInfoAlgorithms("ES256").build();
    UserInfo info = oidc.userInfo(signIn(oidc));
    assertThat(info.subject()).isEqualTo("ada");
    assertThat(info.text("email")).isEqualTo("ada@example.com");
    assertThat(info.text("iss")).isEqualTo(provider.issuer());
  }

  @Test
  void anAlgorithmThatIsNotRegisteredIsRefused() throws Exception {
    OidcClient oidc = client("userinfo-jwt").userInfoAlgorithms("RS256").build();
    OidcTokens login = signIn(oidc);
    assertThatThrownBy(() -> oidc.userInfo(login))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.verdict().failure().name()).isEqualTo("alg"));
  }

  @Test
  void anUnsignedAnswerIsNotTakenForASignedOne() throws Exception {
    OidcClient oidc = client("basic").userInfoAlgorithms("ES256").build();
    OidcTokens login = signIn(oidc);
    assertThatThrownBy(() -> oidc.userInfo(login))
        .isInstanceOfSatisfying(
            InvalidResponseException.class,
            e -> assertThat(e.code()).isEqualTo("invalid_userinfo"));
  }
}
