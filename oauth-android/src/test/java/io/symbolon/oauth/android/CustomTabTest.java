package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import java.net.URI;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.shadows.ShadowPackageManager;

@RunWith(RobolectricTestRunner.class)
public class CustomTabTest {
  private static final String SESSION = "android.support.customtabs.extra.SESSION";
  private static final String SERVICE = "android.support.customtabs.action.CustomTabsService";
  private static final URI URL = URI.create("https://op.example/authorize?client_id=a%20b");

  private final Context context = RuntimeEnvironment.getApplication();
  private final ShadowPackageManager packages = shadowOf(context.getPackageManager());

  @Test
  public void theDefaultBrowserShowsATab() throws Exception {
    browser("org.browser");
    tabs("org.browser");

    Intent intent = CustomTab.intent(context, URL);

    assertThat(intent.getAction()).isEqualTo(Intent.ACTION_VIEW);
    assertThat(intent.getDataString()).isEqualTo(URL.toString());
    assertThat(intent.getPackage()).isEqualTo("org.browser");
    assertThat(intent.hasExtra(SESSION)).isTrue();
    assertThat(intent.getExtras().getBinder(SESSION)).isNull();
  }

  @Test
  public void anotherAppThatOffersTabsIsNotAsked() throws Exception {
    browser("org.browser");
    tabs("org.evil");

    Intent intent = CustomTab.intent(context, URL);

    assertThat(intent.getPackage()).isNull();
    assertThat(intent.hasExtra(SESSION)).isFalse();
    assertThat(intent.getCategories()).containsExactly(Intent.CATEGORY_BROWSABLE);
  }

  @Test
  public void withoutABrowserThereIsStillAnIntentToTry() {
    Intent intent = CustomTab.intent(context, URL);

    assertThat(intent.getPackage()).isNull();
    assertThat(intent.getDataString()).isEqualTo(URL.toString());
  }

  private void browser(String name) throws Exception {
    ComponentName main = new ComponentName(name, name + ".Main");
    packages.addActivityIfNotPresent(main);
    IntentFilter web = new IntentFilter(Intent.ACTION_VIEW);
    web.addCategory(Intent.CATEGORY_BROWSABLE);
    web.addCategory(Intent.CATEGORY_DEFAULT);
    web.addDataScheme("http");
    web.addDataScheme("https");
    packages.addIntentFilterForActivity(main, web);
  }

  private void tabs(String name) throws Exception {
    ComponentName service = new ComponentName(name, name + ".Tabs");
    packages.addServiceIfNotPresent(service);
    packages.addIntentFilterForService(service, new IntentFilter(SERVICE));
  }
}
