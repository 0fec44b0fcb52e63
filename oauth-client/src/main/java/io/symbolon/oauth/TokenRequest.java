package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A grant, ready to be sent to the token endpoint (RFC 6749 §4). Immutable: every method returns a
 * new request. Safe for many threads.
 *
 * <pre>{@code
 * TokenSet tokens = oauth.clientCredentials().scope("reports.read").execute();
 * }</pre>
 */
public final class TokenRequest {
  /** Several values are kept with a space between them, which a URI never has. */
  private static final String RESOURCE = "resource";

  private record Renewal(Secret refreshToken, @Nullable TokenSet tokens) {}

  private final OAuthClient client;
  private final Map<String, String> parameters;
  private final Map<String, Secret> secretParameters;
  private final Set<String> askedScope;
  private final @Nullable Renewal renewal;
  private final List<TokenCheck> checks;
  private final @Nullable SelfIssuedAssertion assertion;

  private TokenRequest(
      OAuthClient client,
      Map<String, String> parameters,
      Map<String, Secret> secretParameters,
      Set<String> askedScope,
      @Nullable Renewal renewal,
      List<TokenCheck> checks,
      @Nullable SelfIssuedAssertion assertion) {
    this.client = client;
    this.parameters = parameters;
    this.secretParameters = secretParameters;
    this.askedScope = askedScope;
    this.renewal = renewal;
    this.checks = checks;
    this.assertion = assertion;
  }

  static TokenRequest of(OAuthClient client, String grantType) {
    return new TokenRequest(
        client,
        Collections.singletonMap("grant_type", grantType),
        Collections.emptyMap(),
        Collections.emptySet(),
        null,
        Collections.emptyList(),
        null);
  }

  /** The same grant with an assertion that is made anew each time. */
  TokenRequest asserting(SelfIssuedAssertion made) {
    return new TokenRequest(
        client, parameters, secretParameters, askedScope, renewal, checks, made);
  }

  /**
   * Asks for these scopes.
   *
   * @param scope scope tokens separated by spaces (RFC 6749 §3.3)
   * @throws IllegalArgumentException when a scope has a character that scopes cannot have
   */
  public TokenRequest scope(String scope) {
    Set<String> tokens = TokenText.scope(scope);
    return parameter("scope", String.join(" ", tokens)).asking(tokens);
  }

  /**
   * Adds a parameter, such as {@code audience}; for what the grant itself needs there are other
   * methods.
   *
   * @throws IllegalArgumentException when the request has this parameter already
   */
  public TokenRequest parameter(String name, String value) {
    if (parameters.containsKey(name) || secretParameters.containsKey(name)) {
      throw new IllegalArgumentException("the request has a parameter " + name + " already");
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new TokenRequest(client, more, secretParameters, askedScope, renewal, checks, assertion);
  }

  /**
   * Names a place where the token is to be used (RFC 8707 §2). May be called for several.
   *
   * @throws IllegalArgumentException when it is not an absolute URI without fragment
   */
  public TokenRequest resource(String uri) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.merge(RESOURCE, Resources.checked(uri), (earlier, one) -> earlier + " " + one);
    return new TokenRequest(client, more, secretParameters, askedScope, renewal, checks, assertion);
  }

  /**
   * Asks for exactly this (RFC 9396 §6). What was granted stands in the {@code
   * authorization_details} of {@link TokenSet#member}.
   *
   * @param details JSON values: each a map with at least a {@code type}
   */
  public TokenRequest authorizationDetails(List<? extends Map<String, ?>> details) {
    return parameter("authorization_details", AuthorizationDetails.json(details));
  }

  /** Adds a parameter that must never be seen, such as an assertion. */
  public TokenRequest parameter(String name, Secret value) {
    if (parameters.containsKey(name) || secretParameters.containsKey(name)) {
      throw new IllegalArgumentException("the request has a parameter " + name + " already");
    }
    Map<String, Secret> more = new LinkedHashMap<>(secretParameters);
    more.put(name, value);
    return new TokenRequest(client, parameters, more, askedScope, renewal, checks, assertion);
  }

  /** Adds a condition that the response must meet before anything of it is used. */
  public TokenRequest check(TokenCheck check) {
    List<TokenCheck> more = new ArrayList<>(checks);
    more.add(check);
    return new TokenRequest(
        client, parameters, secretParameters, askedScope, renewal, more, assertion);
  }

  TokenRequest checks(TokenCheck... others) {
    TokenRequest request = this;
    for (TokenCheck check : others) {
      request = request.check(check);
    }
    return request;
  }

  TokenRequest asking(Set<String> scope) {
    return new TokenRequest(
        client,
        parameters,
        secretParameters,
        Collections.unmodifiableSet(new LinkedHashSet<>(scope)),
        renewal,
        checks,
        assertion);
  }

  /** The answer takes the place of these tokens. */
  /**
   * What it replaces: the refresh token stays good if no new one comes.
   *
   * @param tokens all that came with it; null when only that is known
   */
  TokenRequest renewing(Secret refreshToken, @Nullable TokenSet tokens) {
    Renewal of = new Renewal(refreshToken, tokens);
    return new TokenRequest(
        client, parameters, secretParameters, askedScope, of, checks, assertion);
  }

  /**
   * Sends the request, once, and checks the response.
   *
   * @throws OAuthErrorException when the server says no
   * @throws InvalidResponseException when the answer cannot be used or is not to be trusted
   * @throws IOException when there was no answer; the grant may have been spent all the same
   */
  public TokenSet execute() throws IOException {
    try {
      AuthorizationServer server = client.server();
      EndpointRequest request = endpointRequest(server);
      Secret refreshToken = renewal == null ? null : renewal.refreshToken();
      TokenSet tokens = client.tokens(request, server, askedScope, refreshToken);
      TokenSet renewed = renewed();
      Dialect dialect = server.dialect();
      return checked(
          dialect == null || renewed == null ? tokens : dialect.renewed(tokens, renewed));
    } catch (IOException e) {
      client.tellRefusal(e);
      throw e;
    }
  }

  /** The same for an exchange, whose answer says what was issued. */
  ExchangedToken exchange(@Nullable String requestedTokenType) throws IOException {
    try {
      AuthorizationServer server = client.server();
      EndpointAnswer answer = client.exchange(endpointRequest(server), server);
      return answer.exchanged(server.issuer(), askedScope, requestedTokenType);
    } catch (IOException e) {
      client.tellRefusal(e);
      throw e;
    }
  }

  private EndpointRequest endpointRequest(AuthorizationServer server) throws IOException {
    EndpointRequest request = new EndpointRequest(endpoint(server));
    request.bindTokens();
    parameters.forEach((name, value) -> put(request, name, value));
    secretParameters.forEach(request::secretParameter);
    Dialect dialect = server.dialect();
    TokenSet renewed = renewed();
    if (dialect != null && renewed != null) {
      dialect.repeated(renewed).forEach(request::parameter);
    }
    if (assertion != null) {
      request.secretParameter("assertion", assertion.make(client, server));
    }
    return request;
  }

  private @Nullable TokenSet renewed() {
    return renewal == null ? null : renewal.tokens();
  }

  private HttpUrl endpoint(AuthorizationServer server) throws IOException {
    Dialect dialect = server.dialect();
    return dialect == null
        ? server.tokenEndpoint()
        : server.existing(dialect.endpointOf(parameters.get("grant_type")), "RFC 6749 §3.2");
  }

  /** What the server sent without being asked, checked as if it had been. */
  TokenSet pushed(EndpointAnswer answer) throws IOException {
    return checked(answer.tokens(client.server().issuer(), askedScope, null));
  }

  private TokenSet checked(TokenSet tokens) throws IOException {
    for (TokenCheck check : checks) {
      check.check(tokens);
    }
    return tokens;
  }

  private static void put(EndpointRequest request, String name, String value) {
    if (!name.equals(RESOURCE)) {
      request.parameter(name, value);
      return;
    }
    for (String uri : value.split(" ", -1)) {
      request.addParameter(RESOURCE, uri);
    }
  }

  /**
   * A source that sends this request whenever a token is needed, and keeps the token meanwhile. For
   * grants that can be repeated: client credentials, and assertions that this client signs itself.
   * Codes, refresh tokens and the assertions of others are spent or end; a password would have to
   * be kept. For an extension grant that can be repeated, {@link CachingTokenSource#of} does the
   * same:
   *
   * <pre>{@code
   * CachingTokenSource.of(() -> oauth.grant("urn:example:grant").execute().accessToken()).build();
   * }</pre>
   *
   * @throws IllegalStateException when the grant is not known to be repeatable
   */
  public CachingTokenSource tokenSource() {
    requireRepeatable();
    return client.caching(() -> execute().accessToken());
  }

  /**
   * The same with a token that everybody who uses the store shares: for servers that have one live
   * token for each client, where a second process would end that of the first. One process gets it,
   * the others take it from the store.
   *
   * @param key names the token in the store, such as the client id and the scope
   * @throws IllegalStateException when the grant is not known to be repeatable
   */
  public CachingTokenSource tokenSource(TokenStore store, String key) {
    requireRepeatable();
    return client.caching(StoredTokenSource.ofGrant(client, store, key, this));
  }

  private void requireRepeatable() {
    if (!isRepeatable()) {
      throw new IllegalStateException(
          "the grant "
              + Display.clean(String.valueOf(parameters.get("grant_type")))
              + " cannot be repeated for every token; execute() this request and use"
              + " OAuthClient.tokenSource(tokens)");
    }
  }

  private boolean isRepeatable() {
    return assertion != null || "client_credentials".equals(parameters.get("grant_type"));
  }

  /** The grant type and the names of the parameters. */
  @Override
  public String toString() {
    return parameters.get("grant_type")
        + " with "
        + parameters.keySet()
        + (secretParameters.isEmpty() ? "" : " and secret " + secretParameters.keySet());
  }
}
