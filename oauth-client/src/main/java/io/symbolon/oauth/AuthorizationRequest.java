package io.symbolon.oauth;

import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
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
                  "code_challenge_method")));

  private final OAuthClient client;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> attachments = new LinkedHashMap<>();
  private Set<String> scope = Collections.emptySet();
  private @Nullable String redirectUri;
  private @Nullable String responseMode;

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
    this.scope = Scopes.parse(scope);
    return this;
  }

  /** Lets the server answer with a POST from the browser instead of a query in the URL. */
  public AuthorizationRequest formPost() {
    this.responseMode = AuthorizationResponse.FORM_POST;
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
   * @throws IllegalStateException when the redirect URI is missing
   * @throws InvalidResponseException when the server has no authorization endpoint or cannot do
   *     PKCE S256, or its metadata cannot be trusted
   * @throws IOException when the metadata is needed and cannot be fetched
   */
  public PendingAuthorization begin() throws IOException {
    if (redirectUri == null) {
      throw new IllegalStateException("redirectUri(…) is missing");
    }
    AuthorizationServer server = client.server();
    requireS256(server);
    Secret state = Secret.of(RandomText.of256Bits(client.random()));
    Secret verifier = Secret.of(RandomText.of256Bits(client.random()));
    return new PendingAuthorization(
        url(server, state, verifier).uri(),
        client.clientId(),
        server.issuer(),
        server.says("authorization_response_iss_parameter_supported"),
        redirectUri,
        responseMode,
        scope,
        state,
        verifier,
        client.clock().instant(),
        attachments);
  }

  private HttpUrl url(AuthorizationServer server, Secret state, Secret verifier)
      throws InvalidResponseException {
    HttpUrl.Builder url =
        server
            .existing("authorization_endpoint", "RFC 8414 §2")
            .newBuilder()
            .addQueryParameter("response_type", "code")
            .addQueryParameter("client_id", client.clientId())
            .addQueryParameter("redirect_uri", redirectUri);
    if (!scope.isEmpty()) {
      url.addQueryParameter("scope", String.join(" ", scope));
    }
    url.addQueryParameter("state", state.reveal());
    if (responseMode != null) {
      url.addQueryParameter("response_mode", responseMode);
    }
    url.addQueryParameter("code_challenge", s256(verifier))
        .addQueryParameter("code_challenge_method", "S256");
    parameters.forEach(url::addQueryParameter);
    return url.build();
  }

  /** Servers that say nothing ignore the challenge at worst; those that say only plain do not. */
  private static void requireS256(AuthorizationServer server) throws InvalidResponseException {
    List<String> methods = server.strings("code_challenge_methods_supported");
    if (methods == null || methods.contains("S256")) {
      return;
    }
    throw new InvalidResponseException(
        "pkce_downgrade",
        "the server " + server + " does not offer PKCE with S256",
        Verdict.about("the metadata of " + server)
            .failed(
                "code_challenge_methods_supported",
                "S256 among them",
                String.valueOf(methods.size()) + " other methods",
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
