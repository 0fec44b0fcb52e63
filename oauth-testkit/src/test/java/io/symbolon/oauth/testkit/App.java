package io.symbolon.oauth.testkit;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The plainest client there can be, so that what is tested is the server. */
final class App {
  /** The pair of RFC 7636, appendix B. */
  static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static final String CALLBACK = "https://app.example.com/callback";

  final FakeAuthorizationServer server;
  final OkHttpClient http;
  final String clientId;

  App(FakeAuthorizationServer server, String clientId) {
    this(server, clientId, new OkHttpClient.Builder().retryOnConnectionFailure(false).build());
  }

  App(FakeAuthorizationServer server, String clientId, OkHttpClient http) {
    this.server = server;
    this.clientId = clientId;
    this.http = http;
  }

  static App publicClient(FakeAuthorizationServer server) {
    server.publicClient("app");
    return new App(server, "app");
  }

  record Answer(int status, Headers headers, String text) {
    Map<String, Object> json() {
      try {
        return JSONObjectUtils.parse(text);
      } catch (ParseException e) {
        throw new AssertionError(text, e);
      }
    }

    String string(String member) {
      return (String) json().get(member);
    }
  }

  HttpUrl.Builder authorizationUrl(String scope) {
    return HttpUrl.get(server.authorizationEndpoint())
        .newBuilder()
        .addQueryParameter("response_type", "code")
        .addQueryParameter("client_id", clientId)
        .addQueryParameter("redirect_uri", CALLBACK)
        .addQueryParameter("scope", scope)
        .addQueryParameter("state", "s t&te")
        .addQueryParameter("nonce", "n-1")
        .addQueryParameter("code_challenge", CHALLENGE)
        .addQueryParameter("code_challenge_method", "S256");
  }

  String code(String scope) throws IOException {
    return parameter(server.authorize(authorizationUrl(scope).build()), "code");
  }

  static String parameter(String callback, String name) {
    return HttpUrl.get(callback).queryParameter(name);
  }

  Answer login(String scope) throws IOException {
    return redeem(code(scope), VERIFIER);
  }

  Answer redeem(String code, String verifier) throws IOException {
    return token(
        "grant_type", "authorization_code",
        "code", code,
        "redirect_uri", CALLBACK,
        "code_verifier", verifier);
  }

  Answer refresh(String refreshToken) throws IOException {
    return token("grant_type", "refresh_token", "refresh_token", refreshToken);
  }

  /** A token request with the client_id in the form. */
  Answer token(String... form) throws IOException {
    Map<String, String> parameters = pairs(form);
    parameters.putIfAbsent("client_id", clientId);
    return post(server.tokenEndpoint(), parameters, Headers.of());
  }

  /** A token request with HTTP Basic. */
  Answer tokenWithBasic(String id, String secret, String... form) throws IOException {
    Headers headers = Headers.of("Authorization", Credentials.basic(id, secret));
    return post(server.tokenEndpoint(), pairs(form), headers);
  }

  private static Map<String, String> pairs(String... form) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < form.length; i += 2) parameters.put(form[i], form[i + 1]);
    return parameters;
  }

  Answer post(String url, Map<String, String> form, Headers headers) throws IOException {
    FormBody.Builder body = new FormBody.Builder();
    form.forEach(body::add);
    return send(new Request.Builder().url(url).headers(headers).post(body.build()).build());
  }

  Answer get(String url) throws IOException {
    return send(new Request.Builder().url(url).build());
  }

  Answer get(String url, String bearer) throws IOException {
    return send(new Request.Builder().url(url).header("Authorization", "Bearer " + bearer).build());
  }

  Answer send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return new Answer(response.code(), response.headers(), response.body().string());
    }
  }
}
