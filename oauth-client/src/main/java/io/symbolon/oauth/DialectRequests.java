package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Turns the standard's requests into those that a server of a dialect understands. */
final class DialectRequests {
  /** How an endpoint gets its parameters. */
  enum Kind {
    FORM,
    JSON,
    QUERY
  }

  private final Kind kind;
  private final Map<String, String> parameters;
  private final Map<String, String> authorizationNames;
  private final Map<String, String> grantTypes;
  private final Map<String, Set<String>> left;
  private final Map<String, String> authorizationParameters;
  private final Map<String, String> tokenParameters;
  private final List<String> authorizationOrder;
  private final @Nullable String authorizationFragment;
  private final String scopeSeparator;
  private final @Nullable BiFunction<Map<String, String>, Instant, Map<String, String>> completion;

  DialectRequests(Dialect.Builder builder) {
    this.kind = builder.kind;
    this.parameters = new LinkedHashMap<>(builder.parameters);
    this.authorizationNames = new LinkedHashMap<>(builder.authorizationNames);
    this.grantTypes = new LinkedHashMap<>(builder.grantTypes);
    this.left = new LinkedHashMap<>(builder.left);
    this.authorizationParameters = new LinkedHashMap<>(builder.authorizationParameters);
    this.tokenParameters = new LinkedHashMap<>(builder.tokenParameters);
    this.authorizationOrder = builder.authorizationOrder;
    this.authorizationFragment = builder.authorizationFragment;
    this.scopeSeparator = builder.scopeSeparator;
    this.completion = builder.completion;
  }

  /** The URL for the browser. */
  HttpUrl authorizationUrl(HttpUrl endpoint, List<FormCodec.Pair> standard) {
    HttpUrl.Builder url = endpoint.newBuilder();
    for (FormCodec.Pair pair : authorization(standard)) {
      url.addQueryParameter(pair.name(), pair.value());
    }
    return url.fragment(authorizationFragment).build();
  }

  private List<FormCodec.Pair> authorization(List<FormCodec.Pair> standard) {
    List<FormCodec.Pair> theirs = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (FormCodec.Pair pair : standard) {
      if (!isLeft("", pair.name())) {
        String name = authorizationNames.getOrDefault(pair.name(), name(pair.name()));
        FormCodec.Pair their = new FormCodec.Pair(name, value(pair));
        names.add(their.name());
        theirs.add(their);
      }
    }
    authorizationParameters.forEach(
        (name, value) -> {
          if (names.add(name)) {
            theirs.add(new FormCodec.Pair(name, value));
          }
        });
    theirs.sort(Comparator.comparingInt(pair -> place(pair.name())));
    return theirs;
  }

  private int place(String name) {
    int place = authorizationOrder.indexOf(name);
    return place < 0 ? authorizationOrder.size() : place;
  }

  private boolean isLeft(String grantType, String name) {
    return left.getOrDefault(grantType, Collections.emptySet()).contains(name);
  }

  String name(String standard) {
    return parameters.getOrDefault(standard, standard);
  }

  private String value(FormCodec.Pair pair) {
    return switch (pair.name()) {
      case "scope" -> pair.value().replace(" ", scopeSeparator);
      case "grant_type" -> grantTypes.getOrDefault(pair.value(), pair.value());
      default -> pair.value();
    };
  }

  /**
   * The request to an endpoint of the server.
   *
   * @param repeated parameters that occur more than once, encoded, each after an ampersand
   */
  Request request(
      HttpUrl url, Headers headers, Map<String, String> standard, String repeated, Instant now) {
    Map<String, String> theirs = theirs(standard, now);
    Request.Builder request = new Request.Builder().url(url).headers(headers);
    if (kind == Kind.FORM) {
      return request.post(FormCodec.oneShotBody(FormCodec.encode(theirs) + repeated)).build();
    }
    if (!repeated.isEmpty()) {
      throw new IllegalStateException("this server takes no parameter twice: " + url.host());
    }
    if (kind == Kind.JSON) {
      return request.post(json(theirs)).build();
    }
    HttpUrl.Builder query = url.newBuilder();
    theirs.forEach(query::addQueryParameter);
    return request.url(query.build()).get().build();
  }

  private Map<String, String> theirs(Map<String, String> standard, Instant now) {
    String grantType = standard.get("grant_type");
    Map<String, String> theirs = new LinkedHashMap<>();
    standard.forEach(
        (name, value) -> {
          if (grantType == null || !isLeft(grantType, name)) {
            theirs.put(name(name), value(new FormCodec.Pair(name, value)));
          }
        });
    if (grantType != null) {
      tokenParameters.forEach(theirs::putIfAbsent);
    }
    return completed(theirs, now);
  }

  /** Whether a request is only complete with the time. */
  boolean areCompleted() {
    return completion != null;
  }

  Map<String, String> completed(Map<String, String> parameters, Instant now) {
    return completion == null ? parameters : completion.apply(parameters, now);
  }

  /** A JSON body that OkHttp will not send a second time. */
  private static RequestBody json(Map<String, String> members) {
    return FormCodec.oneShotBody(
        MediaType.get("application/json"),
        StrictJson.write(members).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " requests";
  }
}
