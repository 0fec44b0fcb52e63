package io.symbolon.oauth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a client is doing at its server, as it knows without asking: for a health endpoint or a page
 * for operators. Holds no secret.
 *
 * @param token requests to the token endpoint; {@code retryAt} is that of the source that failed
 *     last
 * @param metadata fetches of the server's metadata; nothing for a server by hand
 * @param keys fetches of the server's keys; nothing for a client that verifies no signatures
 * @param clockOffset {@link OAuthClient#clockOffset}
 * @param unsavedLogins renewed logins that wait in memory because their store fails: they are lost
 *     with this process
 * @param listenerFailures how often the {@link OAuthListener} has thrown
 */
public record OAuthHealth(
    Attempts token,
    Attempts metadata,
    Attempts keys,
    @Nullable Duration clockOffset,
    int unsavedLogins,
    long listenerFailures) {

  /**
   * How the last attempts went. Times are by the client's clock.
   *
   * @param succeededAt the last success; null when there was none
   * @param failedAt the last failure; null when there was none
   * @param failure what that was, as the {@code outcome} of an {@link OAuthEvent}
   * @param retryAt no attempt is made before this time; null when one may be made at once
   */
  public record Attempts(
      @Nullable Instant succeededAt,
      @Nullable Instant failedAt,
      @Nullable String failure,
      @Nullable Instant retryAt) {

    /** Whether the last attempt failed; false before the first. */
    public boolean isFailing() {
      return failedAt != null && (succeededAt == null || failedAt.isAfter(succeededAt));
    }
  }

  /** Whether nothing is failing, and no login would be lost with this process. */
  public boolean isGood() {
    return !token.isFailing() && !metadata.isFailing() && !keys.isFailing() && unsavedLogins == 0;
  }
}
