package io.symbolon.oidc;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.jose.EncryptedJwt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Collections;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** One GET to the UserInfo endpoint (OpenID Connect Core §5.3). */
final class UserInfoRequest {
  private static final String SECTION = "OpenID Connect Core §5.3.2";

  private final HttpExchange http;
  private final HttpUrl endpoint;
  private final IdTokenRules rules;
  private final JwtSignature signature;
  private final Decryption decryption;
  private final boolean onlySigned;
  private final Verdict.Builder verdict;

  UserInfoRequest(
      HttpExchange http,
      HttpUrl endpoint,
      IdTokenRules rules,
      JwtSignature signature,
      Decryption decryption,
      boolean onlySigned) {
    this.http = http;
    this.endpoint = endpoint;
    this.rules = rules;
    this.signature = signature;
    this.decryption = decryption;
    this.onlySigned = onlySigned;
    this.verdict = Verdict.about("the answer of " + Urls.redact(endpoint));
  }

  UserInfo fetch(OidcTokens login) throws IOException {
    AccessToken token = login.accessToken();
    HttpAnswer answer = answer(token);
    if (token.wantsAnotherProof(endpoint, answer.status(), answer.headers())) {
      answer = answer(token);
      token.wantsAnotherProof(endpoint, answer.status(), answer.headers());
    }
    Map<String, @Nullable Object> claims = claims(answer);
    boolean same = login.idToken().subject().equals(claims.get("sub"));
    if (!verdict.check(
        "sub", same, "the sub of the ID token", same ? "the same" : "another", SECTION)) {
      throw refused(answer, "sub_mismatch", "is about another user than the ID token");
    }
    return new UserInfo(login.idToken().subject(), claims);
  }

  private HttpAnswer answer(AccessToken token) throws IOException {
    Headers headers =
        token
            .headersFor("GET", endpoint)
            .newBuilder()
            .set("Accept", onlyJwt() ? "application/jwt" : "application/json")
            .build();
    Request request = new Request.Builder().url(endpoint).headers(headers).build();
    return http.execute(
        "userinfo_endpoint", request, Collections.singleton(token.value().reveal()));
  }

  private Map<String, @Nullable Object> claims(HttpAnswer answer) throws IOException {
    if (!verdict.check(
        "status", answer.status() == 200, "200", Integer.toString(answer.status()), SECTION)) {
      throw refused(
          answer,
          answer.isRedirect() ? "redirect_refused" : "http_error",
          "has the HTTP status " + answer.status());
    }
    return "application/jwt".equals(answer.mediaType()) ? jwt(answer) : plain(answer);
  }

  private Map<String, @Nullable Object> plain(HttpAnswer answer) throws InvalidResponseException {
    boolean json = answer.mayBeJson();
    String expected = onlyJwt() ? "application/jwt" : "application/json";
    if (!verdict.check(
        "media type", json && !onlyJwt(), expected, Display.quote(answer.mediaType()), SECTION)) {
      if (json) {
        String what = onlySigned ? "signed" : "encrypted";
        verdict.fix(
            "register userinfo_"
                + what
                + "_response_alg for this client, or do not ask for it here");
        throw refused(answer, "invalid_userinfo", "is not " + what);
      }
      throw refused(answer, "malformed_response", "is not " + expected);
    }
    return json(answer);
  }

  private boolean onlyJwt() {
    return onlySigned || decryption.required();
  }

  private Map<String, @Nullable Object> json(HttpAnswer answer) throws InvalidResponseException {
    try {
      return answer.json();
    } catch (ParseException e) {
      verdict.failed("body", "a JSON object", e.getMessage() + "", SECTION);
      throw refused(answer, "malformed_response", "cannot be read: " + e.getMessage());
    }
  }

  /** What is encrypted without a signature is as good as the connection that it came over. */
  private Map<String, @Nullable Object> jwt(HttpAnswer answer) throws IOException {
    verdict.passed("media type", "application/jwt", SECTION);
    JwtSignature.Refusal refusal =
        (check, reason, ignored) -> refused(answer, "invalid_userinfo", "is refused: " + reason);
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (!onlySigned && decryption.required() && EncryptedJwt.isOne(text)) {
      String content = decryption.content(text, verdict, refusal);
      if (content.startsWith("{")) {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        return json(new HttpAnswer(answer.status(), answer.headers(), octets));
      }
    }
    return signed(text, answer, refusal);
  }

  private Map<String, @Nullable Object> signed(
      String text, HttpAnswer answer, JwtSignature.Refusal refusal) throws IOException {
    JwtSignature.Signed jwt = signature.verify(text, IdTokenVerifier.USUAL_TYPES, verdict, refusal);
    rules.checkStatement(jwt.claims(), verdict);
    Verdict.Check failure = verdict.build().failure();
    if (failure != null) {
      throw refused(
          answer,
          "invalid_userinfo",
          "is refused: "
              + failure.name()
              + " should be "
              + failure.expected()
              + ", but is "
              + failure.actual());
    }
    return jwt.claims();
  }

  private InvalidResponseException refused(HttpAnswer answer, String code, String what) {
    return new InvalidResponseException(
        code,
        "the answer of " + Urls.redact(endpoint) + " " + what,
        verdict.build(),
        answer.status());
  }
}
