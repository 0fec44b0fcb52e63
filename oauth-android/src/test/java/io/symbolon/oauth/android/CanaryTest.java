package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import android.content.Context;
import android.net.Uri;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.PendingLogin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** No secret is shown by what is public here, or by its failures. */
@RunWith(RobolectricTestRunner.class)
public class CanaryTest {
  private static final String REDIRECT = "com.example.app:/oauth2redirect";

  private final Context context = RuntimeEnvironment.getApplication();

  @Before
  public void aDevice() {
    FakeAndroidKeyStore.install();
  }

  @After
  public void noDevice() {
    FakeAndroidKeyStore.uninstall();
  }

  /** A new type needs a look, and perhaps a sample below. */
  @Test
  public void theseAreAllTypes() throws Exception {
    try (Stream<Path> classes = Files.list(Path.of("target/classes/io/symbolon/oauth/android"))) {
      assertThat(classes.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "AndroidKeystore.class",
              "CustomTab.class",
              "LoginInBrowser.class",
              "package-info.class");
    }
  }

  @Test
  public void neitherALoginThatWaitsNorAFailureShowsASecret() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.publicClient("app", REDIRECT);
      OidcClient oidc = OidcClient.builder().issuer(server.issuer()).clientId("app").build();
      PendingLogin login = oidc.login().redirectUri(REDIRECT).begin();
      LoginInBrowser waiting = new LoginInBrowser(context, "login");
      waiting.keep(login);
      Uri redirect = Uri.parse(server.authorize(login.url()));
      FakeAndroidKeyStore.breakDown(true);

      String shown =
          waiting
              + failure(() -> waiting.keep(login))
              + failure(() -> waiting.answeredBy(redirect))
              + failure(() -> AndroidKeystore.storeKeys("login").toString())
              + failure(() -> AndroidKeystore.signingKey("login"));

      assertThat(shown)
          .contains("the Android Keystore failed for the key \"login\"")
          .doesNotContain(
              login.state().reveal(),
              redirect.getQueryParameter("code"),
              Uri.parse(login.url().toString()).getQueryParameter("nonce"));
    }
  }

  private static String failure(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    StringWriter text = new StringWriter();
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }
}
