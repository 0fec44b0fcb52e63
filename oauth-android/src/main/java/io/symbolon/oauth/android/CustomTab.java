package io.symbolon.oauth.android;

import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import android.net.Uri;
import android.os.Bundle;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The user's browser, in front of the app: a Custom Tab of the default browser where it offers
 * them, else the browser itself. Never a WebView, in which the app could read the password (RFC
 * 8252 §8.12).
 *
 * <p>The app's manifest must name both intents in {@code <queries>}, or Android 11 and newer show
 * no browser to it: {@code VIEW} of {@code https} with the category {@code BROWSABLE}, and the
 * action {@code android.support.customtabs.action.CustomTabsService}.
 */
public final class CustomTab {
  private static final String SESSION = "android.support.customtabs.extra.SESSION";
  private static final String SERVICE = "android.support.customtabs.action.CustomTabsService";

  private CustomTab() {}

  /**
   * What to start with {@code startActivity}, which throws {@link
   * android.content.ActivityNotFoundException} on a device without a browser.
   *
   * @param url where the login begins, such as {@link io.symbolon.oidc.PendingLogin#url}
   */
  public static Intent intent(Context context, URI url) {
    Intent view = new Intent(Intent.ACTION_VIEW, Uri.parse(url.toString()));
    String browser = defaultBrowserWithTabs(context.getPackageManager());
    if (browser == null) {
      return view.addCategory(Intent.CATEGORY_BROWSABLE);
    }
    Bundle session = new Bundle();
    session.putBinder(SESSION, null); // its presence makes the tab
    return view.putExtras(session).setPackage(browser);
  }

  /** The one that the user chose: an app that merely claims to be a browser is not asked. */
  @SuppressWarnings("deprecation") // the flags of Android 13 are not there on Android 8
  private static @Nullable String defaultBrowserWithTabs(PackageManager packages) {
    Intent anyPage =
        new Intent(Intent.ACTION_VIEW, Uri.fromParts("https", "", null))
            .addCategory(Intent.CATEGORY_BROWSABLE);
    ResolveInfo preferred = packages.resolveActivity(anyPage, PackageManager.MATCH_DEFAULT_ONLY);
    if (preferred == null || preferred.activityInfo == null) {
      return null;
    }
    String name = preferred.activityInfo.packageName;
    Intent tabs = new Intent(SERVICE).setPackage(name);
    return packages.resolveService(tabs, 0) == null ? null : name;
  }
}
