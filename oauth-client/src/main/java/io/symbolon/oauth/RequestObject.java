package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.Urls;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a JWT that this client signs: for authorization (RFC 9101 §4), or for a user on
 * their own phone (CIBA Core §7.1.1).
 */
final class RequestObject {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final int MAX_URI_CHARS = 512; // RFC 9101 §5.2

  private final OAuthClient client;
  private final String audience;
  private final SigningKey key;
  private final @Nullable String type;

  private RequestObject(
      OAuthClient client, AuthorizationServer server, SigningKey key, @Nullable String type) {
    String issuer = server.issuer();
    if (issuer == null) {
      throw new IllegalStateException(
          "a signed request is for one issuer, but the server has none: name it in its builder");
    }
    this.client = client;
    this.audience = issuer;
    this.key = key;
    this.type = type;
  }

  static RequestObject forAuthorization(
      OAuthClient client, AuthorizationServer server, SigningKey key)
      throws InvalidResponseException {
    requireAlgorithm(server, key, "request_object_signing_alg_values_supported", "RFC 9101 §10.1");
    return new RequestObject(client, server, key, "oauth-authz-req+jwt");
  }

  static RequestObject forBackchannel(
      OAuthClient client, AuthorizationServer server, SigningKey key)
      throws InvalidResponseException {
    requireAlgorithm(
        server,
        key,
        "backchannel_authentication_request_signing_alg_values_supported",
        "CIBA Core §4");
    // CIBA names no type, and that of RFC 9101 belongs to the authorization endpoint.
    return new RequestObject(client, server, key, null);
  }

  private static void requireAlgorithm(
      AuthorizationServer server, SigningKey key, String metadataName, String section)
      throws InvalidResponseException {
    List<String> known = server.strings(metadataName);
    if (known != null && !known.contains(key.algorithm())) {
      throw new InvalidResponseException(
          "invalid_metadata",
          "the server " + server + " takes no requests that are signed with " + key.algorithm(),
          Verdict.about("the metadata of " + server)
              .failed(
                  metadataName,
                  key.algorithm() + " among them",
                  Display.clean(known.toString()),
                  section)
              .fix("sign with one of them: SigningKey.algorithm(…)")
              .build());
    }
  }

  /** The request object with these parameters. */
  Secret of(List<FormCodec.Pair> parameters) throws IOException {
    long now = client.clock().instant().getEpochSecond();
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("iss", client.clientId());
    claims.put("aud", audience);
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + LIFETIME.getSeconds());
    claims.put("jti", RandomText.of256Bits(client.random()));
    parameters.forEach(pair -> claims.merge(pair.name(), value(pair), RequestObject::both));
    return Secret.of(key.jwt(type, claims));
  }

  /** What is JSON stands there as JSON, a number as a number (RFC 9101 §4). */
  private static Object value(FormCodec.Pair pair) {
    return switch (pair.name()) {
      case "claims", "authorization_details" -> json(pair.value());
      case "max_age" -> Long.valueOf(pair.value());
      default -> pair.value();
    };
  }

  private static Object json(String text) {
    try {
      Object value = StrictJson.parse(text);
      return value == null ? text : value;
    } catch (ParseException e) {
      throw new IllegalArgumentException("a parameter is not the JSON that it should be", e);
    }
  }

  private static Object both(Object earlier, Object value) {
    List<Object> all = new ArrayList<>();
    all.addAll(earlier instanceof List<?> list ? list : Collections.singletonList(earlier));
    all.add(value);
    return all;
  }

  /** Where a request object was published. */
  static String checkedUri(String uri) {
    boolean https = uri.startsWith("https://") && Urls.fault(uri, false) == null;
    if (!https || uri.length() > MAX_URI_CHARS) {
      throw new IllegalArgumentException(
          "a request object is published at an https URL of at most "
              + MAX_URI_CHARS
              + " characters, but "
              + Display.quote(uri)
              + " is none");
    }
    return uri;
  }
}
