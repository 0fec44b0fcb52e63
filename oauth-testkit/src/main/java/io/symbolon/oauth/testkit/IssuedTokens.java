package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import mockwebserver3.MockResponse;

/** Tells about tokens (RFC 7662, RFC 9701) and ends them (RFC 7009). */
final class IssuedTokens {
  private static final String JWT = "token-introspection+jwt";

  private final String issuer;
  private final Clients clients;
  private final Grants grants;
  private final SigningKeys keys;
  private final ServerClock clock;

  IssuedTokens(String issuer, Clients clients, Grants grants, SigningKeys keys, ServerClock clock) {
    this.issuer = issuer;
    this.clients = clients;
    this.grants = grants;
    this.keys = keys;
    this.clock = clock;
  }

  MockResponse introspect(ReceivedRequest request) {
    return answered(request, (client, form) -> introspection(request, client, form));
  }

  MockResponse revoke(ReceivedRequest request) {
    return answered(
        request,
        (client, form) -> {
          grants.revoke(form.require("token"), client);
          return new MockResponse.Builder().code(200).build();
        });
  }

  private MockResponse answered(ReceivedRequest request, Answer answer) {
    try {
      Parameters form = request.formParameters();
      form.refuseRepeated();
      return answer.to(clients.authenticate(request, form), form);
    } catch (Refusal refusal) {
      return Answers.error(refusal.error(), refusal.description());
    }
  }

  private MockResponse introspection(ReceivedRequest request, Client client, Parameters form) {
    if (client.isPublic()) throw Refusal.of("invalid_client", "a public client may not ask");
    Map<String, Object> state = state(form.require("token"));
    SigningKey key = keys.current();
    if (!("application/" + JWT).equals(request.header("Accept")) || key == null) {
      return Answers.json(200, state);
    }
    return Answers.typed(200, "application/" + JWT, signed(key, client, state)).build();
  }

  private Map<String, Object> state(String token) {
    Map<String, Object> state = new LinkedHashMap<>();
    Grant grant = grants.grantOf(token);
    state.put("active", grant != null);
    if (grant == null) return state;
    Issued issued = grants.live(token);
    state.put("client_id", grant.client.id());
    state.put("iss", issuer);
    if (grant.subject != null) state.put("sub", grant.subject);
    String scope = issued == null ? grant.scope : issued.scope();
    if (!scope.isEmpty()) state.put("scope", scope);
    if (issued == null) return state;
    state.put("token_type", "Bearer");
    state.put("exp", issued.expiresAt().getEpochSecond());
    return state;
  }

  private String signed(SigningKey key, Client client, Map<String, Object> state) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", key.algorithm());
    header.put("kid", key.kid());
    header.put("typ", JWT);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", client.id());
    claims.put("iat", clock.now().getEpochSecond());
    claims.put("token_introspection", state);
    String input = part(header) + "." + part(claims);
    return input + "." + base64Url(key.sign(input.getBytes(US_ASCII)));
  }

  private static String part(Map<String, Object> json) {
    return base64Url(Json.write(json).getBytes(UTF_8));
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @FunctionalInterface
  private interface Answer {
    MockResponse to(Client client, Parameters form);
  }
}
