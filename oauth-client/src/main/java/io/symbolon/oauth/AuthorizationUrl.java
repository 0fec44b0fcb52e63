package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** How an authorization request gets to the server: in the browser's URL, or ahead of it. */
final class AuthorizationUrl {
  private static final Pattern REQUEST_URI =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=%-]{1,2000}");
  private static final String PAR = "RFC 9126 §2.2";

  private final OAuthClient client;
  private final AuthorizationServer server;
  private final List<FormCodec.Pair> parameters;
  private final Secret state;
  private @Nullable Instant expiresAt;

  AuthorizationUrl(
      OAuthClient client,
      AuthorizationServer server,
      List<FormCodec.Pair> parameters,
      Secret state) {
    this.client = client;
    this.server = server;
    this.parameters = parameters;
    this.state = state;
  }

  /** Until when the browser may be sent there; null when nobody said. */
  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  URI plain() throws IOException {
    Dialect dialect = server.dialect();
    HttpUrl.Builder url = endpoint();
    if (dialect != null) {
      return dialect.requests().authorizationUrl(url.build(), parameters).uri();
    }
    parameters.forEach(pair -> url.addQueryParameter(pair.name(), pair.value()));
    return url.build().uri();
  }

  /** Only the two parameters of RFC 9126 §4: a copy beside them would be there to be changed. */
  URI pushed() throws IOException {
    HttpUrl.Builder url = endpoint();
    return url.addQueryParameter("client_id", client.clientId())
        .addQueryParameter("request_uri", push())
        .build()
        .uri();
  }

  private HttpUrl.Builder endpoint() throws IOException {
    return server.existing("authorization_endpoint", "RFC 8414 §2").newBuilder();
  }

  private String push() throws IOException {
    HttpUrl endpoint = server.existing("pushed_authorization_request_endpoint", "RFC 9126 §5");
    EndpointRequest request = new EndpointRequest(endpoint);
    request.bindTokens();
    for (FormCodec.Pair pair : parameters) {
      if (pair.name().equals("resource")) {
        request.addParameter(pair.name(), pair.value());
      } else {
        request.parameter(pair.name(), pair.value());
      }
    }
    request.hide(state.reveal());
    Instant sentAt = client.clock().instant();
    return requestUri(client.exchange(request, server), sentAt);
  }

  private String requestUri(EndpointAnswer answer, Instant sentAt) throws IOException {
    Map<String, @Nullable Object> body = answer.object();
    if (!(body.get("request_uri") instanceof String uri) || !REQUEST_URI.matcher(uri).matches()) {
      throw answer.refused(
          "malformed_response", "sent a request_uri that is missing or no URI", PAR);
    }
    if (body.get("expires_in") instanceof Number seconds && seconds.doubleValue() >= 1) {
      expiresAt = sentAt.plusSeconds(Math.min(seconds.longValue(), 24 * 60 * 60));
    }
    return uri;
  }
}
