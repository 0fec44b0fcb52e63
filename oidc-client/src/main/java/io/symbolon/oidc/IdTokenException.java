package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;

/**
 * An ID token that was refused (OpenID Connect Core §3.1.3.7). Nobody is logged in, and nothing of
 * the response was kept.
 *
 * <p>{@link #check} names the check that failed; {@link #explain} shows all that were run.
 */
public final class IdTokenException extends InvalidResponseException {
  private static final long serialVersionUID = 1;

  private final String check;

  IdTokenException(String check, String message, Verdict verdict) {
    super("invalid_id_token", message, verdict);
    this.check = check;
  }

  /**
   * What was wrong: {@code format}, {@code json}, {@code alg}, {@code crit}, {@code kid}, {@code
   * typ}, {@code key}, {@code signature}, or the name of a claim.
   */
  public String check() {
    return check;
  }
}
