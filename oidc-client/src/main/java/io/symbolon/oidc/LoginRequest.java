package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationRequest;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A login before it goes to the browser (OpenID Connect Core §3.1.2.1): state, nonce and PKCE are
 * made by {@link #begin} and checked by {@link OidcClient#complete}. Not for several threads.
 */
public final class LoginRequest {
  static final String NONCE = "symbolon.oidc.nonce";
  static final String MAX_AGE = "symbolon.oidc.max_age";
  static final String ACR = "symbolon.oidc.acr";
  static final String CLAIM = "symbolon.oidc.claim.";
  static final String CLAIMS = "symbolon.oidc.claims";
  static final String SUBJECT = "symbolon.oidc.sub";
  static final String FROM_BROWSER = "symbolon.oidc.response_type";

  private final AuthorizationRequest request;
  private final SecureRandom random;
  private ClaimsRequest claims = ClaimsRequest.NOTHING;
  private final Set<String> demanded = new LinkedHashSet<>();

  LoginRequest(AuthorizationRequest request, SecureRandom random) {
    // OpenID Connect Core §6.1 wants these two beside a request object, too.
    this.request = request.scope("openid").besideRequestObject("response_type", "scope");
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
   * Asks for more than the code in the response: {@code code id_token}, {@code code token} or
   * {@code code id_token token} (OpenID Connect Core §3.3). The ID token that comes by the browser
   * is verified, and vouches for the code, before the code is spent. The tokens to use are always
   * those of the token response; an access token that went through the browser is dropped.
   *
   * <p>The response comes in the URL's fragment, which a web server never sees: use {@link
   * #formPost}, or {@link io.symbolon.oauth.AuthorizationResponse#ofFragment}.
   *
   * @throws IllegalArgumentException when {@code code} is not among them
   */
  public LoginRequest responseType(String responseType) {
    request.responseType(responseType);
    if (Arrays.asList(responseType.split(" ", -1)).contains("id_token")) {
      request.attach(FROM_BROWSER, responseType);
    }
    return this;
  }

  /** Sends the request ahead; see {@link AuthorizationRequest#pushed}. */
  public LoginRequest pushed() {
    request.pushed();
    return this;
  }

  /** Asks for a signed response; see {@link AuthorizationRequest#signedResponse}. */
  public LoginRequest signedResponse() {
    request.signedResponse();
    return this;
  }

  /** Signs the request; see {@link AuthorizationRequest#signedWith}. */
  public LoginRequest signedWith(SigningKey key) {
    request.signedWith(key);
    return this;
  }

  /** Encrypts the request; see {@link AuthorizationRequest#requestObjectEncryption}. */
  public LoginRequest requestObjectEncryption(String alg, String enc) {
    request.requestObjectEncryption(alg, enc);
    return this;
  }

  /** Lets the server fetch the signed request; see {@link AuthorizationRequest#byReference}. */
  public LoginRequest byReference(Function<Secret, String> publish) {
    request.byReference(publish);
    return this;
  }

  /** Names a place where the access token is to be used; see {@link AuthorizationRequest}. */
  public LoginRequest resource(String uri) {
    request.resource(uri);
    return this;
  }

  /** Asks for exactly this; see {@link AuthorizationRequest#authorizationDetails}. */
  public LoginRequest authorizationDetails(List<? extends Map<String, ?>> details) {
    request.authorizationDetails(details);
    return this;
  }

  /**
   * Says what the server shows to the user: {@code none}, {@code login}, {@code consent}, {@code
   * select_account} or {@code create}; several with spaces between them.
   *
   * <p>With {@code none} it shows nothing: is the user still logged in there? If it cannot say so
   * without the user, {@link OidcClient#complete} throws a {@link
   * io.symbolon.oauth.LoginRequiredException}.
   *
   * @throws IllegalArgumentException when {@code none} is not alone
   */
  public LoginRequest prompt(String prompt) {
    List<String> values = Arrays.asList(prompt.split(" ", -1));
    if (values.contains("none") && values.size() > 1) {
      throw new IllegalArgumentException("prompt is \"none\" or something else, but not both");
    }
    request.parameter("prompt", prompt);
    return this;
  }

  /** Who will probably log in: an e-mail address, a phone number, an account name. */
  public LoginRequest loginHint(String hint) {
    request.parameter("login_hint", hint);
    return this;
  }

  /**
   * Who is to log in: the user of an earlier login, and no other. The ID token goes into the URL as
   * the server wrote it.
   */
  public LoginRequest idTokenHint(IdToken idToken) {
    request.parameter("id_token_hint", idToken.serialized().reveal());
    request.attach(SUBJECT, idToken.subject());
    return this;
  }

  /** The languages of the user, the best first, such as {@code fr-CA fr en} (RFC 5646). */
  public LoginRequest uiLocales(String locales) {
    request.parameter("ui_locales", locales);
    return this;
  }

  /** How the server shows itself: {@code page}, {@code popup}, {@code touch} or {@code wap}. */
  public LoginRequest display(String display) {
    request.parameter("display", display);
    return this;
  }

  /**
   * Which kinds of login would be welcome, the best first. What came is {@link IdToken#acr}; to
   * insist, use {@link #requireAcr}.
   */
  public LoginRequest acrValues(String first, String... others) {
    List<String> values = new ArrayList<>();
    values.add(first);
    values.addAll(Arrays.asList(others));
    request.parameter("acr_values", String.join(" ", values));
    return this;
  }

  /**
   * Asks for single claims (OpenID Connect Core §5.5). What the request insists on is checked: an
   * essential {@code acr} with its values, and the value of {@code sub}. Any other claim may be
   * missing from the answer, essential or not.
   *
   * <pre>{@code
   * Map.of("id_token", Map.of("auth_time", Map.of("essential", true)),
   *     "userinfo", Map.of("email", Map.of()))
   * }</pre>
   *
   * @param claims JSON values, with the members {@code id_token} and {@code userinfo}; a second
   *     call replaces the first
   * @throws IllegalArgumentException when it has other members or they are no maps
   */
  public LoginRequest claims(Map<String, ? extends Map<String, ?>> claims) {
    return ask(this.claims.with(claims));
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
    return ask(claims.demanding(values));
  }

  /**
   * Refuses an ID token in which this claim is not one of these texts: whose organization the user
   * belongs to, for example. It asks the server for nothing; the parameter that does has other
   * names, and only guides the user.
   *
   * <pre>{@code
   * oidc.login().parameter("hd", "example.com").requireClaim("hd", "example.com")
   * }</pre>
   */
  public LoginRequest requireClaim(String name, String first, String... others) {
    Set<String> values = new LinkedHashSet<>();
    values.add(first);
    values.addAll(Arrays.asList(others));
    demanded.add(name);
    request.attach(CLAIM + name, String.join("\n", values));
    request.attach(CLAIMS, String.join("\n", demanded));
    return this;
  }

  private LoginRequest ask(ClaimsRequest wanted) {
    claims = wanted;
    request.parameter("claims", wanted.json());
    if (!wanted.acrValues().isEmpty()) {
      request.attach(ACR, String.join("\n", wanted.acrValues()));
    }
    if (!wanted.subjects().isEmpty()) {
      request.attach(SUBJECT, String.join("\n", wanted.subjects()));
    }
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
