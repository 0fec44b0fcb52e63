package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What came to the redirect URI, unread and untrusted (RFC 6749 §4.1.2). Immutable; shows nothing
 * of its content.
 */
public final class AuthorizationResponse {
  static final String FORM_POST = "form_post";
  static final String FRAGMENT = "fragment";
  static final String QUERY = "query";

  /** Stands behind the mode of a response that is a signed JWT (JARM §2.3). */
  static final String SIGNED = ".jwt";

  private static final int MAX_CHARS = 64 * 1024;
  private static final int MAX_PARAMETERS = 100;
  private static final Pattern MISSED_QUERY = Pattern.compile("[=&;]|%(3[FfDdBb]|26)");

  private final @Nullable String address;
  private final String parameters;
  private final String responseMode;
  private final @Nullable String fragment;

  private AuthorizationResponse(
      @Nullable String address, String parameters, String responseMode, @Nullable String fragment) {
    this.address = address;
    this.parameters = parameters;
    this.responseMode = responseMode;
    this.fragment = fragment;
  }

  /**
   * A GET, by its whole URL as the browser saw it. Its part before the {@code ?} must be the
   * redirect URI of the login; behind a proxy that rewrites URLs, use {@link #ofQuery}. Its
   * fragment is read only for a login that asked for the response to be there.
   */
  public static AuthorizationResponse ofUrl(String url) {
    int hash = url.indexOf('#');
    String withoutFragment = hash < 0 ? url : url.substring(0, hash);
    String fragment = hash < 0 ? "" : url.substring(hash + 1);
    int query = withoutFragment.indexOf('?');
    return query < 0
        ? new AuthorizationResponse(withoutFragment, "", QUERY, fragment)
        : new AuthorizationResponse(
            withoutFragment.substring(0, query),
            withoutFragment.substring(query + 1),
            QUERY,
            fragment);
  }

  /**
   * What a page at the redirect URI found behind the {@code #} and handed to the program, for
   * logins whose {@link AuthorizationRequest#responseType} brings more than a code.
   *
   * @param fragment still encoded, without the {@code #}
   */
  public static AuthorizationResponse ofFragment(String fragment) {
    return new AuthorizationResponse(null, fragment, FRAGMENT, null);
  }

  /**
   * A GET, by its raw query string. You vouch that it came to the redirect URI of this very login:
   * with several servers, give each a redirect URI of its own (RFC 9700 §4.4.2).
   *
   * @param query what stands behind the {@code ?}, still encoded; null counts as empty
   */
  public static AuthorizationResponse ofQuery(@Nullable String query) {
    return new AuthorizationResponse(null, query == null ? "" : query, QUERY, null);
  }

  /**
   * A POST from the browser, by its raw body, for logins with {@link
   * AuthorizationRequest#formPost}.
   *
   * @param body the body of type {@code application/x-www-form-urlencoded}, still encoded
   */
  public static AuthorizationResponse ofForm(String body) {
    return new AuthorizationResponse(null, body, FORM_POST, null);
  }

  @Nullable String address() {
    return address;
  }

  /**
   * The address as far as it may be shown. A query that does not begin with a question mark, such
   * as one that was encoded once more, holds code and state all the same.
   */
  @Nullable String shownAddress() {
    if (address == null) {
      return null;
    }
    Matcher query = MISSED_QUERY.matcher(address);
    return Display.clean(query.find() ? address.substring(0, query.start()) + "…" : address);
  }

  String responseMode() {
    return responseMode;
  }

  /** The same, read the way in which the login expects it: only a whole URL can be either. */
  AuthorizationResponse as(String expectedMode) {
    return expectedMode.equals(FRAGMENT) && fragment != null
        ? new AuthorizationResponse(address, fragment, FRAGMENT, null)
        : this;
  }

  /**
   * The parameters, decoded once.
   *
   * @throws IllegalArgumentException when they are too long, too many or wrongly encoded
   */
  List<FormCodec.Pair> parameters() {
    return FormCodec.decode(parameters, MAX_CHARS, MAX_PARAMETERS);
  }

  /** The address only. */
  @Override
  public String toString() {
    return "authorization response" + (address == null ? "" : " at " + shownAddress());
  }
}
