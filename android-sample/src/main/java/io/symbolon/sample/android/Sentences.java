package io.symbolon.sample.android;

import android.content.ActivityNotFoundException;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.StoreCorruptedException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import javax.net.ssl.SSLException;

/** A sentence for each thing that goes wrong, for somebody who has never heard of OAuth. */
final class Sentences {
  private Sentences() {}

  static String about(Exception e) {
    if (e instanceof OAuthErrorException refused) {
      return about(refused);
    }
    if (e instanceof LoginRequiredException) {
      return "Your sign-in has ended. Please sign in again.";
    }
    if (e instanceof InvalidResponseException) {
      return "The provider's answer cannot be trusted, so you are not signed in. " + e.getMessage();
    }
    if (e instanceof StoreCorruptedException) {
      return "The sign-in that was kept here can no longer be opened. Please sign in again.";
    }
    return e instanceof java.io.IOException ? aboutNetwork(e) : aboutDevice(e);
  }

  static String about(Account.SignedOff off) {
    return off.endedThere()
        ? "You are signed out."
        : "You are signed out on this device. The provider did not end the sign-in on its side:"
            + " there it ends by itself, or in your account's settings.";
  }

  private static String about(OAuthErrorException refused) {
    return switch (refused.error()) {
      case "access_denied" -> "You did not allow the sign-in.";
      case "temporarily_unavailable", "server_error" ->
          "The provider has a problem. Please try again later.";
      default -> "The provider refused (" + refused.error() + "): is the client ID right?";
    };
  }

  private static String aboutNetwork(Exception e) {
    if (e instanceof UnknownHostException) {
      return "The provider was not found. Is this device online, and the address right?";
    }
    if (e instanceof InterruptedIOException) {
      return "The provider did not answer in time. Please try again.";
    }
    if (e instanceof SSLException) {
      return "There is no secure connection to the provider. Are date and time of this device right?";
    }
    if (e instanceof ConnectException) {
      return "The provider cannot be reached. Is this device online?";
    }
    return "The connection failed. Please try again. (" + e.getMessage() + ")";
  }

  private static String aboutDevice(Exception e) {
    if (e instanceof ActivityNotFoundException || e instanceof SecurityException) {
      return "There is no browser that this app may open. Please install or enable one.";
    }
    if (e instanceof ProviderException || e.getCause() instanceof GeneralSecurityException) {
      return "The key store of this device does not work now. Please try again, or restart it.";
    }
    if (e instanceof IllegalArgumentException) {
      return "Please look at what you typed: " + e.getMessage() + ".";
    }
    return "This device could not do it: " + e.getMessage() + ".";
  }
}
