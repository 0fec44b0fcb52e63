package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** The shapes of answer that the server gives. */
final class Answers {
  private Answers() {}

  static MockResponse json(int status, Map<String, ?> body) {
    return typed(status, "application/json", Json.write(body)).build();
  }

  static MockResponse text(int status, String text) {
    return typed(status, "text/plain; charset=utf-8", text).build();
  }

  static MockResponse html(String page) {
    return uncached(typed(200, "text/html; charset=utf-8", page).build());
  }

  static MockResponse redirect(String location) {
    return uncached(new MockResponse.Builder().code(302).addHeader("Location", location).build());
  }

  /** An error of the token endpoint (RFC 6749, section 5.2). */
  static MockResponse error(String error, @Nullable String description) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    if (description != null) body.put("error_description", description);
    MockResponse response = uncached(json(Refusal.status(error), body));
    return error.equals("invalid_client")
        ? challenged(response, "Basic realm=\"token\"")
        : response;
  }

  static MockResponse challenged(MockResponse response, String challenge) {
    return response.newBuilder().addHeader("WWW-Authenticate", challenge).build();
  }

  /** Tokens must not stay in caches (RFC 6749, section 5.1). */
  static MockResponse uncached(MockResponse response) {
    return response
        .newBuilder()
        .setHeader("Cache-Control", "no-store")
        .setHeader("Pragma", "no-cache")
        .build();
  }

  static MockResponse.Builder typed(int status, String contentType, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", contentType)
        .body(body);
  }
}
