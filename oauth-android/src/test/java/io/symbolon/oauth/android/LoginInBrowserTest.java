package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import android.content.Context;
import android.net.Uri;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class LoginInBrowserTest {
  private static final String REDIRECT = "com.example.app:/oauth2redirect";

  private final Context context = RuntimeEnvironment.getApplication();
  private FakeAuthorizationServer server;
  private OidcClient oidc;

  @Before
  public void aDeviceAndAServer() throws Exception {
    FakeAndroidKeyStore.install();
    server = FakeAuthorizationServer.start().publicClient("app", REDIRECT);
    oidc = client();
  }

  @After
  public void noDeviceAndNoServer() {
    server.close();
    FakeAndroidKeyStore.uninstall();
  }

  @Test
  public void aLoginOutlivesTheProcess() throws Exception {
    PendingLogin login = kept();
    Uri redirect = Uri.parse(server.authorize(login.url()));

    PendingLogin restored = waiting().answeredBy(redirect); // nothing but the disk and the Keystore
    waiting().forget();
    OidcTokens tokens = client().complete(restored, redirect.toString());

    assertThat(tokens.idToken().issuer()).isEqualTo(server.issuer());
    assertThat(waiting().isWaiting()).isFalse();
  }

  @Test
  public void whatIsOnTheDiskTellsNothing() throws Exception {
    PendingLogin login = kept();

    String disk = context.getSharedPreferences("login", 0).getAll().toString();

    assertThat(disk).doesNotContain(login.state().reveal(), "app", "com.example", "127.0.0.1");
  }

  @Test
  public void whatOthersSendEndsNoLogin() throws Exception {
    PendingLogin login = kept();
    String state = login.state().reveal();

    for (String forged :
        List.of(
            REDIRECT + "?code=evil&state=guess",
            REDIRECT + "?code=evil",
            REDIRECT + "?error=access_denied",
            REDIRECT + "?error=access_denied&state=guess",
            REDIRECT + "?code=evil&state=" + state + "&state=" + state,
            REDIRECT + "?code=%zz&state=%zz",
            "com.example.app:opaque?code=evil&state=" + state,
            "com.example.app:/elsewhere?code=evil&state=" + state,
            "com.example.other:/oauth2redirect?code=evil&state=" + state,
            "https://com.example.app/oauth2redirect?code=evil&state=" + state,
            "file:///data/data/com.example.app/shared_prefs/login.xml",
            REDIRECT + "?code=c&state=" + state + "&x=" + "x".repeat(70_000),
            "")) {
      assertThat(waiting().answeredBy(Uri.parse(forged))).as(forged).isNull();
    }
    assertThat(waiting().answeredBy(null)).isNull();
    assertThat(waiting().isWaiting()).isTrue();
    assertThat(waiting().answeredBy(Uri.parse(server.authorize(login.url())))).isNotNull();
  }

  @Test
  public void theServersRefusalIsAnAnswer() throws Exception {
    PendingLogin login = kept();
    server.denyNextAuthorization("access_denied");
    Uri redirect = Uri.parse(server.authorize(login.url()));

    PendingLogin answered = waiting().answeredBy(redirect);

    assertThatThrownBy(() -> oidc.complete(answered, redirect.toString()))
        .hasMessageContaining("access_denied");
  }

  @Test
  public void aSecondRedirectMeetsNoLogin() throws Exception {
    Uri redirect = Uri.parse(server.authorize(kept().url()));
    assertThat(waiting().answeredBy(redirect)).isNotNull();
    waiting().forget();

    assertThat(waiting().answeredBy(redirect)).isNull();
  }

  @Test
  public void theNextLoginReplacesTheFirst() throws Exception {
    PendingLogin first = kept();
    PendingLogin second = kept();

    assertThat(waiting().answeredBy(Uri.parse(server.authorize(first.url())))).isNull();
    assertThat(waiting().answeredBy(Uri.parse(server.authorize(second.url())))).isNotNull();
  }

  @Test
  public void withItsKeyTheLoginIsGone() throws Exception {
    Uri redirect = Uri.parse(server.authorize(kept().url()));
    AndroidKeystore.delete("login");

    assertThat(waiting().answeredBy(redirect)).isNull();
    assertThat(waiting().isWaiting()).isFalse();
  }

  @Test
  public void aKeyThatNoLongerWorksIsReplaced() throws Exception {
    kept();
    FakeAndroidKeyStore.invalidate("login");

    PendingLogin next = kept();

    assertThat(waiting().answeredBy(Uri.parse(server.authorize(next.url())))).isNotNull();
  }

  @Test
  public void aBrokenKeystoreKeepsTheLoginWaiting() throws Exception {
    Uri redirect = Uri.parse(server.authorize(kept().url()));
    FakeAndroidKeyStore.breakDown(true);

    assertThatThrownBy(() -> waiting().answeredBy(redirect))
        .isInstanceOf(IllegalStateException.class);

    FakeAndroidKeyStore.breakDown(false);
    assertThat(waiting().answeredBy(redirect)).isNotNull();
  }

  @Test
  public void theLoginOfOneNameIsNotThatOfAnother() throws Exception {
    kept();
    String sealed = context.getSharedPreferences("login", 0).getString("login", "");
    context.getSharedPreferences("other", 0).edit().putString("login", sealed).commit();

    assertThat(new LoginInBrowser(context, "other").answeredBy(Uri.parse(REDIRECT + "?state=x")))
        .isNull();
    assertThat(new LoginInBrowser(context, "other").isWaiting()).isFalse();
    assertThat(waiting().isWaiting()).isTrue();
  }

  private PendingLogin kept() throws Exception {
    PendingLogin login = oidc.login().redirectUri(REDIRECT).begin();
    waiting().keep(login);
    return login;
  }

  private LoginInBrowser waiting() {
    return new LoginInBrowser(context, "login");
  }

  private OidcClient client() {
    return OidcClient.builder().issuer(server.issuer()).clientId("app").build();
  }
}
