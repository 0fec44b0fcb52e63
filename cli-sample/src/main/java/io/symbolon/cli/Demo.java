package io.symbolon.cli;

import io.symbolon.cli.demo.DemoServer;
import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.loopback.LoopbackRedirect;
import io.symbolon.oidc.IdToken;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The story of the demo. Each step checks that it did what it says, and ends the demo if not. */
final class Demo {
  private static final int BAR = 20;

  private final DemoServer server;
  private final Story story;
  private final boolean realBrowser;
  private final OkHttpClient http;

  Demo(DemoServer server, Story story, boolean realBrowser) {
    this.server = server;
    this.story = story;
    this.realBrowser = realBrowser;
    this.http = new OkHttpClient.Builder().addNetworkInterceptor(new WireTap(story)).build();
  }

  void run() throws IOException, InterruptedException {
    serviceCall();
    OidcClient oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId(server.desktop())
            .httpClient(http)
            .build();
    OidcTokens tokens = login(oidc);
    renewal(oidc, tokens);
    forgedResponse(oidc);
    forgedIdToken();
  }

  private void serviceCall() throws IOException {
    story.chapter("A service calls the API in its own name (client credentials)");
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId(server.reportsService().id())
            .clientSecret(Secret.of(server.reportsService().secret()))
            .httpClient(http)
            .build();
    TokenSource tokens = oauth.clientCredentials().scope("reports.read").tokenSource();
    OkHttpClient api = new OAuthInterceptor(tokens, server.api()).install(http);

    expect(200, call(api, server.api() + "/api/reports"));
    story.good("the interceptor fetched a token and attached it");
    AccessToken first = tokens.token();
    expect(200, call(api, server.api() + "/api/reports"));
    expect(first.value().equals(tokens.token().value()), "the token was not kept");
    story.good("the second call used the same token: no token request");
    expect(200, call(api, server.issuer() + "/.well-known/openid-configuration"));
    story.good("a call to another origin went without it: a token never leaves its API");
  }

  private OidcTokens login(OidcClient oidc) throws IOException {
    story.chapter("A user signs in (authorization code with PKCE, loopback redirect)");
    OidcTokens tokens;
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      PendingLogin login =
          oidc.login().redirectUri(redirect.uri()).scope("profile email orders.read").begin();
      story.says("waiting for the browser at " + redirect.uri());
      browse(login);
      String callback = redirect.await(login.state(), Duration.ofMinutes(5));
      story.good("the browser came back with the right state; now the code is redeemed");
      tokens = oidc.complete(login, callback);
    }
    IdToken user = tokens.idToken();
    expect(realBrowser || user.subject().equals(DemoServer.USERNAME), "another user signed in");
    story.good("the ID token is verified; this is who signed in:");
    story.facts(claims(user));
    return tokens;
  }

  private void browse(PendingLogin login) {
    if (realBrowser) {
      story.says("sign in as " + DemoServer.USERNAME + ", password " + DemoServer.PASSWORD);
      if (!Browser.open(login.url())) {
        story.says("no browser can be opened here; open this yourself: " + login.url());
      }
      return;
    }
    story.says("the demo fills in the login page by itself (--browser lets you do it)");
    ScriptedBrowser user =
        ScriptedBrowser.of(new OkHttpClient(), DemoServer.USERNAME, DemoServer.PASSWORD);
    Thread thread = new Thread(() -> signIn(user, login), "scripted browser");
    thread.setDaemon(true);
    thread.start();
  }

  private void signIn(ScriptedBrowser user, PendingLogin login) {
    try {
      user.signIn(login.url().toString());
    } catch (IOException e) {
      story.bad("the scripted browser could not sign in: " + e.getMessage());
    }
  }

  private static Map<String, Object> claims(IdToken user) {
    Map<String, Object> claims = new LinkedHashMap<>();
    for (String name : new String[] {"iss", "sub", "aud", "name", "email", "acr"}) {
      Object claim = user.claim(name);
      if (claim != null) {
        claims.put(name, claim);
      }
    }
    claims.put("issued", user.issuedAt());
    claims.put("valid until", user.expiresAt());
    return claims;
  }

  private void renewal(OidcClient oidc, OidcTokens tokens)
      throws IOException, InterruptedException {
    story.chapter("The access token ends, and nobody notices");
    CachingTokenSource source = oidc.tokenSource(tokens);
    OkHttpClient api = new OAuthInterceptor(source, server.api()).install(http);
    expect(200, call(api, server.api() + "/api/orders"));
    AccessToken first = source.token();
    waitForTheEndOf(first);
    expect(200, call(api, server.api() + "/api/orders"));
    expect(!first.value().equals(source.token().value()), "the token was not renewed");
    story.good("the call renewed the token with the refresh token, which was replaced, too");
  }

  private void waitForTheEndOf(AccessToken token) throws InterruptedException {
    long millis =
        token.expiresAt() == null
            ? 0
            : Duration.between(token.issuedAt(), token.expiresAt()).toMillis();
    for (int i = 1; i <= BAR; i++) {
      Thread.sleep(millis / BAR);
      story.progress("waiting until its " + (millis + 999) / 1000 + " s are over", i, BAR);
    }
  }

  private void forgedResponse(OidcClient oidc) throws IOException {
    story.chapter("An attacker plants a response of their own login (CSRF): refused");
    PendingLogin ours = oidc.login().redirectUri("http://127.0.0.1/callback").begin();
    PendingLogin theirs = oidc.login().redirectUri("http://127.0.0.1/callback").begin();
    String callback =
        ScriptedBrowser.of(new OkHttpClient(), DemoServer.USERNAME, DemoServer.PASSWORD)
            .callback(theirs.url().toString())
            .url()
            .toString();
    refused("state_mismatch", () -> oidc.complete(ours, callback));
    story.good("the code was not redeemed; no request was sent");
  }

  private void forgedIdToken() throws IOException {
    story.chapter("Somebody changes the ID token on its way: refused");
    OidcClient oidc =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId(server.webShop().id())
            .clientSecret(Secret.of(server.webShop().secret()))
            .httpClient(http.newBuilder().addInterceptor(new Mallory()).build())
            .build();
    PendingLogin login = oidc.login().redirectUri("http://127.0.0.1/callback").begin();
    String callback =
        ScriptedBrowser.of(new OkHttpClient(), DemoServer.USERNAME, DemoServer.PASSWORD)
            .callback(login.url().toString())
            .url()
            .toString();
    story.says("Mallory sits in between and turns the user into \"mallory\"");
    refused("invalid_id_token", () -> oidc.complete(login, callback));
    story.good("nobody is signed in, and no token of the response was kept");
  }

  private interface Step {
    Object run() throws IOException;
  }

  private void refused(String code, Step step) throws IOException {
    try {
      step.run();
    } catch (OAuthException e) {
      expect(e.code().equals(code), "it was refused for another reason: " + e.explain());
      story.says("refused, and explain() says:");
      story.quotes(e.explain());
      return;
    }
    throw new UnexpectedException("it was not refused");
  }

  private int call(OkHttpClient client, String url) throws IOException {
    Request request = new Request.Builder().url(url).build();
    try (Response response = client.newCall(request).execute()) {
      String body = response.body().string().trim();
      story.says("answer: " + (body.length() > 90 ? body.substring(0, 90) + "…" : body));
      return response.code();
    }
  }

  private static void expect(int status, int actual) {
    expect(status == actual, "HTTP status " + status + " was expected, but " + actual + " came");
  }

  private static void expect(boolean condition, String otherwise) {
    if (!condition) {
      throw new UnexpectedException(otherwise);
    }
  }

  /** A step that did not do what it says. */
  static final class UnexpectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnexpectedException(String message) {
      super(message);
    }
  }
}
