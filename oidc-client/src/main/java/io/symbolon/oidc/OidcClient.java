package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.BackchannelAuthentication;
import io.symbolon.oauth.BackchannelAuthenticationRequest;
import io.symbolon.oauth.CachingTokenSource;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthHealth;
import io.symbolon.oauth.OAuthListener;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.QuietListener;
import io.symbolon.oauth.internal.Renewals;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.StrictJwt;
import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.UserIdentity;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One client at one OpenID provider: it logs users in and tells who they are.
 *
 * <pre>{@code
 * OidcClient oidc = OidcClient.builder()
 *     .issuer("https://login.example.com")
 *     .clientId("shop").clientSecret(Secret.fromEnv("SHOP_SECRET"))
 *     .build();
 *
 * PendingLogin login = oidc.login().redirectUri("https://shop.example.com/callback").begin();
 * // … the browser goes to login.url() and comes back with callbackUrl …
 * OidcTokens tokens = oidc.complete(login, callbackUrl);
 * }</pre>
 *
 * <p>Whatever {@link #complete} returns has been verified; else it throws, and no token was kept.
 * Discovery and keys are fetched when they are first needed, follow the server's key rotation and
 * survive its outages. Make one and share it: it is safe for many threads.
 */
public final class OidcClient {
  private final OAuthClient oauth;
  private final String scope;
  private final String issuer;
  private final HttpExchange http;
  private final RemoteKeySet keys;
  private final Verification verification;
  private final Decryption userInfoDecryption;
  private final Set<String> userInfoAlgorithms;
  private final ReplayCache replays;
  private final SecureRandom random;

  private OidcClient(Builder builder, OAuthClient oauth, HttpExchange http) {
    this.oauth = oauth;
    this.scope = builder.provider == null ? "" : builder.provider.scope();
    this.issuer = builder.requiredIssuer();
    this.http = http;
    this.keys = new RemoteKeySet(http, builder.clock, builder.executor());
    this.verification = new Verification(builder, oauth, keys);
    this.userInfoDecryption = builder.decryption(builder.userInfoKeys);
    this.userInfoAlgorithms = builder.userInfoAlgorithms;
    this.replays = builder.replays();
    this.random = builder.random;
  }

  /** Describes a client. */
  public static Builder builder() {
    return new Builder();
  }

  /** The OAuth client underneath, for everything that is not about who the user is. */
  public OAuthClient oauth() {
    return oauth;
  }

  /** Begins a login in the browser. */
  public LoginRequest login() {
    LoginRequest login = new LoginRequest(oauth.authorize(), random);
    return scope.isEmpty() ? login : login.scope(scope);
  }

  /**
   * Begins a login because another site, or the provider's own portal, sent the user here for it
   * (OpenID Connect Core §4): at the {@code initiate_login_uri} that was registered. The login hint
   * is passed on; where the user wants to go stands in {@link PendingLogin#attachment} as {@code
   * target_link_uri}. Nothing is asked of any server.
   *
   * @param query the parameters, from the query of a GET or the body of a POST, still encoded
   * @param ownOrigins where the user may be sent afterwards, such as {@code
   *     https://shop.example.com}
   * @throws InvalidResponseException when it names another issuer, or a place that is not ours
   * @throws IllegalArgumentException when an origin is no URL
   */
  public LoginRequest thirdPartyLogin(String query, String... ownOrigins)
      throws InvalidResponseException {
    ThirdPartyLogin wanted = new ThirdPartyLogin(query);
    wanted.checkIssuer(issuer);
    String target = wanted.target(Arrays.asList(ownOrigins.clone()));
    String hint = wanted.loginHint();
    LoginRequest login = login();
    if (target != null) {
      login.attach("target_link_uri", target);
    }
    return hint == null ? login : login.loginHint(hint);
  }

  /**
   * Ends a login: checks the response, spends the code, verifies the ID token.
   *
   * @param login the login that went to the browser, taken out of the user's own session
   * @param callbackUrl the full URL as the browser saw it; see {@link AuthorizationResponse#ofUrl}
   * @throws IdTokenException when the ID token is refused
   * @throws io.symbolon.oauth.LoginRequiredException when the login had {@code prompt=none}, and
   *     the user must do something after all
   * @throws io.symbolon.oauth.OAuthErrorException when the user or the server refused
   * @throws InvalidResponseException when the response does not belong to this login
   * @throws IOException when the server could not be reached; the code is spent then
   */
  public OidcTokens complete(PendingLogin login, String callbackUrl) throws IOException {
    return complete(login, AuthorizationResponse.ofUrl(callbackUrl));
  }

  /** The same for a response in any form. */
  public OidcTokens complete(PendingLogin login, AuthorizationResponse response)
      throws IOException {
    LoginCheck check = new LoginCheck(login, verification::idToken);
    TokenSet tokens = oauth.complete(login.authorization(), response, check);
    return new OidcTokens(check.idToken(), tokens, check.sessionState());
  }

  /**
   * Begins a login without a browser: the provider asks the user on their own phone (CIBA Core
   * §7.1). A user who was here before can be named by {@code parameter("id_token_hint",
   * idToken.serialized())}.
   *
   * <pre>{@code
   * BackchannelAuthentication asked =
   *     oidc.backchannel().loginHint("ada@example.com").bindingMessage("W4SCT").begin();
   * OidcTokens tokens = oidc.await(asked);
   * }</pre>
   *
   * <p>The ID token is verified before anything of the answer is handed out, also by {@link
   * BackchannelAuthentication#await}. In a push, it vouches for the other tokens.
   */
  public BackchannelAuthenticationRequest backchannel() {
    return oauth
        .backchannel("urn:openid:params:grant-type:ciba", backchannelCheck())
        .scope("openid");
  }

  private BackchannelCheck backchannelCheck() {
    return new BackchannelCheck(verification::idToken);
  }

  /**
   * Waits until the user has agreed, as {@link BackchannelAuthentication#await} does, and tells who
   * it was.
   *
   * @param asked what {@link #backchannel} began
   * @throws IdTokenException when the ID token is refused
   * @throws IOException as {@link BackchannelAuthentication#await} does
   */
  public OidcTokens await(BackchannelAuthentication asked) throws IOException {
    TokenSet tokens = asked.await();
    return new OidcTokens(backchannelCheck().idToken(tokens), tokens);
  }

  /**
   * Renews the tokens of a login once. If the server sends a new ID token, it must be about the
   * same login (OpenID Connect Core §12.2), else the whole response is dropped.
   *
   * @throws IllegalArgumentException when there is no refresh token
   */
  public OidcTokens refresh(OidcTokens login) throws IOException {
    AtomicReference<IdToken> verified = new AtomicReference<>(login.idToken());
    TokenSet tokens =
        oauth
            .refresh(login.tokens())
            .check(renewed -> verified.set(continued(login.idToken(), renewed)))
            .execute();
    return new OidcTokens(Objects.requireNonNull(verified.get()), tokens, login.sessionState());
  }

  /**
   * A source that begins with the tokens of a login and renews them; every renewal is checked as in
   * {@link #refresh}. It lives in this process only.
   */
  public CachingTokenSource tokenSource(OidcTokens login) {
    return oauth.tokenSource(login.tokens(), renewed -> continued(login.idToken(), renewed));
  }

  /**
   * Keeps a login in a store, together with who it was. From then on every process can use it by
   * {@link #tokenSource(TokenStore, String)}.
   *
   * @param key names the login in the store, such as {@link IdToken#subject}
   * @throws IOException when it is not known to be durable
   */
  public void save(TokenStore store, String key, OidcTokens login) throws IOException {
    store.save(key, StoredLogin.of(login));
  }

  /**
   * A source for a login in a store, shared with everybody who uses that store. A renewal that
   * brings an ID token must be about the user who logged in (OpenID Connect Core §12.2); else
   * nothing of it is stored or returned.
   *
   * @param key as for {@link #save}
   */
  public CachingTokenSource tokenSource(TokenStore store, String key) {
    return oauth.tokenSource(
        store, key, renewed -> continued(() -> StoredLogin.claims(store.load(key)), renewed));
  }

  /**
   * Asks the server what else it knows about the user (OpenID Connect Core §5.3). The answer is
   * about the user of the ID token, or refused. If it is signed, the signature, the issuer, the
   * audience and the times were verified.
   *
   * @throws InvalidResponseException when the answer is about another user, or cannot be trusted
   * @throws IllegalStateException when the server has no such endpoint
   */
  public UserInfo userInfo(OidcTokens login) throws IOException {
    AuthorizationServer server = oauth.server();
    HttpUrl endpoint = server.endpoint("userinfo_endpoint");
    if (endpoint == null) {
      throw new IllegalStateException("the server has no userinfo_endpoint");
    }
    UserInfoRequest request =
        new UserInfoRequest(
            http,
            endpoint,
            verification.rules(server),
            verification.ofUserInfo(server),
            userInfoDecryption,
            !userInfoAlgorithms.isEmpty());
    try {
      return request.fetch(login);
    } catch (InvalidResponseException e) {
      throw told(e);
    }
  }

  /**
   * Who logged in, as with every other provider: what the ID token says, and what {@link #userInfo}
   * adds to it where the server has such an endpoint. What the ID token says is not replaced.
   *
   * @throws InvalidResponseException when the answer is about another user, or cannot be trusted
   */
  public UserIdentity identity(OidcTokens login) throws IOException {
    boolean isAsked = oauth.server().endpoint("userinfo_endpoint") != null;
    return isAsked ? login.identity(userInfo(login)) : login.identity();
  }

  /** The same refusal, after the listener has heard of it. */
  private InvalidResponseException told(InvalidResponseException refusal) {
    QuietListener listener = http.listener();
    if (listener != null) {
      listener.refused(refusal);
    }
    return refusal;
  }

  /**
   * A claim that this provider vouches for and another one passes on (aggregated and distributed
   * claims, OpenID Connect Core §5.6.2). Nobody but this call follows such a reference:
   *
   * <pre>{@code
   * Object score = bank.providedClaim(shop.userInfo(login), "credit_score");
   * }</pre>
   *
   * <p>A distributed claim is fetched from the origin of this provider's issuer and from nowhere
   * else, with the access token that came for it. Whether it is about the same user is the word of
   * the one who passes it on.
   *
   * @return its value, signed by this provider; null when the user info names no source for it
   * @throws InvalidResponseException when it is signed by somebody else, or lies elsewhere
   */
  public @Nullable Object providedClaim(UserInfo info, String name) throws IOException {
    AuthorizationServer server = oauth.server();
    JwtSignature signature = verification.ofClaim(server);
    try {
      return new ProvidedClaim(http, verification.rules(server), signature, name).in(info);
    } catch (InvalidResponseException e) {
      throw told(e);
    }
  }

  /**
   * Begins a logout at the provider, by the user's browser (OpenID Connect RP-Initiated Logout §2).
   *
   * @throws InvalidResponseException when the provider has no {@code end_session_endpoint}
   * @throws IOException when its metadata is needed and cannot be had
   */
  public LogoutRequest logout() throws IOException {
    AuthorizationServer server = oauth.server();
    HttpUrl endpoint =
        existing(server, "end_session_endpoint", "OpenID Connect RP-Initiated Logout §2.1");
    return new LogoutRequest(endpoint, server::parameterName, oauth.clientId(), random);
  }

  /**
   * Reads what the provider posts to your {@code backchannel_logout_uri} when sessions end, and
   * believes only what the provider has signed, for this client, now, and once (OpenID Connect
   * Back-Channel Logout §2.6). End every login that {@link LogoutToken#ends} and answer 200; answer
   * 400 when this throws, and {@code Cache-Control: no-store} in both cases.
   *
   * @param form the raw body of the POST, of type {@code application/x-www-form-urlencoded}; a
   *     request with another method has none
   * @throws InvalidResponseException when the logout token is refused
   * @throws IOException when keys or the {@link ReplayCache} cannot be reached
   */
  public LogoutToken backchannelLogout(String form) throws IOException {
    AuthorizationServer server = oauth.server();
    JwtSignature signature = verification.ofLogoutToken(server);
    try {
      return new LogoutTokenVerifier(
              verification.rules(server), signature, oauth.clientId(), replays)
          .verify(form);
    } catch (InvalidResponseException e) {
      throw told(e);
    }
  }

  /**
   * Checks what the provider's page loads from your {@code frontchannel_logout_uri} when a session
   * ends (OpenID Connect Front-Channel Logout §3): whoever else makes a browser load it does not
   * know the session. Register {@code frontchannel_logout_session_required}, for without {@code
   * iss} and {@code sid} nothing is checked, and everything is refused.
   *
   * @param login the login of the session that the browser shows
   * @param url the full URL as the browser saw it, or its raw query behind a {@code ?}
   * @throws InvalidResponseException when it is not this login that ends; keep it then
   */
  public void checkFrontchannelLogout(IdToken login, String url) throws InvalidResponseException {
    FrontchannelLogout.check(login, url);
  }

  /**
   * The provider's page for an invisible iframe that knows whether the session still is the one of
   * {@link OidcTokens#sessionState} (OpenID Connect Session Management §3); null when it has none.
   *
   * @throws InvalidResponseException when the metadata names no URL that may be used
   */
  public @Nullable HttpUrl checkSessionIframe() throws IOException {
    AuthorizationServer server = oauth.server();
    Object named = server.metadata().get("check_session_iframe");
    String fault =
        named instanceof String text
            ? Urls.fault(text, server.tokenEndpoint().scheme().equals("http"))
            : "it is not a text";
    if (named != null && fault != null) {
      throw invalidMetadata(
          server,
          "check_session_iframe",
          Display.quote(named) + ", but " + fault,
          "OpenID Connect Session Management §3.3");
    }
    return named == null ? null : HttpUrl.get((String) named);
  }

  /** How this client is doing at its provider. Sends nothing, and costs next to nothing. */
  public OAuthHealth health() {
    OAuthHealth health = oauth.health();
    QuietListener listener = http.listener();
    return new OAuthHealth(
        health.token(),
        health.metadata(),
        keys.attempts(),
        health.clockOffset(),
        health.unsavedLogins(),
        health.listenerFailures() + (listener == null ? 0 : listener.failures()));
  }

  private interface Claims {
    Map<String, @Nullable Object> read() throws IOException;
  }

  private void continued(Claims login, TokenSet renewed) throws IOException {
    Object idToken = renewed.member("id_token");
    if (idToken != null) {
      String accessToken = renewed.accessToken().value().reveal();
      verification.idToken(idToken, IdTokenExpectation.refresh(login.read(), accessToken));
    }
  }

  private IdToken continued(IdToken login, TokenSet renewed) throws IOException {
    return renewed.member("id_token") == null
        ? login
        : verification.idToken(
            renewed.member("id_token"),
            IdTokenExpectation.refresh(login.claims(), renewed.accessToken().value().reveal()));
  }

  /** An endpoint that the program relies on. */
  static HttpUrl existing(AuthorizationServer server, String name, String section)
      throws InvalidResponseException {
    HttpUrl url = server.endpoint(name);
    if (url == null) {
      throw invalidMetadata(server, name, "nothing", section);
    }
    return url;
  }

  private static InvalidResponseException invalidMetadata(
      AuthorizationServer server, String name, String actual, String section) {
    return new InvalidResponseException(
        "invalid_metadata",
        "the metadata of "
            + server
            + (actual.equals("nothing") ? " names no " + name : " has as " + name + " " + actual),
        Verdict.about("the metadata of " + server)
            .failed(name, "a URL", actual, section)
            .fix("for a server by hand, name " + name + " in its builder")
            .build());
  }

  /** The client id and issuer; no secret. */
  @Override
  public String toString() {
    return "OpenID " + oauth;
  }

  /** Describes a client. Not for several threads. */
  public static final class Builder {
    private final OAuthClient.Builder oauth = OAuthClient.builder();
    private @Nullable String issuer;
    private @Nullable AuthorizationServer server;
    private @Nullable Provider provider;
    @Nullable Secret clientSecret;
    private @Nullable ClientAuthentication authentication;
    @Nullable Set<String> algorithms;
    @Nullable Profile profile;
    private @Nullable OkHttpClient httpClient;
    private @Nullable Executor executor;
    List<DecryptionKey> idTokenKeys = Collections.emptyList();
    List<DecryptionKey> userInfoKeys = Collections.emptyList();
    private Set<String> encryptions = Collections.emptySet();
    Set<String> userInfoAlgorithms = Collections.emptySet();
    Set<String> idTokenTypes = IdTokenVerifier.USUAL_TYPES;
    private @Nullable ReplayCache replayCache;
    private @Nullable OAuthListener listener;
    Set<String> trustedAudiences = Collections.emptySet();
    Duration clockLeeway = Duration.ofMinutes(1);
    Duration maxIdTokenAge = Duration.ofHours(1);
    private Duration callTimeout = Duration.ofSeconds(10);
    Clock clock = Clock.systemUTC();
    private SecureRandom random = new SecureRandom();

    private Builder() {}

    /**
     * The provider by its issuer identifier, exactly as it writes it; the rest is discovered
     * (OpenID Connect Discovery §4).
     */
    public Builder issuer(String issuer) {
      oauth.issuer(issuer);
      this.issuer = issuer;
      return this;
    }

    /** The provider by hand: issuer, endpoints and {@code jwks_uri}. */
    public Builder server(AuthorizationServer server) {
      oauth.server(server);
      this.server = server;
      return this;
    }

    /**
     * A provider of the catalogue, or a value of your own: where it is, how it differs, how a
     * client with a secret proves itself, and what a login asks for unless {@link
     * LoginRequest#scope} says otherwise.
     *
     * @throws IllegalArgumentException for a provider without ID tokens; {@link Provider#identity}
     *     says who the user is there
     */
    public Builder provider(Provider provider) {
      this.provider = provider;
      AuthorizationServer known = provider.server();
      if (known != null && known.issuer() == null) {
        throw new IllegalArgumentException(
            provider + " has no ID tokens: use its client(…) and identity(…) instead");
      }
      Dialect dialect = provider.dialect();
      if (dialect != null) {
        oauth.dialect(dialect);
      }
      return known == null ? issuer(String.valueOf(provider.issuer())) : server(known);
    }

    /** How the provider of {@link #issuer} differs from the standard; not at all unless set. */
    public Builder dialect(Dialect dialect) {
      oauth.dialect(dialect);
      return this;
    }

    /** The client identifier at the provider. Required. */
    public Builder clientId(String clientId) {
      oauth.clientId(clientId);
      return this;
    }

    /** The client secret; without one the client is public. */
    public Builder clientSecret(Secret clientSecret) {
      this.clientSecret = clientSecret;
      return this;
    }

    /** How the client authenticates, for a server whose metadata is silent or wrong. */
    public Builder authentication(ClientAuthentication authentication) {
      this.authentication = authentication;
      return this;
    }

    /** As {@link OAuthClient.Builder#dpop}; UserInfo is asked with a proof, too. */
    public Builder dpop(SigningKey key) {
      oauth.dpop(key);
      return this;
    }

    /** As {@link OAuthClient.Builder#acceptBearerTokensDespiteDpop}. */
    public Builder acceptBearerTokensDespiteDpop() {
      oauth.acceptBearerTokensDespiteDpop();
      return this;
    }

    /** As {@link OAuthClient.Builder#certificateBoundTokens}. */
    public Builder certificateBoundTokens() {
      oauth.certificateBoundTokens();
      return this;
    }

    /**
     * The algorithms with which the provider may sign ID tokens for this client. Unless set: those
     * with a public key that its metadata announces, or RS256 when it announces none. An HMAC needs
     * the client secret and is allowed only here.
     *
     * @throws IllegalArgumentException when a name is not known; {@code none} never is
     */
    public Builder idTokenAlgorithms(String first, String... others) {
      this.algorithms = checkedAlgorithms(first, others);
      return this;
    }

    /**
     * The algorithms with which the provider signs UserInfo for this client, as registered in
     * {@code userinfo_signed_response_alg}; from then on an unsigned answer is refused. Unless set,
     * a signed answer is held to the algorithms that the metadata announces. An HMAC is allowed
     * only here.
     *
     * @throws IllegalArgumentException when a name is not known; {@code none} never is
     */
    public Builder userInfoAlgorithms(String first, String... others) {
      this.userInfoAlgorithms = checkedAlgorithms(first, others);
      return this;
    }

    /**
     * The keys for ID tokens that the provider encrypts to this client, as registered in {@code
     * id_token_encrypted_response_alg}; several while they are rotated. From then on an ID token
     * that is not encrypted is refused. One that is only encrypted always is: anybody can do that.
     * Logout tokens may be encrypted to the same keys.
     */
    public Builder idTokenDecryption(DecryptionKey first, DecryptionKey... others) {
      this.idTokenKeys = keys(first, others);
      return this;
    }

    /**
     * The keys for UserInfo that the provider encrypts to this client, as registered in {@code
     * userinfo_encrypted_response_alg}. From then on an answer that is not encrypted is refused; if
     * it should be signed as well, say so by {@link #userInfoAlgorithms}.
     */
    public Builder userInfoDecryption(DecryptionKey first, DecryptionKey... others) {
      this.userInfoKeys = keys(first, others);
      return this;
    }

    /**
     * The content encryptions that were registered, such as {@code A256GCM}; any that is known
     * unless set (RFC 7518 §5.1).
     */
    public Builder contentEncryption(String first, String... others) {
      Set<String> names = new LinkedHashSet<>(Collections.singleton(first));
      names.addAll(Arrays.asList(others));
      this.encryptions = Collections.unmodifiableSet(names);
      return this;
    }

    private static List<DecryptionKey> keys(DecryptionKey first, DecryptionKey... others) {
      List<DecryptionKey> all = new ArrayList<>();
      all.add(first);
      all.addAll(Arrays.asList(others));
      return Collections.unmodifiableList(all);
    }

    Decryption decryption(List<DecryptionKey> keys) {
      return keys.isEmpty() ? Decryption.NONE : new Decryption(keys, encryptions, true);
    }

    private static Set<String> checkedAlgorithms(String first, String... others) {
      Set<String> names = new LinkedHashSet<>();
      names.add(first);
      names.addAll(Arrays.asList(others));
      for (String name : names) {
        if (SignatureAlgorithm.named(name) == null) {
          throw new IllegalArgumentException(
              name + " is not one of " + Arrays.toString(SignatureAlgorithm.values()));
        }
      }
      return Collections.unmodifiableSet(names);
    }

    /**
     * What the header of an ID token may say in {@code typ} beside {@code JWT}, for a provider that
     * writes something else for this client. None unless set.
     *
     * @throws IllegalArgumentException for the type of another kind of token
     */
    public Builder idTokenTypes(String... types) {
      Set<String> names = new LinkedHashSet<>(IdTokenVerifier.USUAL_TYPES);
      for (String type : types) {
        String name = StrictJwt.comparable(type);
        if (IdTokenVerifier.OTHER_TOKENS.contains(name)) {
          throw new IllegalArgumentException(type + " is the type of another kind of token");
        }
        names.add(name);
      }
      this.idTokenTypes = Collections.unmodifiableSet(names);
      return this;
    }

    /**
     * Where the logout tokens that were used are remembered; in this client's own memory unless
     * set. Processes that share the work share one.
     */
    public Builder replayCache(ReplayCache replayCache) {
      this.replayCache = replayCache;
      return this;
    }

    private Executor executor() {
      return executor != null ? executor : Renewals.sharedExecutor();
    }

    private ReplayCache replays() {
      Duration longest = maxIdTokenAge.plus(clockLeeway.multipliedBy(2)).plusSeconds(1);
      return replayCache != null ? replayCache : new MemoryReplayCache(longest, clock);
    }

    /** Holds client and provider to a profile; see {@link OAuthClient.Builder#profile}. */
    public Builder profile(Profile profile) {
      oauth.profile(profile);
      this.profile = profile;
      return this;
    }

    /** The algorithms for signed responses; see {@link OAuthClient.Builder}. */
    public Builder signedResponseAlgorithms(String first, String... others) {
      oauth.signedResponseAlgorithms(first, others);
      return this;
    }

    /** The keys for encrypted responses; see {@link OAuthClient.Builder}. */
    public Builder responseDecryptionKeys(DecryptionKey... keys) {
      oauth.responseDecryptionKeys(keys);
      return this;
    }

    /** Audiences that may stand beside our client id in an ID token. None unless set. */
    public Builder trustedAudiences(String... audiences) {
      this.trustedAudiences =
          Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(audiences)));
      return this;
    }

    /**
     * How far the provider's clock may differ from ours in whatever it has signed; a minute unless
     * set.
     *
     * @throws IllegalArgumentException when it is negative or above ten minutes
     */
    public Builder clockLeeway(Duration leeway) {
      oauth.clockLeeway(leeway);
      this.clockLeeway = leeway;
      return this;
    }

    /**
     * How long ago an ID token may have been issued when it arrives; an hour unless set. Servers
     * issue it for the very response it comes in.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public Builder maxIdTokenAge(Duration age) {
      if (age.isNegative() || age.isZero()) {
        throw new IllegalArgumentException("a maximum age is positive, but " + age + " is not");
      }
      this.maxIdTokenAge = age;
      return this;
    }

    /** The application's HTTP client: its proxy, DNS, TLS and interceptors are used. */
    public Builder httpClient(OkHttpClient httpClient) {
      oauth.httpClient(httpClient);
      this.httpClient = httpClient;
      return this;
    }

    /** The time. The system's unless set. */
    public Builder clock(Clock clock) {
      oauth.clock(clock);
      this.clock = clock;
      return this;
    }

    /** The source of state, nonce and PKCE verifier. */
    public Builder random(SecureRandom random) {
      oauth.random(random);
      this.random = random;
      return this;
    }

    /** Where renewals in the background run; a few daemon threads unless set. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      oauth.executor(executor);
      return this;
    }

    /** The deadline of one call from DNS to the last byte; 10 seconds unless set. */
    public Builder callTimeout(Duration callTimeout) {
      oauth.callTimeout(callTimeout);
      this.callTimeout = callTimeout;
      return this;
    }

    /** Who is told what happens: for metrics and logs. Nobody unless set. */
    public Builder listener(OAuthListener listener) {
      oauth.listener(listener);
      this.listener = listener;
      return this;
    }

    /**
     * The client. Does not touch the network.
     *
     * @throws IllegalStateException when something required is missing or two settings exclude each
     *     other
     */
    public OidcClient build() {
      if (issuer != null) {
        oauth.metadataUrl(discoveryUrl(issuer));
      }
      if (server != null && server.issuer() == null) {
        throw new IllegalStateException(
            "an OpenID provider has an issuer, but server(…) has none: name it in its builder");
      }
      authenticate();
      OAuthClient client = oauth.build();
      OkHttpClient base = httpClient == null ? new OkHttpClient() : httpClient;
      return new OidcClient(this, client, new HttpExchange(base, callTimeout, listener));
    }

    /** A secret goes the way of the provider, if it has one. */
    private void authenticate() {
      if (authentication != null) {
        oauth.authentication(authentication);
      }
      if (clientSecret == null) {
        return;
      }
      ClientAuthentication usual = provider == null ? null : provider.authentication(clientSecret);
      if (authentication == null && usual != null) {
        oauth.authentication(usual);
      } else {
        oauth.clientSecret(clientSecret);
      }
    }

    private String requiredIssuer() {
      return Objects.requireNonNull(server == null ? issuer : server.issuer());
    }

    private static String discoveryUrl(String issuer) {
      String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
      return base + "/.well-known/openid-configuration";
    }
  }
}
