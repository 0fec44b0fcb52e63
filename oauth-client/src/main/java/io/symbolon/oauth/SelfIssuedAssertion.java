package io.symbolon.oauth;

import io.symbolon.oauth.internal.RandomText;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JWT by which this client asks for tokens, made anew for each request (RFC 7523 §3). */
final class SelfIssuedAssertion {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final List<String> OURS = Arrays.asList("iat", "nbf", "exp", "jti");

  private final SigningKey key;
  private final Map<String, Object> claims;

  SelfIssuedAssertion(SigningKey key, Map<String, ?> claims) {
    for (String name : OURS) {
      if (claims.containsKey(name)) {
        throw new IllegalArgumentException(
            "the claim " + name + " is made for each request; leave it out");
      }
    }
    this.key = key;
    this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  Secret make(OAuthClient client, AuthorizationServer server) throws IOException {
    ProfileRules rules = client.profileRules(server);
    if (rules != null) {
      rules.algorithm("assertion", key.algorithm()).demand();
    }
    long now = client.serverTime().getEpochSecond();
    String issuer = server.issuer();
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("iss", client.clientId());
    whole.put("sub", client.clientId());
    whole.put("aud", issuer == null ? server.tokenEndpoint().toString() : issuer);
    whole.putAll(claims);
    whole.put("jti", RandomText.of128Bits(client.random()));
    whole.put("iat", now);
    whole.put("exp", now + LIFETIME.getSeconds());
    return Secret.of(key.jwt("JWT", whole));
  }
}
