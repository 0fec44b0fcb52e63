package io.symbolon.samples;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.util.function.Consumer;

/** What to do about each kind of failure. */
final class ErrorsSample {
  private ErrorsSample() {}

  static String signIn(
      OidcClient oidc, PendingLogin login, String callbackUrl, Consumer<String> log) {
    // README: errors
    try {
      return oidc.complete(login, callbackUrl).idToken().subject();
    } catch (LoginRequiredException e) {
      return "Please sign in again.";
    } catch (OAuthErrorException e) { // the server said no
      return e.code().equals("access_denied") ? "You have cancelled." : "Please try again.";
    } catch (InvalidResponseException e) { // not to be trusted
      log.accept(e.explain());
      return "That did not come from your sign-in. Please start again.";
    } catch (IOException e) { // could not talk
      return "The sign-in service cannot be reached.";
    }
    // README: end
  }

  static String cookie(PendingLogin login, javax.crypto.SecretKey key, String sessionId)
      throws IOException {
    // README: cookie
    String cookie = login.seal(key, sessionId);
    // … at the callback
    PendingLogin back = PendingLogin.unseal(cookie, key, sessionId);
    // README: end
    return back.redirectUri();
  }
}
