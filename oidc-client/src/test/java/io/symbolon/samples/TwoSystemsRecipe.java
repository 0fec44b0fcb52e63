package io.symbolon.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.symbolon.oauth.Introspection;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Orders and logistics call each other: each is a client of the other, and an API for it. */
final class TwoSystemsRecipe {
  private TwoSystemsRecipe() {}

  /** How the order system asks for the way of a parcel, and logistics for the orders of a day. */
  static OkHttpClient callerOf(String api, OAuthClient oauth, String scope, String audience) {
    return new OAuthInterceptor(
            oauth.clientCredentials().scope(scope).parameter("audience", audience).tokenSource(),
            api)
        .install(new OkHttpClient());
  }

  /** How each of them looks at who calls. */
  static void protect(
      HttpServer server, String path, OAuthClient oauth, String scope, String content) {
    server.createContext(
        path,
        http -> {
          String header = String.valueOf(http.getRequestHeaders().getFirst("Authorization"));
          boolean bearer = header.startsWith("Bearer ");
          Introspection token = bearer ? oauth.introspect(Secret.of(header.substring(7))) : null;
          if (token == null || !token.isActive()) {
            answer(http, 401, "Bearer error=\"invalid_token\"", "");
          } else if (!token.scope().contains(scope)) {
            answer(http, 403, "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"", "");
          } else {
            answer(http, 200, null, content + " for " + token.clientId());
          }
        });
  }

  private static void answer(HttpExchange http, int status, String challenge, String content)
      throws IOException {
    if (challenge != null) {
      http.getResponseHeaders().set("WWW-Authenticate", challenge);
    }
    http.sendResponseHeaders(status, 0);
    try (OutputStream body = http.getResponseBody()) {
      body.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  static String get(OkHttpClient caller, String url) throws IOException {
    try (Response response = caller.newCall(new Request.Builder().url(url).build()).execute()) {
      return response.code() + " " + response.body().string();
    }
  }
}
