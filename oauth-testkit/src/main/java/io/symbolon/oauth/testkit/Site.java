package io.symbolon.oauth.testkit;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import mockwebserver3.MockResponse;

/** Everything behind the sockets of one server, wired together. */
final class Site {
  private static final String OPENID_CONFIGURATION = "/.well-known/openid-configuration";
  private static final String OAUTH_SERVER = "/.well-known/oauth-authorization-server";

  final ServerClock clock;
  final Policy policy = new Policy();
  final RequestLog log = new RequestLog();
  final Script script = new Script();
  final Clients clients = new Clients();
  final SigningKeys keys = new SigningKeys();
  final Grants grants;
  final Authorizations authorizations;
  final Elsewhere elsewhere;
  final Endpoints endpoints;
  private final String issuerPath;

  Site(ServerClock clock, String issuerPath) {
    this.clock = clock;
    this.issuerPath = issuerPath;
    this.grants = new Grants(clock, policy);
    this.authorizations = new Authorizations(clients, grants, clock, policy);
    this.elsewhere = new Elsewhere(clients, grants, clock, policy);
    this.endpoints = new Endpoints(log, clock, policy, issuerPath);
  }

  /** Fills the paths; not before the port, and with it the issuer, is known. */
  void open(String issuer) {
    openDiscovery(new Metadata(issuer, keys, policy));
    String origin = issuer.substring(0, issuer.length() - issuerPath.length());
    DpopProofs proofs = new DpopProofs(origin, clock, policy);
    IdTokens idTokens = new IdTokens(issuer, keys, clock, policy);
    openTokens(idTokens, proofs);
    openIssuedTokens(new IssuedTokens(issuer, clients, grants, keys, clock));
    put(issuerPath + Endpoints.REGISTER, new Registrations(issuer, clients)::answer);
    openResources(new ProtectedResources(grants, policy, proofs));
    put(
        issuerPath + Endpoints.AUTHORIZE,
        request -> authorizations.answer(request, issuer, idTokens));
    put(issuerPath + Endpoints.PAR, request -> authorizations.push(request, proofs));
    put(issuerPath + Endpoints.DEVICE, request -> elsewhere.device(request, issuer));
    put(issuerPath + Endpoints.BACKCHANNEL, elsewhere::backchannel);
    put(issuerPath + Endpoints.JWKS, () -> policy.jwksDown, request -> jwks());
  }

  private void openDiscovery(Metadata metadata) {
    Function<ReceivedRequest, MockResponse> document =
        request -> Answers.json(200, metadata.document());
    put(issuerPath + OPENID_CONFIGURATION, () -> policy.discoveryDown, document);
    put(OAUTH_SERVER + issuerPath, () -> policy.discoveryDown, document);
  }

  private void openTokens(IdTokens idTokens, DpopProofs proofs) {
    TokenEndpoint tokens =
        new TokenEndpoint(clients, grants, elsewhere, idTokens, clock, policy, proofs);
    put(issuerPath + Endpoints.TOKEN, () -> policy.tokenDown, tokens::answer);
  }

  private void openIssuedTokens(IssuedTokens tokens) {
    put(issuerPath + Endpoints.INTROSPECT, tokens::introspect);
    put(issuerPath + Endpoints.REVOKE, tokens::revoke);
  }

  private void openResources(ProtectedResources resources) {
    put(issuerPath + Endpoints.USERINFO, () -> policy.userInfoDown, resources::userInfo);
    put(issuerPath + Endpoints.API, resources::api);
  }

  private MockResponse jwks() {
    Map<String, Object> jwks = keys.jwks();
    policy.jwks.accept(jwks);
    return Answers.json(200, jwks);
  }

  void put(String path, Function<ReceivedRequest, MockResponse> handler) {
    put(path, () -> false, handler);
  }

  /** What is down takes no step of the script. */
  private void put(
      String path, BooleanSupplier down, Function<ReceivedRequest, MockResponse> handler) {
    endpoints.put(
        path,
        request ->
            down.getAsBoolean()
                ? Endpoints.unavailable()
                : script.play(request.path(), () -> handler.apply(request)));
  }
}
