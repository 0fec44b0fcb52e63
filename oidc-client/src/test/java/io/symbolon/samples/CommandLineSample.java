package io.symbolon.samples;

import io.symbolon.oauth.loopback.LoopbackRedirect;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/** A program on the user's own computer. */
final class CommandLineSample {
  private CommandLineSample() {}

  static OidcTokens login(OidcClient oidc, Consumer<URI> browser) throws IOException {
    // README: command line
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      PendingLogin login = oidc.login().redirectUri(redirect.uri()).scope("offline_access").begin();
      browser.accept(login.url()); // such as Desktop.getDesktop()::browse
      return oidc.complete(login, redirect.await(login.state(), Duration.ofMinutes(5)));
    }
    // README: end
  }
}
