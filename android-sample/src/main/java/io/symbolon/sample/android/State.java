package io.symbolon.sample.android;

import android.graphics.Bitmap;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What the screen shows. */
sealed interface State {

  /** The app has just started and looks what it was about. */
  record Starting() implements State {}

  /**
   * Nobody is signed in.
   *
   * @param last what was used before, to start from
   * @param message why; null when there is nothing to say
   */
  record SignedOut(Provider last, @Nullable String message) implements State {}

  /** Something takes a moment. */
  record Working(String what) implements State {}

  /**
   * The browser is to be opened, by whichever activity is there.
   *
   * @param next what holds when it is open
   */
  record ToBrowser(URI url, State next) implements State {}

  /** The user is in the browser, or came back from there without an answer. */
  record InBrowser(Provider provider, @Nullable String message) implements State {}

  /**
   * Somebody is signed in.
   *
   * @param answer what the API said, or why nothing; null before it was called
   */
  record SignedIn(Profile profile, @Nullable Bitmap picture, @Nullable String answer)
      implements State {}
}
