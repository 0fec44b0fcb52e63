package io.symbolon.sample.android;

import android.app.Activity;
import android.net.Uri;
import android.os.Bundle;
import org.jspecify.annotations.Nullable;

/**
 * Where the browser comes back: hands the address on, and brings the app in front of the browser
 * tab. Anybody may start it, so it believes nothing.
 */
public final class RedirectActivity extends Activity {
  @Override
  protected void onCreate(@Nullable Bundle savedInstanceState) {
    super.onCreate(savedInstanceState);
    Uri redirect = getIntent().getData();
    if (savedInstanceState == null && redirect != null) {
      startActivity(MainActivity.redirected(this, redirect));
    }
    finish();
  }
}
