package io.symbolon.oauth.registration;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.OAuthException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Where a client registers with a server, and looks after its registration (RFC 7591, RFC 7592).
 *
 * <pre>{@code
 * ClientRegistration registration =
 *     RegistrationEndpoint.of(server, new OkHttpClient())
 *         .register(ClientMetadata.empty().redirectUris("https://shop.example.com/callback"));
 * OAuthClient oauth = registration.client(server).build();
 * }</pre>
 *
 * <p>Every request goes out once; no redirect is followed. Immutable, safe for many threads.
 */
public final class RegistrationEndpoint {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final MediaType JSON = MediaType.get("application/json");
  private static final List<String> NOT_IN_AN_UPDATE =
      Arrays.asList(
          "client_id_issued_at",
          "client_secret_expires_at",
          "registration_access_token",
          "registration_client_uri");

  private final HttpUrl url;
  private final HttpExchange http;
  private final @Nullable Secret initialAccessToken;

  private RegistrationEndpoint(
      HttpUrl url, HttpExchange http, @Nullable Secret initialAccessToken) {
    this.url = url;
    this.http = http;
    this.initialAccessToken = initialAccessToken;
  }

  /**
   * The endpoint of a server.
   *
   * @param http its proxy, DNS and TLS are used
   * @throws IllegalArgumentException when the server has none
   */
  public static RegistrationEndpoint of(AuthorizationServer server, OkHttpClient http) {
    HttpUrl url = server.endpoint("registration_endpoint");
    if (url == null) {
      throw new IllegalArgumentException(server + " has no registration_endpoint");
    }
    return new RegistrationEndpoint(url, new HttpExchange(http, CALL_TIMEOUT), null);
  }

  /** The same with a token that allows to register (RFC 7591 §3). */
  public RegistrationEndpoint initialAccessToken(Secret token) {
    return new RegistrationEndpoint(url, http, token);
  }

  /**
   * Registers a client. An answer that is lost may leave a registration behind that nobody knows.
   *
   * @throws OAuthErrorException when the server does not want it, such as {@code
   *     invalid_redirect_uri} or {@code invalid_client_metadata}
   */
  public ClientRegistration register(ClientMetadata metadata) throws IOException {
    Request.Builder request = new Request.Builder().url(url).post(json(metadata.members()));
    return send(request, url, initialAccessToken, metadata.members())
        .registration(Collections.emptyMap());
  }

  /** The registration as it is now, perhaps with a new secret and a new token: keep the result. */
  public ClientRegistration read(ClientRegistration registration) throws IOException {
    Request.Builder request = new Request.Builder().get();
    return manage(request, registration, registration.members())
        .registration(registration.members());
  }

  /**
   * Replaces all metadata; what is left out, the server may forget. Keep the result.
   *
   * @param metadata usually {@code registration.metadata().with(…)}
   */
  public ClientRegistration update(ClientRegistration registration, ClientMetadata metadata)
      throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(metadata.members());
    members.keySet().removeAll(NOT_IN_AN_UPDATE);
    members.put("client_id", registration.clientId());
    Secret secret = registration.clientSecret();
    if (secret != null) {
      members.put("client_secret", secret.reveal());
    }
    Object statement = registration.members().get("software_statement");
    if (statement != null) {
      members.putIfAbsent("software_statement", statement);
    }
    Request.Builder request = new Request.Builder().put(json(members));
    return manage(request, registration, members).registration(registration.members());
  }

  /**
   * Ends the registration, and with it usually all tokens of the client.
   *
   * @throws OAuthException when the server did not do it
   */
  public void delete(ClientRegistration registration) throws IOException {
    manage(new Request.Builder().delete(), registration, registration.members()).requireDeleted();
  }

  private RegistrationAnswer manage(
      Request.Builder request,
      ClientRegistration registration,
      Map<String, ? extends @Nullable Object> sent)
      throws IOException {
    String place = registration.registrationClientUri();
    Secret token = registration.registrationAccessToken();
    if (place == null || token == null) {
      throw new IllegalStateException(
          "the server gave " + registration + " no registration_client_uri and token to manage it");
    }
    HttpUrl managed = HttpUrl.get(place);
    if (!managed.isHttps() && url.isHttps()) {
      throw new IllegalStateException("the registration is of a server behind http, not of " + url);
    }
    return send(request.url(managed), managed, token, sent);
  }

  private RegistrationAnswer send(
      Request.Builder request,
      HttpUrl to,
      @Nullable Secret token,
      Map<String, ? extends @Nullable Object> sent)
      throws IOException {
    request.header("Accept", "application/json");
    List<String> hidden = new ArrayList<>();
    if (token != null) {
      request.header("Authorization", "Bearer " + token.reveal());
      hidden.add(token.reveal());
    }
    for (String name : Arrays.asList("client_secret", "software_statement")) {
      if (sent.get(name) instanceof String secret) {
        hidden.add(secret);
      }
    }
    return new RegistrationAnswer(http.execute(request.build()), to, hidden);
  }

  private static RequestBody json(Map<String, ? extends @Nullable Object> members) {
    // From octets, so that the media type gets no charset.
    return RequestBody.create(StrictJson.write(members).getBytes(StandardCharsets.UTF_8), JSON);
  }

  /** The URL. */
  @Override
  public String toString() {
    return "registration at " + url;
  }
}
