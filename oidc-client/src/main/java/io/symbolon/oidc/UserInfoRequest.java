package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.json.MalformedJsonException;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** One GET to the UserInfo endpoint (OpenID Connect Core §5.3). */
final class UserInfoRequest {
  private static final String SECTION = "OpenID Connect Core §5.3.2";

  private final HttpExchange http;
  private final HttpUrl endpoint;
  private final Verdict.Builder verdict;

  UserInfoRequest(HttpExchange http, HttpUrl endpoint) {
    this.http = http;
    this.endpoint = endpoint;
    this.verdict = Verdict.about("the answer of " + Urls.redact(endpoint));
  }

  UserInfo fetch(OidcTokens login) throws IOException {
    Request request =
        new Request.Builder()
            .url(endpoint)
            .header("Accept", "application/json")
            .header("Authorization", "Bearer " + login.accessToken().value().reveal())
            .build();
    HttpAnswer answer =
        http.execute(
            "userinfo_endpoint",
            request,
            Collections.singleton(login.accessToken().value().reveal()));
    Map<String, @Nullable Object> claims = claims(answer);
    boolean same = login.idToken().subject().equals(claims.get("sub"));
    if (!verdict.check(
        "sub", same, "the sub of the ID token", same ? "the same" : "another", SECTION)) {
      throw refused(answer, "sub_mismatch", "is about another user than the ID token");
    }
    return new UserInfo(login.idToken().subject(), claims);
  }

  private Map<String, @Nullable Object> claims(HttpAnswer answer) throws InvalidResponseException {
    if (!verdict.check(
        "status", answer.status() == 200, "200", Integer.toString(answer.status()), SECTION)) {
      throw refused(
          answer,
          answer.isRedirect() ? "redirect_refused" : "http_error",
          "has the HTTP status " + answer.status());
    }
    boolean json = "application/json".equals(answer.mediaType());
    if (!verdict.check(
        "media type", json, "application/json", Display.quote(answer.mediaType()), SECTION)) {
      throw refused(answer, "malformed_response", "is not application/json");
    }
    try {
      return answer.json();
    } catch (MalformedJsonException e) {
      verdict.failed("body", "a JSON object", e.getMessage() + "", SECTION);
      throw refused(answer, "malformed_response", "cannot be read: " + e.getMessage());
    }
  }

  private InvalidResponseException refused(HttpAnswer answer, String code, String what) {
    return new InvalidResponseException(
        code,
        "the answer of " + Urls.redact(endpoint) + " " + what,
        verdict.build(),
        answer.status());
  }
}
