package io.symbolon.oauth;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set of rules for clients and servers that move money or health data. One line turns on all that
 * it demands of the client, and refuses a server that does not offer the rest.
 *
 * <p>Both demand pushed requests, PKCE with S256, the issuer in the response, a client that
 * authenticates by {@code private_key_jwt} or mutual TLS, tokens that are bound to the client, and
 * signatures with PS256, ES256 or EdDSA.
 */
public enum Profile {
  /** FAPI 2.0 Security Profile. */
  FAPI_2_0,
  /**
   * FAPI 2.0 Message Signing on top of it: requests and responses are signed, too, and so is what
   * the server says about a token ({@link OAuthClient#introspect(Secret)}).
   */
  FAPI_2_0_MESSAGE_SIGNING;

  private static final Set<String> ALGORITHMS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(Arrays.asList("PS256", "ES256", "EdDSA", "Ed25519")));

  /** The signatures that both sides may use (FAPI 2.0 Security Profile §5.4.1). */
  public Set<String> signatureAlgorithms() {
    return ALGORITHMS;
  }

  boolean signsMessages() {
    return this == FAPI_2_0_MESSAGE_SIGNING;
  }
}
