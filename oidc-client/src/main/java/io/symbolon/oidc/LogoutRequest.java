package io.symbolon.oidc;

import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.Urls;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;

/**
 * A logout before it goes to the browser (OpenID Connect RP-Initiated Logout §2). End the session
 * in your own application first: the user may never arrive at the provider. Not for several
 * threads.
 */
public final class LogoutRequest {
  private final HttpUrl endpoint;
  private final UnaryOperator<String> names;
  private final SecureRandom random;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  LogoutRequest(
      HttpUrl endpoint, UnaryOperator<String> names, String clientId, SecureRandom random) {
    this.endpoint = endpoint;
    this.names = names;
    this.random = random;
    parameters.put("client_id", clientId);
  }

  /**
   * Tells the provider whose session is meant, so that it need not ask the user. The whole ID token
   * is sent, through the browser: with {@link PendingLogout#url} it stands in histories and server
   * logs; {@link PendingLogout#parameters} in a form that posts itself does not have that flaw.
   */
  public LogoutRequest idTokenHint(IdToken login) {
    parameters.put("id_token_hint", login.serialized().reveal());
    return this;
  }

  /** Tells the provider who logs out, in the way that it knows the user by. */
  public LogoutRequest logoutHint(String hint) {
    parameters.put("logout_hint", hint);
    return this;
  }

  /** The languages for the provider's pages, best first: {@code "fr-CA fr en"}. */
  public LogoutRequest uiLocales(String locales) {
    parameters.put("ui_locales", locales);
    return this;
  }

  /**
   * Where the browser comes back to, exactly as registered; without it the user stays with the
   * provider. Most providers want to see an {@link #idTokenHint} as well.
   *
   * @throws IllegalArgumentException when it is not an absolute URI without fragment
   */
  public LogoutRequest postLogoutRedirectUri(String uri) {
    if (!uri.matches("[A-Za-z][A-Za-z0-9+.-]*:[^\\s#]+")) {
      throw new IllegalArgumentException(
          "a post-logout redirect URI is absolute and has no fragment");
    }
    parameters.put("post_logout_redirect_uri", uri);
    return this;
  }

  /** Begins: makes the state, if there is a way back. It may be called more than once. */
  public PendingLogout begin() {
    Map<String, String> sent = new LinkedHashMap<>();
    parameters.forEach((name, value) -> sent.put(names.apply(name), value));
    if (parameters.containsKey("post_logout_redirect_uri")) {
      sent.put("state", RandomText.of256Bits(random));
    }
    return new PendingLogout(endpoint, sent);
  }

  /** Where it goes, without what is sent. */
  @Override
  public String toString() {
    return "logout at " + Urls.redact(endpoint);
  }
}
