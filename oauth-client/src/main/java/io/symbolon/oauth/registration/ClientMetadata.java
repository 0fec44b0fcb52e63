package io.symbolon.oauth.registration;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client tells about itself when it registers (RFC 7591 §2). Each method returns a new
 * value. Immutable.
 */
public final class ClientMetadata {
  private static final ClientMetadata NONE = new ClientMetadata(Collections.emptyMap());

  private final Map<String, @Nullable Object> members;

  private ClientMetadata(Map<String, ? extends @Nullable Object> members) {
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** Nothing yet; the server fills in its defaults. */
  public static ClientMetadata empty() {
    return NONE;
  }

  /** Everything at once, as JSON values. */
  public static ClientMetadata of(Map<String, ? extends @Nullable Object> members) {
    return new ClientMetadata(members);
  }

  /** Where the browser may come back to. */
  public ClientMetadata redirectUris(String... uris) {
    return with("redirect_uris", Arrays.asList(uris.clone()));
  }

  /** The name that a user sees. */
  public ClientMetadata clientName(String name) {
    return with("client_name", name);
  }

  /** The grants that the client will use; {@code authorization_code} unless set. */
  public ClientMetadata grantTypes(String... types) {
    return with("grant_types", Arrays.asList(types.clone()));
  }

  /** How the client will authenticate; {@code client_secret_basic} unless set. */
  public ClientMetadata tokenEndpointAuthMethod(String method) {
    return with("token_endpoint_auth_method", method);
  }

  /** The scopes that the client may ask for, separated by spaces. */
  public ClientMetadata scope(String scope) {
    return with("scope", scope);
  }

  /** A signed statement of somebody whom the server trusts (RFC 7591 §2.3). */
  public ClientMetadata softwareStatement(String jwt) {
    return with("software_statement", jwt);
  }

  /** Any other member by its registered name; JSON values only. */
  public ClientMetadata with(String name, Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new ClientMetadata(more);
  }

  /** The members as JSON values. */
  public Map<String, @Nullable Object> members() {
    return members;
  }

  /** The names of the members. */
  @Override
  public String toString() {
    return "client metadata " + members.keySet();
  }
}
