package io.symbolon.oauth.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/**
 * Where the browser arrives (RFC 6749, section 3.1). The user is logged in already and agrees to
 * everything.
 */
final class Authorizations {
  static final List<String> RESPONSE_MODES = List.of("query", "form_post");

  private final Clients clients;
  private final Grants grants;
  private final ServerClock clock;
  private final Policy policy;
  private final Queue<String> denials = new ConcurrentLinkedQueue<>();

  Authorizations(Clients clients, Grants grants, ServerClock clock, Policy policy) {
    this.clients = clients;
    this.grants = grants;
    this.clock = clock;
    this.policy = policy;
  }

  void denyNext(String error) {
    denials.add(error);
  }

  MockResponse answer(ReceivedRequest request, String issuer) {
    boolean post = request.method().equals("POST");
    try {
      Parameters asked = post ? request.formParameters() : Parameters.parse(request.query());
      return answer(asked, issuer);
    } catch (IllegalArgumentException e) {
      return Answers.text(400, "broken encoding: " + e.getMessage());
    }
  }

  /**
   * What cannot be trusted to come from the client is shown to the user, not sent back (section
   * 4.1.2.1).
   */
  private MockResponse answer(Parameters asked, String issuer) {
    Client client = clients.find(asked.value("client_id"));
    if (client == null) return Answers.text(400, "unknown client " + asked.value("client_id"));
    String redirectUri = asked.value("redirect_uri");
    if (redirectUri == null) return Answers.text(400, "redirect_uri is missing");
    if (!client.allows(redirectUri)) {
      return Answers.text(
          400, "redirect_uri " + redirectUri + " is none of " + client.redirectUris());
    }
    Map<String, String> result = result(asked, client, redirectUri);
    if (policy.includeIss) result.put("iss", issuer);
    return callBack(redirectUri, asked.value("response_mode"), result);
  }

  private Map<String, String> result(Parameters asked, Client client, String redirectUri) {
    Map<String, String> result = new LinkedHashMap<>();
    try {
      result.put("code", code(asked, client, redirectUri));
    } catch (Refusal refusal) {
      result.put("error", refusal.error());
      result.put("error_description", refusal.description());
    }
    if (asked.value("state") != null) result.put("state", String.valueOf(asked.value("state")));
    return result;
  }

  private String code(Parameters asked, Client client, String redirectUri) {
    check(asked);
    String scope = TokenEndpoint.grantable(asked.value("scope"), policy.allowedScopes);
    String subject = policy.user.subject();
    Grant grant = new Grant(client, subject, scope, asked.value("nonce"), clock.now());
    return grants.newCode(grant, redirectUri, asked.require("code_challenge"));
  }

  private void check(Parameters asked) {
    String denial = denials.poll();
    if (denial != null) throw Refusal.of(denial, "as the test wanted");
    asked.refuseRepeated();
    refuseRequestObjects(asked);
    String mode = asked.value("response_mode");
    if (mode != null && !RESPONSE_MODES.contains(mode)) {
      throw Refusal.of("invalid_request", "response_mode is none of " + RESPONSE_MODES);
    }
    if (!asked.require("response_type").equals("code")) {
      throw Refusal.of("unsupported_response_type", "only code");
    }
    if (!asked.require("code_challenge_method").equals("S256")) {
      throw Refusal.of("invalid_request", "code_challenge_method must be S256");
    }
    if (asked.require("code_challenge").length() != 43) {
      throw Refusal.of("invalid_request", "code_challenge must have 43 characters");
    }
  }

  private static void refuseRequestObjects(Parameters asked) {
    if (asked.value("request") != null) throw Refusal.of("request_not_supported", "no JAR here");
    if (asked.value("request_uri") != null) {
      throw Refusal.of("request_uri_not_supported", "no PAR here");
    }
  }

  private static MockResponse callBack(
      String redirectUri, @Nullable String mode, Map<String, String> result) {
    if ("form_post".equals(mode)) return Answers.html(FormPost.page(redirectUri, result));
    String separator = redirectUri.indexOf('?') < 0 ? "?" : "&";
    return Answers.redirect(redirectUri + separator + Parameters.encode(result));
  }
}
