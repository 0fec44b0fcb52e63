package io.symbolon.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoServerTest {
  private static final String VERIFIER = "a-verifier-of-at-least-43-characters-0123456789";
  private static final String REDIRECT = "http://127.0.0.1:1/callback";

  private static DemoServer server;
  private static final OkHttpClient http = new OkHttpClient();
  private static final JsonMapper json = new JsonMapper();

  @BeforeAll
  static void start() {
    server = DemoServer.builder().accessTokenLifetime(Duration.ofMinutes(5)).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theDiscoveryDocumentNamesTheIssuerItWasFetchedFrom() throws IOException {
    assertThat(
            get(server.issuer() + "/.well-known/openid-configuration", null)
                .get("issuer")
                .asString())
        .isEqualTo(server.issuer());
  }

  @Test
  void aServiceReadsReportsAndNoOrders() throws IOException {
    String token = clientCredentials(server.reportsService()).get("access_token").asString();
    assertThat(get(server.api() + "/api/reports", token).get("reports").size()).isEqualTo(2);
    try (Response refused = call(server.api() + "/api/orders", token)) {
      assertThat(refused.code()).isEqualTo(403);
      assertThat(refused.header("WWW-Authenticate"))
          .startsWith("Bearer error=\"insufficient_scope\"");
    }
  }

  @Test
  void theApiChallengesThoseWhoBringNoToken() throws IOException {
    try (Response refused = call(server.api() + "/api/reports", null)) {
      assertThat(refused.code()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    }
    try (Response refused = call(server.api() + "/api/reports", "not-a-token")) {
      assertThat(refused.code()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }
  }

  @Test
  void strangeCredentialsWorkOnlyWhenFormEncoded() throws IOException {
    assertThat(clientCredentials(server.weird()).has("access_token")).isTrue();
    String plain = Credentials.basic(server.weird().id(), server.weird().secret());
    assertThat(token(plain, Map.of("grant_type", "client_credentials")).has("error")).isTrue();
  }

  @Test
  void adaSignsInAtThePublicClientAndHerRefreshTokenRotates() throws IOException {
    JsonNode first = codeToTokens(VERIFIER);
    assertThat(claims(first.get("id_token")).get("name").asString()).isEqualTo("Ada Lovelace");
    assertThat(
            get(server.api() + "/api/orders", first.get("access_token").asString())
                .get("user")
                .asString())
        .isEqualTo("ada");
    assertThat(
            get(server.issuer() + "/userinfo", first.get("access_token").asString())
                .get("email")
                .asString())
        .isEqualTo("ada@example.com");

    JsonNode second = refresh(first.get("refresh_token"));
    assertThat(second.get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
    assertThat(refresh(first.get("refresh_token")).get("error").asString())
        .isEqualTo("invalid_grant");
  }

  @Test
  void thePublicClientCannotDoWithoutItsVerifier() throws IOException {
    assertThat(
            codeToTokens("another-verifier-of-at-least-43-characters-012").get("error").asString())
        .isEqualTo("invalid_grant");
    assertThat(codeToTokens(null).has("access_token"))
        .isFalse(); // Spring says 401 and nothing else
  }

  @Test
  void aWrongPasswordEndsTheScript() {
    ScriptedBrowser stranger = ScriptedBrowser.of(http, "ada", "guess");
    assertThatThrownBy(() -> stranger.callback(authorizationUrl()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the server does not let ada in: ");
  }

  @Test
  void aDeviceGetsItsTokensAfterAdaEnteredItsCode() throws IOException {
    JsonNode device =
        post(
            "/oauth2/device_authorization",
            null,
            Map.of("client_id", "desktop", "scope", "orders.read"));
    Map<String, String> poll =
        Map.of(
            "grant_type", "urn:ietf:params:oauth:grant-type:device_code",
            "device_code", device.get("device_code").asString(),
            "client_id", "desktop");
    assertThat(token(null, poll).get("error").asString()).isEqualTo("authorization_pending");

    assertThat(ada().visit(device.get("verification_uri_complete").asString()))
        .endsWith("Device connected.");
    assertThat(token(null, poll).has("access_token")).isTrue();
  }

  @Test
  void thePublicClientMayPushItsRequestAndRevokeItsToken() throws IOException {
    HttpUrl url = HttpUrl.get(authorizationUrl());
    FormBody.Builder form = new FormBody.Builder();
    url.queryParameterNames().forEach(name -> form.add(name, url.queryParameter(name)));
    JsonNode pushed =
        send(new Request.Builder().url(server.issuer() + "/oauth2/par").post(form.build()).build());
    String short_ =
        url.newBuilder()
            .query(null)
            .addQueryParameter("client_id", "desktop")
            .addQueryParameter("request_uri", pushed.get("request_uri").asString())
            .toString();
    assertThat(ada().callback(short_).url().queryParameter("state")).isEqualTo("s");

    JsonNode refreshToken = codeToTokens(VERIFIER).get("refresh_token");
    post("/oauth2/revoke", null, Map.of("client_id", "desktop", "token", refreshToken.asString()));
    assertThat(refresh(refreshToken).get("error").asString()).isEqualTo("invalid_grant");
  }

  private static ScriptedBrowser ada() {
    return ScriptedBrowser.of(http, DemoServer.USERNAME, DemoServer.PASSWORD);
  }

  private static String authorizationUrl() {
    return HttpUrl.get(server.issuer() + "/oauth2/authorize")
        .newBuilder()
        .addQueryParameter("response_type", "code")
        .addQueryParameter("client_id", server.desktop())
        .addQueryParameter("redirect_uri", REDIRECT)
        .addQueryParameter("scope", "openid profile email orders.read")
        .addQueryParameter("state", "s")
        .addQueryParameter(
            "code_challenge", ByteString.encodeUtf8(VERIFIER).sha256().base64Url().replace("=", ""))
        .addQueryParameter("code_challenge_method", "S256")
        .toString();
  }

  private static JsonNode codeToTokens(String verifier) throws IOException {
    HttpUrl callback = ada().callback(authorizationUrl()).url();
    assertThat(callback.toString()).startsWith(REDIRECT + "?");
    FormBody.Builder form =
        new FormBody.Builder()
            .add("grant_type", "authorization_code")
            .add("code", callback.queryParameter("code"))
            .add("redirect_uri", REDIRECT)
            .add("client_id", "desktop");
    if (verifier != null) form.add("code_verifier", verifier);
    return send(
        new Request.Builder().url(server.issuer() + "/oauth2/token").post(form.build()).build());
  }

  private static JsonNode refresh(JsonNode refreshToken) throws IOException {
    return token(
        null,
        Map.of(
            "grant_type",
            "refresh_token",
            "refresh_token",
            refreshToken.asString(),
            "client_id",
            "desktop"));
  }

  private static JsonNode clientCredentials(DemoClient client) throws IOException {
    String basic = Credentials.basic(formEncoded(client.id()), formEncoded(client.secret()));
    return token(basic, Map.of("grant_type", "client_credentials", "scope", "reports.read"));
  }

  private static String formEncoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static JsonNode token(String authorization, Map<String, String> fields)
      throws IOException {
    return post("/oauth2/token", authorization, fields);
  }

  private static JsonNode post(String path, String authorization, Map<String, String> fields)
      throws IOException {
    FormBody.Builder form = new FormBody.Builder();
    fields.forEach(form::add);
    Request.Builder request = new Request.Builder().url(server.issuer() + path).post(form.build());
    if (authorization != null) request.header("Authorization", authorization);
    return send(request.build());
  }

  private static JsonNode get(String url, String token) throws IOException {
    try (Response response = call(url, token)) {
      return json.readTree(response.body().string());
    }
  }

  private static Response call(String url, String token) throws IOException {
    Request.Builder request = new Request.Builder().url(url);
    if (token != null) request.header("Authorization", "Bearer " + token);
    return http.newCall(request.build()).execute();
  }

  private static JsonNode send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return json.readTree(response.body().string());
    }
  }

  private static JsonNode claims(JsonNode jwt) {
    String payload = jwt.asString().split("\\.")[1];
    return json.readTree(ByteString.decodeBase64(payload).utf8());
  }
}
