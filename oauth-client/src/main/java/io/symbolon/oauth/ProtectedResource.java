package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpAnswer;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.PublicAddresses;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What an API says about itself: which authorization servers it trusts, which scopes it knows (RFC
 * 9728).
 *
 * <p>The document counts only if it is for the resource that was asked about, character by
 * character. It still is only the API's word: send nothing to an authorization server in it that
 * you got from another one, and let a user log in only where you would have sent them anyway.
 * Signed metadata in it is not looked at. Immutable.
 */
public final class ProtectedResource {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private final String resource;
  private final Map<String, @Nullable Object> metadata;

  private ProtectedResource(String resource, Map<String, @Nullable Object> metadata) {
    this.resource = resource;
    this.metadata = metadata;
  }

  /**
   * Fetches the description of a resource that the program knows (RFC 9728 §3).
   *
   * @param resource the resource identifier, such as {@code https://api.example.com/orders}
   * @param http its proxy, DNS and TLS are used
   * @throws IllegalArgumentException when it is not a resource identifier
   * @throws InvalidResponseException when the document cannot be used or is for another resource
   */
  public static ProtectedResource fetch(String resource, OkHttpClient http) throws IOException {
    return fetch(resource, wellKnown(checked(resource)), http);
  }

  /**
   * Fetches the description that a challenge points to (RFC 9728 §5). Somebody else chose that URL,
   * so that TLS is required, and an address of the public Internet.
   *
   * @param resource the URL that was called, which the document must name
   * @param http its DNS and TLS are used, and no proxy
   * @param exempt origins whose addresses may be private; never derive them from the challenge
   * @throws InvalidResponseException when the challenge has no such URL, or as above
   */
  public static ProtectedResource fetch(
      String resource, Challenge challenge, OkHttpClient http, String... exempt)
      throws IOException {
    List<String> origins = Arrays.asList(exempt);
    String url = challenge.resourceMetadata();
    HttpUrl place = url == null ? null : HttpUrl.parse(url);
    String fault =
        url == null ? "it is missing" : Urls.fault(url, place != null && isExempt(place, origins));
    if (place == null || fault != null) {
      throw refused(
          "invalid_url", "resource_metadata is " + Display.quote(url) + ", but " + fault, "§5.1");
    }
    return fetch(checked(resource), place, PublicAddresses.guard(http, origins));
  }

  private static boolean isExempt(HttpUrl url, Collection<String> origins) {
    return origins.stream()
        .map(HttpUrl::get)
        .anyMatch(
            origin ->
                origin.scheme().equals(url.scheme())
                    && origin.host().equals(url.host())
                    && origin.port() == url.port());
  }

  private static String checked(String resource) {
    String fault = Urls.fault(resource, true);
    if (fault != null) {
      throw new IllegalArgumentException(
          "the resource is " + Display.quote(resource) + ", but " + fault);
    }
    return resource;
  }

  /** Between host and path; a path that is only a slash is none (RFC 9728 §3.1). */
  static HttpUrl wellKnown(String resource) {
    int start = resource.indexOf("://") + 3;
    int end = start;
    while (end < resource.length() && "/?".indexOf(resource.charAt(end)) < 0) {
      end++;
    }
    String rest = resource.substring(end);
    if (rest.startsWith("/?") || rest.equals("/")) {
      rest = rest.substring(1);
    }
    return HttpUrl.get(resource.substring(0, end) + WELL_KNOWN + rest);
  }

  private static ProtectedResource fetch(String resource, HttpUrl place, OkHttpClient http)
      throws IOException {
    Request request = new Request.Builder().url(place).header("Accept", "application/json").build();
    HttpAnswer answer = new HttpExchange(http, CALL_TIMEOUT).execute(request);
    Map<String, @Nullable Object> document = document(place, answer);
    Object named = document.get("resource");
    if (!resource.equals(named)) {
      throw refused(
          "resource_mismatch",
          "the document "
              + Urls.redact(place)
              + (" is for " + Display.quote(named) + ", not for " + Display.quote(resource)),
          "§3.3");
    }
    return new ProtectedResource(resource, document);
  }

  private static Map<String, @Nullable Object> document(HttpUrl place, HttpAnswer answer)
      throws InvalidResponseException {
    String fault = "its HTTP status is " + answer.status();
    if (answer.status() == 200 && answer.mayBeJson()) {
      try {
        return answer.json();
      } catch (ParseException e) {
        fault = String.valueOf(e.getMessage());
      }
    } else if (answer.status() == 200) {
      fault = "it is not JSON";
    }
    throw refused(
        answer.isRedirect() ? "redirect_refused" : "invalid_metadata",
        "there is no usable document at " + Urls.redact(place) + ": " + fault,
        "§3.2");
  }

  private static InvalidResponseException refused(String code, String reason, String section) {
    return new InvalidResponseException(
        code,
        reason,
        Verdict.about("the protected resource metadata")
            .failed(
                "document", "one for the resource that was called", reason, "RFC 9728 " + section)
            .build());
  }

  /** The resource identifier, as it was asked for. */
  public String resource() {
    return resource;
  }

  /** The issuers whose tokens the API takes; empty when it names none. */
  public List<String> authorizationServers() {
    return strings("authorization_servers");
  }

  /** The scopes that a client may ask for; empty when it names none. */
  public List<String> scopesSupported() {
    return strings("scopes_supported");
  }

  /** Where tokens may stand: {@code header}, {@code body}, {@code query}; empty when unsaid. */
  public List<String> bearerMethodsSupported() {
    return strings("bearer_methods_supported");
  }

  /** The whole document as JSON values. */
  public Map<String, @Nullable Object> metadata() {
    return metadata;
  }

  private List<String> strings(String name) {
    List<String> strings = new ArrayList<>();
    if (metadata.get(name) instanceof List<?> list) {
      list.stream().filter(String.class::isInstance).forEach(it -> strings.add((String) it));
    }
    return Collections.unmodifiableList(strings);
  }

  /** The resource identifier. */
  @Override
  public String toString() {
    return resource;
  }
}
