package io.symbolon.oauth.testkit;

import java.util.Map;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came over the wire. Immutable.
 *
 * <p>{@link #toString} names the parameters and keeps their values to itself, so that a failed
 * assertion does not print a secret; the accessors hold nothing back.
 */
public final class ReceivedRequest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final String method;
  private final String path;
  private final @Nullable String query;
  private final Headers headers;
  private final String body;

  private ReceivedRequest(String method, String target, Headers headers, String body) {
    int mark = target.indexOf('?');
    this.method = method;
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = mark < 0 ? null : target.substring(mark + 1);
    this.headers = headers;
    this.body = body;
  }

  static ReceivedRequest of(RecordedRequest recorded) {
    ByteString body = recorded.getBody();
    return new ReceivedRequest(
        recorded.getMethod(),
        recorded.getTarget(),
        recorded.getHeaders(),
        body == null ? "" : body.utf8());
  }

  /** Such as {@code POST}. */
  public String method() {
    return method;
  }

  /** The path on the wire, still encoded, without the query. */
  public String path() {
    return path;
  }

  /** What follows the question mark, still encoded; null if there is none. */
  public @Nullable String query() {
    return query;
  }

  /** The decoded parameters of the query, in order; of a repeated one, the first. */
  public Map<String, String> queryParameters() {
    return Parameters.parse(query).asMap();
  }

  public Headers headers() {
    return headers;
  }

  /** The last header of that name, in any case; null if there is none. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The body as UTF-8; empty if there is none. */
  public String body() {
    return body;
  }

  /**
   * The decoded parameters of the form, in order; of a repeated one, the first. Empty if the body
   * is no form.
   */
  public Map<String, String> form() {
    return formParameters().asMap();
  }

  /**
   * How the client proves who it is, by the names of the registry: {@code client_secret_basic},
   * {@code client_secret_post}, {@code private_key_jwt} (any assertion), or {@code none}.
   */
  public String clientAuthentication() {
    if (hasCredentials("Basic ")) return "client_secret_basic";
    Parameters form = formParameters();
    if (form.value("client_assertion") != null) return "private_key_jwt";
    return form.value("client_secret") != null ? "client_secret_post" : "none";
  }

  /** The token in {@code Authorization: Bearer}; null if there is none. */
  public @Nullable String bearerToken() {
    return hasCredentials("Bearer ") ? credentials("Bearer ") : null;
  }

  /** The token that is presented with or without a proof. */
  @Nullable String accessToken() {
    return isBound() ? credentials("DPoP ") : bearerToken();
  }

  boolean isBound() {
    return hasCredentials("DPoP ");
  }

  boolean hasCredentials(String scheme) {
    String authorization = header("Authorization");
    return authorization != null
        && authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  String credentials(String scheme) {
    return String.valueOf(header("Authorization")).substring(scheme.length()).trim();
  }

  Parameters formParameters() {
    return Parameters.parse(isForm() ? body : null);
  }

  boolean isForm() {
    String type = header("Content-Type");
    return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length());
  }

  @Override
  public String toString() {
    return method
        + " "
        + path
        + (query == null ? "" : " query" + queryParameters().keySet())
        + (isForm() ? " form" + form().keySet() : body.isEmpty() ? "" : " body[██]");
  }
}
