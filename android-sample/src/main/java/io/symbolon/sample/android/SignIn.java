package io.symbolon.sample.android;

import android.graphics.Bitmap;
import android.net.Uri;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The course of things, for as long as the process lives: activities come and go with each rotation
 * and show its state. Its methods belong to the main thread and return at once.
 */
final class SignIn {
  private final Account account;
  private final Executor background;
  private final Executor main;
  private State state = new State.Starting();
  private @Nullable Consumer<State> screen;

  SignIn(Account account, Executor background, Executor main) {
    this.account = account;
    this.background = background;
    this.main = main;
    work(this::present, this::signedOut);
  }

  /** From now on this screen shows the state. */
  void show(Consumer<State> screen) {
    this.screen = screen;
    screen.accept(state);
  }

  void hide() {
    screen = null;
  }

  State state() {
    return state;
  }

  void begin(Provider provider) {
    become(new State.Working("Asking the provider"));
    work(
        () -> new State.ToBrowser(account.begin(provider), new State.InBrowser(provider, null)),
        e -> new State.SignedOut(provider, Sentences.about(e)));
  }

  /** The browser is open. */
  void opened() {
    if (state instanceof State.ToBrowser toBrowser) {
      become(toBrowser.next());
    }
  }

  /** The browser could not be opened. */
  void notOpened(Exception e) {
    if (state instanceof State.ToBrowser toBrowser && toBrowser.next() instanceof State.InBrowser) {
      work(
          () -> {
            account.cancel();
            return signedOut(e);
          },
          this::signedOut);
    } else {
      opened(); // signed out here, at least
    }
  }

  void cancel() {
    work(
        () -> {
          account.cancel();
          return new State.SignedOut(account.provider(), "You cancelled the sign-in.");
        },
        this::signedOut);
  }

  /** Somebody sent a redirect: perhaps the browser. What answers no login changes nothing. */
  void redirected(Uri redirect) {
    background.execute(
        () -> {
          try {
            PendingLogin login = account.answeredBy(redirect);
            if (login != null) {
              main.execute(() -> complete(login, redirect));
            }
          } catch (RuntimeException e) {
            main.execute(() -> stay(e));
          }
        });
  }

  private void complete(PendingLogin login, Uri redirect) {
    become(new State.Working("Checking the answer"));
    work(() -> signedIn(account.complete(login, redirect)), this::signedOut);
  }

  private void stay(Exception e) {
    if (state instanceof State.InBrowser waiting) {
      become(new State.InBrowser(waiting.provider(), Sentences.about(e)));
    }
  }

  void callApi() {
    if (!(state instanceof State.SignedIn user)) {
      return;
    }
    become(new State.SignedIn(user.profile(), user.picture(), "…"));
    work(
        () -> new State.SignedIn(user.profile(), user.picture(), account.callApi()),
        e -> afterFailedCall(user, e));
  }

  private State afterFailedCall(State.SignedIn user, Exception e) {
    if (e instanceof io.symbolon.oauth.LoginRequiredException
        || e instanceof io.symbolon.oauth.StoreCorruptedException) {
      account.forget();
      return signedOut(e);
    }
    return new State.SignedIn(user.profile(), user.picture(), Sentences.about(e));
  }

  void signOut() {
    become(new State.Working("Signing out"));
    work(
        () -> {
          Account.SignedOff off = account.signOut();
          State out = new State.SignedOut(account.provider(), Sentences.about(off));
          URI endOfSession = off.endOfSession();
          return endOfSession == null ? out : new State.ToBrowser(endOfSession, out);
        },
        this::signedOut);
  }

  private State present() {
    Profile profile = account.profile();
    if (account.isInBrowser()) {
      return new State.InBrowser(account.provider(), null);
    }
    return profile == null ? new State.SignedOut(account.provider(), null) : signedIn(profile);
  }

  private State signedIn(Profile profile) {
    String picture = profile.picture();
    byte[] octets = picture == null ? null : account.picture(picture);
    Bitmap bitmap = octets == null ? null : Picture.decode(octets);
    return new State.SignedIn(profile, bitmap, null);
  }

  private State signedOut(Exception e) {
    return new State.SignedOut(account.provider(), Sentences.about(e));
  }

  private interface Work {
    State result() throws IOException;
  }

  private void work(Work work, Function<Exception, State> failed) {
    background.execute(
        () -> {
          State result = outcome(work, failed);
          main.execute(() -> become(result));
        });
  }

  private static State outcome(Work work, Function<Exception, State> failed) {
    try {
      return work.result();
    } catch (IOException | RuntimeException e) {
      return failed.apply(e);
    }
  }

  private void become(State next) {
    state = next;
    if (screen != null) {
      screen.accept(next);
    }
  }
}
