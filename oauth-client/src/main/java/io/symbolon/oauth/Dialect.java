package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks that does not quite speak OAuth: other names, other places, other errors.
 * Everything that is not named here stays as the standard says, and strict. Immutable, safe for
 * many threads.
 *
 * <pre>{@code
 * Dialect dialect = Dialect.builder()
 *     .parameter("client_id", "client_key")
 *     .scopeSeparator(",")
 *     .envelope("data")
 *     .errors("data.error_code", "data.description")
 *     .error("10010", "invalid_grant")
 *     .bearerUnlessSaid()
 *     .build();
 * }</pre>
 *
 * <p>A path names a member of a JSON object, or one further down: {@code data.error_code}, {@code
 * errors.0.type}. The codes of the server become the standard ones by which this library acts:
 * {@code invalid_grant} (log in again), {@code temporarily_unavailable} (try later), {@code
 * invalid_client} (the configuration is wrong). What the server said itself stays in the
 * description.
 */
public final class Dialect {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final String TENANT = "{tenantid}";

  /** One server with an issuer for each of its tenants; no template when it has only one. */
  private record Tenants(@Nullable String template, String claim, Set<String> allowed) {
    private static final Tenants NONE = new Tenants(null, "", Collections.emptySet());

    /** Null when it is no tenant that is allowed. */
    @Nullable String issuerOf(@Nullable Object tenant) {
      return template != null && tenant instanceof String name && allowed.contains(name)
          ? template.replace(TENANT, name)
          : null;
    }

    List<String> issuers() {
      List<String> issuers = new ArrayList<>();
      allowed.forEach(tenant -> issuers.add(String.valueOf(issuerOf(tenant))));
      return issuers;
    }
  }

  private final Map<String, String> grantEndpoints;
  private final boolean pkce;
  private final boolean alphanumericState;
  private final Map<String, String> responseParameters;
  private final Set<String> keptResponseParameters;
  private final Set<String> repeatedResponseParameters;
  private final @Nullable String clientIdMember;
  private final Set<String> keptMembers;
  private final boolean silentDenial;
  private final boolean absoluteExpiry;
  private final Map<String, String> errors;
  private final Map<String, Object> metadata;
  private final Set<String> issuerAliases;
  private final Tenants tenants;
  private final boolean tiedLogins;
  private final boolean formPost;
  private final DialectRequests requests;
  private final DialectAnswers answers;
  private final DialectCalls calls;

  private Dialect(Builder builder) {
    this.grantEndpoints = new LinkedHashMap<>(builder.grantEndpoints);
    this.pkce = builder.pkce;
    this.alphanumericState = builder.alphanumericState;
    this.responseParameters = new LinkedHashMap<>(builder.responseParameters);
    this.keptResponseParameters = new LinkedHashSet<>(builder.keptResponseParameters);
    this.repeatedResponseParameters = new LinkedHashSet<>(builder.repeatedResponseParameters);
    this.clientIdMember = builder.clientIdMember;
    this.keptMembers = builder.keptMembers();
    this.silentDenial = builder.silentDenial;
    this.absoluteExpiry = builder.absoluteExpiry;
    this.errors = new LinkedHashMap<>(builder.errors);
    this.metadata = new LinkedHashMap<>(builder.metadata);
    this.issuerAliases = new LinkedHashSet<>(builder.issuerAliases);
    this.tenants = builder.tenants;
    this.tiedLogins = builder.tiedLogins;
    this.formPost = builder.formPost;
    this.requests = new DialectRequests(builder);
    this.answers = new DialectAnswers(builder);
    this.calls = new DialectCalls(builder);
  }

  /** Describes a dialect; without any call it is the standard. */
  public static Builder builder() {
    return new Builder();
  }

  /** What takes the place of what the metadata of the server says. */
  Map<String, Object> metadata() {
    return metadata;
  }

  /** Whether the server calls itself so in its metadata. */
  boolean isInMetadata(@Nullable Object issuer) {
    return issuer instanceof String text
        && (issuerAliases.contains(text) || text.equals(tenants.template()));
  }

  /** The names by which the server may call itself in what it says at run time. */
  List<String> issuers(String issuer) {
    List<String> issuers = tenants.issuers();
    if (issuers.isEmpty()) {
      issuers.add(issuer);
      issuers.addAll(issuerAliases);
    }
    return Collections.unmodifiableList(issuers);
  }

  /** The issuer of what makes these claims, by its proper name; null when it is not this server. */
  @Nullable String issuerOf(String issuer, Map<String, ? extends @Nullable Object> claims) {
    Object iss = claims.get("iss");
    if (tenants.template() != null) {
      String tenant = tenants.issuerOf(claims.get(tenants.claim()));
      return tenant != null && tenant.equals(iss) ? tenant : null;
    }
    return iss instanceof String text && issuers(issuer).contains(text) ? issuer : null;
  }

  boolean tiesLogins() {
    return tiedLogins;
  }

  boolean answersByFormPost() {
    return formPost;
  }

  boolean usesPkce() {
    return pkce;
  }

  Secret state(SecureRandom random) {
    return Secret.of(
        alphanumericState ? RandomText.ofLettersAndDigits(random) : RandomText.of256Bits(random));
  }

  boolean deniesSilently() {
    return silentDenial;
  }

  /** What this library calls an error of this server; the same when it has no other name. */
  String error(String theirs) {
    return errors.getOrDefault(theirs, theirs);
  }

  /** The metadata name of the endpoint for a grant. */
  String endpointOf(@Nullable String grantType) {
    return grantEndpoints.getOrDefault(String.valueOf(grantType), "token_endpoint");
  }

  /** The standard name of a parameter of the authorization response. */
  String responseParameter(String theirs) {
    return responseParameters.getOrDefault(theirs, theirs);
  }

  /** Redeems the code, with what else the browser brought. */
  TokenSet complete(TokenRequest request, Map<String, Secret> response, String clientId)
      throws IOException {
    TokenRequest complete = request;
    for (String name : repeatedResponseParameters) {
      Secret value = response.get(name);
      complete = value == null ? complete : complete.parameter(name, value);
    }
    return complete.execute().with(kept(response, clientId));
  }

  private Map<String, Object> kept(Map<String, Secret> response, String clientId) {
    Map<String, Object> kept = new LinkedHashMap<>();
    if (clientIdMember != null) {
      kept.put(clientIdMember, clientId);
    }
    for (String name : keptResponseParameters) {
      Secret value = response.get(name);
      if (value != null) {
        kept.put(name, value.reveal());
      }
    }
    return kept;
  }

  /** What the browser brought at the login and a renewal of these tokens repeats. */
  Map<String, String> repeated(TokenSet previous) {
    Map<String, String> repeated = new LinkedHashMap<>();
    for (String name : repeatedResponseParameters) {
      if (keptResponseParameters.contains(name) && previous.member(name) instanceof String value) {
        repeated.put(name, value);
      }
    }
    return repeated;
  }

  /** A renewal that says less than the login did; it must not say anything else. */
  TokenSet renewed(TokenSet tokens, TokenSet previous) throws InvalidResponseException {
    Map<String, Object> kept = new LinkedHashMap<>();
    for (String name : keptMembers) {
      Object before = previous.member(name);
      Object now = tokens.member(name);
      if (before != null && now != null && !now.equals(before)) {
        throw changed(name);
      }
      if (before != null) {
        kept.put(name, before);
      }
    }
    return tokens.with(kept);
  }

  private static InvalidResponseException changed(String name) {
    return new InvalidResponseException(
        "another_login",
        "the renewed tokens are those of another login: " + Display.clean(name) + " has changed",
        Verdict.about("the renewal")
            .failed(name, "the same as at the login", "another", "RFC 6749 §6")
            .build());
  }

  DialectRequests requests() {
    return requests;
  }

  DialectCalls calls() {
    return calls;
  }

  Map<String, @Nullable Object> read(HttpAnswer answer) throws ParseException {
    return answers.read(answer, errors);
  }

  /** Whether the server itself said this. */
  boolean believes(HttpAnswer answer) {
    return answers.believes(answer);
  }

  /** A number of seconds until the token ends, of a number as this server gives it. */
  double lifetime(double given, Instant now) {
    return absoluteExpiry ? given - now.getEpochSecond() : given;
  }

  /** A word for an event: the standard error, or what the answer itself says. */
  String outcome(HttpAnswer answer) {
    try {
      Object error = read(answer).get("error");
      return error instanceof String word && !word.isEmpty() ? word : answer.outcome();
    } catch (ParseException e) {
      // Whoever reads the answer for its content finds out.
      return answer.outcome();
    }
  }

  /**
   * Asks an API that speaks this dialect for a JSON object. The errors are the same as those of the
   * server's endpoints. No redirect is followed; ten seconds and 1 MiB are the limits.
   *
   * @param http the application's HTTP client
   * @param token goes where this dialect wants it; null to send none
   * @param secrets what else the request holds and the server must not make us print
   * @throws OAuthErrorException when the API says that something is wrong
   * @throws InvalidResponseException when the answer cannot be used
   */
  public Map<String, @Nullable Object> call(
      OkHttpClient http, Request request, @Nullable AccessToken token, Secret... secrets)
      throws IOException {
    if (requests.areCompleted() && calls.formParameter() != null) {
      throw new IllegalStateException(
          "this API wants each request completed with the time: call it with the OAuthClient");
    }
    HttpExchange exchange = new HttpExchange(http, LONGEST_CALL);
    List<String> hidden = hidden(token, secrets);
    Request sent = token == null ? request : presented(request, token, Instant.EPOCH);
    return answer(exchange.execute(sent), request, hidden, Instant.EPOCH);
  }

  /**
   * The same as this client: with its HTTP client, its clock and its time limit.
   *
   * @throws IllegalArgumentException when the token goes into a form and the request has a body
   */
  public Map<String, @Nullable Object> call(
      OAuthClient client, Request request, @Nullable AccessToken token, Secret... secrets)
      throws IOException {
    Instant now = client.clock().instant();
    List<String> hidden = hidden(token, secrets);
    Request sent = token == null ? request : presented(request, token, now);
    return answer(
        client.http().execute("other", sent, hidden, this::outcome), request, hidden, now);
  }

  private static List<String> hidden(@Nullable AccessToken token, Secret... secrets) {
    List<String> hidden = new ArrayList<>();
    for (Secret secret : secrets) {
      hidden.add(secret.reveal());
    }
    if (token != null) {
      hidden.add(token.value().reveal());
    }
    return hidden;
  }

  private Map<String, @Nullable Object> answer(
      HttpAnswer answer, Request request, List<String> hidden, Instant now) throws IOException {
    return new EndpointAnswer(answer, request.url(), "api", hidden, now, this).object();
  }

  private Request presented(Request request, AccessToken token, Instant now) throws IOException {
    DpopProofs.target(request.url());
    String formParameter = calls.formParameter();
    if (formParameter != null) {
      return inForm(request, formParameter, token.value(), now);
    }
    Request sent = request.newBuilder().headers(joined(request.headers(), token.headers())).build();
    return calls.presented(sent, token.value());
  }

  private Request inForm(Request request, String name, Secret token, Instant now) {
    if (request.body() != null) {
      throw new IllegalArgumentException(
          "this API takes a form with the token in it: put the parameters into the query, from"
              + " which they are moved");
    }
    HttpUrl url = request.url();
    Map<String, String> form = new LinkedHashMap<>();
    for (String parameter : url.queryParameterNames()) {
      form.put(parameter, String.valueOf(url.queryParameter(parameter)));
    }
    form.put(name, token.reveal());
    return request
        .newBuilder()
        .url(url.newBuilder().query(null).build())
        .post(FormCodec.oneShotBody(FormCodec.encode(requests.completed(form, now))))
        .build();
  }

  private static Headers joined(Headers own, Headers token) {
    return own.newBuilder().addAll(token).build();
  }

  /** Names of requests only; no value of a client. */
  @Override
  public String toString() {
    return "dialect with " + requests;
  }

  /** Describes a dialect. Not for several threads. */
  public static final class Builder {
    DialectRequests.Kind kind = DialectRequests.Kind.FORM;
    final Map<String, String> parameters = new LinkedHashMap<>();
    final Map<String, String> authorizationNames = new LinkedHashMap<>();
    final Map<String, String> grantTypes = new LinkedHashMap<>();
    private final Map<String, String> grantEndpoints = new LinkedHashMap<>();
    final Map<String, Set<String>> left = new LinkedHashMap<>();
    final Map<String, String> authorizationParameters = new LinkedHashMap<>();
    final Map<String, String> tokenParameters = new LinkedHashMap<>();
    List<String> authorizationOrder = Collections.emptyList();
    @Nullable String authorizationFragment;
    String scopeSeparator = " ";
    private @Nullable String answeredScopeSeparator;
    private boolean pkce = true;
    private boolean alphanumericState;
    @Nullable BiFunction<Map<String, String>, Instant, Map<String, String>> completion;
    private final Map<String, String> responseParameters = new LinkedHashMap<>();
    private final Set<String> keptResponseParameters = new LinkedHashSet<>();
    private final Set<String> repeatedResponseParameters = new LinkedHashSet<>();
    private @Nullable String clientIdMember;
    private final Set<String> keptMembers = new LinkedHashSet<>();
    private boolean silentDenial;
    private boolean absoluteExpiry;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Set<String> issuerAliases = new LinkedHashSet<>();
    private Tenants tenants = Tenants.NONE;
    private boolean tiedLogins = true;
    private boolean formPost;
    private final Map<String, String> errors = new LinkedHashMap<>();
    final Map<String, String> errorMembers = new LinkedHashMap<>();
    final Set<String> successCodes = new LinkedHashSet<>(Collections.singleton("0"));
    final List<String> envelopes = new ArrayList<>();
    final Map<String, String> members = new LinkedHashMap<>();
    final Set<String> bearerTypes = new LinkedHashSet<>();
    boolean anyMediaType;
    boolean bearerUnlessSaid;
    @Nullable UnaryOperator<Map<String, @Nullable Object>> conform;
    @Nullable Predicate<String> authentic;
    @Nullable String queryParameter;
    @Nullable String formParameter;
    @Nullable String header;
    @Nullable String scheme;
    final Map<String, Set<String>> refusals = new LinkedHashMap<>();

    private Builder() {}

    /**
     * The server's name for a parameter that requests send.
     *
     * @param standard such as {@code client_id}
     * @param theirs such as {@code appid}
     */
    public Builder parameter(String standard, String theirs) {
      parameters.put(standard, theirs);
      return this;
    }

    /** The server's name for it in the URL for the browser, where requests have another one. */
    public Builder authorizationName(String standard, String theirs) {
      authorizationNames.put(standard, theirs);
      return this;
    }

    /**
     * What the metadata of the server should say, where it is wrong or silent.
     *
     * @param name a registered name, such as {@code token_endpoint}
     * @param value a JSON value
     */
    public Builder metadata(String name, Object value) {
      metadata.put(name, value);
      return this;
    }

    /**
     * Another issuer identifier by which the server calls itself, in its metadata or its tokens. To
     * the program it is always the one that was configured.
     */
    public Builder issuerAlias(String issuer) {
      issuerAliases.add(issuer);
      return this;
    }

    /**
     * The server has an issuer for each of its tenants. A token is believed if it names one that is
     * allowed, and its issuer is that of the tenant.
     *
     * @param template the issuer with <code>{tenantid}</code> in the place of the tenant; its
     *     metadata may say so, too
     * @param claim the claim that names the tenant: {@code tid}
     * @param allowed the tenants whose users are welcome
     * @throws IllegalArgumentException when none is, or the template has no place for it
     */
    public Builder issuerOfTenants(String template, String claim, Collection<String> allowed) {
      if (!template.contains(TENANT)) {
        throw new IllegalArgumentException(
            "a template has " + TENANT + " in it, but " + Display.quote(template) + " has not");
      }
      if (allowed.isEmpty()) {
        throw new IllegalArgumentException(
            "name the tenants whose users may log in; a token of any other one is refused");
      }
      this.tenants = new Tenants(template, claim, new LinkedHashSet<>(allowed));
      return this;
    }

    /**
     * What the server signs about who logged in does not repeat the value that ties it to that very
     * login. If it is there all the same, it must be right. Without it, only the state, and PKCE
     * where the server takes it, keep a stolen code out of another login.
     */
    public Builder untiedLogins() {
      this.tiedLogins = false;
      return this;
    }

    /** The browser comes back with a POST; the server does not do it otherwise. */
    public Builder formPost() {
      this.formPost = true;
      return this;
    }

    /** Sends the parameters of all endpoints as one JSON object. */
    public Builder jsonRequests() {
      this.kind = DialectRequests.Kind.JSON;
      return this;
    }

    /**
     * Sends the parameters of all endpoints in the query of a GET. They stand in every access log
     * on the way then, the client's secret too; this library shows no query anywhere.
     */
    public Builder queryRequests() {
      this.kind = DialectRequests.Kind.QUERY;
      return this;
    }

    /** The server's word for a grant type. */
    public Builder grantType(String standard, String theirs) {
      grantTypes.put(standard, theirs);
      return this;
    }

    /**
     * Another endpoint for one grant.
     *
     * @param metadataName the name under which the {@link AuthorizationServer} has it; such as
     *     {@code refresh_endpoint}
     */
    public Builder grantEndpoint(String grantType, String metadataName) {
      grantEndpoints.put(grantType, metadataName);
      return this;
    }

    /** Leaves parameters out of the requests with one grant, by their standard names. */
    public Builder without(String grantType, String... names) {
      left.put(grantType, new LinkedHashSet<>(Arrays.asList(names)));
      return this;
    }

    /** Leaves parameters out of the URL for the browser, by their standard names. */
    public Builder authorizationWithout(String... names) {
      return without("", names);
    }

    /** Puts a parameter into each URL for the browser, unless the program sets it. */
    public Builder authorizationParameter(String name, String value) {
      authorizationParameters.put(name, value);
      return this;
    }

    /** Puts a parameter into each token request, unless it is there. */
    public Builder tokenParameter(String name, String value) {
      tokenParameters.put(name, value);
      return this;
    }

    /** The order of the parameters in the URL for the browser, by the server's names. */
    public Builder authorizationOrder(String... names) {
      this.authorizationOrder = Collections.unmodifiableList(Arrays.asList(names.clone()));
      return this;
    }

    /** What the URL for the browser ends with, without the number sign. */
    public Builder authorizationFragment(String fragment) {
      this.authorizationFragment = fragment;
      return this;
    }

    /** What stands between scopes, in requests and in answers; a space unless set. */
    public Builder scopeSeparator(String separator) {
      this.scopeSeparator = separator;
      return this;
    }

    /** What stands between scopes in answers, for servers that are asked with another one. */
    public Builder answeredScopeSeparator(String separator) {
      this.answeredScopeSeparator = separator;
      return this;
    }

    /**
     * Sends neither challenge nor verifier: for servers that refuse them. The code is protected by
     * the client's secret and the state alone then.
     */
    public Builder withoutPkce() {
      this.pkce = false;
      return this;
    }

    /** A state of letters and digits only. */
    public Builder alphanumericState() {
      this.alphanumericState = true;
      return this;
    }

    /**
     * The last word on the parameters of a request: for servers that want all of them signed.
     *
     * @param completion takes the parameters as they will be sent, and the time; gives all that are
     *     to be sent. It must not change what it is given
     */
    public Builder completingRequests(
        BiFunction<Map<String, String>, Instant, Map<String, String>> completion) {
      this.completion = completion;
      return this;
    }

    /** The standard name of a parameter that the browser brings back: {@code auth_code}. */
    public Builder responseParameter(String theirs, String standard) {
      responseParameters.put(theirs, standard);
      return this;
    }

    /** Keeps a parameter that the browser brings back as a member of the token set. */
    public Builder keepResponseParameter(String name) {
      keptResponseParameters.add(name);
      return this;
    }

    /**
     * Keeps the client id as a member of the token set of a login: for servers that give users
     * another name for each client.
     */
    public Builder keepClientId(String member) {
      this.clientIdMember = member;
      return this;
    }

    /**
     * Members of the token response that say whose login it is. They stay in the token set when a
     * renewal does not repeat them; a renewal that changes one is refused. What the browser brought
     * and {@link #keepClientId} stay anyway.
     */
    public Builder keepMembers(String... names) {
      keptMembers.addAll(Arrays.asList(names));
      return this;
    }

    private Set<String> keptMembers() {
      Set<String> all = new LinkedHashSet<>(keptMembers);
      all.addAll(keptResponseParameters);
      if (clientIdMember != null) {
        all.add(clientIdMember);
      }
      return all;
    }

    /**
     * Repeats a parameter that the browser brings back in the token request; with {@link
     * #keepResponseParameter} in each renewal of those tokens, too.
     */
    public Builder repeatResponseParameter(String name) {
      repeatedResponseParameters.add(name);
      return this;
    }

    /** The browser comes back with the state and nothing else when the user says no. */
    public Builder silentDenial() {
      this.silentDenial = true;
      return this;
    }

    /**
     * Where else the server says that something is wrong, whatever the HTTP status. May be called
     * for several places.
     *
     * @param code the path of a code, a text or a number; empty, null and {@link #successCodes} are
     *     no errors
     * @param text the path of its explanation
     */
    public Builder errors(String code, String text) {
      errorMembers.put(code, text);
      return this;
    }

    /** The codes that say that all is well; {@code 0} unless set. */
    public Builder successCodes(String... codes) {
      successCodes.clear();
      successCodes.addAll(Arrays.asList(codes));
      return this;
    }

    /** The standard error that a code of the server means. */
    public Builder error(String theirs, String standard) {
      errors.put(theirs, standard);
      return this;
    }

    /** The same for several codes. */
    public Builder errors(Collection<String> theirs, String standard) {
      theirs.forEach(code -> errors.put(code, standard));
      return this;
    }

    /** Where in the answer the object is that is meant: the first of these paths that exists. */
    public Builder envelope(String... paths) {
      envelopes.addAll(Arrays.asList(paths));
      return this;
    }

    /** The standard name of a member of the answer, given by its path. */
    public Builder member(String path, String standard) {
      members.put(path, standard);
      return this;
    }

    /** Takes a token without a type for a bearer token. */
    public Builder bearerUnlessSaid() {
      this.bearerUnlessSaid = true;
      return this;
    }

    /** Token types of the server that mean Bearer. */
    public Builder bearerTypes(String... types) {
      bearerTypes.addAll(Arrays.asList(types));
      return this;
    }

    /**
     * Looks at the content of an answer instead of its media type: JSON, JSON in a function call
     * (JSONP), or a form. HTML and XML never.
     */
    public Builder anyMediaType() {
      this.anyMediaType = true;
      return this;
    }

    /**
     * The last word on an answer that is no error: gives the members of a standard answer.
     *
     * @param conform a function of the members, which it must not change
     */
    public Builder conform(UnaryOperator<Map<String, @Nullable Object>> conform) {
      this.conform = conform;
      return this;
    }

    /** The server says when a token ends, in seconds since 1970, and not how long it lives. */
    public Builder absoluteExpiry() {
      this.absoluteExpiry = true;
      return this;
    }

    /**
     * Believes only answers that pass a test: for servers that sign what they say. An error needs
     * no signature, since a server may not be able to sign for a client that it does not know.
     *
     * @param authentic whether the whole text of an answer is the server's own; asked before any
     *     token or claim in it is used
     */
    public Builder authenticAnswers(Predicate<String> authentic) {
      this.authentic = authentic;
      return this;
    }

    /** APIs take the token in the query. It is added on the wire only, and shown nowhere. */
    public Builder tokenInQuery(String name) {
      this.queryParameter = name;
      return this;
    }

    /**
     * APIs take the token in the form of a POST, and with it what would else be in the query. Only
     * {@link Dialect#call} does that; an interceptor cannot.
     */
    public Builder tokenInForm(String name) {
      this.formParameter = name;
      return this;
    }

    /** APIs take the token alone in a header of this name. */
    public Builder tokenInHeader(String name) {
      this.header = name;
      return this;
    }

    /** APIs take the token in the {@code Authorization} header after this word. */
    public Builder tokenScheme(String scheme) {
      this.scheme = scheme;
      return this;
    }

    /**
     * APIs say in the body that a token is no longer good, whatever the HTTP status: then it is
     * renewed and the call repeated, as after a 401. Only a JSON object of at most 64 KiB is looked
     * at.
     *
     * @param code the path of a code, a text or a number
     */
    public Builder tokenRefusedWhen(String code, String... codes) {
      refusals.put(code, new LinkedHashSet<>(Arrays.asList(codes)));
      return this;
    }

    /** The one in answers. */
    String scopeSeparator() {
      return answeredScopeSeparator == null ? scopeSeparator : answeredScopeSeparator;
    }

    /**
     * The dialect.
     *
     * @throws IllegalStateException when two places for the token exclude each other
     */
    public Dialect build() {
      int places =
          (int)
              Stream.of(queryParameter, formParameter, header, scheme)
                  .filter(Objects::nonNull)
                  .count();
      if (places > 1) {
        throw new IllegalStateException(
            "a token goes to one place: name the query, a form, a header or a scheme");
      }
      return new Dialect(this);
    }
  }
}
