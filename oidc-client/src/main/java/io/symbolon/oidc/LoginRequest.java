package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationRequest;
import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A login before it goes to the browser (OpenID Connect Core §3.1.2.1): state, nonce and PKCE are
 * made by {@link #begin} and checked by {@link OidcClient#complete}. Not for several threads.
 */
public final class LoginRequest {
  static final String NONCE = "symbolon.oidc.nonce";
  static final String MAX_AGE = "symbolon.oidc.max_age";
  static final String ACR = "symbolon.oidc.acr";

  private final AuthorizationRequest request;
  private final SecureRandom random;

  LoginRequest(AuthorizationRequest request, SecureRandom random) {
    this.request = request.scope("openid");
    this.random = random;
  }

  /** Where the server sends the browser back to, exactly as registered. Required. */
  public LoginRequest redirectUri(String redirectUri) {
    request.redirectUri(redirectUri);
    return this;
  }

  /**
   * Asks for more than to know who it is: {@code profile email offline_access}. {@code openid} is
   * always asked for.
   *
   * @throws IllegalArgumentException when a scope has a character that scopes cannot have
   */
  public LoginRequest scope(String scope) {
    request.scope("openid " + scope);
    return this;
  }

  /** Lets the server answer with a POST from the browser instead of a query in the URL. */
  public LoginRequest formPost() {
    request.formPost();
    return this;
  }

  /**
   * Asks the user to prove again who they are if they last did so longer ago, and refuses an ID
   * token that does not show it.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public LoginRequest maxAge(Duration maxAge) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("a maximum age is not negative, but " + maxAge + " is");
    }
    request.parameter("max_age", Long.toString(maxAge.getSeconds()));
    request.attach(MAX_AGE, Long.toString(maxAge.getSeconds()));
    return this;
  }

  /**
   * Demands one of these kinds of login (an essential {@code acr} claim, OpenID Connect Core
   * §5.5.1.1), and refuses an ID token of another kind.
   */
  public LoginRequest requireAcr(String first, String... others) {
    Set<String> values = new LinkedHashSet<>();
    values.add(first);
    values.addAll(Arrays.asList(others));
    Map<String, @Nullable Object> acr = new LinkedHashMap<>();
    acr.put("essential", true);
    acr.put("values", Arrays.asList(values.toArray()));
    request.parameter(
        "claims",
        StrictJson.write(
            Collections.singletonMap("id_token", Collections.singletonMap("acr", acr))));
    request.attach(ACR, String.join("\n", values));
    return this;
  }

  /** Adds a parameter to the URL, such as {@code prompt} or {@code login_hint}. */
  public LoginRequest parameter(String name, String value) {
    if (name.equals("nonce") || name.equals("max_age") || name.equals("claims")) {
      throw new IllegalArgumentException("the parameter " + name + " is set by this class");
    }
    request.parameter(name, value);
    return this;
  }

  /** Gives the login something of yours to carry, such as the page to return to. */
  public LoginRequest attach(String name, String value) {
    if (name.startsWith("symbolon.")) {
      throw new IllegalArgumentException(
          "names that begin with \"symbolon.\" are taken, so not " + name);
    }
    request.attach(name, value);
    return this;
  }

  /**
   * Begins: makes everything that must not be guessed and the URL for the browser. It may be called
   * more than once and makes a new login each time.
   *
   * @throws IllegalStateException when the redirect URI is missing
   * @throws IOException when the server's metadata is needed and cannot be fetched or trusted
   */
  public PendingLogin begin() throws IOException {
    String nonce = RandomText.of256Bits(random);
    request.parameter("nonce", nonce).attach(NONCE, nonce);
    return new PendingLogin(request.begin());
  }
}
