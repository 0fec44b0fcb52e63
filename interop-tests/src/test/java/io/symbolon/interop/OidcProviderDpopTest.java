package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to a key, against node-oidc-provider, with and without its nonce. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class OidcProviderDpopTest {
  private static final String REDIRECT_URI = "https://rp.localhost/cb";

  private final SigningKey key = SigningKey.generate("ES256");
  private final OidcProviderProcess provider;

  OidcProviderDpopTest(boolean withNonce) {
    provider =
        withNonce ? OidcProviderProcess.with().dpopNonce().start() : OidcProviderProcess.start();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private OidcClient.Builder builder(String clientId, SigningKey key) {
    return OidcClient.builder()
        .issuer(provider.issuer())
        .clientId(clientId)
        .httpClient(provider.http())
        .dpop(key);
  }

  private OidcClient.Builder confidential(SigningKey key) {
    return builder("dpop", key).clientSecret(Secret.of(OidcProviderProcess.SECRET));
  }

  private OidcClient.Builder fapi(String clientId) {
    return builder(clientId, key)
        .authentication(ClientAuthentication.privateKeyJwt(signingKey()))
        .profile(Profile.FAPI_2_0);
  }

  private SigningKey signingKey() {
    String jwk = provider.clientKeys().getKeyByKeyId("sig-ES256").toJSONString();
    return SigningKey.ofJwk(Secret.of(jwk));
  }

  private OidcTokens complete(OidcClient oidc, LoginRequest request, String redirectUri)
      throws IOException {
    PendingLogin login = request.redirectUri(redirectUri).begin();
    ScriptedBrowser browser = ScriptedBrowser.of(provider.http(), "ada", "anything");
    String callback = browser.callback(login.url().toString()).url().toString();
    return oidc.complete(login, AuthorizationResponse.ofUrl(callback));
  }

  private void assertWorks(OidcClient oidc, OidcTokens login) throws IOException {
    assertThat(login.accessToken().type()).isEqualTo("DPoP");
    assertThat(login.idToken().subject()).isEqualTo("ada");
    assertThat(oidc.userInfo(login).subject()).isEqualTo("ada");
  }

  @Test
  void aServiceGetsABoundToken() throws Exception {
    TokenSet tokens = confidential(key).build().oauth().clientCredentials().execute();

    assertThat(tokens.accessToken().type()).isEqualTo("DPoP");
  }

  @Test
  void aLoginIsBoundAndItsUserIsTold() throws Exception {
    OidcClient oidc = confidential(key).build();

    assertWorks(oidc, complete(oidc, oidc.login(), REDIRECT_URI));
    assertWorks(oidc, complete(oidc, oidc.login().pushed(), REDIRECT_URI));
  }

  @Test
  void anApiIsCalledWithAProofEachTime() throws Exception {
    OidcClient oidc = confidential(key).build();
    OidcTokens login = complete(oidc, oidc.login(), REDIRECT_URI);
    OkHttpClient api =
        new OAuthInterceptor(login::accessToken, provider.issuer()).install(provider.http());

    for (int call = 0; call < 3; call++) {
      Request request =
          new Request.Builder().url(oidc.oauth().server().endpoint("userinfo_endpoint")).build();
      try (Response response = api.newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(200);
        assertThat(response.body().string()).contains("\"sub\":\"ada\"");
      }
    }
  }

  @Test
  void aPublicClientsRefreshTokenIsGoodWithItsKeyOnly() throws Exception {
    OidcClient oidc = builder("native", key).build();
    LoginRequest request = oidc.login().scope("offline_access").prompt("consent");
    OidcTokens login = complete(oidc, request, "http://127.0.0.1:8765/cb");

    SigningKey otherKey = SigningKey.generate("ES256");
    assertThatThrownBy(
            () -> builder("native", otherKey).build().oauth().refresh(login.tokens()).execute())
        .isInstanceOf(OAuthErrorException.class);
    CachingTokenSource restarted =
        builder("native", key).build().oauth().tokenSource(login.tokens());
    restarted.invalidate(login.accessToken());
    assertThat(restarted.token().type()).isEqualTo("DPoP");
    assertThat(restarted.token().value()).isNotEqualTo(login.accessToken().value());
  }

  @Test
  void aCodeIsGoodWithTheKeyOfItsLoginOnly() throws Exception {
    OidcClient oidc = confidential(key).build();
    PendingLogin login = oidc.login().redirectUri(REDIRECT_URI).begin();
    ScriptedBrowser browser = ScriptedBrowser.of(provider.http(), "ada", "anything");
    String callback = browser.callback(login.url().toString()).url().toString();

    assertThatThrownBy(
            () ->
                confidential(SigningKey.generate("ES256"))
                    .build()
                    .complete(login, AuthorizationResponse.ofUrl(callback)))
        .isInstanceOf(OAuthErrorException.class);
  }

  @Test
  void fapiIsOneLineAndAKey() throws Exception {
    OidcClient oidc = fapi("fapi2-dpop").build();

    assertWorks(oidc, complete(oidc, oidc.login(), REDIRECT_URI));
  }

  @Test
  void fapiMessageSigningIsOneLineAndTwoKeys() throws Exception {
    OidcClient oidc = fapi("fapi2-dpop-signing").profile(Profile.FAPI_2_0_MESSAGE_SIGNING).build();
    PendingLogin pending = oidc.login().redirectUri(REDIRECT_URI).signedWith(signingKey()).begin();
    assertThat(HttpUrl.get(pending.url()).queryParameterNames())
        .containsExactly("client_id", "request_uri");

    assertWorks(oidc, complete(oidc, oidc.login().signedWith(signingKey()), REDIRECT_URI));
  }
}
