package io.symbolon.oauth;

import java.time.Duration;

/**
 * Something that has happened, for an {@link OAuthListener}. Its texts are few and short, so that
 * they can be labels of a metric, and never secrets; {@code toString} is fit for a log.
 *
 * <p>An {@code outcome} is {@code ok}; or the {@link OAuthException#code} of what went wrong, which
 * may be any word of the server's; or, without an answer, the name of the exception, such as {@code
 * SocketTimeoutException}.
 */
public sealed interface OAuthEvent {
  /** A token was served from memory, without a request or a look into a store. */
  record CacheHit() implements OAuthEvent {
    /** One is enough: it says nothing else. */
    public static final CacheHit INSTANCE = new CacheHit();
  }

  /**
   * A request to the server is over.
   *
   * @param endpoint its name in the metadata: {@code token_endpoint}, {@code jwks_uri} …; {@code
   *     metadata} for the metadata itself; {@code webfinger} for the question whose the provider of
   *     a user is; {@code other} for what the metadata does not name
   * @param url without user, query and fragment
   * @param httpStatus 0 when no answer came
   * @param outcome what the answer says, before its content is checked
   * @param duration from the call to the last byte of the answer
   */
  record Request(String endpoint, String url, int httpStatus, String outcome, Duration duration)
      implements OAuthEvent {}

  /**
   * A source has got a new token for its callers, or has failed to.
   *
   * @param reason {@code first}: there was none; {@code due}: the present one ends soon; {@code
   *     stale}: it has ended, or is about to; {@code refused}: an API did not take it
   * @param outcome {@code adopted} when it came from the store, where somebody else had put it
   */
  record Renewal(String reason, String outcome, Duration duration) implements OAuthEvent {}

  /**
   * Metadata or keys were fetched, or could not be.
   *
   * @param document {@code metadata} or {@code keys}
   * @param reason {@code first}: there were none; {@code refresh}: they were old; {@code
   *     unknown_key}: a signature names a key that is not among them
   * @param keptOld whether the old ones are used further, although this failed
   */
  record Fetch(String document, String reason, String outcome, boolean keptOld, Duration duration)
      implements OAuthEvent {}

  /**
   * An answer was not believed: its tokens, identity or parameters were dropped.
   *
   * @param code the {@link InvalidResponseException#code}
   * @param check the check that failed first, such as {@code aud}
   */
  record Refusal(String code, String check) implements OAuthEvent {}

  /**
   * A token store has failed.
   *
   * @param operation {@code load}, {@code save}, {@code delete} or {@code lease}
   * @param failure the name of the exception; {@code corrupted}: what is there cannot be read;
   *     {@code kept_in_memory}: the store has failed for so long that a renewed login now waits in
   *     memory, and is lost with this process if the store does not come back
   */
  record StoreFault(String operation, String failure) implements OAuthEvent {}

  /**
   * Somebody else was renewing a stored login, and we waited.
   *
   * @param outcome {@code leased}: it was our turn then; {@code renewed}: they had done it; {@code
   *     gave_up}
   */
  record LeaseWait(String outcome, Duration duration) implements OAuthEvent {}

  /**
   * The server's clock was found to differ from ours by another amount than before.
   *
   * @param offset how far it is ahead, to the second; negative when it is behind
   */
  record ClockOffset(Duration offset) implements OAuthEvent {}
}
