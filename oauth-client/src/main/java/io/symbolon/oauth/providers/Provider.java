package io.symbolon.oauth.providers;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.AuthorizationRequest;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A server that people log in with: where it is, how it speaks, what to ask it for, and how it says
 * who the user is. A value like any other; {@link Providers} has many, and a new one is written in
 * a few lines. Immutable, safe for many threads.
 *
 * <pre>{@code
 * Provider github = Providers.github();
 * OAuthClient oauth = github.client(clientId, clientSecret).build();
 * PendingAuthorization pending = github.authorize(oauth).redirectUri(callback).begin();
 * TokenSet tokens = oauth.complete(pending, callbackUrl);
 * UserIdentity user = github.identity(tokens, oauth);
 * }</pre>
 */
public final class Provider {
  private final String name;
  private final String documentation;
  private final @Nullable String issuer;
  private final @Nullable AuthorizationServer server;
  private final @Nullable Dialect dialect;
  private final @Nullable Function<Secret, ClientAuthentication> authentication;
  private final String scope;
  private final Set<String> abilities;
  private final @Nullable HttpUrl userInfo;
  private final Dialect api;
  private final Map<String, String> userInfoParameters;
  private final boolean userInTokens;
  private final @Nullable HttpUrl needed;
  private final Dialect neededAnswers;
  private final List<String> subjects;
  private final String pairwise;
  private final String pairwiseClient;
  private final @Nullable String identityIssuer;
  private final @Nullable String standIn;
  private final List<String> apiOrigins;

  private Provider(Builder builder) {
    this.name = builder.name;
    this.documentation = builder.documentation;
    this.issuer = builder.issuer;
    this.server = builder.server;
    this.dialect = builder.dialect;
    this.authentication = builder.authentication;
    this.scope = builder.scope;
    this.abilities = Collections.unmodifiableSet(new LinkedHashSet<>(builder.abilities));
    this.userInfo = builder.userInfo;
    this.api = builder.api;
    this.userInfoParameters = new LinkedHashMap<>(builder.userInfoParameters);
    this.userInTokens = builder.userInTokens;
    this.needed = builder.needed;
    this.neededAnswers = builder.neededAnswers;
    this.subjects = builder.subjects();
    this.pairwise = builder.pairwise;
    this.pairwiseClient = builder.pairwiseClient;
    this.identityIssuer = builder.identityIssuer;
    this.standIn = builder.standIn;
    this.apiOrigins = builder.apiOrigins;
  }

  /**
   * Describes a provider.
   *
   * @param name for people: {@code GitHub}
   * @param documentation the URL of the provider's own page about it
   */
  public static Builder named(String name, String documentation) {
    return new Builder(name, documentation);
  }

  /** Its name, for people. */
  public String name() {
    return name;
  }

  /** The URL of the provider's own documentation. */
  public String documentation() {
    return documentation;
  }

  /** The issuer identifier; null for a provider without metadata of its own. */
  public @Nullable String issuer() {
    return issuer;
  }

  /** The server; null for a provider that is found by its {@link #issuer}. */
  public @Nullable AuthorizationServer server() {
    return server;
  }

  /** How it differs from the standard; null when not at all, or when the {@link #server} knows. */
  public @Nullable Dialect dialect() {
    return dialect;
  }

  /** What a login asks for unless the program says otherwise; may be empty. */
  public String scope() {
    return scope;
  }

  /** What it can do, in words for a list: {@code login}, {@code refresh}, {@code device} … */
  public Set<String> abilities() {
    return abilities;
  }

  /** The way in which a client with this secret proves itself here; null when the server says. */
  public @Nullable ClientAuthentication authentication(Secret clientSecret) {
    return authentication == null ? null : authentication.apply(clientSecret);
  }

  /** A client of this provider; add what else it needs, then build it. */
  public OAuthClient.Builder client(String clientId, Secret clientSecret) {
    ClientAuthentication method = authentication(clientSecret);
    OAuthClient.Builder client = client(clientId);
    return method == null ? client.clientSecret(clientSecret) : client.authentication(method);
  }

  /** A client without a secret: an app on a device of the user. */
  public OAuthClient.Builder client(String clientId) {
    OAuthClient.Builder client = OAuthClient.builder().clientId(clientId);
    if (server != null) {
      return client.server(server);
    }
    client.issuer(String.valueOf(issuer));
    return dialect == null ? client : client.dialect(dialect);
  }

  /** Begins a login with the usual scope; go on as with {@link OAuthClient#authorize}. */
  public AuthorizationRequest authorize(OAuthClient client) {
    return scope.isEmpty() ? client.authorize() : client.authorize().scope(scope);
  }

  /**
   * Puts tokens on calls to the provider's own APIs, where and how it wants them.
   *
   * @throws IllegalStateException when this value names no API
   */
  public OAuthInterceptor interceptor(TokenSource tokens) {
    if (apiOrigins.isEmpty()) {
      throw new IllegalStateException(
          name + " names no API; say where tokens go: new OAuthInterceptor(tokens, origin)");
    }
    String[] more = apiOrigins.subList(1, apiOrigins.size()).toArray(new String[0]);
    return new OAuthInterceptor(tokens, apiOrigins.get(0), more).dialect(api);
  }

  /**
   * Asks one of the provider's own APIs for a JSON object. What it says that is wrong, in whatever
   * way, becomes an exception; a token that it no longer takes is replaced, and the call repeated
   * once.
   *
   * @param http the application's HTTP client; it need not have an {@link #interceptor}
   * @param secrets what else the request holds and the provider must not make us print
   * @throws IllegalArgumentException when the request is not for one of these APIs
   * @throws OAuthErrorException when the API refuses
   * @throws InvalidResponseException when the answer cannot be used
   */
  public Map<String, @Nullable Object> call(
      OkHttpClient http, Request request, TokenSource tokens, Secret... secrets)
      throws IOException {
    requireOwn(request.url());
    AccessToken token = tokens.token();
    try {
      return api.call(http, request, token, secrets);
    } catch (OAuthErrorException e) {
      AccessToken next = isRepeatable(request, e) ? replacement(tokens, token) : token;
      if (next.value().equals(token.value())) {
        throw e;
      }
      return api.call(http, request, next, secrets);
    }
  }

  private void requireOwn(HttpUrl url) {
    boolean isOwn =
        apiOrigins.stream()
            .map(HttpUrl::get)
            .anyMatch(
                origin ->
                    origin.scheme().equals(url.scheme())
                        && origin.host().equals(url.host())
                        && origin.port() == url.port());
    if (!isOwn) {
      throw new IllegalArgumentException(
          "the tokens of " + name + " are for " + apiOrigins + ", not for " + url.host());
    }
  }

  private static boolean isRepeatable(Request request, OAuthErrorException refusal) {
    RequestBody body = request.body();
    return refusal.error().equals("invalid_token") && (body == null || !body.isOneShot());
  }

  private static AccessToken replacement(TokenSource tokens, AccessToken refused)
      throws IOException {
    tokens.invalidate(refused);
    return tokens.token();
  }

  /**
   * Asks the provider who the user is.
   *
   * @param tokens of a login that this program has just completed: never tokens that somebody
   *     handed in, which may be those of another user for another program
   * @param client the one that completed it: its HTTP client, time limit and clock are used
   * @throws IllegalStateException when the provider says it in an identity token instead
   * @throws OAuthErrorException when the provider refuses
   * @throws InvalidResponseException when it does not say who the user is, or says two things
   */
  public UserIdentity identity(TokenSet tokens, OAuthClient client) throws IOException {
    AccessToken token = tokens.accessToken();
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    tokens.memberNames().forEach(member -> said.put(member, tokens.member(member)));
    if (needed != null) {
      add(said, neededAnswers.call(client, request(needed), token));
    }
    if (!userInTokens) {
      add(said, userInfo(said, token, client));
    }
    said.keySet().removeIf(member -> !isClaim(member));
    return user(said);
  }

  /** Tokens and codes say nothing about a user, and are nobody else's business. */
  private static boolean isClaim(String member) {
    return !member.endsWith("_token") && !member.equals("code");
  }

  private Map<String, @Nullable Object> userInfo(
      Map<String, @Nullable Object> said, AccessToken token, OAuthClient client)
      throws IOException {
    if (userInfo == null) {
      throw new IllegalStateException(
          name + " says who the user is in an identity token, or nowhere that this value knows");
    }
    HttpUrl.Builder url = userInfo.newBuilder();
    List<Secret> sent = new ArrayList<>();
    for (Map.Entry<String, String> parameter : userInfoParameters.entrySet()) {
      String value = required(said, parameter.getValue());
      url.setQueryParameter(parameter.getKey(), value);
      sent.add(Secret.of(value));
    }
    return api.call(client, request(url.build()), token, sent.toArray(new Secret[0]));
  }

  private static Request request(HttpUrl url) {
    return new Request.Builder()
        .url(url)
        .header("Accept", "application/json")
        .header("User-Agent", "symbolon")
        .build();
  }

  private String required(Map<String, @Nullable Object> said, String member)
      throws InvalidResponseException {
    Object value = said.get(member);
    if (!isSaid(value)) {
      throw refused(member, "in the token response", "not there");
    }
    return String.valueOf(value);
  }

  /** What named the user in the question, or does in both answers, is the same in both. */
  private void add(Map<String, @Nullable Object> said, Map<String, @Nullable Object> answer)
      throws InvalidResponseException {
    Set<String> members = new LinkedHashSet<>(userInfoParameters.values());
    members.addAll(subjects);
    for (String member : members) {
      Object there = said.get(member);
      Object here = answer.get(member);
      if (isSaid(there) && isSaid(here) && !String.valueOf(here).equals(String.valueOf(there))) {
        throw refused(member, "the same as the provider said before", "another");
      }
    }
    answer.forEach(
        (member, value) -> {
          if (isSaid(value) || !said.containsKey(member)) {
            said.put(member, value);
          }
        });
  }

  /** Whom these claims of the provider name. */
  UserIdentity user(Map<String, @Nullable Object> said) throws InvalidResponseException {
    for (String member : subjects) {
      Object value = said.get(member);
      if (isSaid(value)) {
        String subject = String.valueOf(value);
        Map<String, @Nullable Object> claims = new LinkedHashMap<>(said);
        claims.put("sub", subject);
        boolean isStandIn = standIn != null && isSet(said.get(standIn));
        return new UserIdentity(issuerFor(member, said), subject, !isStandIn, claims);
      }
    }
    throw refused(subjects.get(0), "a text or a number that names the user", "none");
  }

  /** A name that is good for one client is somebody else's at another. */
  private String issuerFor(String member, Map<String, @Nullable Object> said)
      throws InvalidResponseException {
    if (!member.equals(pairwise)) {
      return identityIssuer();
    }
    Object client = said.get(pairwiseClient);
    if (!isSaid(client)) {
      throw refused(pairwiseClient, "the client for which the user has this name", "none");
    }
    return HttpUrl.get(identityIssuer())
        .newBuilder()
        .addPathSegment(String.valueOf(client))
        .build()
        .toString();
  }

  private static boolean isSaid(@Nullable Object value) {
    return value instanceof Number || (value instanceof String text && !text.trim().isEmpty());
  }

  private InvalidResponseException refused(String claim, String expected, String actual) {
    return new InvalidResponseException(
        "invalid_identity",
        name + " does not say who the user is: " + claim + " should be " + expected,
        Verdict.about("the user information of " + name)
            .failed(claim, expected, actual, "OpenID Connect Core §5.3.2")
            .build());
  }

  private String identityIssuer() {
    if (identityIssuer != null || issuer != null) {
      return identityIssuer != null ? identityIssuer : String.valueOf(issuer);
    }
    HttpUrl place = server == null ? userInfo : server.authorizationEndpoint();
    return place == null ? name : place.scheme() + "://" + place.host();
  }

  private static boolean isSet(@Nullable Object value) {
    return value != null && !value.equals(false) && !"0".equals(String.valueOf(value));
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }

  /** Describes a provider. Not for several threads. */
  public static final class Builder {
    private final String name;
    private final String documentation;
    private @Nullable String issuer;
    private @Nullable AuthorizationServer server;
    private @Nullable Dialect dialect;
    private @Nullable Function<Secret, ClientAuthentication> authentication;
    private String scope = "";
    private final Set<String> abilities = new LinkedHashSet<>();
    private @Nullable HttpUrl userInfo;
    private Dialect api = Dialect.builder().build();
    private final Map<String, String> userInfoParameters = new LinkedHashMap<>();
    private boolean userInTokens;
    private @Nullable HttpUrl needed;
    private Dialect neededAnswers = Dialect.builder().build();
    private final List<String> subjects = new ArrayList<>();
    private String pairwise = "";
    private String pairwiseClient = "";
    private @Nullable String identityIssuer;
    private @Nullable String standIn;
    private List<String> apiOrigins = Collections.emptyList();

    private Builder(String name, String documentation) {
      this.name = name;
      this.documentation = documentation;
    }

    /** The issuer identifier of a provider with metadata; the rest is fetched. */
    public Builder issuer(String issuer) {
      this.issuer = issuer;
      return this;
    }

    /** The same for one that differs from the standard, or from its own metadata. */
    public Builder issuer(String issuer, Dialect dialect) {
      this.dialect = dialect;
      return issuer(issuer);
    }

    /** The server of a provider without metadata. */
    public Builder server(AuthorizationServer server) {
      this.server = server;
      return this;
    }

    /** The way in which clients prove themselves; as the metadata says unless set. */
    public Builder authentication(Function<Secret, ClientAuthentication> authentication) {
      this.authentication = authentication;
      return this;
    }

    /** What a login asks for unless the program says otherwise. */
    public Builder scope(String scope) {
      this.scope = scope;
      return this;
    }

    /** What it can do, in words for a list. */
    public Builder can(String... abilities) {
      this.abilities.addAll(Arrays.asList(abilities));
      return this;
    }

    /**
     * Where the provider says who the user is.
     *
     * @param url an https URL, or http on loopback
     * @param answers how it says so: the members by the names of OpenID Connect Core §5.1, at least
     *     {@code sub} or another {@link #subject}
     */
    public Builder userInfo(String url, Dialect answers) {
      this.userInfo = checked(url);
      this.api = answers;
      return this;
    }

    /**
     * Sends a member of the token response along to the user information, in the query. Where the
     * answer has that member too, it must be the same.
     */
    public Builder userInfoParameter(String name, String tokenMember) {
      userInfoParameters.put(name, tokenMember);
      return this;
    }

    /**
     * Asks here first, where the user information must be asked with something that the token
     * response does not say. The answer counts as if it were part of the token response, and must
     * not contradict it.
     *
     * @param url an https URL
     */
    public Builder userInfoNeeds(String url, Dialect answers) {
      this.needed = checked(url);
      this.neededAnswers = answers;
      return this;
    }

    /** The token response itself says who the user is; nothing more is asked. */
    public Builder userInTokens() {
      this.userInTokens = true;
      return this;
    }

    /**
     * The member that names the user, {@code sub} unless set. May be called for several: the first
     * that is there counts.
     */
    public Builder subject(String member) {
      subjects.add(member);
      return this;
    }

    /**
     * The member that names the user for one client only, and another user for another client
     * perhaps. It counts after every {@link #subject}; the issuer of the identity ends with the
     * client then, so that two of them are never one key.
     *
     * @param clientMember the member that names the client, such as that of {@link
     *     Dialect.Builder#keepClientId}
     */
    public Builder pairwiseSubject(String member, String clientMember) {
      this.pairwise = member;
      this.pairwiseClient = clientMember;
      return this;
    }

    private HttpUrl checked(String url) {
      String fault = Urls.fault(url, true);
      if (fault != null) {
        throw new IllegalArgumentException(
            "the user information of " + name + " is at " + Display.quote(url) + ", but " + fault);
      }
      return HttpUrl.get(url);
    }

    private List<String> subjects() {
      List<String> all = new ArrayList<>(subjects);
      if (!pairwise.isEmpty()) {
        all.add(pairwise);
      }
      return all.isEmpty() ? Collections.singletonList("sub") : all;
    }

    /**
     * Who says who the user is, as an https URL without path; where users come from unless set. For
     * a provider that has several pages for the same users.
     */
    public Builder identityIssuer(String url) {
      this.identityIssuer = url;
      return this;
    }

    /** The member that says that this is nobody for whom an account may be kept. */
    public Builder standIn(String member) {
      this.standIn = member;
      return this;
    }

    /** The origins of the APIs that take the provider's tokens. */
    public Builder api(String... origins) {
      this.apiOrigins = Collections.unmodifiableList(new ArrayList<>(Arrays.asList(origins)));
      return this;
    }

    /** The same where nobody is asked who a user is, for APIs that differ from the standard. */
    public Builder api(Dialect answers, String... origins) {
      this.api = answers;
      return api(origins);
    }

    /**
     * The provider.
     *
     * @throws IllegalStateException when it has neither issuer nor server, or both
     */
    public Provider build() {
      if ((issuer == null) == (server == null)) {
        throw new IllegalStateException(name + " has an issuer or a server: name one");
      }
      return new Provider(this);
    }
  }
}
