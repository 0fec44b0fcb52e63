package io.symbolon.oauth.testkit;

import java.util.function.BooleanSupplier;

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
  final Endpoints endpoints;
  private final String issuerPath;

  Site(ServerClock clock, String issuerPath) {
    this.clock = clock;
    this.issuerPath = issuerPath;
    this.grants = new Grants(clock, policy);
    this.authorizations = new Authorizations(clients, grants, clock, policy);
    this.endpoints = new Endpoints(log, clock, policy, issuerPath);
  }

  /** Fills the paths; not before the port, and with it the issuer, is known. */
  void open(String issuer) {
    openDiscovery(new Metadata(issuer, keys, policy));
    openTokens(new IdTokens(issuer, keys, clock, policy));
    openResources(new ProtectedResources(grants, policy));
    endpoints.put(
        issuerPath + Endpoints.AUTHORIZE, request -> authorizations.answer(request, issuer));
    endpoints.put(
        issuerPath + Endpoints.JWKS,
        unless(() -> policy.jwksDown, request -> Answers.json(200, keys.jwks())));
  }

  private void openDiscovery(Metadata metadata) {
    Endpoints.Handler document =
        unless(() -> policy.discoveryDown, request -> Answers.json(200, metadata.document()));
    endpoints.put(issuerPath + OPENID_CONFIGURATION, document);
    endpoints.put(OAUTH_SERVER + issuerPath, document);
  }

  private void openTokens(IdTokens idTokens) {
    TokenEndpoint tokens = new TokenEndpoint(clients, grants, idTokens, clock, policy);
    Endpoints.Handler scripted = request -> script.play(() -> tokens.answer(request));
    endpoints.put(issuerPath + Endpoints.TOKEN, unless(() -> policy.tokenDown, scripted));
  }

  private void openResources(ProtectedResources resources) {
    endpoints.put(
        issuerPath + Endpoints.USERINFO, unless(() -> policy.userInfoDown, resources::userInfo));
    endpoints.put(issuerPath + Endpoints.API, resources::api);
  }

  private static Endpoints.Handler unless(BooleanSupplier down, Endpoints.Handler handler) {
    return request -> down.getAsBoolean() ? Endpoints.unavailable() : handler.answer(request);
  }
}
