package io.symbolon.interop.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;

/** A login in the JDK's own HTTP server, which has no sessions: a sealed cookie waits. */
final class HttpServerRecipe {
  private final OidcClient oidc;
  private final String redirectUri;
  private final SecretKey key;

  HttpServerRecipe(OidcClient oidc, String redirectUri, SecretKey key) {
    this.oidc = oidc;
    this.redirectUri = redirectUri;
    this.key = key;
  }

  void addTo(HttpServer server) {
    server.createContext("/login", this::login);
    server.createContext("/callback", this::callback);
  }

  private void login(HttpExchange http) throws IOException {
    PendingLogin login = oidc.login().redirectUri(redirectUri).begin();
    setCookie(http, login.seal(key, "login"), 600);
    http.getResponseHeaders().set("Location", login.url().toString());
    http.sendResponseHeaders(302, -1);
    http.close();
  }

  private void callback(HttpExchange http) throws IOException {
    String cookies = http.getRequestHeaders().getFirst("Cookie") + ";";
    String sealed = cookies.replaceAll(".*\\blogin=([^;]+);.*", "$1");
    String url = redirectUri + "?" + http.getRequestURI().getRawQuery();
    String page = "Please sign in again.";
    try {
      PendingLogin login = PendingLogin.unseal(sealed, key, "login");
      page = "Hello " + oidc.complete(login, url).idToken().subject(); // verified, or an exception
    } catch (OAuthException e) {
      System.getLogger("login").log(System.Logger.Level.INFO, e.explain());
    }
    setCookie(http, "", 0);
    http.sendResponseHeaders(200, 0);
    http.getResponseBody().write(page.getBytes(StandardCharsets.UTF_8));
    http.close();
  }

  private static void setCookie(HttpExchange http, String value, int seconds) {
    String attributes = "; Max-Age=" + seconds + "; HttpOnly; Secure; SameSite=Lax";
    http.getResponseHeaders().add("Set-Cookie", "login=" + value + attributes);
  }
}
