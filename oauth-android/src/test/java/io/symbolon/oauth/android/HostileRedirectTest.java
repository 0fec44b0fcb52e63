package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import android.content.Context;
import android.net.Uri;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.PendingLogin;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/**
 * The redirects of the corpus that arrive on Android: the ones to accept find their login after the
 * process has died, and the others leave it waiting.
 */
@RunWith(RobolectricTestRunner.class)
public class HostileRedirectTest {
  private static final String CORPUS_STATE = "af0ifjsldkj";

  private final Context context = RuntimeEnvironment.getApplication();

  @Before
  public void aDevice() {
    FakeAndroidKeyStore.install();
  }

  @After
  public void noDevice() {
    FakeAndroidKeyStore.uninstall();
  }

  @Test
  public void everyRedirectOfTheCorpusFindsItsLoginOrLeavesItWaiting() throws Exception {
    JSONArray cases = corpus().getJSONArray("cases");
    int run = 0;
    for (int i = 0; i < cases.length(); i++) {
      JSONObject sample = cases.getJSONObject(i);
      JSONObject told = sample.optJSONObject("context");
      if (told != null && told.optString("receiver").equals("android")) {
        check(sample, told.getString("redirect_uri"));
        run++;
      }
    }
    assertThat(run).isPositive();
  }

  private void check(JSONObject sample, String redirectUri) throws Exception {
    PendingLogin login = client().login().redirectUri(redirectUri).begin();
    new LoginInBrowser(context, "login").keep(login);
    String target = sample.getJSONObject("request").optString("target", null);
    // An App Link that opens in the browser never reaches the app.
    Uri redirect =
        target == null || redirectUri.startsWith("https:")
            ? null
            : Uri.parse(target.replace(CORPUS_STATE, login.state().reveal()));

    PendingLogin answered = new LoginInBrowser(context, "login").answeredBy(redirect);

    if (sample.getString("recommended").equals("accept")) {
      assertThat(answered).as(sample.getString("id")).isNotNull();
      assertThat(answered.state()).isEqualTo(login.state());
    } else if (answered != null) { // meant for this login, and refused when it is looked at
      assertThatThrownBy(() -> client().complete(answered, redirect.toString()))
          .as(sample.getString("id"))
          .isInstanceOf(OAuthException.class);
    }
    assertThat(new LoginInBrowser(context, "login").isWaiting()).isTrue();
  }

  private static OidcClient client() {
    AuthorizationServer server =
        AuthorizationServer.builder()
            .issuer("https://as.example.com")
            .authorizationEndpoint("https://as.example.com/authorize")
            .tokenEndpoint("https://as.example.com/token")
            .metadata("jwks_uri", "https://as.example.com/jwks")
            .build();
    return OidcClient.builder().server(server).clientId("app").build();
  }

  private static JSONObject corpus() throws Exception {
    StringBuilder json = new StringBuilder();
    try (Reader in =
        new InputStreamReader(
            HostileRedirectTest.class.getResourceAsStream("/hostile/authorization_responses.json"),
            StandardCharsets.UTF_8)) {
      char[] some = new char[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        json.append(some, 0, read);
      }
    }
    return new JSONObject(json.toString());
  }
}
