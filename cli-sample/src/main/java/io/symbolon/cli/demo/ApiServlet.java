package io.symbolon.cli.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the protected API has to say, once Spring Security has let the caller in. */
final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String json = answer(request);
    if (json == null) {
      response.setStatus(404);
      return;
    }
    response.setContentType("application/json");
    response.getWriter().println(json);
  }

  private static @Nullable String answer(HttpServletRequest request) {
    return switch (request.getRequestURI()) {
      case "/api/reports" ->
          "{\"reports\":[{\"id\":1,\"title\":\"Revenue\"},{\"id\":2,\"title\":\"Returns\"}]}";
      case "/api/orders" ->
          "{\"user\":\""
              + request.getRemoteUser()
              + "\",\"orders\":[{\"id\":42,\"item\":\"Tea\"}]}";
      default -> null;
    };
  }
}
