package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a query or of a form, in the order in which they came. */
final class Parameters {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> repeated = new LinkedHashSet<>();

  private Parameters() {}

  /** Throws {@link IllegalArgumentException} for a broken percent encoding. */
  static Parameters parse(@Nullable String encoded) {
    Parameters result = new Parameters();
    if (encoded == null) return result;
    for (String pair : encoded.split("&", -1)) {
      if (!pair.isEmpty()) result.add(pair);
    }
    return result;
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = decode(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
    boolean again = values.putIfAbsent(name, value) != null;
    if (again && !name.equals("resource")) repeated.add(name);
  }

  /** Null if absent; a parameter without a value counts as absent (RFC 6749, section 3.1). */
  @Nullable String value(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  String require(String name) {
    String value = value(name);
    if (value == null) throw Refusal.of("invalid_request", name + " is missing");
    return value;
  }

  /** A parameter must not come twice (RFC 6749, section 3.1), but for a resource (RFC 8707). */
  void refuseRepeated() {
    if (!repeated.isEmpty()) throw Refusal.of("invalid_request", repeated + " came more than once");
  }

  Map<String, String> asMap() {
    return Collections.unmodifiableMap(values);
  }

  static String decode(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
