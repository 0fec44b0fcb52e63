package io.symbolon.interop.conformance;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oauth.registration.ClientRegistration;
import io.symbolon.oauth.registration.RegistrationEndpoint;
import io.symbolon.oidc.LoginRequest;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A module that waits for the client: where it is, and the browser that goes between the two. */
final class ModuleRun {
  private final ConformanceSuite suite;
  private final SuiteSettings settings;
  private final ClientConfiguration configuration;
  private final BackChannel backChannel;
  private final RequestObjects requestObjects;
  private final String id;
  private final Map<String, String> exposed;
  private final Map<String, Object> variant;

  ModuleRun(
      ConformanceSuite suite,
      SuiteSettings settings,
      ClientConfiguration configuration,
      BackChannel backChannel,
      RequestObjects requestObjects,
      String id,
      Map<String, Object> variant)
      throws IOException {
    this.suite = suite;
    this.settings = settings;
    this.configuration = configuration;
    this.backChannel = backChannel;
    this.requestObjects = requestObjects;
    this.id = id;
    this.exposed = suite.exposed(id);
    this.variant = variant;
  }

  String id() {
    return id;
  }

  ConformanceSuite suite() {
    return suite;
  }

  SuiteSettings settings() {
    return settings;
  }

  ClientConfiguration configuration() {
    return configuration;
  }

  /** Where the suite calls the client. */
  BackChannel backChannel() {
    return backChannel;
  }

  /** Where the suite fetches requests. */
  RequestObjects requestObjects() {
    return requestObjects;
  }

  /** What the module shows, such as {@code issuer}; null when it does not. */
  String exposed(String name) {
    return exposed.get(name);
  }

  /** How the plan wants it, such as {@code form_post} for {@code response_mode}. */
  String variant(String name) {
    return String.valueOf(variant.getOrDefault(name, ""));
  }

  String issuer() throws SuiteException {
    String issuer = exposed("issuer");
    if (issuer == null) {
      throw new SuiteException("the module " + id + " shows no issuer");
    }
    return issuer;
  }

  /** The client of the plan; in a plan for such clients, one that is registered now. */
  OidcClient.Builder client() throws IOException {
    return variant("client_registration").equals("dynamic_client")
        ? registered(ClientMetadata.empty())
        : configured();
  }

  /** The client of the plan, wherever the module ends before anybody is asked who it is. */
  OidcClient.Builder configured() throws SuiteException {
    return OidcClient.builder()
        .issuer(issuer())
        .clientId(configuration.clientId())
        .clientSecret(Secret.of(configuration.clientSecret()))
        .httpClient(settings.http());
  }

  /** A client with this metadata, and what the suite asks of every one. */
  OidcClient.Builder registered(ClientMetadata metadata) throws IOException {
    ClientRegistration registration =
        RegistrationEndpoint.of(configured().build().oauth().server(), settings.http())
            .register(
                metadata
                    .redirectUris(ClientConfiguration.REDIRECT_URI)
                    .with("contacts", List.of("conformance@symbolon.example")));
    return OidcClient.builder()
        .issuer(issuer())
        .clientId(registration.clientId())
        .clientSecret(registration.clientSecret())
        .httpClient(settings.http());
  }

  /** A login up to the tokens. */
  OidcTokens signIn(OidcClient client, LoginRequest request) throws IOException {
    request.redirectUri(ClientConfiguration.REDIRECT_URI);
    if (variant("response_type").startsWith("code ")) {
      request.responseType(variant("response_type"));
    }
    if (variant("response_mode").equals("form_post")) {
      request.formPost();
    }
    PendingLogin login = request.begin();
    return client.complete(login, browse(login.url()));
  }

  /** The page at a URL, or where it redirects to. */
  String page(String url) throws IOException {
    Request request = new Request.Builder().url(url).build();
    try (Response response = settings.http().newCall(request).execute()) {
      return response.isRedirect() ? response.header("Location") : response.body().string();
    }
  }

  /** Where the suite wants to send the browser now; it is told that the browser went. */
  String browserUrl(String start) throws SuiteException {
    for (String url : suite.urlsToVisit(id)) {
      if (url.startsWith(start)) {
        suite.visited(id, url);
        return url;
      }
    }
    throw new SuiteException("the module " + id + " does not send the browser to " + start);
  }

  /**
   * Shows the access token where the module waits for it, and the proof if it is bound to a key.
   */
  void callApi(TokenSource tokens) throws IOException {
    int status = apiStatus(tokens);
    if (status != 200) {
      throw new SuiteException("the API of the suite answered HTTP status " + status);
    }
  }

  /** The same, whatever the answer is. */
  int apiStatus(TokenSource tokens) throws IOException {
    String url = exposed("accounts_endpoint");
    if (url == null) {
      throw new SuiteException("the module " + id + " shows no accounts_endpoint");
    }
    HttpUrl api = HttpUrl.get(url);
    OkHttpClient http =
        new OAuthInterceptor(tokens, api.resolve("/").toString()).install(settings.mtlsHttp());
    try (Response response = http.newCall(new Request.Builder().url(api).build()).execute()) {
      return response.code();
    }
  }

  /** What the browser brings back: a redirect, or a form that posts itself. */
  AuthorizationResponse browse(URI url) throws IOException {
    OkHttpClient browser = settings.http();
    Request request = new Request.Builder().url(url.toString()).build();
    try (Response response = browser.newCall(request).execute()) {
      if (response.isRedirect()) {
        return AuthorizationResponse.ofUrl(response.header("Location"));
      }
      String form = FormPage.body(response.body().string());
      if (form == null) {
        throw new SuiteException(
            "the browser got neither redirect nor form but HTTP status " + response.code());
      }
      return AuthorizationResponse.ofForm(form);
    }
  }
}
