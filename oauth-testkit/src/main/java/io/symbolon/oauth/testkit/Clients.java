package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The registered applications, and how they prove who they are (RFC 6749, section 2.3). */
final class Clients {
  private final Map<String, Client> known = new ConcurrentHashMap<>();

  void add(Client client) {
    known.put(client.id(), client);
  }

  void remove(String id) {
    known.remove(id);
  }

  @Nullable Client find(@Nullable String id) {
    return id == null ? null : known.get(id);
  }

  Client authenticate(ReceivedRequest request, Parameters form) {
    String id = form.value("client_id");
    String secret = form.value("client_secret");
    if (!request.hasCredentials("Basic ")) return check(id, secret);
    if (secret != null) throw Refusal.of("invalid_request", "two ways of client authentication");
    Client client = checkBasic(request.credentials("Basic "));
    if (id != null && !id.equals(client.id())) {
      throw Refusal.of("invalid_request", "client_id is not the one in Authorization");
    }
    return client;
  }

  /** Both halves are form-encoded inside the base64 (RFC 6749, section 2.3.1). */
  private Client checkBasic(String credentials) {
    try {
      String[] pair = new String(Base64.getDecoder().decode(credentials), UTF_8).split(":", 2);
      String secret = pair.length < 2 ? null : Parameters.decode(pair[1]);
      return check(Parameters.decode(pair[0]), secret);
    } catch (IllegalArgumentException e) {
      throw Refusal.of("invalid_client", "broken Basic credentials: " + e.getMessage());
    }
  }

  private Client check(@Nullable String id, @Nullable String secret) {
    Client client = find(id);
    if (client == null) throw Refusal.of("invalid_client", "unknown client " + id);
    if (client.isPublic() && secret == null) return client;
    if (client.isPublic()) throw Refusal.of("invalid_client", "a public client has no secret");
    if (secret == null) throw Refusal.of("invalid_client", "the client did not authenticate");
    if (!secret.equals(client.secret())) throw Refusal.of("invalid_client", "wrong secret");
    return client;
  }
}
