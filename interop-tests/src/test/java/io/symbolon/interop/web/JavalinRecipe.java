package io.symbolon.interop.web;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;

/** A login in Javalin. */
final class JavalinRecipe {
  private final OidcClient oidc;
  private final String redirectUri;

  JavalinRecipe(OidcClient oidc, String redirectUri) {
    this.oidc = oidc;
    this.redirectUri = redirectUri;
  }

  Javalin app() {
    return Javalin.create(
        config -> {
          config.routes.get("/login", this::login);
          config.routes.get("/callback", this::callback);
          config.routes.exception(
              OAuthException.class, (e, http) -> http.status(400).result("Please sign in again."));
        });
  }

  private void login(Context http) throws IOException {
    PendingLogin login = oidc.login().redirectUri(redirectUri).begin();
    http.sessionAttribute("login", login);
    http.redirect(login.url().toString());
  }

  private void callback(Context http) throws IOException {
    PendingLogin login = http.consumeSessionAttribute("login");
    if (login == null) {
      http.status(400).result("Please sign in again.");
      return;
    }
    AuthorizationResponse answer = AuthorizationResponse.ofQuery(http.queryString());
    OidcTokens tokens = oidc.complete(login, answer); // verified, or an exception
    http.req().changeSessionId();
    http.sessionAttribute("user", tokens.idToken().subject());
    http.result("Hello " + tokens.idToken().subject());
  }
}
