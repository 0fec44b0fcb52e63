package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** What an access token opens: UserInfo and an API that answers on every path (RFC 6750). */
final class ProtectedResources {
  private final Grants grants;
  private final Policy policy;

  private final DpopProofs proofs;

  ProtectedResources(Grants grants, Policy policy, DpopProofs proofs) {
    this.proofs = proofs;
    this.grants = grants;
    this.policy = policy;
  }

  MockResponse userInfo(ReceivedRequest request) {
    return guarded(request, "openid", this::userInfoOf);
  }

  MockResponse api(ReceivedRequest request) {
    Policy.Challenge wanted = policy.apiChallenge;
    Issued live = grants.live(request.accessToken());
    if (wanted != null && live != null && !TokenEndpoint.hasScope(live, wanted.scope())) {
      return refused(wanted.status(), wanted.header(), null);
    }
    return guarded(request, policy.apiScope, token -> apiAnswer(request, token));
  }

  private MockResponse guarded(ReceivedRequest request, @Nullable String scope, Content content) {
    try {
      return proofs.announced(guardedTokens(request, scope, content));
    } catch (Refusal refusal) {
      String challenge = "DPoP error=\"%s\", algs=\"ES256\"".formatted(refusal.error());
      return proofs.announced(refused(401, challenge, refusal.error()));
    }
  }

  private MockResponse guardedTokens(
      ReceivedRequest request, @Nullable String scope, Content content) {
    String presented = request.accessToken();
    if (presented == null) return refused(401, "Bearer realm=\"api\"", null);
    Issued token = grants.live(presented);
    if (token != null && (token.key() != null || request.isBound())) {
      String key = request.isBound() ? proofs.key(request, presented) : null;
      if (key == null || !key.equals(token.key())) {
        throw Refusal.of("invalid_token", "the token is bound to another key");
      }
    }
    if (token == null) {
      return refused(401, "Bearer realm=\"api\", error=\"invalid_token\"", "invalid_token");
    }
    if (scope != null && !TokenEndpoint.hasScope(token, scope)) {
      String challenge = "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"%s\"";
      return refused(403, challenge.formatted(scope), "insufficient_scope");
    }
    return Answers.uncached(Answers.json(200, content.of(token)));
  }

  private static MockResponse refused(int status, String challenge, @Nullable String error) {
    Map<String, Object> body = error == null ? Map.of() : Map.of("error", error);
    return Answers.challenged(Answers.json(status, body), challenge);
  }

  private Map<String, Object> userInfoOf(Issued token) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", token.grant().subject);
    Policy.User user = policy.user;
    if (user.subject().equals(token.grant().subject)) claims.putAll(user.claims());
    policy.userInfoClaims.accept(claims);
    return claims;
  }

  private static Map<String, Object> apiAnswer(ReceivedRequest request, Issued token) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("method", request.method());
    body.put("path", request.path());
    body.put("client_id", token.grant().client.id());
    if (token.grant().subject != null) body.put("sub", token.grant().subject);
    body.put("scope", token.scope());
    return body;
  }

  @FunctionalInterface
  private interface Content {
    Map<String, Object> of(Issued token);
  }
}
