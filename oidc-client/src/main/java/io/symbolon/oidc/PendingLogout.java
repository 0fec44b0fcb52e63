package io.symbolon.oidc;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.Constant;
import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.Urls;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A logout that goes to the browser (OpenID Connect RP-Initiated Logout §2): by its {@link #url},
 * or as a form that posts {@link #parameters} to {@link #endpoint}. Immutable.
 *
 * <p>When the user is to come back, keep {@link #state} in a cookie of its own ({@code HttpOnly},
 * {@code Secure}, {@code SameSite=Lax}), because the session is gone by then, and let {@link
 * #checkReturn} compare.
 */
public final class PendingLogout {
  private static final String SECTION = "OpenID Connect RP-Initiated Logout §3";
  private static final int MAX_CHARS = 64 * 1024;
  private static final int MAX_PARAMETERS = 100;

  private final HttpUrl endpoint;
  private final Map<String, String> parameters;

  PendingLogout(HttpUrl endpoint, Map<String, String> parameters) {
    this.endpoint = endpoint;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Where to send the browser with a GET. Holds the state, and the ID token if one is hinted at.
   */
  public URI url() {
    HttpUrl.Builder url = endpoint.newBuilder();
    parameters.forEach(url::addQueryParameter);
    return URI.create(url.build().toString());
  }

  /** Where to send the browser with a POST. */
  public URI endpoint() {
    return URI.create(endpoint.toString());
  }

  /** The fields of the form that goes to {@link #endpoint} with a POST. */
  public Map<String, Secret> parameters() {
    Map<String, Secret> fields = new LinkedHashMap<>();
    parameters.forEach((name, value) -> fields.put(name, Secret.of(value)));
    return fields;
  }

  /** What the way back must repeat; null when the user stays with the provider. */
  public @Nullable Secret state() {
    String state = parameters.get("state");
    return state == null ? null : Secret.of(state);
  }

  /**
   * Checks that the browser comes back from the logout that this browser began. A visit that fails
   * is one that somebody else has provoked: show nothing that depends on it.
   *
   * @param state of the logout, from this browser's own cookie; null when it has none
   * @param url the full URL as the browser saw it
   * @throws InvalidResponseException when it is not the way back from this logout
   */
  public static void checkReturn(@Nullable Secret state, String url)
      throws InvalidResponseException {
    List<String> states = new ArrayList<>();
    try {
      for (FormCodec.Pair pair : FormCodec.decode(query(url), MAX_CHARS, MAX_PARAMETERS)) {
        if (pair.name().equals("state")) {
          states.add(pair.value());
        }
      }
    } catch (IllegalArgumentException e) {
      throw refused("a query", e.getMessage() + "", "its query cannot be read");
    }
    if (state == null) {
      throw refused("a logout of this browser", "none", "this browser began none");
    }
    if (states.size() != 1 || !Constant.timeEquals(states.get(0), state.reveal())) {
      String actual = states.size() == 1 ? "another" : states.size() + " of them";
      throw refused("the state of this logout", actual, "it does not carry its state");
    }
  }

  private static String query(String url) {
    int fragment = url.indexOf('#');
    String whole = fragment < 0 ? url : url.substring(0, fragment);
    return whole.substring(whole.indexOf('?') + 1);
  }

  private static InvalidResponseException refused(String expected, String actual, String reason) {
    return new InvalidResponseException(
        "state_mismatch",
        "the return is not from this logout: " + reason,
        Verdict.about("the return from a logout")
            .failed("state", expected, actual, SECTION)
            .cause("the cookie was lost, or somebody else sent the browser here")
            .build());
  }

  /** Where it goes, without what is sent. */
  @Override
  public String toString() {
    return "pending logout at " + Urls.redact(endpoint);
  }
}
