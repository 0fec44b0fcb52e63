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
  static final List<String> RESPONSE_TYPES =
      List.of("code", "code id_token", "code token", "code id_token token");
  static final List<String> RESPONSE_MODES =
      List.of(
          "query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt");

  private final Clients clients;
  private final Grants grants;
  private final ServerClock clock;
  private final Policy policy;
  private final Queue<String> denials = new ConcurrentLinkedQueue<>();
  private final Pushed pushed;

  Authorizations(Clients clients, Grants grants, ServerClock clock, Policy policy) {
    this.clients = clients;
    this.grants = grants;
    this.clock = clock;
    this.policy = policy;
    this.pushed = new Pushed(clients, clock);
  }

  /** Takes a request ahead of the browser (RFC 9126). */
  MockResponse push(ReceivedRequest request) {
    return pushed.answer(request);
  }

  void denyNext(String error) {
    denials.add(error);
  }

  MockResponse answer(ReceivedRequest request, String issuer, IdTokens idTokens) {
    boolean post = request.method().equals("POST");
    try {
      Parameters sent = post ? request.formParameters() : Parameters.parse(request.query());
      Parameters asked = pushed.resolve(sent);
      if (asked == null) return Answers.text(400, "unknown request_uri");
      return answer(asked, issuer, idTokens);
    } catch (IllegalArgumentException e) {
      return Answers.text(400, "broken encoding: " + e.getMessage());
    }
  }

  /**
   * What cannot be trusted to come from the client is shown to the user, not sent back (section
   * 4.1.2.1).
   */
  private MockResponse answer(Parameters asked, String issuer, IdTokens idTokens) {
    Client client = clients.find(asked.value("client_id"));
    if (client == null) return Answers.text(400, "unknown client " + asked.value("client_id"));
    String redirectUri = asked.value("redirect_uri");
    if (redirectUri == null) return Answers.text(400, "redirect_uri is missing");
    if (!client.allows(redirectUri)) {
      return Answers.text(
          400, "redirect_uri " + redirectUri + " is none of " + client.redirectUris());
    }
    Map<String, String> result = result(asked, client, redirectUri, idTokens);
    if (policy.includeIss) result.put("iss", issuer);
    String mode = mode(asked);
    if (mode == null || !mode.endsWith("jwt")) return callBack(redirectUri, mode, result);
    Map<String, String> signed = Map.of("response", idTokens.response(client, result));
    return callBack(redirectUri, place(mode, asked), signed);
  }

  private Map<String, String> result(
      Parameters asked, Client client, String redirectUri, IdTokens idTokens) {
    Map<String, String> result = new LinkedHashMap<>();
    try {
      check(asked);
      grant(asked, client, redirectUri, idTokens, result);
    } catch (Refusal refusal) {
      result.put("error", refusal.error());
      result.put("error_description", refusal.description());
    }
    if (asked.value("state") != null) result.put("state", String.valueOf(asked.value("state")));
    return result;
  }

  private void grant(
      Parameters asked,
      Client client,
      String redirectUri,
      IdTokens idTokens,
      Map<String, String> result) {
    String scope = TokenEndpoint.grantable(asked.value("scope"), policy.allowedScopes);
    String subject = policy.user.subject();
    Grant grant = new Grant(client, subject, scope, asked.value("nonce"), clock.now());
    List<String> types = types(asked);
    String code = grants.newCode(grant, redirectUri, asked.require("code_challenge"));
    String accessToken = null;
    result.put("code", code);
    if (types.contains("token")) {
      Issued issued = grants.issue(grant, scope, false);
      accessToken = issued.accessToken();
      result.put("access_token", accessToken);
      result.put("token_type", "Bearer");
      result.put("expires_in", Long.toString(issued.lifetime().toSeconds()));
    }
    if (types.contains("id_token")) {
      result.put("id_token", idTokens.make(grant, code, asked.value("state"), accessToken));
    }
  }

  private static List<String> types(Parameters asked) {
    return List.of(asked.require("response_type").split(" "));
  }

  private static String place(String mode, Parameters asked) {
    if (!mode.equals("jwt")) return mode.substring(0, mode.length() - ".jwt".length());
    return "code".equals(asked.value("response_type")) ? "query" : "fragment";
  }

  private static @Nullable String mode(Parameters asked) {
    String mode = asked.value("response_mode");
    String type = asked.value("response_type");
    return mode == null && type != null && !type.equals("code") ? "fragment" : mode;
  }

  private void check(Parameters asked) {
    String denial = denials.poll();
    if (denial != null) throw Refusal.of(denial, "as the test wanted");
    asked.refuseRepeated();
    if (asked.value("request") != null) throw Refusal.of("request_not_supported", "no JAR here");
    String mode = asked.value("response_mode");
    if (mode != null && !RESPONSE_MODES.contains(mode)) {
      throw Refusal.of("invalid_request", "response_mode is none of " + RESPONSE_MODES);
    }
    if (!RESPONSE_TYPES.contains(asked.require("response_type"))) {
      throw Refusal.of("unsupported_response_type", "response_type is none of " + RESPONSE_TYPES);
    }
    if (types(asked).size() > 1 && "query".equals(asked.value("response_mode"))) {
      throw Refusal.of("invalid_request", "tokens do not go into a query");
    }
    if (!asked.require("code_challenge_method").equals("S256")) {
      throw Refusal.of("invalid_request", "code_challenge_method must be S256");
    }
    if (asked.require("code_challenge").length() != 43) {
      throw Refusal.of("invalid_request", "code_challenge must have 43 characters");
    }
  }

  private static MockResponse callBack(
      String redirectUri, @Nullable String mode, Map<String, String> result) {
    if ("form_post".equals(mode)) return Answers.html(FormPost.page(redirectUri, result));
    if ("fragment".equals(mode)) {
      return Answers.redirect(redirectUri + "#" + Parameters.encode(result));
    }
    String separator = redirectUri.indexOf('?') < 0 ? "?" : "&";
    return Answers.redirect(redirectUri + separator + Parameters.encode(result));
  }
}
