package io.symbolon.oauth;

import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Where the APIs of a dialect want the token, and how they say that it is no longer good. */
final class DialectCalls {
  private static final long MOST_BYTES = 1 << 16;
  private static final String AUTHORIZATION = "Authorization";

  private final @Nullable String queryParameter;
  private final @Nullable String formParameter;
  private final @Nullable String header;
  private final @Nullable String scheme;
  private final Map<String, Set<String>> refusals;

  DialectCalls(Dialect.Builder builder) {
    this.queryParameter = builder.queryParameter;
    this.formParameter = builder.formParameter;
    this.header = builder.header;
    this.scheme = builder.scheme;
    this.refusals = new LinkedHashMap<>(builder.refusals);
  }

  /** Where in a form the token goes; null for another place. */
  @Nullable String formParameter() {
    return formParameter;
  }

  /** The request on the wire, in place of one with the token in the standard header. */
  Request presented(Request request, Secret token) {
    Request.Builder presented = request.newBuilder();
    if (scheme != null) {
      return presented.header(AUTHORIZATION, scheme + " " + token.reveal()).build();
    }
    if (header != null) {
      return presented.removeHeader(AUTHORIZATION).header(header, token.reveal()).build();
    }
    if (queryParameter != null) {
      return presented
          .removeHeader(AUTHORIZATION)
          .url(request.url().newBuilder().setQueryParameter(queryParameter, token.reveal()).build())
          .build();
    }
    return request;
  }

  /** Not a download or an endless stream: nobody should wait for its first bytes here. */
  private static boolean mayExplain(@Nullable MediaType type) {
    return type == null
        || type.subtype().endsWith("json")
        || type.subtype().equals("plain")
        || type.subtype().equals("html");
  }

  /** Whether the API says in the body that the token is no longer good. */
  boolean refusesToken(Response response) {
    if (refusals.isEmpty() || !mayExplain(response.body().contentType())) {
      return false;
    }
    try {
      Map<String, @Nullable Object> body =
          StrictJson.parseObject(response.peekBody(MOST_BYTES).bytes());
      return refusals.entrySet().stream()
          .anyMatch(
              place ->
                  place
                      .getValue()
                      .contains(DialectAnswers.scalar(DialectAnswers.at(body, place.getKey()))));
    } catch (IOException | ParseException e) {
      // No such answer, or none that can be read: whoever reads it for its content finds out.
      return false;
    }
  }
}
