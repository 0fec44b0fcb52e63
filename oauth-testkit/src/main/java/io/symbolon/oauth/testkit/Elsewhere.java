package io.symbolon.oauth.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/**
 * Logins that the user decides on another device: device codes (RFC 8628) and backchannel requests
 * (CIBA). The user has agreed before anybody asks; each is good once.
 */
final class Elsewhere {
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private record Kept(Grant grant, Instant expiresAt) {}

  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final Clients clients;
  private final Grants grants;
  private final ServerClock clock;
  private final Policy policy;

  Elsewhere(Clients clients, Grants grants, ServerClock clock, Policy policy) {
    this.clients = clients;
    this.grants = grants;
    this.clock = clock;
    this.policy = policy;
  }

  MockResponse device(ReceivedRequest request, String issuer) {
    return answer(
        request,
        (form, client) -> {
          String uri = issuer + "/device";
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("device_code", keep("device-code", form.value("scope"), client));
          body.put("user_code", "WDJB-MJHT");
          body.put("verification_uri", uri);
          body.put("verification_uri_complete", uri + "?user_code=WDJB-MJHT");
          body.put("expires_in", LIFETIME.toSeconds());
          body.put("interval", 5);
          return body;
        });
  }

  MockResponse backchannel(ReceivedRequest request) {
    return answer(
        request,
        (form, client) -> {
          if (client.isPublic()) throw Refusal.of("invalid_client", "a public client");
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("auth_req_id", keep("auth-req-id", scope(form), client));
          body.put("expires_in", LIFETIME.toSeconds());
          return body;
        });
  }

  private MockResponse answer(
      ReceivedRequest request, BiFunction<Parameters, Client, Map<String, Object>> body) {
    try {
      Parameters form = request.formParameters();
      form.refuseRepeated();
      Client client = clients.authenticate(request, form);
      return Answers.uncached(Answers.json(200, body.apply(form, client)));
    } catch (Refusal refusal) {
      return Answers.error(refusal.error(), refusal.description());
    } catch (IllegalArgumentException e) {
      return Answers.error("invalid_request", "broken encoding: " + e.getMessage());
    }
  }

  /** A signed request is opened but not verified: nobody has told us the key. */
  private static @Nullable String scope(Parameters form) {
    String signed = form.value("request");
    if (signed == null) return form.value("scope");
    byte[] claims = Base64.getUrlDecoder().decode(signed.split("\\.", -1)[1]);
    return (String) Json.read(new String(claims, StandardCharsets.UTF_8)).get("scope");
  }

  private String keep(String kind, @Nullable String asked, Client client) {
    String scope = TokenEndpoint.grantable(asked, policy.allowedScopes);
    Instant now = clock.now();
    String key = kind + "-" + count.incrementAndGet();
    Grant grant = new Grant(client, policy.user.subject(), scope, null, now);
    kept.put(key, new Kept(grant, now.plus(LIFETIME)));
    return key;
  }

  Issued redeem(String id, Client client, @Nullable String key) {
    Kept waiting = kept.get(id);
    if (waiting == null || !waiting.grant().isFor(client) || !kept.remove(id, waiting)) {
      throw Refusal.of("invalid_grant", "unknown or used before");
    }
    if (!clock.now().isBefore(waiting.expiresAt())) throw Refusal.of("expired_token", "too late");
    Grant grant = waiting.grant();
    grant.key = client.isPublic() ? key : null; // as for a code (RFC 9449, section 5)
    return grants.issue(grant, grant.scope, policy.issueRefreshTokens, key);
  }
}
