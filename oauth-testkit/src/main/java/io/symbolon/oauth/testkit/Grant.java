package io.symbolon.oauth.testkit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one user allowed one client, once. All tokens that descend from it share it, so revoking it
 * ends the family. Without a subject the client acts for itself. Guarded by {@link Grants}.
 */
final class Grant {
  final Client client;
  final @Nullable String subject;
  final String scope;
  final @Nullable String nonce;
  final Instant authTime;
  boolean revoked;

  /** The only DPoP key that this is good with; null for any. */
  @Nullable String key;

  Grant(
      Client client,
      @Nullable String subject,
      String scope,
      @Nullable String nonce,
      Instant authTime) {
    this.client = client;
    this.subject = subject;
    this.scope = scope;
    this.nonce = nonce;
    this.authTime = authTime;
  }

  /** By name, because a client may be registered again with another secret. */
  boolean isFor(Client presenting) {
    return client.id().equals(presenting.id());
  }
}
