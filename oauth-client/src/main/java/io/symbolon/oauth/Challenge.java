package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What an API wants before it answers: one challenge of a {@code WWW-Authenticate} header (RFC 9110
 * §11.6.1), with the parameters that RFC 6750 §3, RFC 9470 §3 and RFC 9728 §5.1 give to it.
 *
 * <p>A challenge with a duplicate parameter or any other violation of the grammar is not there at
 * all, nor what follows it in the same header. Values come from outside: neither a URL nor a scope
 * in them deserves trust. Immutable.
 */
public final class Challenge {
  private static final int MAX_CHALLENGES = 16;

  private final String scheme;
  private final Map<String, String> parameters;
  private final @Nullable String token68;

  Challenge(String scheme, Map<String, String> parameters, @Nullable String token68) {
    this.scheme = scheme;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    this.token68 = token68;
  }

  /** The challenges of a response, in its order; at most 16, and 64 parameters in one of them. */
  public static List<Challenge> of(Headers headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String field : headers.values("WWW-Authenticate")) {
      challenges.addAll(ChallengeParser.parse(field));
    }
    int count = Math.min(challenges.size(), MAX_CHALLENGES);
    return Collections.unmodifiableList(challenges.subList(0, count));
  }

  /** The authentication scheme in lower case, such as {@code bearer} or {@code dpop}. */
  public String scheme() {
    return scheme;
  }

  /** All parameters, their names in lower case. */
  public Map<String, String> parameters() {
    return parameters;
  }

  @Nullable String token68() {
    return token68;
  }

  /** The error code, such as {@code insufficient_scope}; null without one (RFC 6750 §3.1). */
  public @Nullable String error() {
    return parameters.get("error");
  }

  /** The scope that the call needs; empty when none is named or it is not a scope. */
  public Set<String> scope() {
    Set<String> scope = new LinkedHashSet<>();
    for (String token : words("scope")) {
      if (!TokenText.isScopeToken(token)) {
        return Collections.emptySet();
      }
      scope.add(token);
    }
    return Collections.unmodifiableSet(scope);
  }

  /** The accepted kinds of login, best first; empty when none is named (RFC 9470 §3). */
  public List<String> acrValues() {
    return Collections.unmodifiableList(words("acr_values"));
  }

  /** How old the login may be; null unless a whole number of seconds is named (RFC 9470 §3). */
  public @Nullable Duration maxAge() {
    String seconds = parameters.get("max_age");
    return seconds != null && seconds.matches("[0-9]{1,12}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : null;
  }

  /** Where the API says it describes itself; null when it does not (RFC 9728 §5.1). */
  public @Nullable String resourceMetadata() {
    return parameters.get("resource_metadata");
  }

  /** Whether only the DPoP nonce is missing (RFC 9449 §9). */
  boolean wantsDpopNonce() {
    return scheme.equals("dpop") && "use_dpop_nonce".equals(error());
  }

  /** Whether the token may be good, and the DPoP proof was not (RFC 9449 §7.1). */
  boolean refusesProof() {
    return wantsDpopNonce() || (scheme.equals("dpop") && "invalid_dpop_proof".equals(error()));
  }

  /** Whether it speaks of access tokens: {@code Bearer} or {@code DPoP}. */
  boolean isAboutTokens() {
    return scheme.equals("bearer") || scheme.equals("dpop");
  }

  /** Whether only another login or consent helps: RFC 6750 §3.1 and RFC 9470 §3. */
  boolean wantsStepUp() {
    String error = error() == null ? "" : error();
    return isAboutTokens()
        && (error.equals("insufficient_scope") || error.equals("insufficient_user_authentication"));
  }

  private List<String> words(String name) {
    List<String> words =
        new ArrayList<>(Arrays.asList(parameters.getOrDefault(name, "").split(" +", -1)));
    words.removeIf(String::isEmpty);
    return words;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Challenge that
        && scheme.equals(that.scheme)
        && parameters.equals(that.parameters)
        && String.valueOf(token68).equals(String.valueOf(that.token68));
  }

  @Override
  public int hashCode() {
    return 31 * scheme.hashCode() + parameters.hashCode();
  }

  /** Scheme and error. */
  @Override
  public String toString() {
    String error = error();
    return Display.clean(scheme) + (error == null ? "" : " " + Display.clean(error));
  }
}
