package io.symbolon.oidc;

/**
 * The modules of {@code oidcc-client-basic-certification-test-plan}, and those of {@code
 * oidcc-client-test-plan} for the code flow.
 */
final class OidccBasicModulesTest extends OidccCodeFlowModules {
  @Override
  OidcTokens login(OidcClient client, LoginRequest request) throws Exception {
    PendingLogin login = request.begin();
    return client.complete(login, server.authorize(login.url()));
  }
}
