package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user who is to be asked on their own phone, without any browser of ours (CIBA Core §7.1): at a
 * counter, in a call. Exactly one hint says who it is. Not for several threads; {@link #begin} may
 * be called more than once and asks the user each time.
 *
 * <p>The client has to authenticate. Which of {@link #ping}, {@link #push} or neither is right was
 * settled when it was registered.
 */
public final class BackchannelAuthenticationRequest {
  private static final Pattern HINT = Pattern.compile("[a-z_]+_hint(_token)?");
  private static final List<String> OWN_PARAMETERS =
      Arrays.asList("client_id", "scope", "client_notification_token", "request");

  private final OAuthClient client;
  private final String grantType;
  private final TokenCheck[] checks;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, Secret> secretParameters = new LinkedHashMap<>();
  private final Set<String> scope = new LinkedHashSet<>();
  private @Nullable SigningKey signingKey;
  private boolean notified;
  private boolean pushed;

  BackchannelAuthenticationRequest(OAuthClient client, String grantType, TokenCheck... checks) {
    this.client = client;
    this.grantType = grantType;
    this.checks = checks.clone();
  }

  /**
   * Asks for these scopes, beside those that were asked for before.
   *
   * @param scope scope tokens separated by spaces (RFC 6749 §3.3)
   * @throws IllegalArgumentException when a scope has a character that scopes cannot have
   */
  public BackchannelAuthenticationRequest scope(String scope) {
    this.scope.addAll(TokenText.scope(scope));
    return this;
  }

  /** Who is to be asked, as the server knows them: an e-mail address, an account number. */
  public BackchannelAuthenticationRequest loginHint(String loginHint) {
    return parameter("login_hint", loginHint);
  }

  /** Who is to be asked, in a token that the server understands. */
  public BackchannelAuthenticationRequest loginHintToken(Secret token) {
    return parameter("login_hint_token", token);
  }

  /**
   * What the user sees here and there, and so knows that it is about the same thing. Short, plain
   * text.
   */
  public BackchannelAuthenticationRequest bindingMessage(String message) {
    return parameter("binding_message", message);
  }

  /** A code that only the user knows, so that nobody else can make their phone ring. */
  public BackchannelAuthenticationRequest userCode(Secret userCode) {
    return parameter("user_code", userCode);
  }

  /** How strongly the user should be authenticated; values separated by spaces, best first. */
  public BackchannelAuthenticationRequest acrValues(String values) {
    return parameter("acr_values", values);
  }

  /**
   * How long the user should have; the server may decide otherwise.
   *
   * @throws IllegalArgumentException when it is less than a second
   */
  public BackchannelAuthenticationRequest requestedExpiry(Duration expiry) {
    if (expiry.getSeconds() < 1) {
      throw new IllegalArgumentException("a user needs a second at least, not " + expiry);
    }
    return parameter("requested_expiry", String.valueOf(expiry.getSeconds()));
  }

  /** The server says when to ask: it posts to the client's notification endpoint (§10.2). */
  public BackchannelAuthenticationRequest ping() {
    notified = true;
    pushed = false;
    return this;
  }

  /**
   * The server posts the tokens to the client's notification endpoint (§10.3). They come without a
   * request that could prove a key, so a client with {@code dpop(…)} cannot have them pushed.
   */
  public BackchannelAuthenticationRequest push() {
    notified = true;
    pushed = true;
    return this;
  }

  /**
   * Signs the request, so that nobody on the way can change who is asked, and for what (CIBA Core
   * §7.1.1). Then nothing stands beside the signed request but the client's authentication.
   *
   * @param key the server must know its public half
   */
  public BackchannelAuthenticationRequest signedWith(SigningKey key) {
    this.signingKey = key;
    return this;
  }

  /**
   * Adds a parameter that this server understands.
   *
   * @throws IllegalArgumentException when another method is for it
   */
  public BackchannelAuthenticationRequest parameter(String name, String value) {
    parameters.put(free(name), value);
    return this;
  }

  /** The same for one that must never be seen, such as a hint that is a token. */
  public BackchannelAuthenticationRequest parameter(String name, Secret value) {
    secretParameters.put(free(name), value);
    return this;
  }

  private static String free(String name) {
    if (OWN_PARAMETERS.contains(name)) {
      throw new IllegalArgumentException("the parameter " + name + " is set by another method");
    }
    return name;
  }

  /**
   * Has the user asked.
   *
   * @throws IllegalStateException when there is not exactly one hint, a signed request is for a
   *     server without issuer, or {@link #push} for a client whose tokens have to be bound to its
   *     DPoP key
   * @throws OAuthErrorException when the server refuses, such as {@code unknown_user_id}
   * @throws InvalidResponseException when it has no such endpoint, or its answer cannot be used
   * @throws IOException when there was no answer; the user may have been asked all the same
   */
  public BackchannelAuthentication begin() throws IOException {
    demandOneHint();
    demandNoPushOfBoundTokens();
    AuthorizationServer server = client.server();
    EndpointRequest request =
        new EndpointRequest(server.existing("backchannel_authentication_endpoint", "CIBA Core §4"));
    Secret notificationToken = notified ? Secret.of(RandomText.of256Bits(client.random())) : null;
    try {
      fill(request, server, notificationToken);
      EndpointAnswer answer = client.exchange(request, server);
      TokenRequest tokens = TokenRequest.of(client, grantType).asking(scope).checks(checks);
      return BackchannelAuthentication.of(client, tokens, answer, notificationToken, pushed);
    } catch (InvalidResponseException e) {
      client.tellRefusal(e);
      throw e;
    }
  }

  private void demandOneHint() {
    Set<String> names = new LinkedHashSet<>(parameters.keySet());
    names.addAll(secretParameters.keySet());
    names.removeIf(name -> !HINT.matcher(name).matches());
    if (names.size() != 1) {
      throw new IllegalStateException(
          "exactly one hint says who is to be asked, but there is "
              + (names.isEmpty() ? "none" : names)
              + " (CIBA Core §7.1)");
    }
  }

  private void demandNoPushOfBoundTokens() {
    if (pushed && !client.acceptsBearer()) {
      throw new IllegalStateException(
          "a pushed token follows no request that proves the DPoP key, so it is bound to none;"
              + " use ping() or neither");
    }
  }

  private List<FormCodec.Pair> all(@Nullable Secret notificationToken) {
    List<FormCodec.Pair> all = new ArrayList<>();
    if (!scope.isEmpty()) {
      all.add(new FormCodec.Pair("scope", String.join(" ", scope)));
    }
    parameters.forEach((name, value) -> all.add(new FormCodec.Pair(name, value)));
    secretParameters.forEach((name, value) -> all.add(new FormCodec.Pair(name, value.reveal())));
    if (notificationToken != null) {
      all.add(new FormCodec.Pair("client_notification_token", notificationToken.reveal()));
    }
    return all;
  }

  private void fill(EndpointRequest request, AuthorizationServer server, @Nullable Secret token)
      throws IOException {
    List<FormCodec.Pair> all = all(token);
    secretParameters.values().forEach(secret -> request.hide(secret.reveal()));
    if (token != null) {
      request.hide(token.reveal());
    }
    if (signingKey == null) {
      all.forEach(pair -> request.parameter(pair.name(), pair.value()));
    } else {
      request.secretParameter(
          "request", RequestObject.forBackchannel(client, server, signingKey).of(all));
    }
  }
}
