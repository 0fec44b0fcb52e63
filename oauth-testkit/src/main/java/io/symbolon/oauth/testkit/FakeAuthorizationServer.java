package io.symbolon.oauth.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2 and OpenID Connect server on 127.0.0.1 that a test talks to over real sockets and can
 * make misbehave.
 *
 * <pre>{@code
 * try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
 *   server.client("reports", "s3cret");
 *   server.refuseNext("temporarily_unavailable");
 *   // … point the application at server.issuer() and run it …
 *   assertThat(server.tokenRequestCount()).isEqualTo(2);
 * }
 * }</pre>
 *
 * <p>Left alone it keeps to the specifications: S256 is required, a code works once, refresh tokens
 * rotate and a used one revokes its family. The user, {@code alice} unless {@link #user} says
 * otherwise, is logged in and agrees to everything.
 *
 * <p>Methods that end in {@code Next} are about the next token request that nothing has been
 * planned for yet: planning three makes the next three go wrong, in that order. A path is always
 * the path on the wire.
 *
 * <p>Safe for use by many threads. Functions that are passed in run on the server's threads. {@link
 * #close} ends all connections and threads, also those of requests that are still held.
 */
public final class FakeAuthorizationServer implements AutoCloseable {
  private final MockWebServer server;
  private final Site site;
  private final Browser browser;
  private final String origin;
  private final String issuerPath;

  private FakeAuthorizationServer(Builder builder) throws IOException {
    site = new Site(new ServerClock(builder.clock), builder.issuerPath);
    server = builder.listen(site.endpoints);
    browser = new Browser(builder.sslSocketFactory);
    origin = builder.scheme() + "://127.0.0.1:" + server.getPort();
    issuerPath = builder.issuerPath;
    site.open(issuer());
  }

  /** A server with the system's clock, on a free port. */
  public static FakeAuthorizationServer start() throws IOException {
    return builder().start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The issuer, such as {@code http://127.0.0.1:43211}; it never ends in a slash. */
  public String issuer() {
    return origin + issuerPath;
  }

  /** Where {@code path} is, such as {@code /api/orders}. */
  public String url(String path) {
    return origin + path;
  }

  public String authorizationEndpoint() {
    return issuer() + Endpoints.AUTHORIZE;
  }

  public String tokenEndpoint() {
    return issuer() + Endpoints.TOKEN;
  }

  public String userInfoEndpoint() {
    return issuer() + Endpoints.USERINFO;
  }

  public String jwksUri() {
    return issuer() + Endpoints.JWKS;
  }

  /** Changes the discovery documents each time they are asked for. Replaces an earlier change. */
  public FakeAuthorizationServer metadata(Consumer<Map<String, Object>> change) {
    site.policy.metadata = change;
    return this;
  }

  /** Changes the JWK Set each time it is asked for. Replaces an earlier change. */
  public FakeAuthorizationServer jwks(Consumer<Map<String, Object>> change) {
    site.policy.jwks = change;
    return this;
  }

  /**
   * Answers the requests to a path, one of the server's own or a new one.
   *
   * @param path without the query, such as {@code /par}
   */
  public FakeAuthorizationServer endpoint(
      String path, Function<ReceivedRequest, MockResponse> answer) {
    site.put(path, answer);
    return this;
  }

  // Who is registered, and who is logged in.

  /**
   * Registers a confidential client. It may authenticate with {@code client_secret_basic} or {@code
   * client_secret_post}; {@link ReceivedRequest#clientAuthentication} tells which it was.
   *
   * @param redirectUris the only ones to accept, but for the port of a loopback one; none accepts
   *     any
   */
  public FakeAuthorizationServer client(
      String clientId, String clientSecret, String... redirectUris) {
    site.clients.add(new Client(clientId, clientSecret, List.of(redirectUris)));
    return this;
  }

  /** Registers a client without a secret; {@code redirectUris} as for {@link #client}. */
  public FakeAuthorizationServer publicClient(String clientId, String... redirectUris) {
    site.clients.add(new Client(clientId, null, List.of(redirectUris)));
    return this;
  }

  /**
   * Says who is logged in from now on.
   *
   * @param claims what UserInfo tells about the user besides {@code sub}
   */
  public FakeAuthorizationServer user(String subject, Map<String, Object> claims) {
    site.policy.user = new Policy.User(subject, Map.copyOf(claims));
    return this;
  }

  // What tokens are like.

  /** How long access tokens are good for; an hour if not set. Tokens that are out keep theirs. */
  public FakeAuthorizationServer accessTokenLifetime(Duration lifetime) {
    site.policy.accessTokenLifetime = lifetime;
    return this;
  }

  /**
   * Grants no other scopes than these: less than was wanted, or {@code invalid_scope} if nothing is
   * left.
   */
  public FakeAuthorizationServer allowedScopes(String... scopes) {
    site.policy.allowedScopes = List.of(scopes);
    return this;
  }

  /** Whether a login yields a refresh token; it does if not set, whatever the scope. */
  public FakeAuthorizationServer issueRefreshTokens(boolean issue) {
    site.policy.issueRefreshTokens = issue;
    return this;
  }

  /**
   * Whether each refresh token is good for one refresh. If not, a refresh yields no new refresh
   * token.
   */
  public FakeAuthorizationServer rotateRefreshTokens(boolean rotate) {
    site.policy.rotateRefreshTokens = rotate;
    return this;
  }

  /**
   * How many more times a used refresh token is honoured before that counts as reuse; none if not
   * set.
   */
  public FakeAuthorizationServer rotationGrace(int sends) {
    site.policy.rotationGrace = sends;
    return this;
  }

  /** Changes the body of every token response, errors excepted. Replaces an earlier change. */
  public FakeAuthorizationServer tokenResponse(Consumer<Map<String, Object>> change) {
    site.policy.tokenResponse = change;
    return this;
  }

  /** Changes what UserInfo says, even {@code sub}. Replaces an earlier change. */
  public FakeAuthorizationServer userInfoClaims(Consumer<Map<String, Object>> change) {
    site.policy.userInfoClaims = change;
    return this;
  }

  /**
   * Signs ID tokens with RS, PS or ES 256/384/512, EdDSA (Ed25519), HS 256/384/512 (the client's
   * secret), or {@code none}. Keys of other algorithms stay published.
   */
  public FakeAuthorizationServer signIdTokensWith(String algorithm) {
    site.keys.signWith(algorithm);
    return this;
  }

  /** Changes the claims of ID tokens before they are signed. Replaces an earlier change. */
  public FakeAuthorizationServer idTokenClaims(Consumer<Map<String, Object>> change) {
    site.policy.idTokenClaims = change;
    return this;
  }

  /** Changes the claims of signed responses (JARM) before they are signed. */
  public FakeAuthorizationServer signedResponse(Consumer<Map<String, Object>> change) {
    site.policy.signedResponse = change;
    return this;
  }

  /**
   * Changes the header of ID tokens; the signature stays that of the true algorithm. Replaces an
   * earlier change.
   */
  public FakeAuthorizationServer idTokenHeader(Consumer<Map<String, Object>> change) {
    site.policy.idTokenHeader = change;
    return this;
  }

  /** Replaces the text of ID tokens after they are signed. Replaces an earlier replacement. */
  public FakeAuthorizationServer idToken(UnaryOperator<String> change) {
    site.policy.idToken = change;
    return this;
  }

  /** Signs with a new key from now on; the old one stays published. */
  public FakeAuthorizationServer rotateSigningKey() {
    site.keys.rotate();
    return this;
  }

  /** Signs with a new key from now on; the old ones are published no longer. */
  public FakeAuthorizationServer replaceSigningKeys() {
    site.keys.replace();
    return this;
  }

  /** Refuses every access token that is out. Refresh tokens stay good. */
  public FakeAuthorizationServer revokeAllAccessTokens() {
    site.grants.revokeAllAccessTokens();
    return this;
  }

  /**
   * Answers 403 {@code insufficient_scope} to API calls whose token lacks this scope; null asks for
   * none.
   */
  public FakeAuthorizationServer requireApiScope(@Nullable String scope) {
    site.policy.apiScope = scope;
    return this;
  }

  /**
   * How far the server's clock is ahead of the one it was built with: negative is behind, zero is
   * right.
   */
  public FakeAuthorizationServer shiftClock(Duration ahead) {
    site.clock.shift(ahead);
    return this;
  }

  // The browser.

  /**
   * Goes to an authorization URL as a browser would.
   *
   * @return where the server redirects to: the client's callback, with {@code code}, {@code state}
   *     and {@code iss}, or with {@code error}
   * @throws IOException if the server shows a page instead, because it trusts neither client nor
   *     redirect URI
   */
  public String authorize(String authorizationUrl) throws IOException {
    return browser.redirect(authorizationUrl);
  }

  /** As {@link #authorize(String)}. */
  public String authorize(URI authorizationUrl) throws IOException {
    return authorize(authorizationUrl.toString());
  }

  /** As {@link #authorize(String)}. */
  public String authorize(HttpUrl authorizationUrl) throws IOException {
    return authorize(authorizationUrl.toString());
  }

  /**
   * Goes to an authorization URL with {@code response_mode=form_post} as a browser would.
   *
   * @return the form that the browser would post to the client, such as {@code
   *     code=…&state=…&iss=…}
   */
  public String authorizeByFormPost(String authorizationUrl) throws IOException {
    return browser.formPost(authorizationUrl);
  }

  /** Calls the client back with this error instead of a code, once. */
  public FakeAuthorizationServer denyNextAuthorization(String error) {
    site.authorizations.denyNext(error);
    return this;
  }

  /**
   * Whether callbacks name the issuer (RFC 9207), and the metadata promises that; they do if not
   * set.
   */
  public FakeAuthorizationServer includeIss(boolean include) {
    site.policy.includeIss = include;
    return this;
  }

  // What goes wrong.

  /**
   * Refuses the next token request with a code such as {@code invalid_grant}, without looking at
   * it.
   */
  public FakeAuthorizationServer refuseNext(String error) {
    return answerNext(Answers.error(error, "as the test wanted"));
  }

  /**
   * Refuses the next token request in the test's own words.
   *
   * @param body JSON, unless a {@code Content-Type} is among the headers
   * @param headers names and values in turn
   */
  public FakeAuthorizationServer refuseNext(int status, String body, String... headers) {
    MockResponse.Builder response = Answers.typed(status, "application/json", body);
    if (headers.length % 2 != 0) throw new IllegalArgumentException("a header without a value");
    for (int i = 0; i < headers.length; i += 2) response.setHeader(headers[i], headers[i + 1]);
    return answerNext(response.build());
  }

  /** Answers the next token request like this, without looking at it. */
  public FakeAuthorizationServer answerNext(MockResponse response) {
    return answerNext(tokenPath(), response);
  }

  /** As {@link #answerNext(MockResponse)}, for the next request to another path. */
  public FakeAuthorizationServer answerNext(String path, MockResponse response) {
    site.script.answer(path, response);
    return this;
  }

  /**
   * Answers the next token request as usual, and changes the answer on its way out: throttled, cut
   * short, in gzip.
   */
  public FakeAuthorizationServer alterNext(UnaryOperator<MockResponse> change) {
    return alterNext(tokenPath(), change);
  }

  /** As {@link #alterNext(UnaryOperator)}, for the next request to another path. */
  public FakeAuthorizationServer alterNext(String path, UnaryOperator<MockResponse> change) {
    site.script.alter(path, change);
    return this;
  }

  /** Processes the next token request at once and answers after {@code delay}. */
  public FakeAuthorizationServer delayNext(Duration delay) {
    return alterNext(
        it -> it.newBuilder().headersDelay(delay.toNanos(), TimeUnit.NANOSECONDS).build());
  }

  /** Processes the next token request and keeps the answer until the test lets it go. */
  public Held holdNext() {
    return holdNext(tokenPath());
  }

  /** As {@link #holdNext()}, for the next request to another path. */
  public Held holdNext(String path) {
    return site.script.hold(path);
  }

  /** Cuts the connection of the next token request. */
  public FakeAuthorizationServer cutNext(Cut cut) {
    return cutNext(tokenPath(), cut);
  }

  /** As {@link #cutNext(Cut)}, for the next request to another path. */
  public FakeAuthorizationServer cutNext(String path, Cut cut) {
    site.script.cut(path, cut);
    return this;
  }

  /** Whether the token endpoint answers 503 to everything. What is planned stays planned. */
  public FakeAuthorizationServer down(boolean down) {
    site.policy.tokenDown = down;
    return this;
  }

  /** Whether every path answers 503. */
  public FakeAuthorizationServer downAll(boolean down) {
    site.policy.allDown = down;
    return this;
  }

  public FakeAuthorizationServer jwksDown(boolean down) {
    site.policy.jwksDown = down;
    return this;
  }

  public FakeAuthorizationServer discoveryDown(boolean down) {
    site.policy.discoveryDown = down;
    return this;
  }

  public FakeAuthorizationServer userInfoDown(boolean down) {
    site.policy.userInfoDown = down;
    return this;
  }

  // What was seen.

  /** Every request so far, in order of arrival, answered or not. */
  public List<ReceivedRequest> requests() {
    return site.log.all();
  }

  public int requestCount(String path) {
    return site.log.count(path);
  }

  public int tokenRequestCount() {
    return requestCount(tokenPath());
  }

  /**
   * The token request that arrived last.
   *
   * @throws IllegalStateException if there was none
   */
  public ReceivedRequest lastTokenRequest() {
    ReceivedRequest last = site.log.last(tokenPath());
    if (last == null) throw new IllegalStateException("no token request has arrived");
    return last;
  }

  /**
   * Waits until {@code count} token requests have arrived since the start.
   *
   * @throws AssertionError if they do not arrive in time
   */
  public void awaitTokenRequests(int count, Duration timeout) throws InterruptedException {
    site.log.await(tokenPath(), count, timeout);
  }

  /** How many families of tokens were revoked because a refresh token came once too often. */
  public int reuseDetections() {
    return site.grants.reuseDetections();
  }

  private String tokenPath() {
    return issuerPath + Endpoints.TOKEN;
  }

  @Override
  public void close() {
    site.script.end();
    server.close();
    site.keys.giveBack();
  }

  @Override
  public String toString() {
    return "FakeAuthorizationServer[" + issuer() + "]";
  }

  /** What must be known before the server listens. May be used for many servers. */
  public static final class Builder {
    private Clock clock = Clock.systemUTC();
    private String issuerPath = "";
    private @Nullable SSLSocketFactory sslSocketFactory;

    private Builder() {}

    /** What the server takes for the time; usually a {@link TestClock} that the client has too. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** A path for the issuer, such as {@code /tenant1}; all endpoints are below it. */
    public Builder issuerPath(String path) {
      if (!path.startsWith("/") || path.endsWith("/")) {
        throw new IllegalArgumentException("the issuer's path must look like /tenant1: " + path);
      }
      this.issuerPath = path;
      return this;
    }

    /**
     * Speaks HTTPS, with HTTP/1.1. The certificate must be for 127.0.0.1; {@link #authorize} works
     * if the factory trusts that certificate too, as one made by OkHttp's {@code
     * HandshakeCertificates} can.
     */
    public Builder https(SSLSocketFactory factory) {
      this.sslSocketFactory = factory;
      return this;
    }

    public FakeAuthorizationServer start() throws IOException {
      return new FakeAuthorizationServer(this);
    }

    private String scheme() {
      return sslSocketFactory == null ? "http" : "https";
    }

    private MockWebServer listen(Endpoints endpoints) throws IOException {
      MockWebServer server = new MockWebServer();
      server.setServerSocketFactory(new PromptServerSockets());
      server.setProtocols(List.of(Protocol.HTTP_1_1));
      server.setDispatcher(endpoints);
      if (sslSocketFactory != null) server.useHttps(sslSocketFactory);
      server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
      return server;
    }
  }
}
