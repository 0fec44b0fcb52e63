package io.symbolon.interop.web;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** A login in a Jakarta servlet that is mapped to {@code /login} and {@code /callback}. */
final class ServletRecipe extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient OidcClient oidc;
  private final String redirectUri;

  ServletRecipe(OidcClient oidc, String redirectUri) {
    this.oidc = oidc;
    this.redirectUri = redirectUri;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    if (request.getServletPath().equals("/login")) {
      PendingLogin login = oidc.login().redirectUri(redirectUri).begin();
      session.setAttribute("login", login);
      response.sendRedirect(login.url().toString());
      return;
    }
    PendingLogin login = (PendingLogin) session.getAttribute("login");
    session.removeAttribute("login");
    if (login == null) {
      response.sendError(400, "Please sign in again.");
      return;
    }
    AuthorizationResponse answer = AuthorizationResponse.ofQuery(request.getQueryString());
    OidcTokens tokens = oidc.complete(login, answer); // verified, or an exception
    request.changeSessionId();
    session.setAttribute("user", tokens.idToken().subject());
    response.getWriter().print("Hello " + tokens.idToken().subject());
  }
}
