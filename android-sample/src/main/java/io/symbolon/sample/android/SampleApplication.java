package io.symbolon.sample.android;

import android.app.Application;
import android.os.Handler;
import android.os.Looper;
import android.os.StrictMode;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Outlives its activities, but not the process: whatever must, is in {@link Account}. */
public final class SampleApplication extends Application {
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private @org.jspecify.annotations.Nullable SignIn signIn;

  @Override
  public void onCreate() {
    super.onCreate();
    StrictMode.setThreadPolicy(
        new StrictMode.ThreadPolicy.Builder().detectNetwork().penaltyDeath().build());
  }

  /** Main thread only. */
  SignIn signIn() {
    if (signIn == null) {
      Handler main = new Handler(Looper.getMainLooper());
      signIn = new SignIn(new Account(this), background, main::post);
    }
    return signIn;
  }

  ExecutorService background() {
    return background;
  }
}
