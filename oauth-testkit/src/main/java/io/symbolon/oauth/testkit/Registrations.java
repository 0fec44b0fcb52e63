package io.symbolon.oauth.testkit;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import okio.Buffer;

/** Registers whoever asks (RFC 7591), and lets clients look after themselves (RFC 7592). */
final class Registrations {
  private final String issuer;
  private final Clients clients;
  private final Map<String, Map<String, Object>> registered = new ConcurrentHashMap<>();

  Registrations(String issuer, Clients clients) {
    this.issuer = issuer;
    this.clients = clients;
  }

  /** One path for all clients: the query names the client. */
  MockResponse answer(ReceivedRequest request) {
    try {
      if (request.method().equals("POST")) return register(members(request));
      Map<String, Object> present = registered.get(request.queryParameters().get("client_id"));
      String token = request.bearerToken();
      if (present == null || !Objects.equals(present.get("registration_access_token"), token)) {
        return Answers.challenged(
            Answers.json(401, Map.of("error", "invalid_token")), "Bearer error=\"invalid_token\"");
      }
      return managed(request, present);
    } catch (Refusal refusal) {
      return Answers.error(refusal.error(), refusal.description());
    }
  }

  private MockResponse register(Map<String, Object> members) {
    String id = "registered-" + UUID.randomUUID();
    members.put("client_id", id);
    if (!"none".equals(members.get("token_endpoint_auth_method"))) {
      members.put("client_secret", "secret-" + UUID.randomUUID());
      members.put("client_secret_expires_at", 0);
    }
    members.put("registration_access_token", "manage-" + UUID.randomUUID());
    members.put("registration_client_uri", issuer + Endpoints.REGISTER + "?client_id=" + id);
    return Answers.uncached(Answers.json(201, kept(members)));
  }

  private MockResponse managed(ReceivedRequest request, Map<String, Object> present) {
    return switch (request.method()) {
      case "GET" -> Answers.uncached(Answers.json(200, present));
      case "PUT" -> update(members(request), present);
      case "DELETE" -> delete(String.valueOf(present.get("client_id")));
      default -> Answers.text(405, "GET, PUT or DELETE");
    };
  }

  private MockResponse update(Map<String, Object> members, Map<String, Object> present) {
    for (String own :
        List.of(
            "client_id", "client_secret", "registration_access_token", "registration_client_uri")) {
      if (present.containsKey(own)) members.put(own, present.get(own));
    }
    return Answers.uncached(Answers.json(200, kept(members)));
  }

  private MockResponse delete(String id) {
    registered.remove(id);
    clients.remove(id);
    return new MockResponse.Builder().code(204).build();
  }

  private Map<String, Object> kept(Map<String, Object> members) {
    String id = String.valueOf(members.get("client_id"));
    Object uris = members.get("redirect_uris");
    List<String> redirectUris =
        uris instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    clients.add(new Client(id, (String) members.get("client_secret"), redirectUris));
    registered.put(id, members);
    return members;
  }

  @SuppressWarnings("unchecked") // a JSON object has names for keys
  private static Map<String, Object> members(ReceivedRequest request) {
    try {
      Object json = JsonReader.of(new Buffer().writeUtf8(request.body())).readJsonValue();
      if (json instanceof Map<?, ?> object)
        return new LinkedHashMap<>((Map<String, Object>) object);
    } catch (IOException e) {
      // The same refusal as for another kind of JSON.
    }
    throw Refusal.of("invalid_client_metadata", "the body is not a JSON object");
  }
}
