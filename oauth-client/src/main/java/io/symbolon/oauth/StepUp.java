package io.symbolon.oauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a program does when an API wants more than its token can show: more scope (RFC 6750 §3.1),
 * or a stronger or fresher login (RFC 9470).
 *
 * <p>Usually that means to send the user to the server with {@link Challenge#scope}, {@link
 * Challenge#acrValues} and {@link Challenge#maxAge}. It runs on the thread of the call and may
 * block; calls that wait for the same challenge share one run.
 */
@FunctionalInterface
public interface StepUp {
  /**
   * A token that should do, with which the call is repeated once; null to give the API's answer to
   * the caller as it is.
   *
   * @param challenge what the API wants; its values come from outside
   * @param refused the token that is not enough; it is still valid
   * @throws IOException ends the call
   */
  @Nullable AccessToken token(Challenge challenge, AccessToken refused) throws IOException;
}
