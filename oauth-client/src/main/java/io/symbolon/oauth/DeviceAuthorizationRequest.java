package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a device without browser or keyboard wants to be allowed, by its user on a phone or another
 * computer (RFC 8628 §3.1). Not for several threads; {@link #begin} may be called more than once
 * and asks for a new code each time.
 *
 * <pre>{@code
 * DeviceAuthorization device = oauth.device().scope("orders.read").begin();
 * System.out.println("Open " + device.verificationUri() + " and enter " + device.userCode());
 * TokenSet tokens = device.await();
 * }</pre>
 */
public final class DeviceAuthorizationRequest {
  private static final List<String> OWN_PARAMETERS =
      Arrays.asList("client_id", "scope", "resource", "authorization_details");

  private final OAuthClient client;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Set<String> resources = new LinkedHashSet<>();
  private Set<String> scope = Collections.emptySet();

  DeviceAuthorizationRequest(OAuthClient client) {
    this.client = client;
  }

  /**
   * Asks for these scopes; a second call replaces the first.
   *
   * @param scope scope tokens separated by spaces (RFC 6749 §3.3)
   * @throws IllegalArgumentException when a scope has a character that scopes cannot have
   */
  public DeviceAuthorizationRequest scope(String scope) {
    this.scope = TokenText.scope(scope);
    return this;
  }

  /**
   * Names a place where the token is to be used (RFC 8707 §2). May be called for several.
   *
   * @throws IllegalArgumentException when it is not an absolute URI without fragment
   */
  public DeviceAuthorizationRequest resource(String uri) {
    resources.add(Resources.checked(uri));
    return this;
  }

  /**
   * Asks for exactly this (RFC 9396 §3).
   *
   * @param details JSON values: each a map with at least a {@code type}
   */
  public DeviceAuthorizationRequest authorizationDetails(List<? extends Map<String, ?>> details) {
    parameters.put("authorization_details", AuthorizationDetails.json(details));
    return this;
  }

  /**
   * Adds a parameter that this server understands.
   *
   * @throws IllegalArgumentException when another method is for it
   */
  public DeviceAuthorizationRequest parameter(String name, String value) {
    if (OWN_PARAMETERS.contains(name)) {
      throw new IllegalArgumentException(
          "the parameter " + Display.clean(name) + " has a method of its own, or is set by us");
    }
    parameters.put(name, value);
    return this;
  }

  /**
   * Asks the server for a code to show.
   *
   * @throws OAuthErrorException when the server refuses
   * @throws InvalidResponseException when it has no such endpoint, or its answer cannot be used: it
   *     names no page behind https, or a code that cannot be printed
   * @throws IOException when there was no answer
   */
  public DeviceAuthorization begin() throws IOException {
    AuthorizationServer server = client.server();
    EndpointRequest request =
        new EndpointRequest(server.existing("device_authorization_endpoint", "RFC 8628 §4"));
    if (!scope.isEmpty()) {
      request.parameter("scope", String.join(" ", scope));
    }
    parameters.forEach(request::parameter);
    resources.forEach(uri -> request.addParameter("resource", uri));
    try {
      return DeviceAuthorization.of(client, scope, client.exchange(request, server));
    } catch (InvalidResponseException e) {
      client.tellRefusal(e);
      throw e;
    }
  }
}
