package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The server's own description (RFC 8414; OpenID Connect Discovery). */
final class Metadata {
  private final String issuer;
  private final SigningKeys keys;
  private final Policy policy;

  Metadata(String issuer, SigningKeys keys, Policy policy) {
    this.issuer = issuer;
    this.keys = keys;
    this.policy = policy;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", issuer);
    document.put("authorization_endpoint", issuer + Endpoints.AUTHORIZE);
    document.put("token_endpoint", issuer + Endpoints.TOKEN);
    document.put("pushed_authorization_request_endpoint", issuer + Endpoints.PAR);
    document.put("device_authorization_endpoint", issuer + Endpoints.DEVICE);
    document.put("backchannel_authentication_endpoint", issuer + Endpoints.BACKCHANNEL);
    document.put("backchannel_token_delivery_modes_supported", List.of("poll"));
    document.put("userinfo_endpoint", issuer + Endpoints.USERINFO);
    document.put("jwks_uri", issuer + Endpoints.JWKS);
    document.put("response_types_supported", Authorizations.RESPONSE_TYPES);
    document.put("introspection_endpoint", issuer + Endpoints.INTROSPECT);
    document.put("introspection_signing_alg_values_supported", List.of(keys.algorithm()));
    document.put("revocation_endpoint", issuer + Endpoints.REVOKE);
    document.put("registration_endpoint", issuer + Endpoints.REGISTER);
    document.put("response_modes_supported", Authorizations.RESPONSE_MODES);
    document.put(
        "grant_types_supported",
        List.of(
            "authorization_code",
            "refresh_token",
            "client_credentials",
            TokenEndpoint.DEVICE_CODE,
            TokenEndpoint.CIBA,
            TokenEndpoint.EXCHANGE,
            TokenEndpoint.JWT_BEARER));
    document.put(
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic", "client_secret_post", "none"));
    document.put("code_challenge_methods_supported", List.of("S256"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", List.of(keys.algorithm()));
    document.put("authorization_signing_alg_values_supported", List.of(keys.algorithm()));
    document.put("dpop_signing_alg_values_supported", List.of("ES256"));
    document.put("scopes_supported", scopes());
    document.put("authorization_response_iss_parameter_supported", policy.includeIss);
    policy.metadata.accept(document);
    return document;
  }

  private List<String> scopes() {
    return policy.allowedScopes.isEmpty()
        ? List.of("openid", "profile", "email", "offline_access")
        : policy.allowedScopes;
  }
}
