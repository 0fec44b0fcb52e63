package io.symbolon.oauth;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One token to be turned into another (RFC 8693 §2.1): for a service that calls the next one for
 * its user. Immutable: every method returns a new request. Safe for many threads.
 *
 * <pre>{@code
 * ExchangedToken exchanged = oauth
 *     .exchange(usersToken, "urn:ietf:params:oauth:token-type:access_token")
 *     .audience("billing").execute();
 * AccessToken forBilling = exchanged.tokens().accessToken();
 * }</pre>
 *
 * <p>Without {@link #actorToken} the new token is the subject's own (impersonation); with it, it
 * shows who acts for the subject (delegation, RFC 8693 §1.1).
 */
public final class TokenExchangeRequest {
  private static final String REQUESTED_TYPE = "requested_token_type";

  private final TokenRequest request;
  private final @Nullable String requestedTokenType;

  private TokenExchangeRequest(TokenRequest request, @Nullable String requestedTokenType) {
    this.request = request;
    this.requestedTokenType = requestedTokenType;
  }

  static TokenExchangeRequest of(OAuthClient client, Secret subjectToken, String tokenType) {
    return new TokenExchangeRequest(
        TokenRequest.of(client, "urn:ietf:params:oauth:grant-type:token-exchange")
            .parameter("subject_token", subjectToken)
            .parameter("subject_token_type", Resources.checked(tokenType)),
        null);
  }

  private TokenExchangeRequest with(TokenRequest more) {
    return new TokenExchangeRequest(more, requestedTokenType);
  }

  /**
   * Who acts for the subject.
   *
   * @param tokenType a URI such as {@code urn:ietf:params:oauth:token-type:access_token}
   * @throws IllegalArgumentException when there is an actor already, or the type is no URI
   */
  public TokenExchangeRequest actorToken(Secret actorToken, String tokenType) {
    return with(
        request
            .parameter("actor_token", actorToken)
            .parameter("actor_token_type", Resources.checked(tokenType)));
  }

  /**
   * What kind of token is wanted; the server's choice unless set. An answer with another kind is
   * refused.
   *
   * @param tokenType a URI such as {@code urn:ietf:params:oauth:token-type:jwt}
   * @throws IllegalArgumentException when it is set already, or is no URI
   */
  public TokenExchangeRequest requestedTokenType(String tokenType) {
    return new TokenExchangeRequest(
        request.parameter(REQUESTED_TYPE, Resources.checked(tokenType)), tokenType);
  }

  /**
   * Names a place where the token is to be used (RFC 8707 §2). May be called for several.
   *
   * @throws IllegalArgumentException when it is not an absolute URI without fragment
   */
  public TokenExchangeRequest resource(String uri) {
    return with(request.resource(uri));
  }

  /**
   * Names the service where the token is to be used, as the server calls it.
   *
   * @throws IllegalArgumentException when it is set already
   */
  public TokenExchangeRequest audience(String name) {
    return with(request.parameter("audience", name));
  }

  /**
   * Asks for these scopes.
   *
   * @param scope scope tokens separated by spaces (RFC 6749 §3.3)
   * @throws IllegalArgumentException when a scope has a character that scopes cannot have
   */
  public TokenExchangeRequest scope(String scope) {
    return with(request.scope(scope));
  }

  /**
   * Asks for exactly this (RFC 9396 §6).
   *
   * @param details JSON values: each a map with at least a {@code type}
   */
  public TokenExchangeRequest authorizationDetails(List<? extends Map<String, ?>> details) {
    return with(request.authorizationDetails(details));
  }

  /**
   * Adds a parameter that this server understands.
   *
   * @throws IllegalArgumentException when the request has this parameter already
   */
  public TokenExchangeRequest parameter(String name, String value) {
    return name.equals(REQUESTED_TYPE)
        ? requestedTokenType(value)
        : with(request.parameter(name, value));
  }

  /**
   * Sends the request, once, and checks the response.
   *
   * @throws OAuthErrorException when the server says no, such as {@code invalid_target}
   * @throws InvalidResponseException when the answer does not say what was issued, or says that it
   *     is something else than was asked for
   * @throws IOException when there was no answer
   */
  public ExchangedToken execute() throws IOException {
    return request.exchange(requestedTokenType);
  }

  /** The names of the parameters. */
  @Override
  public String toString() {
    return request.toString();
  }
}
