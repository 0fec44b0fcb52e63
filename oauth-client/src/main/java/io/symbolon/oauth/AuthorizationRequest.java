package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the browser is to ask the server for (RFC 6749 §4.1.1): a code, always with PKCE S256 (RFC
 * 7636) and a state that nobody can guess. Not for several threads; {@link #begin} may be called
 * more than once and makes a new login each time.
 *
 * <pre>{@code
 * PendingAuthorization pending = oauth.authorize()
 *     .redirectUri("https://shop.example.com/callback").scope("orders.read").begin();
 * }</pre>
 */
public final class AuthorizationRequest {
  private static final Set<String> OWN_PARAMETERS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              Arrays.asList(
                  "response_type",
                  "client_id",
                  "redirect_uri",
                  "scope",
                  "state",
                  "response_mode",
                  "code_challenge",
                  "code_challenge_method",
                  "dpop_jkt",
                  "resource",
                  "authorization_details",
                  "request",
                  "request_uri")));

  private final OAuthClient client;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> attachments = new LinkedHashMap<>();
  private final Set<String> resources = new LinkedHashSet<>();
  private Set<String> scope = Collections.emptySet();
  private String responseType = "code";
  private @Nullable String redirectUri;
  private @Nullable String responseMode;
  private @Nullable String authorizationDetails;
  private boolean announcedPkce;
  private boolean pushed;
  private boolean signedResponse;
  private @Nullable SigningKey signingKey;
  private @Nullable RequestObjectEncryption encryption;
  private @Nullable Function<Secret, String> publisher;
  private List<String> besideRequestObject = Collections.emptyList();

  AuthorizationRequest(OAuthClient client) {
    this.client = client;
  }

  /**
   * Where the server sends the browser back to, exactly as registered. Required.
   *
   * @throws IllegalArgumentException when it is not an https URL, an http URL on loopback, or a URI
   *     with an app's own scheme (RFC 8252 §7)
   */
  public AuthorizationRequest redirectUri(String redirectUri) {
    this.redirectUri = RedirectUris.checked(redirectUri);
    return this;
  }

  /**
   * Asks for these scopes; a second call replaces the first.
   *
   * @param scope scope tokens separated by spaces (RFC 6749 §3.3)
   */
  public AuthorizationRequest scope(String scope) {
    this.scope = TokenText.scope(scope);
    return this;
  }

  /** Lets the server answer with a POST from the browser instead of a query in the URL. */
  public AuthorizationRequest formPost() {
    this.responseMode = AuthorizationResponse.FORM_POST;
    return this;
  }

  /**
   * Asks for more than the code in the response (OAuth 2.0 Multiple Response Types §5), such as
   * {@code code token}. It comes in the URL's fragment then, or by {@link #formPost}. Whatever
   * stands beside the code reaches an {@link TokenCheck#checkResponse} and nothing else: a token
   * that went through the browser is not used.
   *
   * @throws IllegalArgumentException when {@code code} is not among them: nothing else is bound to
   *     the client that asked
   */
  public AuthorizationRequest responseType(String responseType) {
    Set<String> types = TokenText.scope(responseType);
    if (!types.contains("code")) {
      throw new IllegalArgumentException(
          "a response type contains \"code\", but "
              + Display.quote(responseType)
              + " does not: tokens that only the browser brings may be anybody's (RFC 9700 §2.1.2)");
    }
    this.responseType = String.join(" ", types);
    return this;
  }

  /**
   * Names a place where the token is to be used (RFC 8707 §2). May be called for several; with
   * exactly one, the token request repeats it.
   *
   * @throws IllegalArgumentException when it is not an absolute URI without fragment
   */
  public AuthorizationRequest resource(String uri) {
    resources.add(Resources.checked(uri));
    return this;
  }

  /**
   * Asks for exactly this (RFC 9396 §2); a second call replaces the first. What was granted stands
   * in the {@code authorization_details} of {@link TokenSet#member}, and may be less.
   *
   * @param details JSON values: each a map with at least a {@code type}
   * @throws IllegalArgumentException when one has no type
   */
  public AuthorizationRequest authorizationDetails(List<? extends Map<String, ?>> details) {
    this.authorizationDetails = AuthorizationDetails.json(details);
    return this;
  }

  /**
   * Sends the browser only to a server that announces PKCE with S256 (RFC 8414 §2), as clients of
   * the Model Context Protocol must. Without this, a server that is silent about it gets the
   * challenge all the same, and may ignore it.
   */
  public AuthorizationRequest requireAnnouncedPkce() {
    this.announcedPkce = true;
    return this;
  }

  /**
   * Sends the request from this program straight to the server, before the browser goes there
   * (pushed authorization request, RFC 9126): the browser carries only a reference, so nobody can
   * read or change what is asked for. It is what happens anyway where the server requires it.
   *
   * <p>If the server refuses, so does {@link #begin}: the browser is never sent with the plain
   * request instead.
   */
  public AuthorizationRequest pushed() {
    this.pushed = true;
    return this;
  }

  /**
   * Asks for the response as a JWT that the server signs (JARM §2.3): it is verified, and whatever
   * stands beside it ignored, before anything of it is believed.
   */
  public AuthorizationRequest signedResponse() {
    this.signedResponse = true;
    return this;
  }

  /**
   * Signs the request (RFC 9101): the server believes what is in the request object and nothing
   * else, so nobody can change it on the way. It is good for five minutes and for this server.
   *
   * @param key the server must know its public half
   */
  public AuthorizationRequest signedWith(SigningKey key) {
    this.signingKey = key;
    return this;
  }

  /**
   * Encrypts the signed request to the server (RFC 9101 §6.1), so that neither the browser nor
   * whoever sees its URL can read it. If that cannot be done, {@link #begin} says so, and nothing
   * is sent.
   *
   * @param alg the registered {@code request_object_encryption_alg}, such as {@code RSA-OAEP-256}
   *     or {@code ECDH-ES}; the server must publish a key for it
   * @param enc the registered {@code request_object_encryption_enc}, such as {@code A256GCM}
   * @throws IllegalArgumentException when one of them is not known or needs a shared key
   */
  public AuthorizationRequest requestObjectEncryption(String alg, String enc) {
    this.encryption = new RequestObjectEncryption(alg, enc);
    return this;
  }

  /**
   * Lets the server fetch the signed request from you (RFC 9101 §5.2) instead of carrying it in the
   * URL.
   *
   * @param publish puts the request object where the server can get it, for a few minutes, and says
   *     at which https URL; it should not be possible to guess that URL
   */
  public AuthorizationRequest byReference(Function<Secret, String> publish) {
    this.publisher = publish;
    return this;
  }

  /**
   * Repeats these parameters beside a request object, for a protocol on top of OAuth that wants
   * them there too.
   */
  public AuthorizationRequest besideRequestObject(String... names) {
    this.besideRequestObject = Arrays.asList(names.clone());
    return this;
  }

  /**
   * Adds a parameter to the URL, such as {@code prompt}. It is seen by the browser and whoever
   * looks over the user's shoulder.
   *
   * @throws IllegalArgumentException for a parameter that has a method of its own or is made here
   */
  public AuthorizationRequest parameter(String name, String value) {
    if (OWN_PARAMETERS.contains(name)) {
      throw new IllegalArgumentException("the parameter " + name + " is set by this class");
    }
    parameters.put(name, value);
    return this;
  }

  /**
   * Gives the login something of yours to carry, such as the page to return to. It does not go to
   * the server or into the URL; ask for it with {@link PendingAuthorization#attachment}.
   */
  public AuthorizationRequest attach(String name, String value) {
    attachments.put(name, value);
    return this;
  }

  /**
   * Begins: makes state and PKCE verifier and the URL for the browser. Keep the result in the
   * user's own session (or sealed in a cookie) until the browser comes back.
   *
   * @throws IllegalStateException when the redirect URI is missing, or a key for a server that
   *     takes signed requests only
   * @throws OAuthErrorException when a {@link #pushed} request is refused
   * @throws InvalidResponseException when the server has no authorization endpoint or cannot do
   *     PKCE S256, or its metadata or its answer to a pushed request cannot be trusted
   * @throws IOException when the metadata is needed and cannot be fetched, or a request not pushed
   */
  public PendingAuthorization begin() throws IOException {
    if (redirectUri == null) {
      throw new IllegalStateException("redirectUri(…) is missing");
    }
    AuthorizationServer server = client.server();
    requireS256(server);
    requireProfile(server);
    Dialect dialect = server.dialect();
    if (dialect != null && dialect.answersByFormPost()) {
      formPost();
    }
    Secret state =
        dialect == null
            ? Secret.of(RandomText.of256Bits(client.random()))
            : dialect.state(client.random());
    Secret verifier = Secret.of(RandomText.of256Bits(client.random()));
    boolean push = isPushed(server);
    boolean pkce = dialect == null || dialect.usesPkce();
    List<FormCodec.Pair> all = parameters(redirectUri, state, pkce ? verifier : null);
    AuthorizationUrl url = new AuthorizationUrl(client, server, sealed(server, all, push), state);
    return new PendingAuthorization(
        push ? url.pushed() : url.plain(),
        client.clientId(),
        server.issuer(),
        server.says("authorization_response_iss_parameter_supported"),
        redirectUri,
        expectedMode(),
        scope,
        state,
        verifier,
        client.clock().instant(),
        attachments(url));
  }

  /** The same parameters, inside a request object where one is wanted. */
  private List<FormCodec.Pair> sealed(
      AuthorizationServer server, List<FormCodec.Pair> all, boolean push) throws IOException {
    if (signingKey == null) {
      requireUnsigned(server);
      return all;
    }
    if (push && publisher != null) {
      throw new IllegalStateException(
          "a request is pushed, or the server fetches it; byReference(…) cannot be pushed");
    }
    List<FormCodec.Pair> outside = new ArrayList<>();
    for (FormCodec.Pair pair : all) {
      boolean beside = !push && besideRequestObject.contains(pair.name());
      if (pair.name().equals("client_id") || beside) {
        outside.add(pair);
      }
    }
    Secret signed = RequestObject.forAuthorization(client, server, signingKey).of(all);
    Secret jwt = encryption == null ? signed : encryption.seal(signed, server, client.keys());
    outside.add(
        publisher == null
            ? new FormCodec.Pair("request", jwt.reveal())
            : new FormCodec.Pair("request_uri", RequestObject.checkedUri(publisher.apply(jwt))));
    return outside;
  }

  private void requireUnsigned(AuthorizationServer server) {
    if (publisher != null) {
      throw new IllegalStateException("byReference(…) needs signedWith(…)");
    }
    if (encryption != null) {
      throw new IllegalStateException("requestObjectEncryption(…) needs signedWith(…)");
    }
    if (server.says("require_signed_request_object")) {
      throw new IllegalStateException(
          "the server " + server + " takes signed requests only: name a key with signedWith(…)");
    }
  }

  /** The code alone comes in the query, more than that in the fragment. */
  private @Nullable String expectedMode() {
    boolean codeAlone = responseType.equals("code");
    if (!isResponseSigned()) {
      return responseMode == null && !codeAlone ? AuthorizationResponse.FRAGMENT : responseMode;
    }
    String place = codeAlone ? AuthorizationResponse.QUERY : AuthorizationResponse.FRAGMENT;
    return (responseMode == null ? place : responseMode) + AuthorizationResponse.SIGNED;
  }

  private @Nullable String askedMode() {
    if (!isResponseSigned()) {
      return responseMode;
    }
    return responseMode == null ? "jwt" : responseMode + AuthorizationResponse.SIGNED;
  }

  private Map<String, String> attachments(AuthorizationUrl url) {
    Map<String, String> all = new LinkedHashMap<>(attachments);
    if (resources.size() == 1) {
      all.put(PendingAuthorization.RESOURCE, resources.iterator().next());
    }
    if ("none".equals(parameters.get("prompt"))) {
      all.put(PendingAuthorization.SILENT, "true");
    }
    if (url.expiresAt() != null) {
      all.put(PendingAuthorization.URL_EXPIRES_AT, String.valueOf(url.expiresAt()));
    }
    return all;
  }

  private List<FormCodec.Pair> parameters(
      String redirectUri, Secret state, @Nullable Secret verifier) {
    List<FormCodec.Pair> all = new ArrayList<>();
    all.add(new FormCodec.Pair("response_type", responseType));
    all.add(new FormCodec.Pair("client_id", client.clientId()));
    all.add(new FormCodec.Pair("redirect_uri", redirectUri));
    if (!scope.isEmpty()) {
      all.add(new FormCodec.Pair("scope", String.join(" ", scope)));
    }
    all.add(new FormCodec.Pair("state", state.reveal()));
    String mode = askedMode();
    if (mode != null) {
      all.add(new FormCodec.Pair("response_mode", mode));
    }
    if (verifier != null) {
      all.add(new FormCodec.Pair("code_challenge", s256(verifier)));
      all.add(new FormCodec.Pair("code_challenge_method", "S256"));
    }
    DpopProofs dpop = client.dpop();
    if (dpop != null) {
      all.add(new FormCodec.Pair("dpop_jkt", dpop.thumbprint()));
    }
    resources.forEach(uri -> all.add(new FormCodec.Pair("resource", uri)));
    if (authorizationDetails != null) {
      all.add(new FormCodec.Pair("authorization_details", authorizationDetails));
    }
    parameters.forEach((name, value) -> all.add(new FormCodec.Pair(name, value)));
    return all;
  }

  private void requireProfile(AuthorizationServer server) throws IOException {
    ProfileRules rules = client.profileRules(server);
    if (rules != null) {
      rules.login(server, responseType, signingKey).demand();
    }
  }

  private boolean isPushed(AuthorizationServer server) {
    return pushed
        || client.profile() != null
        || server.says("require_pushed_authorization_requests");
  }

  private boolean isResponseSigned() {
    Profile profile = client.profile();
    return signedResponse || (profile != null && profile.signsMessages());
  }

  /** Servers that say nothing ignore the challenge at worst; those that say only plain do not. */
  private void requireS256(AuthorizationServer server) throws InvalidResponseException {
    List<String> methods = server.strings("code_challenge_methods_supported");
    boolean announced = methods != null && methods.contains("S256");
    if (announced || (methods == null && !announcedPkce)) {
      return;
    }
    throw new InvalidResponseException(
        methods == null ? "pkce_not_supported" : "pkce_downgrade",
        "the server " + server + " does not offer PKCE with S256",
        Verdict.about("the metadata of " + server)
            .failed(
                "code_challenge_methods_supported",
                "S256 among them",
                methods == null ? "nothing" : methods.size() + " other methods",
                "RFC 9700 §2.1.1")
            .build());
  }

  private static String s256(Secret verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.reveal().getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
