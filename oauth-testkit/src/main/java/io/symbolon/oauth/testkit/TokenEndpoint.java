package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** Hands out tokens (RFC 6749, section 3.2). */
final class TokenEndpoint {
  static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  static final String CIBA = "urn:openid:params:grant-type:ciba";
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private final Clients clients;
  private final Grants grants;
  private final Elsewhere elsewhere;
  private final IdTokens idTokens;
  private final ServerClock clock;
  private final Policy policy;
  private final DpopProofs proofs;

  TokenEndpoint(
      Clients clients,
      Grants grants,
      Elsewhere elsewhere,
      IdTokens idTokens,
      ServerClock clock,
      Policy policy,
      DpopProofs proofs) {
    this.proofs = proofs;
    this.clients = clients;
    this.grants = grants;
    this.elsewhere = elsewhere;
    this.idTokens = idTokens;
    this.clock = clock;
    this.policy = policy;
  }

  MockResponse answer(ReceivedRequest request) {
    return proofs.announced(answered(request));
  }

  private MockResponse answered(ReceivedRequest request) {
    try {
      return Answers.uncached(Answers.json(200, exchange(request)));
    } catch (Refusal refusal) {
      return Answers.error(refusal.error(), refusal.description());
    } catch (IllegalArgumentException e) {
      return Answers.error("invalid_request", "broken encoding: " + e.getMessage());
    }
  }

  private Map<String, Object> exchange(ReceivedRequest request) {
    if (!request.method().equals("POST") || !request.isForm()) {
      throw Refusal.of("invalid_request", "a token request is a form in a POST");
    }
    Parameters form = request.formParameters();
    form.refuseRepeated();
    Client client = clients.authenticate(request, form);
    String grantType = form.require("grant_type");
    String key = proofs.key(request, null);
    return switch (grantType) {
      case "authorization_code" -> body(redeem(form, client, key), true);
      case "refresh_token" -> body(refresh(form, client, key), false);
      case "client_credentials" -> body(clientCredentials(form, client, key), false);
      case DEVICE_CODE -> body(elsewhere.redeem(form.require("device_code"), client, key), true);
      case CIBA -> body(elsewhere.redeem(form.require("auth_req_id"), client, key), true);
      case EXCHANGE -> exchanged(form, client, key);
      case JWT_BEARER -> body(asserted(form, client, key), false);
      default -> throw Refusal.of("unsupported_grant_type", grantType);
    };
  }

  private Issued redeem(Parameters form, Client client, @Nullable String key) {
    return grants.redeem(
        form.require("code"),
        client,
        form.require("redirect_uri"),
        form.require("code_verifier"),
        key);
  }

  private Issued refresh(Parameters form, Client client, @Nullable String key) {
    return grants.refresh(form.require("refresh_token"), client, form.value("scope"), key);
  }

  private Issued clientCredentials(Parameters form, Client client, @Nullable String key) {
    if (client.isPublic()) {
      throw Refusal.of("unauthorized_client", "a public client has no credentials");
    }
    String scope = grantable(form.value("scope"), policy.allowedScopes);
    return grants.issue(new Grant(client, null, scope, null, clock.now()), scope, false, key);
  }

  /** Only the server's own access tokens, for others of the same user (RFC 8693). */
  private Map<String, Object> exchanged(Parameters form, Client client, @Nullable String key) {
    if (!form.require("subject_token_type").equals(ACCESS_TOKEN)) {
      throw Refusal.of("invalid_request", "the subject has to be an access token");
    }
    if (form.value("actor_token") != null) form.require("actor_token_type");
    Issued subject = grants.live(form.require("subject_token"));
    if (subject == null) throw Refusal.of("invalid_request", "the subject token is not good");
    String scope = grantable(form.value("scope"), List.of(subject.scope().split(" ")));
    Grant grant = new Grant(client, subject.grant().subject, scope, null, clock.now());
    Map<String, Object> body = body(grants.issue(grant, scope, false, key), false);
    body.putIfAbsent("issued_token_type", ACCESS_TOKEN);
    return body;
  }

  /** For whoever the assertion is about; its signature is not looked at. */
  private Issued asserted(Parameters form, Client client, @Nullable String key) {
    if (form.require("assertion").split("\\.", -1).length != 3) {
      throw Refusal.of("invalid_grant", "the assertion is no signed JWT");
    }
    String scope = grantable(form.value("scope"), policy.allowedScopes);
    return grants.issue(new Grant(client, null, scope, null, clock.now()), scope, false, key);
  }

  /** The part of the wanted scope that may be granted. */
  static String grantable(@Nullable String wanted, List<String> allowed) {
    if (wanted == null) return String.join(" ", allowed);
    if (allowed.isEmpty()) return wanted;
    List<String> granted = List.of(wanted.split(" ")).stream().filter(allowed::contains).toList();
    if (granted.isEmpty()) throw Refusal.of("invalid_scope", "allowed are " + allowed);
    return String.join(" ", granted);
  }

  private Map<String, Object> body(Issued issued, boolean login) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", issued.accessToken());
    body.put("token_type", issued.key() == null ? "Bearer" : "DPoP");
    body.put("expires_in", issued.lifetime().toSeconds());
    if (issued.refreshToken() != null) body.put("refresh_token", issued.refreshToken());
    if (!issued.scope().isEmpty()) body.put("scope", issued.scope());
    if (isOpenId(issued)) body.put("id_token", idTokens.make(issued, login));
    policy.tokenResponse.accept(body);
    return body;
  }

  private static boolean isOpenId(Issued issued) {
    return issued.grant().subject != null && hasScope(issued, "openid");
  }

  static boolean hasScope(Issued issued, String scope) {
    return List.of(issued.scope().split(" ")).contains(scope);
  }
}
