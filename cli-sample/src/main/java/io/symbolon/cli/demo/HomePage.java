package io.symbolon.cli.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jsoup.nodes.Entities;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the authorization server that Spring does not bring: home, and where a device's code
 * is entered.
 */
final class HomePage extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getRequestURI()) {
      case "/" ->
          show(
              response,
              request.getParameter("success") == null ? "You are signed in." : "Device connected.");
      case "/activate" -> show(response, codeForm(request.getParameter("user_code")));
      default -> response.setStatus(404);
    }
  }

  private static String codeForm(@Nullable String code) {
    return """
        <form method="get" action="/oauth2/device_verification">
          <label>The code on your device <input name="user_code" value="%s" autofocus></label>
          <button>Connect</button>
        </form>"""
        .formatted(code == null ? "" : Entities.escape(code));
  }

  private static void show(HttpServletResponse response, String body) throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response
        .getWriter()
        .printf("<!doctype html><title>Symbolon demo server</title><body>%s</body>%n", body);
  }
}
