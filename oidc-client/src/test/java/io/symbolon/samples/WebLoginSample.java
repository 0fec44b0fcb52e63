package io.symbolon.samples;

import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.util.Map;

/** A web application that logs users in; the session is a map, as in most frameworks. */
final class WebLoginSample {
  private final OidcClient oidc;

  WebLoginSample(OidcClient oidc) {
    this.oidc = oidc;
  }

  /** Returns the URL to redirect to. */
  String login(Map<String, Object> session) throws IOException {
    // README: web login
    PendingLogin login =
        oidc.login()
            .redirectUri("https://shop.example.com/callback")
            .scope("profile email")
            .begin();
    session.put("login", login);
    return login.url().toString();
    // README: end
  }

  /** Returns the key of the user's account. */
  String callback(Map<String, Object> session, String callbackUrl) throws IOException {
    // README: web callback
    PendingLogin login = (PendingLogin) session.remove("login");
    OidcTokens tokens = oidc.complete(login, callbackUrl); // verified, or an exception
    return tokens.idToken().issuer() + " " + tokens.idToken().subject();
    // README: end
  }
}
