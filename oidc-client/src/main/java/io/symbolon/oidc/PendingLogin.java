package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationResponse;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import java.io.Serializable;
import java.net.URI;
import java.time.Instant;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A login that went to the browser and has not come back: a {@link PendingAuthorization} that also
 * knows the nonce.
 *
 * <p>Keep it in the user's own session, or {@link #seal} it into a cookie, and take it out when the
 * browser returns. It is good for one hour and one return. Never look it up by the state alone.
 * Immutable; what is said there about Java serialization holds here.
 */
public final class PendingLogin implements Serializable {
  private static final long serialVersionUID = 1;

  private final PendingAuthorization authorization;

  PendingLogin(PendingAuthorization authorization) {
    this.authorization = authorization;
  }

  /** Where to send the browser. Give it to the user's browser and nobody else. */
  public URI url() {
    return authorization.url();
  }

  /** What the response must repeat. */
  public Secret state() {
    return authorization.state();
  }

  /** Where the response will arrive. */
  public String redirectUri() {
    return authorization.redirectUri();
  }

  /** What the program gave the login to carry; null when nothing by this name. */
  public @Nullable String attachment(String name) {
    return authorization.attachment(name);
  }

  /** When the browser was sent away. */
  public Instant createdAt() {
    return authorization.createdAt();
  }

  /** Whether a response is meant for this login; see {@link PendingAuthorization#isAnsweredBy}. */
  public boolean isAnsweredBy(AuthorizationResponse response) {
    return authorization.isAnsweredBy(response);
  }

  PendingAuthorization authorization() {
    return authorization;
  }

  /**
   * The login as a text that its carrier can neither read nor change; see {@link
   * PendingAuthorization#seal}.
   */
  public String seal(SecretKey key, String context) {
    return authorization.seal(key, context);
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws InvalidResponseException when key, context or text are not those of the sealing
   * @throws IllegalArgumentException when the key is not for AES
   */
  public static PendingLogin unseal(String sealed, SecretKey key, String context)
      throws InvalidResponseException {
    PendingAuthorization authorization = PendingAuthorization.unseal(sealed, key, context);
    if (authorization.attachment(LoginRequest.NONCE) == null) {
      throw new InvalidResponseException(
          "login_damaged",
          "the sealed text is an authorization without login: it has no nonce",
          Verdict.about("a sealed login")
              .failed("nonce", "a nonce", "none", "OpenID Connect Core §3.1.2.1")
              .cause("what OAuthClient.authorize() began is no login")
              .build());
    }
    return new PendingLogin(authorization);
  }

  /** Without state and nonce. */
  @Override
  public String toString() {
    return authorization.toString();
  }
}
