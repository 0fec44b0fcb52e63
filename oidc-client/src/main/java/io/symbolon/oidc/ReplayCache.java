package io.symbolon.oidc;

import java.io.IOException;
import java.time.Instant;

/**
 * Where it is remembered which tokens have been used, so that none is good twice (RFC 7519 §4.1.7).
 *
 * <p>An {@link OidcClient} remembers in its own memory. When several processes share the work, give
 * each an implementation over something that they share: an insert into a table with a unique key,
 * or {@code SET … NX PXAT …} in Redis. Must be safe for many threads.
 */
@FunctionalInterface
public interface ReplayCache {
  /**
   * Remembers a token and tells whether that was new. The two are one step: of two callers with the
   * same token one gets false, however close together they come.
   *
   * @param id a hash of 43 characters of base64url; holds nothing of the token
   * @param until it may be forgotten afterwards, not before
   * @return whether it had not been remembered
   * @throws IOException when it cannot be remembered; the token is not accepted then
   */
  boolean add(String id, Instant until) throws IOException;
}
