package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import android.content.Context;
import android.net.Uri;
import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** Tokens that only this device can use: their key is in its Keystore (RFC 9449). */
@RunWith(RobolectricTestRunner.class)
public class DpopKeyTest {
  private static final String REDIRECT = "com.example.app:/oauth2redirect";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Context context = RuntimeEnvironment.getApplication();
  private FakeAuthorizationServer server;

  @Before
  public void aDeviceAndAServer() throws Exception {
    FakeAndroidKeyStore.install();
    server = FakeAuthorizationServer.start().publicClient("app", REDIRECT);
    server.requireDpopNonce("n-1");
  }

  @After
  public void noDeviceAndNoServer() {
    server.close();
    FakeAndroidKeyStore.uninstall();
  }

  @Test
  public void theKeyOfTheLoginProvesEachCall() throws Exception {
    login();

    assertThat(call()).isEqualTo(200);

    JSONObject atLogin = keyOfProof(server.lastTokenRequest());
    ReceivedRequest call = server.requests().get(server.requests().size() - 1);
    assertThat(call.header("Authorization")).startsWith("DPoP ");
    assertThat(keyOfProof(call).toString()).isEqualTo(atLogin.toString());
    assertThat(atLogin.has("d")).isFalse();
  }

  /** Each {@link #login} and {@link #call} has a client of its own, as a new process has. */
  @Test
  public void theProcessMayDieBeforeTheRedirectAndBeforeTheRenewal() throws Exception {
    login();
    JSONObject atLogin = keyOfProof(server.lastTokenRequest());
    server.revokeAllAccessTokens();

    assertThat(call()).isEqualTo(200);

    ReceivedRequest renewal = server.lastTokenRequest();
    assertThat(renewal.form()).containsEntry("grant_type", "refresh_token");
    assertThat(keyOfProof(renewal).toString()).isEqualTo(atLogin.toString());
  }

  @Test
  public void aLostKeyEndsTheLoginAndTheNextOneHasANewKey() throws Exception {
    login();
    JSONObject lost = keyOfProof(server.lastTokenRequest());
    AndroidKeystore.delete("dpop");

    assertThatThrownBy(this::call)
        .isInstanceOf(LoginRequiredException.class)
        .hasMessageContaining("the login is bound to the DPoP key");

    login();
    assertThat(call()).isEqualTo(200);
    assertThat(keyOfProof(server.lastTokenRequest()).toString()).isNotEqualTo(lost.toString());
  }

  @Test
  public void aKeyThatNoLongerSignsIsDeletedForTheNextLogin() throws Exception {
    login();
    FakeAndroidKeyStore.invalidate("dpop");

    assertThatThrownBy(this::call)
        .isInstanceOf(IOException.class)
        .hasMessage("the signing key failed to sign with ES256");

    AndroidKeystore.delete("dpop");
    login();
    assertThat(call()).isEqualTo(200);
  }

  private void login() throws Exception {
    PendingLogin begun = client().login().redirectUri(REDIRECT).begin();
    new LoginInBrowser(context, "login").keep(begun);
    Uri redirect = Uri.parse(server.authorize(begun.url()));

    LoginInBrowser waiting = new LoginInBrowser(context, "login");
    PendingLogin login = waiting.answeredBy(redirect);
    waiting.forget();
    OidcTokens tokens = client().complete(login, redirect.toString());
    store().save("user", tokens.tokens());
  }

  private int call() throws Exception {
    OkHttpClient api =
        new OAuthInterceptor(client().oauth().tokenSource(store(), "user"), server.issuer())
            .install(new OkHttpClient());
    Request request = new Request.Builder().url(server.url("/api/orders")).build();
    try (Response response = api.newCall(request).execute()) {
      return response.code();
    }
  }

  private OidcClient client() {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("app")
        .dpop(AndroidKeystore.signingKey("dpop"))
        .build();
  }

  private TokenStore store() throws Exception {
    return FileTokenStore.open(
        folder.getRoot().toPath().resolve("logins"), AndroidKeystore.storeKeys("logins"));
  }

  private static JSONObject keyOfProof(ReceivedRequest request) throws Exception {
    String proof = request.header("DPoP");
    String header = proof.substring(0, proof.indexOf('.'));
    byte[] json = Base64.getUrlDecoder().decode(header);
    return new JSONObject(new String(json, StandardCharsets.UTF_8)).getJSONObject("jwk");
  }
}
