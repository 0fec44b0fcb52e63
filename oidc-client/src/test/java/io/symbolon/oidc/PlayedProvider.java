package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.hostile.HostileJson;
import io.symbolon.oauth.hostile.HostileKeys;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.ProviderSample;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * An OpenID provider of the catalogue under its own names, as far as an HTTP client can tell. Its
 * keys are those of the hostile corpus.
 */
final class PlayedProvider implements AutoCloseable {
  static final String CALLBACK = "https://app.example.com/callback";
  static final Instant NOW = Instant.ofEpochSecond(1767225600);

  /** What the ID token of the next answer says; a nonce is put in as it was sent. */
  final Map<String, Object> claims = new LinkedHashMap<>();

  /** What is in the token response beside the ID token. */
  final Map<String, Object> tokens = new LinkedHashMap<>();

  /** What goes over the wire. */
  final List<RecordedRequest> requests = new ArrayList<>();

  final Map<String, Object> metadata = new LinkedHashMap<>();
  final TestClock clock = TestClock.at(NOW);
  private final Deque<MockResponse> tokenAnswers = new ArrayDeque<>();
  private final MockWebServer server = new MockWebServer();
  private final Provider provider;
  private final String clientId;
  private String idTokenHeader = "{\"alg\":\"RS256\",\"kid\":\"rs1\"}";
  private boolean repeatsNonce = true;
  private String userInfo = "{}";

  private PlayedProvider(Provider provider, String clientId) throws IOException {
    this.provider = provider;
    this.clientId = clientId;
    server.setDispatcher(new Answers());
    server.start();
    tokens.put("access_token", "the-access-token");
    tokens.put("token_type", "Bearer");
    tokens.put("expires_in", 3600);
    String issuer = provider.issuer();
    metadata.put("issuer", issuer);
    for (String name : List.of("authorization_endpoint", "token_endpoint", "jwks_uri")) {
      metadata.put(name, issuer + (issuer.endsWith("/") ? "" : "/") + name);
    }
    claims.put("iss", issuer);
    claims.put("aud", clientId);
    claims.put("sub", "the-user");
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.getEpochSecond() + 300);
  }

  static PlayedProvider of(Provider provider) throws IOException {
    return new PlayedProvider(provider, "client-1");
  }

  static PlayedProvider of(Provider provider, String clientId) throws IOException {
    return new PlayedProvider(provider, clientId);
  }

  /** What it says about itself, as it was recorded. */
  PlayedProvider metadata(String json) {
    metadata.clear();
    metadata.putAll(HostileJson.object(json));
    return this;
  }

  PlayedProvider userInfo(String json) {
    metadata.put("userinfo_endpoint", "https://userinfo.example.com/userinfo");
    userInfo = json;
    return this;
  }

  PlayedProvider idTokenHeader(String json) {
    idTokenHeader = json;
    return this;
  }

  PlayedProvider forgetsTheNonce() {
    repeatsNonce = false;
    return this;
  }

  PlayedProvider answerNext(MockResponse answer) {
    tokenAnswers.add(answer);
    return this;
  }

  OkHttpClient http() {
    return ProviderSample.everywhere(server);
  }

  OidcClient.Builder builder() {
    return OidcClient.builder()
        .provider(provider)
        .clientId(clientId)
        .httpClient(http())
        .clock(clock);
  }

  /** The user agrees to everything. */
  OidcTokens login(OidcClient client) throws IOException {
    return login(client, client.login());
  }

  OidcTokens login(OidcClient client, LoginRequest request) throws IOException {
    PendingLogin login = request.redirectUri(CALLBACK).begin();
    return client.complete(login, response(login, ""));
  }

  /** What the browser brings back, and it puts the nonce into the ID token. */
  AuthorizationResponse response(PendingLogin login, String more) {
    HttpUrl url = HttpUrl.get(login.url());
    if (repeatsNonce) {
      claims.put("nonce", url.queryParameter("nonce"));
    }
    String parameters = "code=the-code&state=" + login.state().reveal() + more;
    return "form_post".equals(url.queryParameter("response_mode"))
        ? AuthorizationResponse.ofForm(parameters)
        : AuthorizationResponse.ofUrl(CALLBACK + "?" + parameters);
  }

  /** The requests to this URL, as text: method, path and body. */
  List<String> sentTo(String url) {
    HttpUrl wanted = HttpUrl.get(url);
    List<String> sent = new ArrayList<>();
    for (RecordedRequest request : requests) {
      if (wanted.host().equals(request.getHeaders().get("X-Asked-Host"))
          && wanted.encodedPath().equals(request.getUrl().encodedPath())) {
        String body = request.getBody() == null ? "" : " " + request.getBody().utf8();
        sent.add(request.getMethod() + " " + request.getTarget() + body);
      }
    }
    return sent;
  }

  private final class Answers extends Dispatcher {
    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      requests.add(request);
      String place = request.getHeaders().get("X-Asked-Host") + request.getUrl().encodedPath();
      if (place.endsWith("/.well-known/openid-configuration")) {
        return json(HostileJson.text(metadata));
      }
      if (is("token_endpoint", place)) {
        return tokenAnswers.isEmpty() ? json(tokenResponse()) : tokenAnswers.remove();
      }
      if (is("jwks_uri", place)) {
        return json(HostileJson.text(HostileKeys.set("default")));
      }
      return is("userinfo_endpoint", place)
          ? json(userInfo)
          : new MockResponse.Builder().code(404).build();
    }

    private boolean is(String endpoint, String place) {
      HttpUrl url = HttpUrl.get(String.valueOf(metadata.getOrDefault(endpoint, "https://none")));
      return place.equals(url.host() + url.encodedPath());
    }

    private String tokenResponse() {
      try {
        Map<String, Object> all = new LinkedHashMap<>(tokens);
        all.put("id_token", HostileKeys.signed(idTokenHeader, HostileJson.text(claims)));
        return HostileJson.text(all);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static MockResponse json(String body) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .body(new okio.Buffer().write(body.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
