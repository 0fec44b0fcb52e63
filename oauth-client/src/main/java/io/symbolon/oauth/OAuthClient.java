package io.symbolon.oauth;

import io.symbolon.oauth.internal.AttemptLog;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.QuietListener;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One client at one authorization server.
 *
 * <pre>{@code
 * OAuthClient oauth = OAuthClient.builder()
 *     .issuer("https://login.example.com")
 *     .clientId("reports").clientSecret(Secret.fromEnv("REPORTS_SECRET"))
 *     .build();
 * TokenSource tokens = oauth.clientCredentials().scope("reports.read").tokenSource();
 * OkHttpClient api =
 *     new OAuthInterceptor(tokens, "https://api.example.com").install(new OkHttpClient());
 * }</pre>
 *
 * <p>Building one does not touch the network: the server's metadata is fetched with the first
 * request, kept for twelve hours, and for a week while it cannot be fetched again. Make one and
 * share it: it is immutable for its users and safe for many threads.
 *
 * <p>Every request goes out once: no redirect, cookie, HTTP cache or silent second send, a deadline
 * for the whole call (10 seconds unless set), at most 1 MiB of answer.
 */
public final class OAuthClient {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private final String clientId;
  private final @Nullable ClientAuthentication authentication;
  private final @Nullable Secret clientSecret;
  private final boolean mutualTls;
  private final HttpExchange http;
  private final ServerMetadata metadata;
  private final Clock clock;
  private final SecureRandom random;
  private final @Nullable Executor executor;
  private final Duration callTimeout;
  private final Duration clockLeeway;
  private final AttemptLog tokenAttempts;
  private final @Nullable Set<String> signedResponseAlgorithms;
  private final List<DecryptionKey> responseDecryptionKeys;
  private final @Nullable Profile profile;
  private final boolean constrainsSenders;
  private final @Nullable DpopProofs dpop;
  private final boolean bearerAccepted;
  private volatile @Nullable RemoteKeySet keys;
  private volatile @Nullable SignedIntrospection signedIntrospection;
  private volatile @Nullable SpentLogins spentLogins;
  private volatile @Nullable UnsavedLogins unsavedLogins;

  private OAuthClient(Builder builder, ServerMetadata metadata, HttpExchange http) {
    this.clientId = builder.requiredClientId();
    this.authentication = builder.authentication;
    this.clientSecret = builder.clientSecret;
    this.mutualTls = builder.isMutualTls();
    this.metadata = metadata;
    this.http = http;
    this.clock = builder.clock;
    this.random = builder.random;
    this.callTimeout = builder.callTimeout;
    this.clockLeeway = builder.clockLeeway;
    this.executor = builder.executor;
    this.tokenAttempts = new AttemptLog(builder.clock);
    this.signedResponseAlgorithms = builder.signedResponseAlgorithms;
    this.responseDecryptionKeys = builder.responseDecryptionKeys;
    this.profile = builder.profile;
    this.bearerAccepted = builder.dpopKey == null || builder.bearerDespiteDpop;
    this.constrainsSenders = builder.isMutualTls() || !bearerAccepted;
    this.dpop =
        builder.dpopKey == null ? null : new DpopProofs(builder.dpopKey, random, this::serverTime);
  }

  /** Describes a client. */
  public static Builder builder() {
    return new Builder();
  }

  /** The client identifier at the server. */
  public String clientId() {
    return clientId;
  }

  /**
   * The server, fetched if need be (RFC 8414 §3).
   *
   * @throws InvalidResponseException when its metadata cannot be trusted
   * @throws IOException when it cannot be reached and was never reached before
   */
  public AuthorizationServer server() throws IOException {
    AuthorizationServer server = metadata.server();
    return mutualTls ? server.mutualTls() : server;
  }

  /**
   * How far the server's clock was ahead of ours at its last answer that told, to the second; null
   * before the first. Negative when it is behind. Told over TLS or loopback, by the {@code Date}
   * header, and believed up to a day.
   */
  public @Nullable Duration clockOffset() {
    return metadata.clockOffset();
  }

  /** How this client is doing at its server. Sends nothing, and costs next to nothing. */
  public OAuthHealth health() {
    QuietListener listener = listener();
    RemoteKeySet known = keys;
    UnsavedLogins unsaved = unsavedLogins;
    return new OAuthHealth(
        tokenAttempts.attempts(),
        metadata.attempts(),
        known == null ? new OAuthHealth.Attempts(null, null, null, null) : known.attempts(),
        clockOffset(),
        unsaved == null ? 0 : unsaved.count(),
        listener == null ? 0 : listener.failures());
  }

  /** Now, by the server's clock as far as it is known: for what the server checks the age of. */
  Instant serverTime() {
    return metadata.serverTime();
  }

  /** A token for the client itself, without a user (RFC 6749 §4.4). */
  public TokenRequest clientCredentials() {
    return TokenRequest.of(this, "client_credentials");
  }

  /**
   * A new access token for a refresh token (RFC 6749 §6). The refresh token may be spent by it:
   * keep the one that comes back.
   */
  public TokenRequest refresh(Secret refreshToken) {
    return TokenRequest.of(this, "refresh_token")
        .parameter("refresh_token", refreshToken)
        .renewing(refreshToken, null);
  }

  /**
   * The same for a whole token set, whose scope is kept when the server does not repeat it.
   *
   * @throws IllegalArgumentException when it has no refresh token
   */
  public TokenRequest refresh(TokenSet tokens) {
    Secret refreshToken = tokens.refreshToken();
    if (refreshToken == null) {
      throw new IllegalArgumentException(
          "there is no refresh token; many servers give one only for the scope offline_access");
    }
    return refresh(refreshToken).asking(tokens.scope()).renewing(refreshToken, tokens);
  }

  /**
   * Tokens for an assertion that somebody else has signed (RFC 7523 §2.1), such as a workload
   * identity of a cloud.
   *
   * @param assertion a JWT for this server
   */
  public TokenRequest jwtBearer(Secret assertion) {
    return TokenRequest.of(this, JWT_BEARER).parameter("assertion", assertion);
  }

  /**
   * Tokens for an assertion that this client signs itself (RFC 7523 §2.1), as a service account
   * does. It is made anew for each request, good for five minutes, so that {@link
   * TokenRequest#tokenSource} can repeat it.
   *
   * @param claims further claims, as JSON values, such as {@code sub} for the user to act for; they
   *     replace {@code iss} and {@code sub}, which are the client id, and {@code aud}, which is the
   *     issuer (without one, the token endpoint)
   * @throws IllegalArgumentException when {@code iat}, {@code nbf}, {@code exp} or {@code jti} is
   *     among them
   */
  public TokenRequest jwtBearer(SigningKey key, Map<String, ?> claims) {
    return TokenRequest.of(this, JWT_BEARER).asserting(new SelfIssuedAssertion(key, claims));
  }

  /**
   * Tokens for a SAML 2.0 assertion (RFC 7522 §2.1).
   *
   * @param assertion the {@code <Assertion>} element as XML; it is sent in base64url
   */
  public TokenRequest saml2Bearer(Secret assertion) {
    byte[] xml = assertion.reveal().getBytes(StandardCharsets.UTF_8);
    return TokenRequest.of(this, "urn:ietf:params:oauth:grant-type:saml2-bearer")
        .parameter(
            "assertion", Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(xml)));
  }

  /**
   * A grant that this library does not know (RFC 6749 §4.5); add what it needs with {@link
   * TokenRequest#parameter(String, Secret)}.
   *
   * @param grantType such as {@code urn:example:grant-type:badge}
   * @throws IllegalArgumentException when it is not a name of visible ASCII characters
   */
  public TokenRequest grant(String grantType) {
    if (!TokenText.isVschar(grantType)) {
      throw new IllegalArgumentException(
          "a grant type is one or more visible ASCII characters, but "
              + Display.quote(grantType)
              + " is not");
    }
    return TokenRequest.of(this, grantType);
  }

  /**
   * Tokens for the user's own password (RFC 6749 §4.3). The password is kept no longer than this
   * request; {@link TokenRequest#tokenSource} refuses.
   *
   * @deprecated RFC 9700 §2.4 forbids it: the program learns the password, and no second factor is
   *     possible. For servers that have nothing else; use {@link #authorize} or {@link #device}.
   */
  @Deprecated
  public TokenRequest password(String username, Secret password) {
    return TokenRequest.of(this, "password")
        .parameter("username", username)
        .parameter("password", password);
  }

  /**
   * Begins a login on a device that has no browser: the user agrees on another one (RFC 8628). The
   * server has to have a {@code device_authorization_endpoint}.
   */
  public DeviceAuthorizationRequest device() {
    return new DeviceAuthorizationRequest(this);
  }

  /**
   * Begins a login that the user is asked for on their own phone (CIBA). An OidcClient has a method
   * of its own for it, which verifies who agreed.
   *
   * @param grantType the name under which the token endpoint gives the tokens
   * @param checks further conditions for the tokens, however they come
   */
  public BackchannelAuthenticationRequest backchannel(String grantType, TokenCheck... checks) {
    return new BackchannelAuthenticationRequest(this, grantType, checks);
  }

  /**
   * Turns a token into another one (RFC 8693): to call the next service in the user's name.
   *
   * @param subjectToken the token of the one for whom the new one shall be
   * @param tokenType its kind, a URI such as {@code urn:ietf:params:oauth:token-type:access_token}
   * @throws IllegalArgumentException when the kind is no URI
   */
  public TokenExchangeRequest exchange(Secret subjectToken, String tokenType) {
    return TokenExchangeRequest.of(this, subjectToken, tokenType);
  }

  /** Begins a login or consent in the browser: authorization code with PKCE (RFC 6749 §4.1). */
  public AuthorizationRequest authorize() {
    return new AuthorizationRequest(this);
  }

  /**
   * Ends what {@link AuthorizationRequest#begin} began: checks the response, then spends the code.
   *
   * @param pending the login that went to the browser, taken out of the user's own session
   * @param response what came to the redirect URI
   * @param checks further conditions, for the response and for the token response
   * @throws LoginRequiredException when the login had {@code prompt=none} and needs the user
   * @throws OAuthErrorException when the user or the server refused
   * @throws InvalidResponseException when the response does not belong to this login
   * @throws IOException when the server could not be reached; the code is spent then
   */
  public TokenSet complete(
      PendingAuthorization pending, AuthorizationResponse response, TokenCheck... checks)
      throws IOException {
    Map<String, Secret> parameters = checked(pending, response, checks);
    for (TokenCheck check : checks) {
      check.checkResponse(parameters);
    }
    Dialect dialect = server().dialect();
    TokenRequest request =
        TokenRequest.of(this, "authorization_code")
            .parameter("code", Objects.requireNonNull(parameters.get("code")))
            .parameter("redirect_uri", pending.redirectUri())
            .asking(pending.scope())
            .checks(checks);
    if (dialect == null || dialect.usesPkce()) {
      request = request.parameter("code_verifier", pending.codeVerifier());
    }
    String resource = pending.resource();
    request = resource == null ? request : request.resource(resource);
    return dialect == null ? request.execute() : dialect.complete(request, parameters, clientId);
  }

  private Map<String, Secret> checked(
      PendingAuthorization pending, AuthorizationResponse response, TokenCheck... checks)
      throws IOException {
    SignedResponses signed =
        new SignedResponses(
            responseAlgorithms(),
            clientSecret,
            responseDecryptionKeys,
            this::keys,
            clock,
            clockLeeway);
    try {
      return new AuthorizationResponseCheck(
              clientId, server(), clock.instant(), spentLogins(), signed)
          .parameters(pending, response, checks);
    } catch (IOException e) {
      tellRefusal(e);
      throw e;
    }
  }

  /** Tells the listener if it is that we did not believe an answer. */
  void tellRefusal(IOException failure) {
    QuietListener listener = listener();
    if (listener != null && failure instanceof InvalidResponseException refusal) {
      listener.refused(refusal);
    }
  }

  /**
   * The same for the URL that the browser was sent to.
   *
   * @param callbackUrl the full URL as the browser saw it; see {@link AuthorizationResponse#ofUrl}
   */
  public TokenSet complete(PendingAuthorization pending, String callbackUrl, TokenCheck... checks)
      throws IOException {
    return complete(pending, AuthorizationResponse.ofUrl(callbackUrl), checks);
  }

  /**
   * A source that begins with these tokens and renews them with their refresh token, each new one
   * replacing the last. It lives in this process only.
   *
   * @param checks further conditions for every renewal
   */
  public CachingTokenSource tokenSource(TokenSet tokens, TokenCheck... checks) {
    CachingTokenSource source = caching(new RefreshingTokenSource(this, tokens, checks));
    AccessToken present = presentable(tokens.accessToken());
    if (present != null) {
      source.prime(present);
    }
    return source;
  }

  /**
   * A source for a login in a store, shared with everybody who uses that store: threads, processes,
   * machines. Each renewal is made by one of them, saved before it is used, and adopted by the
   * others.
   *
   * @param key names the login in the store, such as the user's id
   * @param checks further conditions for every renewal
   */
  public CachingTokenSource tokenSource(TokenStore store, String key, TokenCheck... checks) {
    return caching(StoredTokenSource.ofLogin(this, store, key, checks));
  }

  /**
   * Asks the server about a token, as a resource server does (RFC 7662). The answer is about this
   * moment and is not cached. With {@link Profile#FAPI_2_0_MESSAGE_SIGNING} it has to be signed, as
   * with {@link #introspectSigned(Secret)}.
   *
   * @throws OAuthErrorException when the server refuses to tell; that is not "not active"
   * @throws InvalidResponseException when the answer cannot be used
   */
  public Introspection introspect(Secret token) throws IOException {
    return introspect(token, "access_token");
  }

  /**
   * The same for a token of another kind.
   *
   * @param typeHint where the server should look first, such as {@code refresh_token}
   */
  public Introspection introspect(Secret token, String typeHint) throws IOException {
    if (profile != null && profile.signsMessages()) {
      return introspectSigned(token, typeHint, clientId);
    }
    AuthorizationServer server = server();
    EndpointAnswer answer = introspected(token, typeHint, "application/json", server);
    return Introspection.of(answer.object(), answer);
  }

  /**
   * The same, signed by the server for this client, so that the answer can be shown to others (RFC
   * 9701). An answer that is not signed is refused. The server must know that the client wants that
   * ({@code introspection_signed_response_alg}); encrypted answers cannot be read.
   */
  public Introspection introspectSigned(Secret token) throws IOException {
    return introspectSigned(token, clientId);
  }

  /**
   * The same for a resource server with a name of its own.
   *
   * @param audience whom the answer must be for, instead of the client id
   */
  public Introspection introspectSigned(Secret token, String audience) throws IOException {
    return introspectSigned(token, "access_token", audience);
  }

  private Introspection introspectSigned(Secret token, String typeHint, String audience)
      throws IOException {
    AuthorizationServer server = server();
    EndpointAnswer answer = introspected(token, typeHint, SignedIntrospection.MEDIA_TYPE, server);
    return signedIntrospection().read(answer, server, audience);
  }

  private EndpointAnswer introspected(
      Secret token, String typeHint, String accept, AuthorizationServer server) throws IOException {
    EndpointRequest request =
        new EndpointRequest(server.existing("introspection_endpoint", "RFC 7662 §2"));
    request.header("Accept", accept);
    request.secretParameter("token", token);
    request.parameter("token_type_hint", typeHint);
    return exchange(request, server);
  }

  private SignedIntrospection signedIntrospection() {
    SignedIntrospection known = signedIntrospection;
    if (known == null) {
      known = new SignedIntrospection(keys(), clock, clockLeeway, profile);
      signedIntrospection = known;
    }
    return known;
  }

  /**
   * Ends a refresh token at the server, and usually every access token that came from it (RFC 7009
   * §2.1). A token that the server does not know counts as ended.
   *
   * @throws OAuthException when the server did not do it; the token must be taken for alive
   */
  public void revoke(Secret refreshToken) throws IOException {
    new Revocation(this).revoke(refreshToken, "refresh_token");
  }

  /**
   * Ends one access token at the server; the refresh token stays good. Tell the source that it came
   * from: {@link TokenSource#invalidate}.
   *
   * @throws OAuthErrorException with {@code unsupported_token_type} when the server ends refresh
   *     tokens only
   */
  public void revoke(AccessToken accessToken) throws IOException {
    new Revocation(this).revoke(accessToken.value(), "access_token");
  }

  /** Ends the refresh token of a token set, or the access token when there is no other. */
  public void revoke(TokenSet tokens) throws IOException {
    new Revocation(this).revoke(tokens);
  }

  /**
   * Logs a user out: ends the login at the server, then removes it from the store. It is removed
   * even if the server cannot be reached, so that no usable token stays behind here.
   *
   * @throws IOException when the server did not end the login, which is gone from the store all the
   *     same and ends at the server by itself; or when the store failed
   */
  public void revoke(TokenStore store, String key) throws IOException {
    new Revocation(this).revoke(store, key);
  }

  CachingTokenSource caching(TokenSource origin) {
    return new CachingTokenSource(origin, this);
  }

  TokenSet tokens(
      EndpointRequest request,
      AuthorizationServer server,
      Set<String> askedScope,
      @Nullable Secret previousRefreshToken)
      throws IOException {
    try {
      TokenSet tokens =
          exchange(request, server).tokens(server.issuer(), askedScope, previousRefreshToken);
      tokenAttempts.succeeded();
      return tokens;
    } catch (IOException e) {
      if (!isPending(e)) {
        tokenAttempts.failed(e);
      }
      throw e;
    }
  }

  /** The user has not decided yet: nothing has failed (RFC 8628 §3.5). */
  private static boolean isPending(IOException e) {
    return e instanceof OAuthErrorException error
        && (error.error().equals("authorization_pending") || error.error().equals("slow_down"));
  }

  /** Authenticates the client and sends: the one way to every endpoint that takes a form. */
  EndpointAnswer exchange(EndpointRequest request, AuthorizationServer server) throws IOException {
    ProfileRules rules = profileRules(server);
    if (rules != null) {
      rules.demand();
    }
    ClientAttestation attestation = attestation();
    return attestation == null
        ? proved(request, server)
        : attestation.exchange(server, () -> proved(request, server));
  }

  private @Nullable ClientAttestation attestation() {
    return authentication == null ? null : authentication.attestation();
  }

  private EndpointAnswer proved(EndpointRequest request, AuthorizationServer server)
      throws IOException {
    DpopProofs proofs = request.bindsTokens() ? dpop : null;
    if (proofs == null) {
      return send(request, server);
    }
    return proofs
        .exchange(request, server, () -> send(request, server))
        .boundTo(proofs, bearerAccepted);
  }

  private EndpointAnswer send(EndpointRequest request, AuthorizationServer server)
      throws IOException {
    Dialect dialect = server.dialect();
    authentication(server).apply(this, server, request);
    String endpoint = server.nameOf(request.url());
    HttpAnswer answer =
        http.execute(
            endpoint,
            request.build(dialect, clock.instant()),
            request.secrets(),
            dialect == null ? HttpAnswer::outcome : dialect::outcome);
    metadata.learnClock(answer, request.url());
    return new EndpointAnswer(
        answer, request.url(), endpoint, request.secrets(), clock.instant(), dialect);
  }

  private ClientAuthentication authentication(AuthorizationServer server) throws IOException {
    if (authentication != null) {
      return authentication;
    }
    return clientSecret == null
        ? ClientAuthentication.none()
        : ClientAuthentication.chosen(clientSecret, server);
  }

  private @Nullable Set<String> responseAlgorithms() {
    if (profile == null) {
      return signedResponseAlgorithms;
    }
    Set<String> allowed = new LinkedHashSet<>(profile.signatureAlgorithms());
    if (signedResponseAlgorithms != null) {
      allowed.retainAll(signedResponseAlgorithms);
    }
    return allowed;
  }

  @Nullable Profile profile() {
    return profile;
  }

  /** What the profile demands of this client at every endpoint; null without profile. */
  @Nullable ProfileRules profileRules(AuthorizationServer server) throws IOException {
    if (profile == null) {
      return null;
    }
    ProfileRules rules =
        new ProfileRules(profile, server).client(authentication(server), constrainsSenders);
    return dpop == null ? rules : rules.algorithm("DPoP proof", dpop.key().algorithm());
  }

  /** The key that tokens are bound to; null when they are not. */
  @Nullable DpopProofs dpop() {
    return dpop;
  }

  /** Whether a token that is bound to no DPoP key may be used. */
  boolean acceptsBearer() {
    return bearerAccepted;
  }

  /** The token in our hands; null when it is bound to another key, or to none but should be. */
  @Nullable AccessToken presentable(AccessToken token) {
    if (token.keyThumbprint() == null) {
      return bearerAccepted ? token : null;
    }
    boolean ours = dpop != null && dpop.thumbprint().equals(token.keyThumbprint());
    return dpop != null && ours ? token.provedBy(dpop) : null;
  }

  /** The refresh token of a public client is good with the key of the login only (RFC 9449 §5). */
  void requireKeyOf(TokenSet tokens) throws IOException {
    String wanted = tokens.accessToken().keyThumbprint();
    String ours = dpop == null ? "none" : dpop.thumbprint();
    if (wanted != null && !wanted.equals(ours) && isPublic()) {
      throw LoginRequiredException.because(
          "the login is bound to the DPoP key " + wanted + ", but this client has " + ours,
          Verdict.about("the renewal for " + this)
              .failed("dpop_jkt", wanted, ours, "RFC 9449 §5")
              .fix("give the client the key of the login: dpop(…); or log in again")
              .build(),
          null);
    }
  }

  private boolean isPublic() {
    return authentication == null ? clientSecret == null : authentication.toString().equals("none");
  }

  /** Made when a key of the server is first needed. */
  synchronized RemoteKeySet keys() {
    RemoteKeySet known = keys;
    if (known == null) {
      known = new RemoteKeySet(http, clock);
      keys = known;
    }
    return known;
  }

  /** Who is told of events, and cannot disturb by what it does; null when nobody. */
  @Nullable QuietListener listener() {
    return http.listener();
  }

  SecureRandom random() {
    return random;
  }

  @Nullable Executor executor() {
    return executor;
  }

  AttemptLog tokenAttempts() {
    return tokenAttempts;
  }

  HttpExchange http() {
    return http;
  }

  Clock clock() {
    return clock;
  }

  /** Made by the first login that comes back, so that a service never loads it. */
  private synchronized SpentLogins spentLogins() {
    SpentLogins known = spentLogins;
    if (known == null) {
      known = new SpentLogins(clock);
      spentLogins = known;
    }
    return known;
  }

  /** Made by the first login in a store. */
  synchronized UnsavedLogins unsavedLogins() {
    UnsavedLogins known = unsavedLogins;
    if (known == null) {
      known = new UnsavedLogins();
      unsavedLogins = known;
    }
    return known;
  }

  /** Whether a call that begins now ends before a lease that was granted so long ago does. */
  boolean leaseLastsForACall(long nanosSince) {
    return leaseDuration().minus(longestExchange()).toNanos() > nanosSince;
  }

  /** Longer than a renewal with its one repetition can take. */
  Duration leaseDuration() {
    return longestExchange().multipliedBy(2).plusSeconds(10);
  }

  /**
   * A DPoP nonce that is wanted takes a second call, and so does the challenge of an attestation.
   */
  private Duration longestExchange() {
    Duration withNonce = dpop == null ? callTimeout : callTimeout.multipliedBy(2);
    return attestation() == null ? withNonce : withNonce.multipliedBy(2);
  }

  /** The client id; no secret. */
  @Override
  public String toString() {
    return "client " + clientId + " at " + metadata;
  }

  /** Describes a client. Not for several threads. */
  public static final class Builder {
    private static final Duration SHORTEST_CALL = Duration.ofMillis(1);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(5);
    private static final Duration LONGEST_LEEWAY = Duration.ofMinutes(10);

    private @Nullable String clientId;
    private @Nullable Secret clientSecret;
    private boolean certificateBoundTokens;
    private @Nullable ClientAuthentication authentication;
    private @Nullable String issuer;
    private @Nullable String metadataUrl;
    private @Nullable AuthorizationServer server;
    private @Nullable Dialect dialect;
    private @Nullable OkHttpClient httpClient;
    private @Nullable Executor executor;
    private @Nullable Set<String> signedResponseAlgorithms;
    private List<DecryptionKey> responseDecryptionKeys = Collections.emptyList();
    private @Nullable Profile profile;
    private @Nullable SigningKey dpopKey;
    private boolean bearerDespiteDpop;
    private Clock clock = Clock.systemUTC();
    private SecureRandom random = new SecureRandom();
    private Duration callTimeout = Duration.ofSeconds(10);
    private Duration clockLeeway = Duration.ofMinutes(1);
    private @Nullable OAuthListener listener;

    private Builder() {}

    /**
     * The server by its issuer identifier, exactly as the server writes it; its metadata is fetched
     * when it is needed.
     *
     * @throws IllegalArgumentException when it is not an issuer identifier
     */
    public Builder issuer(String issuer) {
      this.issuer = AuthorizationServer.checkedIssuer(issuer);
      return this;
    }

    /**
     * The place of the metadata, for a server that has it elsewhere than RFC 8414 §3 and §5 say.
     * The document must still be for the issuer.
     */
    public Builder metadataUrl(String url) {
      this.metadataUrl = url;
      return this;
    }

    /** The server by hand. */
    public Builder server(AuthorizationServer server) {
      this.server = server;
      return this;
    }

    /** How the server of {@link #issuer} differs from the standard; not at all unless set. */
    public Builder dialect(Dialect dialect) {
      this.dialect = dialect;
      return this;
    }

    /** The client identifier at the server. Required. */
    public Builder clientId(String clientId) {
      this.clientId = clientId;
      return this;
    }

    /**
     * The client secret; it goes into the header or the form as the server's metadata says. Without
     * secret and {@link #authentication} the client is public.
     */
    public Builder clientSecret(Secret clientSecret) {
      this.clientSecret = clientSecret;
      return this;
    }

    /** How the client authenticates, for a server whose metadata is silent or wrong. */
    public Builder authentication(ClientAuthentication authentication) {
      this.authentication = authentication;
      return this;
    }

    /**
     * The algorithms with which the server may sign its responses to logins with {@link
     * AuthorizationRequest#signedResponse} ({@code authorization_signed_response_alg}). Unless set:
     * those with a public key that its metadata announces, or RS256 when it announces none. An HMAC
     * needs {@link #clientSecret} and is allowed only here.
     *
     * @throws IllegalArgumentException when a name is not known; {@code none} never is
     */
    public Builder signedResponseAlgorithms(String first, String... others) {
      Set<String> names = new LinkedHashSet<>();
      names.add(first);
      names.addAll(Arrays.asList(others));
      for (String name : names) {
        if (SignatureAlgorithm.named(name) == null) {
          throw new IllegalArgumentException(
              name + " is not one of " + Arrays.toString(SignatureAlgorithm.values()));
        }
      }
      this.signedResponseAlgorithms = Collections.unmodifiableSet(names);
      return this;
    }

    /**
     * Holds client and server to a profile: what it wants of the client is turned on, and a request
     * that would break it is not sent, but ends in an {@link InvalidResponseException} that names
     * everything that is missing.
     */
    public Builder profile(Profile profile) {
      this.profile = profile;
      return this;
    }

    /**
     * The keys for signed responses that the server encrypts to this client ({@code
     * authorization_encrypted_response_alg}). With a key, a response that is not encrypted is
     * refused.
     */
    public Builder responseDecryptionKeys(DecryptionKey... keys) {
      this.responseDecryptionKeys = Collections.unmodifiableList(Arrays.asList(keys.clone()));
      return this;
    }

    /**
     * The server binds tokens to the certificate of {@link #httpClient}, however the client
     * authenticates: its {@code mtls_endpoint_aliases} are used (RFC 8705 §3 and §5). Call the API
     * with the same HTTP client.
     */
    public Builder certificateBoundTokens() {
      this.certificateBoundTokens = true;
      return this;
    }

    /**
     * Binds tokens to a key (RFC 9449): whoever steals one cannot use it without the key. Every
     * token request proves possession of it, and an {@link OAuthInterceptor} does on every call to
     * the API. A server that answers with a Bearer token instead is refused.
     *
     * <p>Where there is no client secret, a refresh token is good with this key only: keep the key
     * as long as the login, and give it to every process that uses the login. It is for this server
     * alone: another one could pass a token that it has stolen off as its own, and let you present
     * it. So {@link #build} refuses a key object that is used at another server already; it cannot
     * see that you have loaded the same key twice.
     *
     * @param key such as {@code SigningKey.generate("ES256")}, or one from a key store
     */
    public Builder dpop(SigningKey key) {
      this.dpopKey = key;
      return this;
    }

    /**
     * Takes Bearer tokens although {@link #dpop} asks for bound ones: for a server that is being
     * moved to DPoP. Whoever can change or replace the server's answer, or steals such a token, has
     * what DPoP protects from.
     */
    public Builder acceptBearerTokensDespiteDpop() {
      this.bearerDespiteDpop = true;
      return this;
    }

    private boolean isMutualTls() {
      return certificateBoundTokens || (authentication != null && authentication.isMutualTls());
    }

    /**
     * The application's HTTP client: its proxy, DNS, TLS and interceptors are used. The client
     * itself is not changed.
     */
    public Builder httpClient(OkHttpClient httpClient) {
      this.httpClient = httpClient;
      return this;
    }

    /** The time. The system's unless set. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /**
     * How far the server's clock may differ from ours in what it has signed: responses to the
     * redirect URI and to introspection. A minute unless set.
     *
     * @throws IllegalArgumentException when it is negative or above ten minutes
     */
    public Builder clockLeeway(Duration leeway) {
      if (leeway.isNegative() || leeway.compareTo(LONGEST_LEEWAY) > 0) {
        throw new IllegalArgumentException(
            "a leeway is between 0 and 10 minutes, but " + leeway + " is not");
      }
      this.clockLeeway = leeway;
      return this;
    }

    /** The source of state and PKCE verifier. */
    public Builder random(SecureRandom random) {
      this.random = random;
      return this;
    }

    /** Where renewals in the background run; a few daemon threads unless set. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /**
     * The deadline of one call from DNS to the last byte.
     *
     * @throws IllegalArgumentException when it is not between 1 ms and 5 minutes
     */
    public Builder callTimeout(Duration callTimeout) {
      if (callTimeout.compareTo(SHORTEST_CALL) < 0 || callTimeout.compareTo(LONGEST_CALL) > 0) {
        throw new IllegalArgumentException(
            "a call timeout is between 1 ms and 5 minutes, but " + callTimeout + " is not");
      }
      this.callTimeout = callTimeout;
      return this;
    }

    /** Who is told what happens: for metrics and logs. Nobody unless set. */
    public Builder listener(OAuthListener listener) {
      this.listener = listener;
      return this;
    }

    private String requiredClientId() {
      if (clientId == null) {
        throw new IllegalStateException("clientId(…) is missing");
      }
      if (!TokenText.isVschar(clientId)) {
        throw new IllegalStateException(
            "a client id is one or more visible ASCII characters, but "
                + Display.quote(clientId)
                + " is not");
      }
      return clientId;
    }

    /**
     * The client. Does not touch the network.
     *
     * @throws IllegalStateException when something required is missing, two settings exclude each
     *     other, or the key of {@link #dpop} is used at another server already
     */
    public OAuthClient build() {
      requiredClientId();
      if (issuer == null && server == null) {
        throw new IllegalStateException("issuer(…) is missing, and server(…) too: name one");
      }
      if (issuer != null && server != null) {
        throw new IllegalStateException("issuer(…) and server(…) are both there: name one");
      }
      if (server != null && dialect != null) {
        throw new IllegalStateException(
            "server(…) and dialect(…) are both there: give the dialect to the server's builder");
      }
      if (clientSecret != null && authentication != null) {
        throw new IllegalStateException(
            "clientSecret(…) and authentication(…) are both there: name one");
      }
      HttpExchange http =
          new HttpExchange(
              httpClient == null ? new OkHttpClient() : httpClient, callTimeout, listener);
      ServerMetadata metadata =
          server != null
              ? ServerMetadata.fixed(server, http, clock)
              : ServerMetadata.discovered(requiredIssuer(), metadataUrl, http, clock, dialect);
      if (dpopKey != null) {
        dpopKey.bindAt(metadata.toString());
      }
      return new OAuthClient(this, metadata, http);
    }

    private String requiredIssuer() {
      if (issuer == null) {
        throw new IllegalStateException("issuer(…) is missing");
      }
      return issuer;
    }
  }
}
