package io.symbolon.oidc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.ApiDump;
import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.BackchannelAuthenticationRequest;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.Challenge;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.DeviceAuthorization;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.ExchangedToken;
import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.LoginRequiredException;
import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.OAuthListener;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.ProtectedResource;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.StepUp;
import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.TokenCache;
import io.symbolon.oauth.TokenCheck;
import io.symbolon.oauth.TokenExchangeRequest;
import io.symbolon.oauth.TokenRequest;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.json.StrictJson;
import io.symbolon.oauth.loopback.LoopbackRedirect;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import io.symbolon.oauth.providers.UserIdentity;
import io.symbolon.oauth.providers.WeChatMiniProgram;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oauth.registration.ClientRegistration;
import io.symbolon.oauth.registration.RegistrationEndpoint;
import io.symbolon.oauth.testkit.Cut;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.ReceivedRequest;
import io.symbolon.oauth.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret is shown: by no public type, no failure, no request's URL, no thread, no log. A new
 * public type needs a sample here.
 */
final class CanaryTest {
  private static final String CLIENT_SECRET = "canary: client-secret/%&+é 😀 of 32 octets";
  private static final String REDIRECT_URI = "https://shop.example.com/callback";

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final Canaries canaries = new Canaries();
  private final Map<String, String> said = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<String> overheard = new ConcurrentLinkedQueue<>();
  private final Listener listener = new Listener(overheard);

  @TempDir Path directory;
  private FakeAuthorizationServer server;
  private OkHttpClient http;
  private OidcClient client;
  private PendingLogin login;
  private OidcTokens tokens;
  private SecretKey key;
  private String sealed;
  private Level levelBefore;

  /** Whatever anybody writes into a log, at any level; but the test kit's side knows everything. */
  private static final class Listener extends Handler {
    private final ConcurrentLinkedQueue<String> overheard;

    Listener(ConcurrentLinkedQueue<String> overheard) {
      this.overheard = overheard;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      String name = String.valueOf(record.getLoggerName());
      if (!name.startsWith("sun.") && !name.startsWith("jdk.") && !name.startsWith("mockweb")) {
        overheard.add(
            "log " + name + " " + record.getMessage() + Arrays.toString(record.getParameters()));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void logIn() throws Exception {
    levelBefore = Logger.getLogger("").getLevel();
    Logger.getLogger("").setLevel(Level.ALL);
    Logger.getLogger("").addHandler(listener);
    server = extension.server().client("shop", CLIENT_SECRET).signIdTokensWith("ES256");
    server.rotateRefreshTokens(false);
    server.metadata(it -> it.put("end_session_endpoint", server.url("/logout")));
    http = new OkHttpClient.Builder().addNetworkInterceptor(this::overhear).build();
    client = client(Duration.ofSeconds(10));
    login = client.login().redirectUri(REDIRECT_URI).attach("page", "/orders").begin();
    HttpUrl callback = HttpUrl.get(server.authorize(login.url()));
    byte[] octets = new byte[16];
    Arrays.fill(octets, (byte) 'K');
    key = new SecretKeySpec(octets, "AES");
    sealed = login.seal(key, "canary of the session");
    canaries
        .add("client secret", CLIENT_SECRET)
        .addBase64("credentials", "shop:" + URLEncoder.encode(CLIENT_SECRET, UTF_8))
        .add("state", login.state().reveal())
        .add("nonce", login.attachment(LoginRequest.NONCE))
        .add("code", callback.queryParameter("code"))
        .add("sealing key", new String(octets, ISO_8859_1))
        .add("sealed login", sealed)
        .add("context", "canary of the session");
    tokens = client.complete(login, callback.toString());
    canaries
        .add("verifier", server.lastTokenRequest().form().get("code_verifier"))
        .add("access token", tokens.accessToken().value().reveal())
        .add("refresh token", tokens.refreshToken().reveal())
        .add("ID token", tokens.idToken().serialized().reveal())
        .add("claims", tokens.idToken().serialized().reveal().split("\\.")[1])
        .add("signature", tokens.idToken().serialized().reveal().split("\\.")[2]);
  }

  @AfterEach
  void stopListening() {
    Logger.getLogger("").removeHandler(listener);
    Logger.getLogger("").setLevel(levelBefore);
  }

  private OidcClient client(Duration callTimeout) {
    return OidcClient.builder()
        .issuer(server.issuer())
        .clientId("shop")
        .clientSecret(Secret.of(CLIENT_SECRET))
        .httpClient(http)
        .clock(clock)
        .callTimeout(callTimeout)
        .listener(event -> overheard.add("event " + event))
        .build();
  }

  /** What an interceptor of the application could write into a log. */
  private Response overhear(Interceptor.Chain chain) throws IOException {
    overheard.add("thread " + Thread.currentThread().getName());
    overheard.add("request " + chain.request());
    Response response = chain.proceed(chain.request());
    overheard.add("response " + response);
    return response;
  }

  private void say(String place, String text) {
    said.put(place, text);
  }

  /** Runs what must fail, and takes down whatever the failure says. */
  private void fail(String name, ThrowingCallable call) {
    try {
      call.call();
    } catch (Throwable e) {
      say(name, Canaries.everythingSaidBy(e));
      return;
    }
    throw new AssertionError(name + " did not fail");
  }

  private void assertNothingIsShown() {
    List<String> shown = new ArrayList<>();
    said.forEach(
        (place, text) -> {
          Set<String> names = canaries.shownBy(text);
          if (!names.isEmpty()) {
            shown.add(place + " shows " + names + ":\n" + text);
          }
        });
    assertThat(said).isNotEmpty();
    assertThat(shown).isEmpty();
    assertThat(overheard.stream().distinct().filter(it -> !canaries.shownBy(it).isEmpty()))
        .isEmpty();
  }

  private static <E extends Throwable> E failureOf(Class<E> type, ThrowingCallable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(type, call);
  }

  // Every public type.

  private List<Object> samples() throws Exception {
    OAuthClient oauth = client.oauth();
    Secret secret = Secret.of(CLIENT_SECRET);
    OAuthClient.Builder oauthBuilder = OAuthClient.builder().clientSecret(secret);
    OidcClient.Builder oidcBuilder = OidcClient.builder().clientSecret(secret);
    AuthorizationServer.Builder serverBuilder =
        AuthorizationServer.builder().tokenEndpoint(server.tokenEndpoint());
    PendingAuthorization pending =
        oauth.authorize().redirectUri(REDIRECT_URI).attach("a", "b").begin();
    canaries.add("another state", pending.state().reveal());
    TokenRequest request = oauth.refresh(tokens.refreshToken()).parameter("assertion", secret);
    CachingTokenSource source = client.tokenSource(tokens);
    Verdict.Builder verdict = Verdict.about("a sample").failed("a", "b", "c", "d");
    TokenCheck check = tokens -> {};
    UserInfo userInfo = client.userInfo(tokens);
    PendingLogout logout =
        client.logout().idTokenHint(tokens.idToken()).postLogoutRedirectUri(REDIRECT_URI).begin();
    canaries.add("state of a logout", logout.state().reveal());
    say("parameters of a logout", logout.parameters().toString());
    DeviceAuthorization device = oauth.device().scope("a").begin();
    canaries.add("code in a URL", device.verificationUriComplete().reveal());
    BackchannelAuthenticationRequest backchannel =
        client.backchannel().parameter("id_token_hint", tokens.idToken().serialized()).ping();
    BackchannelAuthentication asked = backchannel.begin();
    canaries.add("a notification token", asked.notificationToken().reveal());
    TokenExchangeRequest exchange =
        oauth
            .exchange(tokens.accessToken().value(), "urn:ietf:params:oauth:token-type:access_token")
            .actorToken(secret, "urn:ietf:params:oauth:token-type:jwt");
    ExchangedToken exchanged = exchange.execute();
    canaries.add("an exchanged token", exchanged.value().reveal());
    Exception damaged =
        failureOf(OAuthException.class, () -> PendingLogin.unseal(sealed, key, "another session"));
    server.idTokenHeader(header -> header.put("alg", "none"));
    Exception refused = failureOf(IdTokenException.class, () -> client.refresh(tokens));
    server.idTokenHeader(header -> {});
    server.refuseNext("invalid_grant");
    Exception error =
        failureOf(OAuthException.class, () -> oauth.refresh(tokens.refreshToken()).execute());
    FileTokenStore files = FileTokenStore.open(directory, storeKeys());
    files.save("ada", tokens.tokens());
    MemoryTokenStore memory = new MemoryTokenStore(10);
    memory.save("ada", tokens.tokens());
    TokenCache<String> cache = TokenCache.of(10, name -> oauth.tokenSource(memory, name));
    assertThat(cache.token("ada")).isNotNull();
    clock.advance(Duration.ofHours(2));
    server.refuseNext("invalid_grant");
    Exception ended = failureOf(LoginRequiredException.class, source::token);
    Challenge challenge =
        Challenge.of(Headers.of("WWW-Authenticate", "Bearer error=\"invalid_token\"")).get(0);
    StepUp stepUp = (wanted, weaker) -> null;
    server.endpoint(
        "/.well-known/oauth-protected-resource/api",
        received ->
            new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"resource\":\"" + server.url("/api") + "\"}")
                .build());
    RegistrationEndpoint endpoint =
        RegistrationEndpoint.of(oauth.server(), http)
            .initialAccessToken(Secret.of("canary: initial access token"));
    ClientRegistration registration = endpoint.register(ClientMetadata.empty());
    canaries
        .add("initial access token", "canary: initial access token")
        .add("registered secret", registration.clientSecret().reveal())
        .add("registration token", registration.registrationAccessToken().reveal());
    return new ArrayList<>(
        List.of(
            tokens.accessToken(),
            oauth.device().scope("a"),
            device,
            backchannel,
            asked,
            exchange,
            exchanged,
            oauth.authorize().redirectUri(REDIRECT_URI).attach("secret", CLIENT_SECRET),
            AuthorizationResponse.ofUrl(REDIRECT_URI + "?" + login.url().getRawQuery()),
            AuthorizationResponse.ofQuery(login.url().getRawQuery()),
            AuthorizationResponse.ofForm(login.url().getRawQuery()),
            Challenge.of(Headers.of("WWW-Authenticate", "Bearer error=\"invalid_token\"")).get(0),
            serverBuilder,
            oauth.server(),
            source,
            CachingTokenSource.of(source),
            ClientAuthentication.basic(secret),
            ClientAuthentication.post(secret),
            ClientAuthentication.none(),
            ClientAuthentication.clientSecretJwt(secret),
            ClientAuthentication.privateKeyJwt(signingKey()),
            signingKey(),
            Profile.FAPI_2_0,
            (SigningKey.Signer) octets -> octets,
            DecryptionKey.ofClientSecret(secret, "dir"),
            oauth,
            oauthBuilder,
            new OAuthInterceptor(source, server.issuer()),
            pending,
            secret,
            check,
            request,
            (OAuthListener) event -> {},
            OAuthEvent.CacheHit.INSTANCE,
            new OAuthEvent.Request("token_endpoint", "u", 200, "ok", Duration.ZERO),
            new OAuthEvent.Renewal("first", "ok", Duration.ZERO),
            new OAuthEvent.Fetch("keys", "first", "ok", false, Duration.ZERO),
            new OAuthEvent.Refusal("invalid_id_token", "aud"),
            new OAuthEvent.StoreFault("save", "IOException"),
            new OAuthEvent.LeaseWait("leased", Duration.ZERO),
            new OAuthEvent.ClockOffset(Duration.ZERO),
            client.health(),
            client.health().token(),
            tokens.tokens(),
            (TokenSource) tokens::accessToken,
            oauth.tokenSource(files, "ada"),
            cache,
            storeKeys(),
            StoreKeys.passphrase(secret, "salt and pepper"),
            files,
            files.load("ada"),
            memory,
            memory.load("ada"),
            memory.tryLease("ada", Duration.ofMinutes(1)),
            oauth.introspect(tokens.accessToken().value()),
            challenge,
            stepUp,
            ProtectedResource.fetch(server.url("/api"), http),
            ClientMetadata.empty().softwareStatement("a.b.c"),
            endpoint,
            registration,
            Dialect.builder().tokenParameter("password", CLIENT_SECRET),
            Dialect.builder().tokenParameter("password", CLIENT_SECRET).build(),
            Provider.named("a provider", "https://docs.example.com"),
            Providers.github(),
            UserIdentity.ofVerifiedClaims("an issuer", "ada", Map.of("email", CLIENT_SECRET)),
            new WeChatMiniProgram("wx1", Secret.of(CLIENT_SECRET), new OkHttpClient()),
            new WeChatMiniProgram.Session(
                UserIdentity.ofVerifiedClaims("an issuer", "ada", Map.of()),
                Secret.of(CLIENT_SECRET)),
            new StoreCorruptedException("a place", "a reason"),
            verdict,
            verdict.build(),
            verdict.build().checks().get(0),
            tokens.idToken(),
            client.login().redirectUri(REDIRECT_URI),
            client,
            oidcBuilder,
            tokens,
            login,
            userInfo,
            client.logout().idTokenHint(tokens.idToken()).postLogoutRedirectUri(REDIRECT_URI),
            logout,
            new LogoutToken("an issuer", tokens.idToken().claims()),
            (ReplayCache) (id, until) -> true,
            new OidcDiscovery(http),
            damaged,
            refused,
            error,
            ended));
  }

  /** RFC 8037 appendix A.1. */
  private SigningKey signingKey() {
    String d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    canaries.add("private key", d);
    return SigningKey.ofJwk(
        Secret.of(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
                + "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\""
                + d
                + "\"}"));
  }

  private static StoreKeys storeKeys() {
    byte[] octets = new byte[32];
    Arrays.fill(octets, (byte) 'K');
    return StoreKeys.of(new SecretKeySpec(octets, "AES"));
  }

  private static Set<String> publicTypes() throws Exception {
    Set<String> names = new java.util.TreeSet<>();
    for (String module : List.of("../oauth-client", ".")) {
      String dump = ApiDump.of(Path.of(module).resolve("target/classes"));
      Matcher type =
          Pattern.compile("(?m)^(?! ).*?\\b(?:class|interface|enum|record) ([\\w.]+)")
              .matcher(dump);
      while (type.find()) {
        names.add(type.group(1));
      }
    }
    return names;
  }

  private static boolean isOf(Object sample, String name) {
    for (Class<?> type = sample.getClass(); type != null; type = type.getSuperclass()) {
      if (name.equals(type.getCanonicalName())
          || Arrays.stream(type.getInterfaces())
              .anyMatch(it -> name.equals(it.getCanonicalName()))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void noPublicTypeShowsASecret() throws Exception {
    List<Object> samples = samples();
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      samples.add(redirect);
      for (Object sample : samples) {
        say(
            sample.getClass().getName() + " " + said.size(),
            sample instanceof Throwable e ? Canaries.everythingSaidBy(e) : sample.toString());
      }
    }

    assertThat(publicTypes())
        .hasSizeGreaterThan(30)
        .filteredOn(name -> !name.equals(Providers.class.getName()))
        .allSatisfy(
            name -> assertThat(samples).as("a sample of " + name).anyMatch(it -> isOf(it, name)));
    assertNothingIsShown();
  }

  // Every failure.

  private PendingLogin begin() throws IOException {
    PendingLogin login = client.login().redirectUri(REDIRECT_URI).begin();
    canaries.add("a state", login.state().reveal());
    canaries.add("a nonce", login.attachment(LoginRequest.NONCE));
    return login;
  }

  private String authorize(PendingLogin login) throws IOException {
    String callback = server.authorize(login.url());
    canaries.add("a code", HttpUrl.get(callback).queryParameter("code"));
    return callback;
  }

  private static MockResponse answer(int status, String type, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", type)
        .body(body)
        .build();
  }

  private void failLogin(String name) throws IOException {
    PendingLogin pending = begin();
    String callback = authorize(pending);
    fail(name, () -> client.complete(pending, callback));
  }

  /** The token endpoint says no, and repeats one thing that was sent. */
  private void echo(UnaryOperator<String> form, Function<ReceivedRequest, String> sent) {
    server.endpoint(
        "/token",
        request -> {
          String verifier = request.form().get("code_verifier");
          if (verifier != null) {
            canaries.add("a verifier", verifier);
          }
          String text = form.apply(sent.apply(request));
          return answer(
              400,
              "application/json",
              StrictJson.write(
                  Map.of(
                      "error", "invalid_" + text,
                      "error_description", "we do not like " + text,
                      "error_uri", "https://login.example.com/?e=" + text)));
        });
  }

  @Test
  void noServerMakesUsRepeatWhatWeSent() throws Exception {
    Map<String, UnaryOperator<String>> forms = new LinkedHashMap<>();
    forms.put("as it is", text -> text);
    forms.put("form-encoded", text -> URLEncoder.encode(text, UTF_8));
    forms.put("percent-encoded", text -> URLEncoder.encode(text, UTF_8).replace("+", "%20"));
    Map<String, Function<ReceivedRequest, String>> parts = new LinkedHashMap<>();
    parts.put("the form", request -> request.form().toString());
    parts.put("the body", ReceivedRequest::body);
    parts.put("the header", request -> String.valueOf(request.header("Authorization")));
    parts.put("the secret", request -> CLIENT_SECRET);
    for (String name : List.of("code", "code_verifier", "refresh_token", "assertion")) {
      parts.put("the " + name, request -> String.valueOf(request.form().get(name)));
    }
    OAuthClient byForm =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .authentication(ClientAuthentication.post(Secret.of(CLIENT_SECRET)))
            .build();
    Secret assertion = tokens.idToken().serialized();

    for (String form : forms.keySet()) {
      for (String part : parts.keySet()) {
        PendingLogin pending = begin();
        String callback = authorize(pending);
        echo(forms.get(form), parts.get(part));
        String how = part + " " + form;
        fail("a login: " + how, () -> client.complete(pending, callback));
        fail("a refresh: " + how, () -> client.refresh(tokens));
        fail(
            "a client: " + how,
            () -> byForm.clientCredentials().parameter("assertion", assertion).execute());
      }
    }
    assertNothingIsShown();
  }

  @Test
  void aSecretThatBeginsWithAnotherIsBlackedOutWhole() throws Exception {
    Secret secret = Secret.of("canary-and-the-rest-of-it");
    canaries.add("rest", "-and-the-rest-of-it");
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .authentication(ClientAuthentication.post(secret))
            .build();
    echo(text -> text, request -> secret.reveal());

    fail("an echo", () -> oauth.refresh(Secret.of("canary")).execute());
    assertNothingIsShown();
  }

  @Test
  void noUnusableTokenResponseIsShown() throws Exception {
    String access = tokens.accessToken().value().reveal();
    String refresh = tokens.refreshToken().reveal();
    String id = tokens.idToken().serialized().reveal();
    String start = "{\"token_type\":\"Bearer\",\"access_token\":\"";
    String good = start + access + "\"";
    for (String body :
        List.of(
            good,
            good + "}}",
            good + ",\"access_token\":\"" + access + "\"}",
            start + "\u0001" + access + "\"}",
            start + "é" + access + "\"}",
            start.replace("Bearer", "mac") + access + "\"}",
            "{\"token_type\":\"Bearer\",\"access_token\":[\"" + access + "\"]}",
            good + ",\"refresh_token\":\"" + refresh + "é\"}",
            good + ",\"refresh_token\":[\"" + refresh + "\"]}",
            good + ",\"scope\":\"" + refresh + "é\"}",
            good + ",\"id_token\":\"" + id + ".x\"}",
            good + ",\"id_token\":\"" + id + "x\"}",
            good + ",\"id_token\":\"" + id.replace('.', ',') + "\"}",
            good + ",\"id_token\":[\"" + id + "\"]}",
            "access_token=" + access + "&refresh_token=" + refresh,
            "<html>" + access + "</html>",
            access,
            "\"" + access + "\"",
            "[\"" + access + "\"]")) {
      for (String type : List.of("application/json", "text/html", "text/plain")) {
        for (int status : new int[] {200, 400, 500}) {
          server.answerNext(answer(status, type, body));
          fail(said.size() + ": " + status + " " + type, () -> client.refresh(tokens));
        }
      }
    }
    assertNothingIsShown();
  }

  @Test
  void noRefusedLogoutIsShown() throws Exception {
    String idToken = tokens.idToken().serialized().reveal();
    String access = tokens.accessToken().value().reveal();
    Secret state = client.logout().postLogoutRedirectUri(REDIRECT_URI).begin().state();
    canaries.add("state of a logout", state.reveal());
    fail("an ID token", () -> client.backchannelLogout("logout_token=" + idToken));
    fail("a token", () -> client.backchannelLogout("logout_token=" + access));
    fail("no token", () -> client.backchannelLogout(idToken));
    fail(
        "two",
        () -> client.backchannelLogout("logout_token=" + idToken + "&logout_token=" + access));
    String url = REDIRECT_URI + "?sid=" + access + "&state=" + state.reveal();
    fail("no session", () -> client.checkFrontchannelLogout(tokens.idToken(), url));
    fail("a return", () -> PendingLogout.checkReturn(Secret.of("another"), url));
    fail("a return of nobody", () -> PendingLogout.checkReturn(null, url));
    fail("twice", () -> PendingLogout.checkReturn(state, url + "&state=" + state.reveal()));
    for (String endpoint : List.of("https://a.example/x?t=" + access, access)) {
      Map<String, Object> source = Map.of("endpoint", endpoint, "access_token", access);
      UserInfo info =
          new UserInfo(
              "ada",
              Map.of("_claim_names", Map.of("a", "b"), "_claim_sources", Map.of("b", source)));
      fail("a claim of " + endpoint.length(), () -> client.providedClaim(info, "a"));
    }
    assertNothingIsShown();
  }

  @Test
  void noRefusedIdTokenIsShown() throws Exception {
    String old = tokens.idToken().serialized().reveal();
    String oldNonce = login.attachment(LoginRequest.NONCE);
    Map<String, Consumer<Map<String, Object>>> changes = new LinkedHashMap<>();
    for (String claim : List.of("iss", "sub", "aud", "exp", "iat", "nonce")) {
      changes.put("no " + claim, claims -> claims.remove(claim));
      changes.put("an odd " + claim, claims -> claims.put(claim, List.of(1, 2)));
    }
    changes.put("another nonce", claims -> claims.put("nonce", oldNonce));
    changes.put("another hash", claims -> claims.put("at_hash", "x"));
    for (Map.Entry<String, Consumer<Map<String, Object>>> change : changes.entrySet()) {
      server.idTokenClaims(change.getValue());
      failLogin(change.getKey());
    }
    server.idTokenClaims(claims -> {});
    List<UnaryOperator<String>> texts =
        List.of(
            token -> old,
            token -> token + "x",
            token -> token.replace('.', ','),
            token -> token.substring(0, token.length() - 2),
            token -> token + ".." + old,
            token -> " " + token);
    for (UnaryOperator<String> text : texts) {
      server.idToken(
          token -> {
            canaries.add("an ID token", token);
            canaries.add("its signature", token.split("\\.")[2]);
            return text.apply(token);
          });
      failLogin("an ID token of another form " + said.size());
    }
    assertNothingIsShown();
  }

  @Test
  void noRedirectIsShown() {
    String target = "https://evil.example/?access_token=" + tokens.accessToken().value().reveal();
    MockResponse redirect =
        new MockResponse.Builder().code(307).setHeader("Location", target).build();
    OidcClient fresh = client(Duration.ofSeconds(5));
    server.answerNext(redirect);
    fail("the token endpoint", () -> client.refresh(tokens));
    server.answerNext("/userinfo", redirect);
    fail("UserInfo", () -> client.userInfo(tokens));
    server.answerNext("/.well-known/openid-configuration", redirect);
    fail("the metadata", () -> fresh.login().redirectUri(REDIRECT_URI).begin());
    server.answerNext("/jwks", redirect);
    fail("the keys", () -> fresh.refresh(tokens));
    assertNothingIsShown();
  }

  @Test
  void noFailureOfTheNetworkShowsWhatWasSent() throws Exception {
    OidcClient hasty = client(Duration.ofMillis(50));
    server.holdNext();
    fail("a timeout", () -> hasty.refresh(tokens));
    for (Cut cut : List.of(Cut.BEFORE_PROCESSING, Cut.BEFORE_ANSWER, Cut.MID_BODY)) {
      server.cutNext(cut);
      fail("the token endpoint cut " + cut, () -> client.refresh(tokens));
      server.cutNext("/userinfo", cut);
      fail("UserInfo cut " + cut, () -> client.userInfo(tokens));
    }
    server.down(true);
    fail("the token endpoint down", () -> client.refresh(tokens));
    server.revokeAllAccessTokens();
    fail("a token that is good no more", () -> client.userInfo(tokens));
    PendingLogin pending = begin();
    String callback = authorize(pending);
    server.close();
    fail("no server for a code", () -> client.complete(pending, callback));
    fail("no server for UserInfo", () -> client.userInfo(tokens));
    OkHttpClient api = new OAuthInterceptor(tokens::accessToken, server.issuer()).install(http);
    fail("no server for the API", () -> call(api));
    assertNothingIsShown();
  }

  private Response call(OkHttpClient api) throws IOException {
    return api.newCall(new Request.Builder().url(server.url("/api/x")).build()).execute();
  }

  @Test
  void noFailureOfAnInterceptorShowsTheToken() {
    OkHttpClient broken =
        http.newBuilder()
            .addNetworkInterceptor(
                chain -> {
                  throw new IOException("failed: " + chain.request());
                })
            .build();
    OkHttpClient api = new OAuthInterceptor(tokens::accessToken, server.issuer()).install(broken);
    fail("an interceptor behind ours", () -> call(api));
    TokenSource source =
        () -> {
          throw new IllegalStateException("no " + tokens + client.tokenSource(tokens));
        };
    OkHttpClient sourceless = new OAuthInterceptor(source, server.issuer()).install(http);
    fail("a source", () -> call(sourceless));
    OidcClient within =
        OidcClient.builder()
            .server(
                AuthorizationServer.builder()
                    .issuer(server.issuer())
                    .tokenEndpoint(server.tokenEndpoint())
                    .build())
            .clientId("shop")
            .clientSecret(Secret.of(CLIENT_SECRET))
            .httpClient(broken)
            .build();
    fail("an interceptor of the application", () -> within.refresh(tokens));
    assertNothingIsShown();
  }

  @Test
  void noLoginThatDoesNotComeBackShowsItself() throws Exception {
    String context = "canary of the session";
    fail("another key", () -> PendingLogin.unseal(sealed, aes(9), context));
    fail("another context", () -> PendingLogin.unseal(sealed, key, "x"));
    fail("a longer text", () -> PendingLogin.unseal(sealed + "x", key, context));
    fail("a shorter text", () -> PendingLogin.unseal(sealed.substring(1), key, context));
    SecretKey mac = new SecretKeySpec(key.getEncoded(), "HmacSHA256");
    fail("a key for something else", () -> login.seal(mac, context));

    PendingLogin pending = begin();
    String callback = authorize(pending);
    PendingLogin other = begin();
    fail("another state", () -> client.complete(other, callback));
    fail("no state", () -> client.complete(pending, callback.replaceAll("state=[^&]*", "")));
    fail("another issuer", () -> client.complete(pending, callback.replaceAll("iss=.*", "iss=x")));
    fail("another place", () -> client.complete(pending, callback.replace("/callback", "/x")));
    fail("a broken code", () -> client.complete(pending, callback.replace("code=", "code=%zz")));
    fail("two codes", () -> client.complete(pending, callback + "&code=x"));
    fail("a form", () -> client.complete(pending, AuthorizationResponse.ofForm(callback)));
    client.complete(pending, callback);
    fail("the same again", () -> client.complete(pending, callback));
    clock.advance(Duration.ofHours(2));
    fail("too late", () -> client.complete(other, callback));
    assertNothingIsShown();
  }

  @Test
  void noDamagedSessionShowsTheLogin() throws Exception {
    byte[] octets = serialized(login);
    for (int i = 0; i < octets.length; i += 3) {
      byte[] damaged = octets.clone();
      damaged[i] ^= 0x55;
      try {
        say("damaged at " + i, deserialized(damaged).toString());
      } catch (Exception e) {
        say("damaged at " + i, Canaries.everythingSaidBy(e));
      }
    }
    assertNothingIsShown();
  }

  private static SecretKey aes(int fill) {
    byte[] octets = new byte[16];
    Arrays.fill(octets, (byte) fill);
    return new SecretKeySpec(octets, "AES");
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(octets)) {
      out.writeObject(object);
    }
    return octets.toByteArray();
  }

  @SuppressWarnings("BanSerializableRead") // what we wrote ourselves
  private static Object deserialized(byte[] octets) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(octets))) {
      return in.readObject();
    }
  }

  @Test
  void noStoreShowsATokenAndNoneStandsOnTheDisk() throws Exception {
    FileTokenStore files = FileTokenStore.open(directory, storeKeys());
    files.save("ada", tokens.tokens());
    List<Path> written;
    try (Stream<Path> all = Files.walk(directory)) {
      written = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : written) {
      say(file.toString(), Files.readString(file));
    }
    Path entry =
        written.stream().filter(it -> it.toString().endsWith(".token")).findFirst().orElseThrow();
    String content = Files.readString(entry).strip();
    FileTokenStore others =
        FileTokenStore.open(directory, StoreKeys.passphrase(Secret.of("other"), "salt and pepper"));
    fail("another key", () -> others.load("ada"));
    for (int i = 0; i < content.length(); i += 23) {
      char other = content.charAt(i) == 'x' ? 'y' : 'x';
      Files.writeString(entry, content.substring(0, i) + other + content.substring(i + 1));
      fail("damaged at " + i, () -> files.load("ada"));
      Files.writeString(entry, content.substring(0, i));
      fail("cut at " + i, () -> files.load("ada"));
    }
    Files.writeString(entry, content);
    TokenSource source = client.oauth().tokenSource(files, "ada");
    clock.advance(Duration.ofHours(2));
    echo(text -> text, request -> request.form().get("refresh_token"));
    fail("an echo", source::token);

    assertThat(written).isNotEmpty();
    assertNothingIsShown();
  }

  @Test
  void noMistakeOfTheProgramShowsASecret() {
    Secret secret = Secret.of(CLIENT_SECRET);
    OAuthClient oauth = client.oauth();
    fail("a token for no header", () -> AccessToken.bearer(secret, Instant.EPOCH, null));
    fail(
        "a parameter twice",
        () -> oauth.refresh(tokens.refreshToken()).parameter("refresh_token", secret));
    fail("a source of a spent grant", () -> oauth.refresh(tokens.tokens()).tokenSource());
    fail("no server", () -> OAuthClient.builder().clientId("shop").clientSecret(secret).build());
    fail(
        "two ways",
        () ->
            OAuthClient.builder()
                .issuer(server.issuer())
                .clientId("shop")
                .clientSecret(secret)
                .authentication(ClientAuthentication.post(secret))
                .build());
    assertNothingIsShown();
  }

  // On the way.

  @Test
  void noSecretStandsInTheUrlOfARequest() throws Exception {
    client.userInfo(tokens);
    client.refresh(tokens);
    client.oauth().clientCredentials().execute();

    List<ReceivedRequest> ours =
        server.requests().stream().filter(it -> !it.path().equals("/authorize")).toList();
    assertThat(ours).hasSizeGreaterThan(5);
    ours.forEach(it -> say(said.size() + it.path(), it.path() + "?" + it.query()));
    assertThat(overheard).anyMatch(text -> text.startsWith("request Request{method=POST"));
    assertNothingIsShown();
  }

  /** A browser has to carry state, nonce and challenge; and nothing more. */
  @Test
  void theAuthorizationUrlHoldsStateAndNonceOnly() {
    assertThat(canaries.shownBy(login.url().toString())).containsExactly("state", "nonce");
    assertThat(login.url().toString()).doesNotContain("orders");
  }

  @Test
  void noThreadIsNamedAfterASecret() throws Exception {
    TokenSource source = client.tokenSource(tokens);
    clock.advance(Duration.ofMinutes(59)); // due: renewed in the background
    int before = server.tokenRequestCount();
    source.token();
    server.awaitTokenRequests(before + 1, Duration.ofSeconds(10));
    try (LoopbackRedirect redirect = LoopbackRedirect.listen()) {
      assertThat(redirect).isNotNull();
      Thread.getAllStackTraces().keySet().forEach(it -> say("thread " + it.getId(), it.getName()));
    }

    assertThat(said).containsValue("symbolon-renewal").containsValue("symbolon-loopback");
    assertNothingIsShown();
  }

  /** Without this, everything above could be blind. */
  @Test
  void theCanariesAreSeenInEveryForm() {
    String state = login.state().reveal();
    for (String text :
        List.of(
            "x" + CLIENT_SECRET + "y",
            URLEncoder.encode(CLIENT_SECRET, UTF_8),
            URLEncoder.encode(CLIENT_SECRET, UTF_8).replace("+", "%20"),
            Base64.getEncoder().encodeToString(CLIENT_SECRET.getBytes(UTF_8)),
            Base64.getUrlEncoder().encodeToString(CLIENT_SECRET.getBytes(UTF_8)))) {
      assertThat(canaries.shownBy(text)).isNotEmpty();
    }
    assertThat(canaries.shownBy(state.substring(1, 40))).containsExactly("state");
    assertThat(canaries.shownBy("██")).isEmpty();
    Exception deep = new IOException("a", new IOException("b"));
    deep.addSuppressed(new IOException(state));
    assertThat(canaries.shownBy(Canaries.everythingSaidBy(deep))).isNotEmpty();
  }
}
