package io.symbolon.oauth.android;

import android.annotation.SuppressLint;
import android.content.Context;
import android.content.SharedPreferences;
import android.net.Uri;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oidc.PendingLogin;
import java.security.ProviderException;
import org.jspecify.annotations.Nullable;

/**
 * The login that went to the browser while the app may be stopped and started again: it is on the
 * disk, sealed by a key of the {@link AndroidKeystore}, before the browser opens.
 *
 * <pre>{@code
 * waiting.keep(login);                                    // then open the browser
 * PendingLogin login = waiting.answeredBy(intent.getData());   // in the redirect activity
 * if (login != null) { waiting.forget(); tokens = oidc.complete(login, redirect); }
 * }</pre>
 *
 * <p>There is one at a time; the next login replaces it. Any app can send a redirect: one that does
 * not carry the state of the login, or came elsewhere, leaves it waiting. Reads the disk and the
 * Keystore: not for the main thread. Safe for many threads.
 */
public final class LoginInBrowser {
  private static final int LONGEST_REDIRECT = 64 * 1024;
  private static final String ENTRY = "login";

  private final SharedPreferences preferences;
  private final String name;

  /**
   * The login by this name in the app's private storage.
   *
   * @param name names the preferences file and the key; exclude the file from backups
   */
  public LoginInBrowser(Context context, String name) {
    this.preferences = context.getSharedPreferences(name, Context.MODE_PRIVATE);
    this.name = name;
  }

  /**
   * Keeps a login until the browser comes back. It is on the disk when this returns.
   *
   * @throws IllegalStateException when the disk or the Keystore fails; do not open the browser then
   */
  @SuppressLint("ApplySharedPref") // the process may be gone before an apply() has reached the disk
  public void keep(PendingLogin login) {
    if (!preferences.edit().putString(ENTRY, sealed(login)).commit()) {
      throw new IllegalStateException("the login cannot be written; is the disk full?");
    }
  }

  /** A key that no longer works is replaced: all that it sealed is the login that ends here. */
  private String sealed(PendingLogin login) {
    try {
      return login.seal(AndroidKeystore.sealingKey(name), name);
    } catch (IllegalArgumentException | ProviderException e) {
      AndroidKeystore.delete(name);
      return login.seal(AndroidKeystore.sealingKey(name), name);
    }
  }

  /** Whether a login waits for the browser. */
  public boolean isWaiting() {
    return preferences.contains(ENTRY);
  }

  /**
   * The login that a redirect is meant for; null when none waits or it is meant for another, which
   * changes nothing. What can no longer be opened, because its key is gone, is forgotten.
   *
   * @param redirect the data of the intent; of any shape, anybody may have sent it
   * @throws IllegalStateException when the device's Keystore fails; the login waits on
   */
  public @Nullable PendingLogin answeredBy(@Nullable Uri redirect) {
    if (redirect == null || !redirect.isHierarchical()) {
      return null;
    }
    String url = redirect.toString();
    PendingLogin login = url.length() > LONGEST_REDIRECT ? null : waiting();
    return login != null && login.isAnsweredBy(AuthorizationResponse.ofUrl(url)) ? login : null;
  }

  private @Nullable PendingLogin waiting() {
    String sealed = preferences.getString(ENTRY, null);
    if (sealed == null) {
      return null;
    }
    try {
      return PendingLogin.unseal(sealed, AndroidKeystore.sealingKey(name), name);
    } catch (InvalidResponseException e) {
      forget();
      return null;
    }
  }

  /** Ends the wait: the user gave up, or the answer is being redeemed. */
  @SuppressLint("ApplySharedPref")
  public void forget() {
    preferences.edit().remove(ENTRY).commit();
  }
}
