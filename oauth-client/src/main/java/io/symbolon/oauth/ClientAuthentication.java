package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How a client proves to the server that it is who it says (RFC 6749 §2.3). Immutable, safe for
 * many threads; shows no secret.
 */
public final class ClientAuthentication {
  private interface Method {
    void apply(String clientId, EndpointRequest request);
  }

  private final String name;
  private final Method method;

  private ClientAuthentication(String name, Method method) {
    this.name = name;
    this.method = method;
  }

  /** A public client: it names itself and proves nothing ({@code none}). */
  public static ClientAuthentication none() {
    return new ClientAuthentication(
        "none", (clientId, request) -> request.parameter("client_id", clientId));
  }

  /**
   * The secret in the {@code Authorization} header ({@code client_secret_basic}): both parts are
   * form-encoded first, so that any character may occur (RFC 6749 §2.3.1).
   */
  public static ClientAuthentication basic(Secret clientSecret) {
    return new ClientAuthentication(
        "client_secret_basic",
        (clientId, request) -> {
          String pair = FormCodec.encode(clientId) + ":" + FormCodec.encode(clientSecret.reveal());
          String credentials =
              Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
          request.header("Authorization", "Basic " + credentials);
          request.hide(clientSecret.reveal());
          request.hide(credentials);
        });
  }

  /** The secret as a form parameter ({@code client_secret_post}), for servers that want it so. */
  public static ClientAuthentication post(Secret clientSecret) {
    return new ClientAuthentication(
        "client_secret_post",
        (clientId, request) -> {
          request.parameter("client_id", clientId);
          request.secretParameter("client_secret", clientSecret);
        });
  }

  void apply(String clientId, EndpointRequest request) {
    method.apply(clientId, request);
  }

  /** The registered name of the method (RFC 7591 §2). */
  @Override
  public String toString() {
    return name;
  }
}
