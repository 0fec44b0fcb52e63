package io.symbolon.interop.web;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A login in Spring MVC, without Spring Security. */
@RestController
final class SpringMvcRecipe {
  private final OidcClient oidc;
  private final String redirectUri;

  SpringMvcRecipe(OidcClient oidc, String redirectUri) {
    this.oidc = oidc;
    this.redirectUri = redirectUri;
  }

  @GetMapping("/login")
  ResponseEntity<Void> login(HttpSession session) throws IOException {
    PendingLogin login = oidc.login().redirectUri(redirectUri).begin();
    session.setAttribute("login", login);
    return ResponseEntity.status(302).location(login.url()).build();
  }

  @GetMapping("/callback")
  ResponseEntity<String> callback(HttpServletRequest request) throws IOException {
    HttpSession session = request.getSession();
    PendingLogin login = (PendingLogin) session.getAttribute("login");
    session.removeAttribute("login");
    if (login == null) {
      return ResponseEntity.badRequest().body("Please sign in again.");
    }
    AuthorizationResponse answer = AuthorizationResponse.ofQuery(request.getQueryString());
    OidcTokens tokens = oidc.complete(login, answer); // verified, or an exception
    request.changeSessionId();
    session.setAttribute("user", tokens.idToken().subject());
    return ResponseEntity.ok("Hello " + tokens.idToken().subject());
  }

  @ExceptionHandler
  ResponseEntity<String> refused(OAuthException e) {
    return ResponseEntity.badRequest().body("Please sign in again.");
  }
}
