package io.symbolon.cli.demo;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * A public client that names itself where there is no code verifier to prove anything with: when it
 * renews or revokes a token, pushes an authorization request or starts a device login. Spring
 * Authorization Server has public clients for the code grant only, where its own check of the code
 * verifier stays in charge.
 */
final class PublicClientAuthentication implements AuthenticationConverter, AuthenticationProvider {
  private static final Set<String> GRANTS =
      Set.of("refresh_token", "urn:ietf:params:oauth:grant-type:device_code");
  private static final Set<String> ENDPOINTS =
      Set.of("/oauth2/revoke", "/oauth2/par", "/oauth2/device_authorization");

  private final RegisteredClientRepository clients;

  PublicClientAuthentication(RegisteredClientRepository clients) {
    this.clients = clients;
  }

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    String clientId = request.getParameter("client_id");
    if (clientId == null || hasCredentials(request) || !isOurs(request)) return null;
    return new Claim(clientId);
  }

  private static boolean hasCredentials(HttpServletRequest request) {
    return request.getHeader("Authorization") != null
        || request.getParameter("client_secret") != null
        || request.getParameter("client_assertion") != null;
  }

  private static boolean isOurs(HttpServletRequest request) {
    String grant = request.getParameter("grant_type");
    return grant == null ? ENDPOINTS.contains(request.getRequestURI()) : GRANTS.contains(grant);
  }

  @Override
  public Authentication authenticate(Authentication claim) {
    RegisteredClient client = clients.findByClientId(claim.getName());
    if (client == null
        || !client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE)) {
      throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
    }
    return new OAuth2ClientAuthenticationToken(client, ClientAuthenticationMethod.NONE, null);
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return authentication == Claim.class;
  }

  /** "I am this client", not yet believed. */
  private static final class Claim extends OAuth2ClientAuthenticationToken {
    private static final long serialVersionUID = 1;

    Claim(String clientId) {
      super(clientId, ClientAuthenticationMethod.NONE, null, Map.of());
    }
  }
}
