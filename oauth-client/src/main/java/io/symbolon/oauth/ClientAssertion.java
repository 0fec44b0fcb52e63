package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.jose.SharedKey;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import io.symbolon.oauth.internal.jose.SignedJwt;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JWT by which the client says who it is, for one request (RFC 7523 §3). Its audience is one
 * text: a server in a list of several could use it at another of them.
 */
final class ClientAssertion {
  private static final Duration LIFETIME = Duration.ofSeconds(60);
  private static final String ALGORITHMS = "token_endpoint_auth_signing_alg_values_supported";

  private final OAuthClient client;
  private final AuthorizationServer server;
  private final String audience;

  ClientAssertion(OAuthClient client, AuthorizationServer server, @Nullable String audience) {
    String issuer = audience == null ? server.issuer() : audience;
    if (issuer == null) {
      throw new IllegalStateException(
          "an assertion is for one issuer, but the server has none: name it in its builder");
    }
    this.client = client;
    this.server = server;
    this.audience = issuer;
  }

  /** Signs with the private key. */
  void sign(EndpointRequest request, SigningKey key) throws IOException {
    ProfileRules rules = client.profileRules(server);
    if (rules != null) {
      rules.algorithm("client assertion", key.algorithm()).demand();
    }
    supported(Collections.singletonList(key.algorithm()));
    add(request, key.jwt("JWT", claims()));
  }

  /** Authenticates with the secret, which is not sent. */
  void authenticate(EndpointRequest request, Secret clientSecret) throws IOException {
    String name = supported(Arrays.asList("HS256", "HS384", "HS512"));
    SignatureAlgorithm algorithm = SignatureAlgorithm.valueOf(name);
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", name);
    header.put("typ", "JWT");
    request.hide(clientSecret.reveal());
    add(
        request,
        SignedJwt.of(
            header, claims(), octets -> SharedKey.sign(clientSecret.reveal(), algorithm, octets)));
  }

  private Map<String, Object> claims() {
    long now = client.serverTime().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", client.clientId());
    claims.put("sub", client.clientId());
    claims.put("aud", audience);
    claims.put("jti", RandomText.of128Bits(client.random()));
    claims.put("iat", now);
    claims.put("exp", now + LIFETIME.getSeconds());
    return claims;
  }

  private void add(EndpointRequest request, String assertion) {
    request.parameter("client_id", client.clientId());
    request.parameter(
        "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    request.secretParameter("client_assertion", Secret.of(assertion));
  }

  /** The first that the server takes; a server that says nothing is believed to take it. */
  private String supported(List<String> ours) throws InvalidResponseException {
    List<String> known = server.strings(ALGORITHMS);
    for (String algorithm : ours) {
      if (known == null || known.contains(algorithm)) {
        return algorithm;
      }
    }
    String wanted = String.join(" or ", ours);
    throw new InvalidResponseException(
        "invalid_metadata",
        "the server " + server + " takes no assertions with " + wanted,
        Verdict.about("the metadata of " + server)
            .failed(
                ALGORITHMS,
                wanted + " among them",
                Display.clean(String.valueOf(known)),
                "RFC 8414 §2")
            .fix("sign with one of them: SigningKey.algorithm(…)")
            .build());
  }
}
