package io.symbolon.interop.conformance;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.ClientAuthentication;
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
  private static final int BROWSER_POLLS = 50;

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
    return client(ClientMetadata.empty());
  }

  /**
   * The same.
   *
   * @param metadata what it is registered with; a suite takes no registration for a client that its
   *     configuration names
   */
  OidcClient.Builder client(ClientMetadata metadata) throws IOException {
    return variant("client_registration").equals("dynamic_client")
        ? registered(metadata)
        : configured();
  }

  /** The client of the plan, wherever the module ends before anybody is asked who it is. */
  OidcClient.Builder configured() throws SuiteException {
    return variant("client_auth_type").equals("tls_client_auth")
        ? named()
            .authentication(ClientAuthentication.tlsClientAuth())
            .httpClient(settings.mtlsHttp())
        : withSecret();
  }

  /** The client of the plan with its secret, even in a plan for clients with certificates. */
  OidcClient.Builder withSecret() throws SuiteException {
    return named()
        .clientSecret(Secret.of(configuration.clientSecret()))
        .httpClient(settings.http());
  }

  private OidcClient.Builder named() throws SuiteException {
    return OidcClient.builder().issuer(issuer()).clientId(configuration.clientId());
  }

  /** A client with this metadata, and what the suite asks of every one. */
  OidcClient.Builder registered(ClientMetadata metadata) throws IOException {
    ClientMetadata wanted =
        metadata
            .redirectUris(ClientConfiguration.REDIRECT_URI)
            .with("contacts", List.of("conformance@symbolon.example"));
    ClientRegistration registration =
        RegistrationEndpoint.of(configured().build().oauth().server(), settings.http())
            .register(isByReference() ? requestObjects.registered(wanted) : wanted);
    return OidcClient.builder()
        .issuer(issuer())
        .clientId(registration.clientId())
        .clientSecret(registration.clientSecret())
        .httpClient(settings.http());
  }

  /** Whether the suite takes no request but one that it fetches. */
  private boolean isByReference() {
    return variant("request_type").equals("request_uri");
  }

  /** A login up to the tokens. */
  OidcTokens signIn(OidcClient client, LoginRequest request) throws IOException {
    request.redirectUri(ClientConfiguration.REDIRECT_URI);
    if (isByReference()) {
      request.signedWith(requestObjects.key()).byReference(requestObjects::publish);
    }
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

  /**
   * Where the suite wants to send the browser; it is told that the browser went. The wish comes
   * from another of its threads, perhaps after the answer that it follows.
   */
  String browserUrl(String start) throws SuiteException {
    for (int i = 0; i < BROWSER_POLLS; i++) {
      for (String url : suite.urlsToVisit(id)) {
        if (url.startsWith(start)) {
          suite.visited(id, url);
          return url;
        }
      }
      suite.pause();
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
