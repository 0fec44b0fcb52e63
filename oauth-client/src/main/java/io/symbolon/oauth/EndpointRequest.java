package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** One request to an endpoint of the server while it is put together. Private to one call. */
final class EndpointRequest {
  private final HttpUrl url;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final StringBuilder repeated = new StringBuilder();
  private final Headers.Builder headers = new Headers.Builder();
  private final Set<String> secrets = new LinkedHashSet<>();
  private boolean bindsTokens;

  EndpointRequest(HttpUrl url) {
    this.url = url;
    headers.add("Accept", "application/json");
  }

  HttpUrl url() {
    return url;
  }

  /** What comes of this request is bound to the client's DPoP key, if it has one. */
  void bindTokens() {
    this.bindsTokens = true;
  }

  boolean bindsTokens() {
    return bindsTokens;
  }

  void parameter(String name, String value) {
    parameters.put(name, value);
  }

  /** One of several values of a parameter that may be repeated (RFC 8707 §2). */
  void addParameter(String name, String value) {
    repeated.append('&').append(FormCodec.encode(name)).append('=');
    repeated.append(FormCodec.encode(value));
  }

  void secretParameter(String name, Secret value) {
    parameters.put(name, value.reveal());
    hide(value.reveal());
  }

  void header(String name, String value) {
    headers.set(name, value);
  }

  /** What must not be repeated in a message, should the server echo it, encoded or not. */
  void hide(String secret) {
    String encoded = FormCodec.encode(secret);
    secrets.add(secret);
    secrets.add(encoded);
    secrets.add(encoded.replace("+", "%20"));
  }

  /** The longest first, so that none leaves the rest of another that begins with it. */
  List<String> secrets() {
    List<String> longestFirst = new ArrayList<>(secrets);
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
    return longestFirst;
  }

  /**
   * @param now the time, for servers that want it signed
   */
  Request build(@Nullable Dialect dialect, Instant now) {
    if (dialect != null) {
      return dialect.requests().request(url, headers.build(), parameters, repeated.toString(), now);
    }
    return new Request.Builder()
        .url(url)
        .headers(headers.build())
        .post(FormCodec.oneShotBody(FormCodec.encode(parameters) + repeated))
        .build();
  }
}
