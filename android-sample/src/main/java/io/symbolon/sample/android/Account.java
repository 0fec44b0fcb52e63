package io.symbolon.sample.android;

import android.annotation.SuppressLint;
import android.content.Context;
import android.content.SharedPreferences;
import android.net.Uri;
import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.android.AndroidKeystore;
import io.symbolon.oauth.android.LoginInBrowser;
import io.symbolon.oidc.IdToken;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.LogoutRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import io.symbolon.oidc.UserInfo;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The user of this app: the only class that talks to the network, the disk and the Keystore. All of
 * it happens on one background thread.
 */
final class Account {
  private static final String KEYSTORE_ALIAS = "account";
  private static final String USER = "user";
  private static final long LONGEST_ANSWER = 64 * 1024;

  private final Context context;
  private final SharedPreferences settings;
  private final LoginInBrowser browser;
  private final OkHttpClient http = new OkHttpClient();
  private @Nullable OidcClient client;
  private @Nullable OkHttpClient api;
  private @Nullable IdToken idToken;

  Account(Context context) {
    this.context = context;
    this.settings = context.getSharedPreferences("account", Context.MODE_PRIVATE);
    this.browser = new LoginInBrowser(context, "login");
  }

  Provider provider() {
    return new Provider(
        settings.getString("issuer", ""),
        settings.getString("client_id", ""),
        settings.getBoolean("by_app_link", false));
  }

  /** Who is signed in, also after a restart; null when nobody. */
  @Nullable Profile profile() {
    return Profile.ofJson(settings.getString("profile", null));
  }

  boolean isInBrowser() {
    return browser.isWaiting();
  }

  /** Prepares a login and writes it down; then the browser may open. */
  URI begin(Provider provider) throws IOException {
    use(provider);
    OidcClient oidc = oidc();
    LoginRequest request = oidc.login().redirectUri(provider.redirectUri());
    PendingLogin login = scoped(request, oidc.oauth().server().strings("scopes_supported")).begin();
    browser.keep(login);
    return login.url();
  }

  /** Some providers know {@code offline_access}, some refuse it and need no asking. */
  private static LoginRequest scoped(LoginRequest request, @Nullable List<String> supported) {
    return supported != null && supported.contains("offline_access")
        ? request.scope("profile email offline_access").prompt("consent")
        : request.scope("profile email");
  }

  /** The login that a redirect answers; null when none waits for it. */
  @Nullable PendingLogin answeredBy(Uri redirect) {
    return browser.answeredBy(redirect);
  }

  /** Redeems the answer; once, whatever comes of it. */
  Profile complete(PendingLogin login, Uri redirect) throws IOException {
    browser.forget();
    OidcTokens tokens = oidc().complete(login, redirect.toString());
    Profile profile = Profile.of(tokens.idToken(), userInfo(tokens));
    store().save(USER, tokens.tokens());
    write(settings.edit().putString("profile", profile.toJson()));
    idToken = tokens.idToken();
    return profile;
  }

  /** It only decorates: a provider without it, or without it now, has signed the user in too. */
  private @Nullable UserInfo userInfo(OidcTokens tokens) {
    try {
      return oidc().userInfo(tokens);
    } catch (IOException e) {
      return null;
    }
  }

  void cancel() {
    browser.forget();
  }

  /**
   * Calls the provider's UserInfo as any API: with a token that is valid, renewed when it is not.
   */
  String callApi() throws IOException {
    HttpUrl url = oidc().oauth().server().endpoint("userinfo_endpoint");
    if (url == null) {
      return "This provider has no UserInfo to call.";
    }
    try (Response response = api(url).newCall(new Request.Builder().url(url).build()).execute()) {
      return "HTTP " + response.code() + "\n" + response.peekBody(LONGEST_ANSWER).string();
    }
  }

  private OkHttpClient api(HttpUrl url) throws IOException {
    if (api == null) {
      String origin = url.scheme() + "://" + url.host() + ":" + url.port();
      api = new OAuthInterceptor(oidc().oauth().tokenSource(store(), USER), origin).install(http);
    }
    return api;
  }

  /**
   * The user's way out.
   *
   * @param endOfSession where the provider ends its own session; null when nowhere
   * @param endedThere whether the provider says that the tokens are good for nothing any more
   */
  record SignedOff(@Nullable URI endOfSession, boolean endedThere) {}

  /** Signs out at the provider, and here whatever the provider does. */
  SignedOff signOut() {
    IdToken hint = idToken;
    boolean endedThere = revoke();
    forget();
    return new SignedOff(endOfSession(hint), endedThere);
  }

  private boolean revoke() {
    try {
      oidc().oauth().revoke(store(), USER);
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  private @Nullable URI endOfSession(@Nullable IdToken hint) {
    try {
      LogoutRequest logout = oidc().logout();
      return (hint == null ? logout : logout.idTokenHint(hint)).begin().url();
    } catch (IOException e) {
      return null;
    }
  }

  /** Without its key, what is left on the disk says nothing. */
  void forget() {
    idToken = null;
    api = null;
    write(settings.edit().remove("profile"));
    browser.forget();
    try {
      FileTokenStore store = store();
      StoredTokens stored = store.load(USER);
      if (stored != null) {
        store.delete(USER, stored.version(), 0);
      }
    } catch (StoreCorruptedException e) {
      // It cannot be read by anybody: the next login takes its place.
    } catch (IOException e) {
      throw new IllegalStateException("the login cannot be removed from the device", e);
    } finally {
      AndroidKeystore.delete(KEYSTORE_ALIAS);
    }
  }

  byte @Nullable [] picture(String url) {
    HttpUrl address = HttpUrl.parse(url);
    if (address == null || !address.isHttps()) {
      return null;
    }
    try (Response response = http.newCall(new Request.Builder().url(address).build()).execute()) {
      return response.isSuccessful() ? response.peekBody(1024 * 1024).bytes() : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void use(Provider provider) {
    client = null;
    api = null;
    write(
        settings
            .edit()
            .putString("issuer", provider.issuer())
            .putString("client_id", provider.clientId())
            .putBoolean("by_app_link", provider.byAppLink()));
  }

  private OidcClient oidc() {
    if (client == null) {
      Provider provider = provider();
      client =
          OidcClient.builder()
              .issuer(provider.issuer())
              .clientId(provider.clientId())
              .httpClient(http)
              .build();
    }
    return client;
  }

  private FileTokenStore store() throws IOException {
    return FileTokenStore.open(
        context.getNoBackupFilesDir().toPath().resolve("logins"),
        AndroidKeystore.storeKeys(KEYSTORE_ALIAS));
  }

  @SuppressLint("ApplySharedPref") // the process may be gone before an apply() has reached the disk
  private static void write(SharedPreferences.Editor editor) {
    if (!editor.commit()) {
      throw new IllegalStateException("the disk takes nothing; is it full?");
    }
  }
}
