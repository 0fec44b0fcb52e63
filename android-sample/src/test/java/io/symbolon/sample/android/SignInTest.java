package io.symbolon.sample.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.content.ComponentName;
import android.content.Intent;
import android.net.Uri;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.TextView;
import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.android.AndroidKeystore;
import io.symbolon.oauth.android.FakeAndroidKeyStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

/** The app on a device without a screen, against a server on loopback. */
@RunWith(RobolectricTestRunner.class)
public class SignInTest {
  private static final String REDIRECT = "io.symbolon.sample.android:/callback";
  private static final String SIGN_IN = "Continue in the browser";
  private static final String SIGNED_OUT_HERE =
      "You are signed out on this device. The provider did not end the sign-in on its side:"
          + " there it ends by itself, or in your account's settings.";

  private FakeAuthorizationServer server;
  private SampleApplication app;

  @Before
  public void aDeviceAndAServer() throws Exception {
    FakeAndroidKeyStore.install();
    server = FakeAuthorizationServer.start();
    server.publicClient("app", REDIRECT, "https://app.example.com/callback");
    server.user("248289", Map.of("name", "Jane Doe", "email", "jane@example.com"));
    app = (SampleApplication) RuntimeEnvironment.getApplication();
  }

  @After
  public void noDeviceAndNoServer() {
    server.close();
    FakeAndroidKeyStore.uninstall();
  }

  @Test
  public void aUserSignsInCallsTheApiAndSignsOut() throws Exception {
    ActivityController<MainActivity> screen = start();
    Uri login = typeAndGo(screen);
    assertThat(login.getQueryParameter("code_challenge_method")).isEqualTo("S256");
    assertThat(login.getQueryParameter("redirect_uri")).isEqualTo(REDIRECT);

    screen.newIntent(throughTheDoor(server.authorize(login.toString())));
    settle();
    assertThat(words(screen)).contains("Jane Doe", "jane@example.com", "248289", server.issuer());

    press(screen, "Call the API");
    settle();
    assertThat(words(screen)).anySatisfy(text -> assertThat(text).startsWith("HTTP 200\n{"));

    press(screen, "Sign out");
    settle();
    assertThat(words(screen)).contains("You are signed out.", "Sign in");
    assertThat(restarted().state()).isInstanceOf(State.SignedOut.class);
  }

  @Test
  public void theProcessMayDieWhileTheUserIsInTheBrowser() throws Exception {
    ActivityController<MainActivity> first = start();
    String redirect = server.authorize(typeAndGo(first).toString());
    first.pause().stop().destroy();
    die();

    Intent home = throughTheDoor(redirect);
    ActivityController<MainActivity> second =
        Robolectric.buildActivity(MainActivity.class, home).setup();
    settle();

    assertThat(words(second)).contains("Jane Doe");
    die();
    assertThat(words(start())).contains("Jane Doe");
  }

  @Test
  public void aRotationRedeemsNothingTwice() throws Exception {
    ActivityController<MainActivity> screen = start();
    String redirect = server.authorize(typeAndGo(screen).toString());
    screen.newIntent(throughTheDoor(redirect));
    screen.recreate();
    settle();
    screen.recreate();
    settle();
    screen.newIntent(throughTheDoor(redirect)); // and the browser sends it once more
    settle();

    assertThat(words(screen)).contains("Jane Doe");
    assertThat(server.tokenRequestCount()).isEqualTo(1);
  }

  @Test
  public void aRotationKeepsWhatWasTyped() throws Exception {
    ActivityController<MainActivity> screen = start();
    field(screen, Screens.CLIENT_ID).setText("half-typed");

    screen.recreate();
    settle();

    assertThat(field(screen, Screens.CLIENT_ID).getText().toString()).isEqualTo("half-typed");
  }

  @Test
  public void whatAnotherAppSendsChangesNothing() throws Exception {
    ActivityController<MainActivity> screen = start();
    Uri login = typeAndGo(screen);
    String state = login.getQueryParameter("state");

    for (String forged :
        List.of(
            REDIRECT + "?code=evil&state=guess",
            REDIRECT + "?error=access_denied",
            REDIRECT + "?code=evil&state=" + state + "&state=x",
            "io.symbolon.sample.android:opaque?code=evil&state=" + state,
            "io.symbolon.sample.android:/else?code=evil&state=" + state,
            "https://app.example.com/callback?code=evil&state=" + state,
            REDIRECT + "?state=" + state + "&code=" + "x".repeat(100_000))) {
      screen.newIntent(MainActivity.redirected(app, Uri.parse(forged)));
      settle();
      assertThat(words(screen)).as(forged).contains("Waiting for the browser");
    }
    assertThat(server.tokenRequestCount()).isZero();

    screen.newIntent(throughTheDoor(server.authorize(login.toString())));
    settle();
    assertThat(words(screen)).contains("Jane Doe");
  }

  @Test
  public void anIntentWithoutDataIsNoAnswer() throws Exception {
    ActivityController<MainActivity> screen = start();
    typeAndGo(screen);

    RedirectActivity door =
        Robolectric.buildActivity(RedirectActivity.class, new Intent(Intent.ACTION_VIEW))
            .create()
            .get();
    screen.newIntent(new Intent("io.symbolon.sample.android.REDIRECTED"));
    settle();

    assertThat(door.isFinishing()).isTrue();
    assertThat(shadowOf(door).getNextStartedActivity()).isNull();
    assertThat(words(screen)).contains("Waiting for the browser");
  }

  @Test
  public void aRedirectThatNobodyWaitsForShowsTheForm() throws Exception {
    ActivityController<MainActivity> screen =
        Robolectric.buildActivity(
                MainActivity.class, throughTheDoor(REDIRECT + "?code=evil&state=evil"))
            .setup();
    settle();

    assertThat(words(screen)).contains("Sign in");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  public void whoComesBackWithoutAnAnswerMayWaitStartAgainOrCancel() throws Exception {
    ActivityController<MainActivity> screen = start();
    Uri first = typeAndGo(screen);
    screen.pause().stop().start().resume(); // the tab was minimised or closed
    settle();
    assertThat(words(screen)).contains("Waiting for the browser", "Start again", "Cancel");

    press(screen, "Start again");
    settle();
    Uri second = shadowOf(screen.get()).getNextStartedActivity().getData();
    assertThat(second.getQueryParameter("state")).isNotEqualTo(first.getQueryParameter("state"));

    press(screen, "Cancel");
    settle();
    assertThat(words(screen)).contains("You cancelled the sign-in.");
    screen.newIntent(throughTheDoor(server.authorize(second.toString())));
    settle();
    assertThat(words(screen)).contains("Sign in");
    assertThat(server.tokenRequestCount()).isZero();
  }

  @Test
  public void anAppLinkThatOpenedInTheBrowserIsExplained() throws Exception {
    ActivityController<MainActivity> screen = start();
    type(screen);
    screen.get().<android.widget.CheckBox>findViewById(Screens.APP_LINK).setChecked(true);
    Uri login = go(screen);
    assertThat(login.getQueryParameter("redirect_uri"))
        .isEqualTo("https://app.example.com/callback");

    assertThat(words(screen))
        .anySatisfy(text -> assertThat(text).contains("this app is not verified"));
    screen.newIntent(throughTheDoor(server.authorize(login.toString()))); // and when it is
    settle();
    assertThat(words(screen)).contains("Jane Doe");
  }

  @Test
  public void whoSignsOutIsSignedOutAtTheServerToo() throws Exception {
    ActivityController<MainActivity> screen = signedIn();

    press(screen, "Sign out");
    settle();

    ReceivedRequest revocation = requestTo("/revoke");
    assertThat(revocation.form())
        .containsEntry("token_type_hint", "refresh_token")
        .containsEntry("client_id", "app")
        .containsKey("token");
    OAuthClient thief = OAuthClient.builder().issuer(server.issuer()).clientId("app").build();
    assertThatThrownBy(() -> thief.refresh(Secret.of(revocation.form().get("token"))).execute())
        .hasMessageContaining("invalid_grant");
    assertThat(words(screen)).contains("You are signed out.");
    assertThat(loginsOnTheDisk()).isZero();
  }

  @Test
  public void aServerThatDoesNotAnswerKeepsNobodySignedInHere() throws Exception {
    ActivityController<MainActivity> screen = signedIn();
    server.close();

    press(screen, "Sign out");
    settle();

    assertThat(words(screen)).contains("Sign in", SIGNED_OUT_HERE);
    assertThat(loginsOnTheDisk()).isZero();
    assertThat(restarted().state()).isInstanceOf(State.SignedOut.class);
  }

  @Test
  public void aServerThatRefusesKeepsNobodySignedInHere() throws Exception {
    ActivityController<MainActivity> screen = signedIn();
    server.answerNext("/revoke", new MockResponse.Builder().code(503).build());

    press(screen, "Sign out");
    settle();

    assertThat(words(screen)).contains("Sign in", SIGNED_OUT_HERE);
    assertThat(loginsOnTheDisk()).isZero();
    assertThat(restarted().state()).isInstanceOf(State.SignedOut.class);
  }

  @Test
  public void aLoginThatCannotBeOpenedCanBeSignedOut() throws Exception {
    ActivityController<MainActivity> screen = signedIn();
    AndroidKeystore.delete("account");

    press(screen, "Sign out");
    settle();

    assertThat(words(screen)).contains("Sign in", SIGNED_OUT_HERE);
    assertThat(restarted().state()).isInstanceOf(State.SignedOut.class);
  }

  private ReceivedRequest requestTo(String path) {
    return server.requests().stream()
        .filter(request -> request.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing came to " + path));
  }

  private int loginsOnTheDisk() throws Exception {
    return FileTokenStore.open(
            app.getNoBackupFilesDir().toPath().resolve("logins"),
            AndroidKeystore.storeKeys("account"))
        .size();
  }

  @Test
  public void aTokenThatHasEndedIsRenewedOnTheWay() throws Exception {
    ActivityController<MainActivity> screen = signedIn();
    server.revokeAllAccessTokens();

    press(screen, "Call the API");
    settle();

    assertThat(words(screen)).anySatisfy(text -> assertThat(text).startsWith("HTTP 200"));
    assertThat(server.lastTokenRequest().form()).containsEntry("grant_type", "refresh_token");
  }

  @Test
  public void whenTheServerEndsTheLoginTheUserSignsInAgain() throws Exception {
    ActivityController<MainActivity> screen = signedIn();
    server.revokeAllAccessTokens();
    server.refuseNext("invalid_grant");

    press(screen, "Call the API");
    settle();

    assertThat(words(screen)).contains("Your sign-in has ended. Please sign in again.");
  }

  @Test
  public void aLostKeyAsksForANewSignIn() throws Exception {
    signedIn();
    die();
    AndroidKeystore.delete("account");
    ActivityController<MainActivity> screen = start();

    press(screen, "Call the API");
    settle();

    assertThat(words(screen))
        .contains("The sign-in that was kept here can no longer be opened. Please sign in again.");
    screen.newIntent(throughTheDoor(server.authorize(go(screen).toString())));
    settle();
    assertThat(words(screen)).contains("Jane Doe");
  }

  @Test
  public void faultsHaveSentences() throws Exception {
    ActivityController<MainActivity> screen = start();
    field(screen, Screens.ISSUER).setText("not an address");
    press(screen, SIGN_IN);
    settle();
    assertThat(words(screen))
        .anySatisfy(text -> assertThat(text).startsWith("Please look at what you typed"));

    server.denyNextAuthorization("access_denied");
    screen.newIntent(throughTheDoor(server.authorize(typeAndGo(screen).toString())));
    settle();
    assertThat(words(screen)).contains("You did not allow the sign-in.");

    server.idTokenClaims(claims -> claims.put("aud", "somebody else"));
    screen.newIntent(throughTheDoor(server.authorize(typeAndGo(screen).toString())));
    settle();
    assertThat(words(screen))
        .anySatisfy(text -> assertThat(text).startsWith("The provider's answer cannot be trusted"));

    FakeAndroidKeyStore.breakDown(true);
    type(screen);
    press(screen, SIGN_IN);
    settle();
    assertThat(words(screen))
        .contains(
            "The key store of this device does not work now. Please try again, or restart it.");
    FakeAndroidKeyStore.breakDown(false);

    server.close();
    die();
    ActivityController<MainActivity> offline = start();
    type(offline);
    press(offline, SIGN_IN);
    settle();
    assertThat(words(offline)).contains("The provider cannot be reached. Is this device online?");
  }

  @Test
  public void nothingSecretIsReadableOnTheDevice() throws Exception {
    ActivityController<MainActivity> screen = start();
    Uri login = typeAndGo(screen);
    assertThat(disk()).doesNotContain(login.getQueryParameter("state"));

    screen.newIntent(throughTheDoor(server.authorize(login.toString())));
    settle();
    press(screen, "Call the API");
    settle();

    List<String> tokens = new ArrayList<>();
    for (ReceivedRequest request : server.requests()) {
      if (request.bearerToken() != null) {
        tokens.add(request.bearerToken());
      }
    }
    assertThat(tokens).isNotEmpty();
    assertThat(disk()).doesNotContain(tokens.toArray(new String[0]));
  }

  @Test
  public void theAppDoesWithoutCaffeine() {
    assertThatThrownBy(() -> Class.forName("com.github.benmanes.caffeine.cache.Caffeine"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  private ActivityController<MainActivity> signedIn() throws Exception {
    ActivityController<MainActivity> screen = start();
    screen.newIntent(throughTheDoor(server.authorize(typeAndGo(screen).toString())));
    settle();
    assertThat(words(screen)).contains("Jane Doe");
    return screen;
  }

  private ActivityController<MainActivity> start() throws Exception {
    ActivityController<MainActivity> screen = Robolectric.buildActivity(MainActivity.class).setup();
    settle();
    return screen;
  }

  /** A process that has just begun knows what is on the disk and in the Keystore. */
  private SignIn restarted() throws Exception {
    die();
    SignIn signIn = app.signIn();
    settle();
    return signIn;
  }

  private void die() throws Exception {
    settle();
    java.lang.reflect.Field memory = SampleApplication.class.getDeclaredField("signIn");
    memory.setAccessible(true);
    memory.set(app, null);
  }

  private Uri typeAndGo(ActivityController<MainActivity> screen) throws Exception {
    type(screen);
    return go(screen);
  }

  private void type(ActivityController<MainActivity> screen) {
    field(screen, Screens.ISSUER).setText(server.issuer());
    field(screen, Screens.CLIENT_ID).setText("app");
  }

  private Uri go(ActivityController<MainActivity> screen) throws Exception {
    press(screen, SIGN_IN);
    settle();
    Intent browser = shadowOf(screen.get()).getNextStartedActivity();
    assertThat(browser.getAction()).isEqualTo(Intent.ACTION_VIEW);
    return browser.getData();
  }

  /** What the platform does with a redirect: it starts the activity whose filter fits. */
  private Intent throughTheDoor(String redirect) {
    Intent view = new Intent(Intent.ACTION_VIEW, Uri.parse(redirect));
    Activity door = Robolectric.buildActivity(RedirectActivity.class, view).create().get();
    assertThat(door.isFinishing()).isTrue();
    Intent home = shadowOf(door).getNextStartedActivity();
    assertThat(home.getComponent()).isEqualTo(new ComponentName(app, MainActivity.class));
    assertThat(home.getFlags() & Intent.FLAG_ACTIVITY_CLEAR_TOP).isNotZero();
    return home;
  }

  private static EditText field(ActivityController<MainActivity> screen, int id) {
    return screen.get().findViewById(id);
  }

  private static void press(ActivityController<MainActivity> screen, String text) {
    texts(screen).stream()
        .filter(view -> view.getText().toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text + " is not among " + words(screen)))
        .performClick();
  }

  private static List<String> words(ActivityController<MainActivity> screen) {
    return texts(screen).stream().map(view -> view.getText().toString()).toList();
  }

  private static List<TextView> texts(ActivityController<MainActivity> screen) {
    List<TextView> found = new ArrayList<>();
    collect(screen.get().findViewById(android.R.id.content), found);
    return found;
  }

  private static void collect(View view, List<TextView> found) {
    if (view instanceof TextView text) {
      found.add(text);
    } else if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        collect(group.getChildAt(i), found);
      }
    }
  }

  /** All that the device can find: preferences and files. */
  private String disk() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("login", "account")) {
      all.append(app.getSharedPreferences(name, 0).getAll());
    }
    try (Stream<Path> files = Files.walk(app.getDataDir().toPath())) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  /** Lets the background finish, then the main thread, until neither has anything to do. */
  private void settle() throws Exception {
    for (int round = 0; round < 6; round++) {
      app.background().submit(() -> {}).get(20, TimeUnit.SECONDS);
      shadowOf(Looper.getMainLooper()).idle();
    }
  }
}
