package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationServer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may have signed what we verify.
 *
 * @param name the issuer identifier that the program knows
 * @param names all by which the issuer may call itself
 * @param proper the proper name of whoever makes these claims; null when it is somebody else
 * @param tiesLogins whether its ID tokens repeat the nonce
 */
record KnownIssuer(
    String name,
    List<String> names,
    Function<Map<String, @Nullable Object>, @Nullable String> proper,
    boolean tiesLogins) {

  /** As the dialect of the server has it. */
  static KnownIssuer of(AuthorizationServer server) {
    String issuer = server.issuer();
    if (issuer == null) {
      throw new IllegalStateException("an OpenID provider has an issuer; name it in its builder");
    }
    return new KnownIssuer(issuer, server.issuers(), server::issuerOf, server.tiesLogins());
  }

  /** As the standard has it: one name, character by character. */
  static KnownIssuer exactly(String issuer) {
    return new KnownIssuer(
        issuer,
        Collections.singletonList(issuer),
        claims -> issuer.equals(claims.get("iss")) ? issuer : null,
        true);
  }

  @Nullable String properName(Map<String, @Nullable Object> claims) {
    return proper.apply(claims);
  }

  /** For a message. */
  String expected() {
    return names.size() == 1 ? "\"" + names.get(0) + "\"" : "one of " + names;
  }
}
