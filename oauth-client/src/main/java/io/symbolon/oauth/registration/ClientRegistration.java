package io.symbolon.oauth.registration;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.json.StrictJson;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client as a server has registered it (RFC 7591 §3.2.1). Keep it: {@link #toJson} is for a place
 * where secrets may lie. Immutable; shows no secret.
 */
public final class ClientRegistration {
  private static final List<String> SECRETS =
      Arrays.asList("client_secret", "registration_access_token", "software_statement");

  private final Map<String, @Nullable Object> members;

  /** Members that were checked by whoever calls. */
  ClientRegistration(Map<String, ? extends @Nullable Object> members) {
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * A registration that was kept.
   *
   * @throws IllegalArgumentException when it is not what {@link #toJson} made
   */
  public static ClientRegistration fromJson(Secret json) {
    try {
      Map<String, @Nullable Object> members = StrictJson.parseObject(json.reveal());
      String fault = RegistrationAnswer.fault(members, true);
      if (fault == null) {
        return new ClientRegistration(members);
      }
      throw new IllegalArgumentException("the registration has " + fault);
    } catch (ParseException e) {
      throw new IllegalArgumentException("the registration is unreadable: " + e.getMessage());
    }
  }

  /** Everything, secrets too, as JSON. */
  public Secret toJson() {
    return Secret.of(StrictJson.write(members));
  }

  /** The client identifier. */
  public String clientId() {
    return String.valueOf(members.get("client_id"));
  }

  /** The client secret; null for a client without one. */
  public @Nullable Secret clientSecret() {
    return secret("client_secret");
  }

  /** When the secret ends, by the server's clock; null when it does not, or there is none. */
  public @Nullable Instant clientSecretExpiresAt() {
    Instant end = time("client_secret_expires_at");
    return Instant.EPOCH.equals(end) ? null : end;
  }

  /** When the client was registered, by the server's clock; null when the server does not say. */
  public @Nullable Instant clientIdIssuedAt() {
    return time("client_id_issued_at");
  }

  /** What opens {@link #registrationClientUri}; null when the server has no management. */
  public @Nullable Secret registrationAccessToken() {
    return secret("registration_access_token");
  }

  /** Where the registration can be read and changed (RFC 7592); null when it cannot. */
  public @Nullable String registrationClientUri() {
    return (String) members.get("registration_client_uri");
  }

  /** What the server has registered, which may be other than what was asked for; no secret. */
  public ClientMetadata metadata() {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(members);
    metadata.keySet().removeAll(SECRETS);
    metadata
        .keySet()
        .removeAll(
            Arrays.asList(
                "client_id",
                "client_id_issued_at",
                "client_secret_expires_at",
                "registration_client_uri"));
    return ClientMetadata.of(metadata);
  }

  /**
   * A client with these credentials, ready but for what you add.
   *
   * @throws IllegalStateException when it authenticates with a key, which only you can add
   */
  public OAuthClient.Builder client(AuthorizationServer server) {
    OAuthClient.Builder builder = OAuthClient.builder().server(server).clientId(clientId());
    Secret secret = clientSecret();
    Object method = members.get("token_endpoint_auth_method");
    if (secret == null) {
      if (!"none".equals(method)) {
        throw new IllegalStateException(
            "the client is registered to authenticate by "
                + Display.quote(method)
                + " and has no secret; add authentication(…) with its key to a builder of your own");
      }
      return builder.authentication(ClientAuthentication.none());
    }
    return "client_secret_post".equals(method)
        ? builder.authentication(ClientAuthentication.post(secret))
        : builder.clientSecret(secret);
  }

  Map<String, @Nullable Object> members() {
    return members;
  }

  private @Nullable Secret secret(String name) {
    Object value = members.get(name);
    return value == null ? null : Secret.of((String) value);
  }

  private @Nullable Instant time(String name) {
    Object value = members.get(name);
    return value instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : null;
  }

  /** The client id; no secret. */
  @Override
  public String toString() {
    return "registered client " + Display.clean(clientId());
  }
}
