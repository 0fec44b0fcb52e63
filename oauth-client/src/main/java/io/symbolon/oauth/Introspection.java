package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server says about a token at this moment (RFC 7662 §2.2).
 *
 * <p>Not active means that the token is no good: nothing else of the answer is kept then. An answer
 * that could not be had or understood is an exception and never "not active". Nothing is cached:
 * whoever keeps an answer lets a revoked token live on. Immutable.
 */
public final class Introspection {
  private static final List<String> TEXTS =
      Arrays.asList("client_id", "username", "token_type", "sub", "iss", "jti");
  private static final List<String> TIMES = Arrays.asList("exp", "iat", "nbf");
  private static final String SECTION = "RFC 7662 §2.2";

  private final boolean active;
  private final Map<String, @Nullable Object> members;

  private Introspection(boolean active, Map<String, ? extends @Nullable Object> members) {
    this.active = active;
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  static Introspection of(Map<String, @Nullable Object> body, EndpointAnswer answer)
      throws IOException {
    if (!(body.get("active") instanceof Boolean active)) {
      throw answer.refused("malformed_response", "sent no active that is true or false", SECTION);
    }
    if (!active) {
      return new Introspection(false, Collections.emptyMap());
    }
    String fault = fault(body);
    if (fault != null) {
      throw answer.refused("malformed_response", "sent a member " + fault, SECTION);
    }
    return new Introspection(true, body);
  }

  private static @Nullable String fault(Map<String, @Nullable Object> body) {
    for (String name : TEXTS) {
      if (body.get(name) != null && !(body.get(name) instanceof String)) {
        return name + " that is not a text";
      }
    }
    for (String name : TIMES) {
      if (body.get(name) != null && time(body.get(name)) == null) {
        return name + " that is not a time in seconds";
      }
    }
    if (!isTexts(body.get("aud"))) {
      return "aud that is neither a text nor a list of texts";
    }
    return isTexts(body.get("scope")) ? null : "scope that is not a text";
  }

  private static boolean isTexts(@Nullable Object value) {
    return value == null
        || value instanceof String
        || (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance));
  }

  private static @Nullable Instant time(@Nullable Object value) {
    if (!(value instanceof Number number) || !(number.doubleValue() >= 0)) {
      return null;
    }
    try {
      return Instant.ofEpochSecond((long) number.doubleValue());
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Whether the token is good now. */
  public boolean isActive() {
    return active;
  }

  /** What the token may do; empty when the server does not say. */
  public Set<String> scope() {
    Set<String> scope = new LinkedHashSet<>();
    for (String text : texts("scope")) {
      scope.addAll(Arrays.asList(text.split(" +", -1)));
    }
    scope.remove("");
    return Collections.unmodifiableSet(scope);
  }

  /** The client that the token was given to; null when the server does not say. */
  public @Nullable String clientId() {
    return text("client_id");
  }

  /** Whom the token speaks for; null when the server does not say. */
  public @Nullable String subject() {
    return text("sub");
  }

  /** Whom the token is for; empty when the server does not say. */
  public List<String> audience() {
    return Collections.unmodifiableList(texts("aud"));
  }

  /** Who issued it; null when the server does not say. */
  public @Nullable String issuer() {
    return text("iss");
  }

  /** How it is presented, such as {@code Bearer}; null when the server does not say. */
  public @Nullable String tokenType() {
    return text("token_type");
  }

  /** When it ends, by the server's clock; null when the server does not say. */
  public @Nullable Instant expiresAt() {
    return time(members.get("exp"));
  }

  /** When it was issued, by the server's clock; null when the server does not say. */
  public @Nullable Instant issuedAt() {
    return time(members.get("iat"));
  }

  /** When it begins, by the server's clock; null when the server does not say. */
  public @Nullable Instant notBefore() {
    return time(members.get("nbf"));
  }

  /**
   * Any member as JSON, such as {@code cnf}, the key that the token is bound to (RFC 7800); null
   * when it is absent.
   */
  public @Nullable Object member(String name) {
    return members.get(name);
  }

  /** The names of all members; empty when the token is not active. */
  public Set<String> memberNames() {
    return members.keySet();
  }

  /**
   * The same, if an active token is for this audience.
   *
   * @throws InvalidResponseException when it is active for others only (RFC 7662 §4, RFC 9700 §2.3)
   */
  public Introspection forAudience(String audience) throws InvalidResponseException {
    if (!active || audience().contains(audience)) {
      return this;
    }
    String came = Display.quote(audience().isEmpty() ? null : audience());
    throw new InvalidResponseException(
        "audience_mismatch",
        "the token is for " + came + ", not for " + Display.quote(audience),
        Verdict.about("the introspected token")
            .failed("aud", Display.quote(audience), came, "RFC 9700 §2.3")
            .fix("the caller must ask for a token for this resource (RFC 8707)")
            .build());
  }

  private @Nullable String text(String name) {
    return (String) members.get(name);
  }

  private List<String> texts(String name) {
    Object value = members.get(name);
    List<String> texts = new ArrayList<>();
    if (value instanceof String text) {
      texts.add(text);
    } else if (value instanceof List<?> list) {
      list.forEach(text -> texts.add((String) text));
    }
    return texts;
  }

  /** Whether it is active, and the names of the members. */
  @Override
  public String toString() {
    return active ? "active, with " + Display.clean(memberNames().toString()) : "not active";
  }
}
