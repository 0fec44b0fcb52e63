package io.symbolon.sample.android;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import io.symbolon.oauth.android.CustomTab;
import org.jspecify.annotations.Nullable;

/**
 * The screen. It shows the state and decides nothing: after a rotation another one takes its place.
 */
public final class MainActivity extends Activity {
  private static final String REDIRECTED = "io.symbolon.sample.android.REDIRECTED";

  /** Any app may send this too, since the launcher must start the activity: the state decides. */
  static Intent redirected(Context context, Uri redirect) {
    return new Intent(context, MainActivity.class)
        .setAction(REDIRECTED)
        .setData(redirect)
        .addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP | Intent.FLAG_ACTIVITY_SINGLE_TOP);
  }

  private SignIn signIn() {
    return ((SampleApplication) getApplication()).signIn();
  }

  @Override
  protected void onCreate(@Nullable Bundle savedInstanceState) {
    super.onCreate(savedInstanceState);
    signIn();
    if (savedInstanceState == null) {
      take(getIntent());
    }
  }

  @Override
  protected void onNewIntent(Intent intent) {
    super.onNewIntent(intent);
    take(intent);
  }

  private void take(Intent intent) {
    Uri redirect = intent.getData();
    if (REDIRECTED.equals(intent.getAction()) && redirect != null) {
      setIntent(new Intent(this, MainActivity.class)); // not again after a rotation
      signIn().redirected(redirect);
    }
  }

  @Override
  protected void onStart() {
    super.onStart();
    signIn().show(this::show);
  }

  @Override
  protected void onStop() {
    signIn().hide();
    super.onStop();
  }

  private void show(State state) {
    if (state instanceof State.ToBrowser toBrowser) {
      open(toBrowser);
    } else {
      setContentView(new Screens(this, signIn()).of(state));
    }
  }

  private void open(State.ToBrowser toBrowser) {
    try {
      startActivity(CustomTab.intent(this, toBrowser.url()));
      signIn().opened();
    } catch (ActivityNotFoundException | SecurityException e) {
      signIn().notOpened(e);
    }
  }
}
