package io.symbolon.sample.android;

import android.content.Context;
import android.text.InputType;
import android.view.View;
import android.widget.CheckBox;
import android.widget.EditText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One page for each state. */
final class Screens {
  // Like those that a resource compiler gives: neither the framework nor a running app makes them.
  static final int ISSUER = 0x7f010001;
  static final int CLIENT_ID = 0x7f010002;
  static final int APP_LINK = 0x7f010003;

  private static final Set<String> SHOWN_ABOVE = Set.of("name", "email", "picture");
  private static final Map<String, String> PROVIDERS = new LinkedHashMap<>();

  static {
    PROVIDERS.put("Google", "https://accounts.google.com");
    PROVIDERS.put(
        "Microsoft", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
    PROVIDERS.put("GitLab", "https://gitlab.com");
  }

  private final Context context;
  private final SignIn signIn;

  Screens(Context context, SignIn signIn) {
    this.context = context;
    this.signIn = signIn;
  }

  View of(State state) {
    if (state instanceof State.SignedOut signedOut) {
      return signedOut(signedOut);
    }
    if (state instanceof State.InBrowser inBrowser) {
      return inBrowser(inBrowser);
    }
    if (state instanceof State.SignedIn signedIn) {
      return signedIn(signedIn);
    }
    return new Page(context).waiting(state instanceof State.Working work ? work.what() : "").view();
  }

  private View signedOut(State.SignedOut state) {
    Page page = new Page(context);
    page.title("Sign in").text("Choose who knows you, or type the address of your provider.");
    notice(page, state.message());
    EditText issuer = new EditText(context);
    page.chips(PROVIDERS, issuer::setText);
    page.field(ISSUER, "Provider", "https://login.example.com", issuer, state.last().issuer());
    EditText clientId = new EditText(context);
    page.field(CLIENT_ID, "Client ID", "as registered there", clientId, state.last().clientId());
    issuer.setInputType(InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_URI);
    CheckBox appLink = page.choice(APP_LINK, "Come back by an App Link", state.last().byAppLink());
    page.button("Continue in the browser", () -> begin(issuer, clientId, appLink));
    page.small("Register this address with the provider: " + Provider.NONE.redirectUri());
    return page.view();
  }

  private void begin(EditText issuer, EditText clientId, CheckBox appLink) {
    signIn.begin(new Provider(typed(issuer), typed(clientId), appLink.isChecked()));
  }

  private static String typed(EditText field) {
    return field.getText().toString().trim();
  }

  private View inBrowser(State.InBrowser state) {
    Page page = new Page(context);
    page.title("Waiting for the browser");
    page.text("Finish in the browser tab: it is among your recent apps if you do not see it.");
    notice(page, state.message());
    page.button("Start again", () -> signIn.begin(state.provider()));
    page.quietButton("Cancel", signIn::cancel);
    if (state.provider().byAppLink()) {
      page.small(
          "If the browser shows a page of app.example.com now, this app is not verified for that"
              + " address: open its links in the system settings, or use the app's own address.");
    }
    return page.view();
  }

  private View signedIn(State.SignedIn state) {
    Page page = new Page(context);
    Profile profile = state.profile();
    page.person(profile.name(), profile.email(), state.picture());
    page.small("From the ID token, whose signature was checked, and from UserInfo.");
    Map<String, String> claims = new LinkedHashMap<>(profile.claims());
    claims.keySet().removeAll(SHOWN_ABOVE);
    page.table(claims);
    if (state.answer() != null) {
      page.code(state.answer());
    }
    page.button("Call the API", signIn::callApi);
    page.quietButton("Sign out", signIn::signOut);
    return page.view();
  }

  private static void notice(Page page, @Nullable String message) {
    if (message != null) {
      page.notice(message);
    }
  }
}
