package io.symbolon.oauth;

import io.symbolon.oauth.internal.FormCodec;
import io.symbolon.oauth.internal.SealedBox;
import io.symbolon.oauth.internal.json.StrictJson;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A login that went to the browser and has not come back.
 *
 * <p>It must come back to the same user: keep it in the user's own session, or {@link #seal} it
 * into a cookie, and take it out when the browser returns. It is good for one hour and one return.
 * Never look it up by the state alone: that would let an attacker finish their login in the user's
 * browser.
 *
 * <p>Immutable. Java serialization writes the state and the PKCE verifier, so it belongs into a
 * session store on the server and nowhere else.
 */
public final class PendingAuthorization implements Serializable {
  private static final long serialVersionUID = 1;

  /** How long a login may stay in the browser. */
  static final Duration LIFETIME = Duration.ofHours(1);

  // What this package itself gives a login to carry.
  static final String RESOURCE = "symbolon.oauth.resource";
  static final String SILENT = "symbolon.oauth.silent";
  static final String URL_EXPIRES_AT = "symbolon.oauth.url_expires_at";

  private final transient URI url;
  private final transient String clientId;
  private final transient @Nullable String issuer;
  private final transient boolean issRequired;
  private final transient String redirectUri;
  private final transient @Nullable String responseMode;
  private final transient Set<String> scope;
  private final transient Secret state;
  private final transient Secret codeVerifier;
  private final transient Instant createdAt;
  private final transient Map<String, String> attachments;

  PendingAuthorization(
      URI url,
      String clientId,
      @Nullable String issuer,
      boolean issRequired,
      String redirectUri,
      @Nullable String responseMode,
      Set<String> scope,
      Secret state,
      Secret codeVerifier,
      Instant createdAt,
      Map<String, String> attachments) {
    this.url = url;
    this.clientId = clientId;
    this.issuer = issuer;
    this.issRequired = issRequired;
    this.redirectUri = redirectUri;
    this.responseMode = responseMode;
    this.scope = Collections.unmodifiableSet(new LinkedHashSet<>(scope));
    this.state = state;
    this.codeVerifier = codeVerifier;
    this.createdAt = createdAt;
    this.attachments = Collections.unmodifiableMap(new LinkedHashMap<>(attachments));
  }

  /** Where to send the browser. Holds the state; give it to the user's browser and nobody else. */
  public URI url() {
    return url;
  }

  /**
   * Until when the browser may be sent there: a pushed request is kept for a minute or so (RFC 9126
   * §2.2) and good for one browser. Null when the server set no end.
   */
  public @Nullable Instant urlExpiresAt() {
    String end = attachments.get(URL_EXPIRES_AT);
    return end == null ? null : Instant.parse(end);
  }

  /** What the response must repeat (RFC 6749 §10.12). */
  public Secret state() {
    return state;
  }

  /** Where the response will arrive. */
  public String redirectUri() {
    return redirectUri;
  }

  /** What was asked for. */
  public Set<String> scope() {
    return scope;
  }

  /** What the program gave the login to carry; null when nothing by this name. */
  public @Nullable String attachment(String name) {
    return attachments.get(name);
  }

  /** When the browser was sent away. */
  public Instant createdAt() {
    return createdAt;
  }

  /**
   * Whether a response is meant for this login: it came to the redirect URI and carries the state,
   * once. For programs in which any other program may knock, such as apps: what is not meant for
   * the login must not end it. It decides nothing else; {@link OAuthClient#complete} does.
   */
  public boolean isAnsweredBy(AuthorizationResponse response) {
    String address = response.address();
    int query = redirectUri.indexOf('?');
    String own = query < 0 ? redirectUri : redirectUri.substring(0, query);
    if (address != null && !address.equals(own) && !address.equals(own + "/")) {
      return false;
    }
    try {
      List<Secret> states = new ArrayList<>();
      for (FormCodec.Pair pair : response.parameters()) {
        if (pair.name().equals("state") && !pair.value().isEmpty()) {
          states.add(Secret.of(pair.value()));
        }
      }
      return states.size() == 1 && states.get(0).equals(state);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the server was told not to bother the user. */
  boolean isSilent() {
    return attachments.containsKey(SILENT);
  }

  @Nullable String resource() {
    return attachments.get(RESOURCE);
  }

  String clientId() {
    return clientId;
  }

  @Nullable String issuer() {
    return issuer;
  }

  boolean issRequired() {
    return issRequired;
  }

  @Nullable String responseMode() {
    return responseMode;
  }

  Secret codeVerifier() {
    return codeVerifier;
  }

  /**
   * The login as a text that its carrier can neither read nor change, for a cookie (set it {@code
   * HttpOnly}, {@code Secure}, {@code SameSite=Lax}) or a hidden field. AES-GCM with your key.
   *
   * @param key an AES key of 128 or 256 bits that all instances of the program share
   * @param context what must be the same when it is opened, such as a session id; may be empty
   * @throws IllegalArgumentException when the key is not for AES
   */
  public String seal(SecretKey key, String context) {
    return SealedBox.seal(StrictJson.write(toJson()), key, aad(context));
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws InvalidResponseException when key, context or text are not those of the sealing
   * @throws IllegalArgumentException when the key is not for AES
   */
  public static PendingAuthorization unseal(String sealed, SecretKey key, String context)
      throws InvalidResponseException {
    try {
      return opened(SealedBox.open(sealed, key, aad(context)));
    } catch (GeneralSecurityException e) {
      throw damaged();
    }
  }

  /** Sealed with our key, but perhaps by another version of this class. */
  private static PendingAuthorization opened(String json) throws InvalidResponseException {
    try {
      return fromJson(json);
    } catch (ParseException | RuntimeException e) {
      throw damaged();
    }
  }

  private static InvalidResponseException damaged() {
    return new InvalidResponseException(
        "login_damaged",
        "the sealed login cannot be opened: the text, the key or the context is another one",
        Verdict.about("a sealed login")
            .failed("seal", "the text as it was sealed", "another", "RFC 9700 §4.7.1")
            .cause("the cookie was changed, is of another session, or the key was replaced")
            .fix("start the login again")
            .build());
  }

  private static String aad(String context) {
    return "io.symbolon.oauth.PendingAuthorization/1 " + context;
  }

  private Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("version", 1L);
    json.put("url", url.toString());
    json.put("client_id", clientId);
    json.put("issuer", issuer);
    json.put("iss_required", issRequired);
    json.put("redirect_uri", redirectUri);
    json.put("response_mode", responseMode);
    json.put("scope", new ArrayList<>(scope));
    json.put("state", state.reveal());
    json.put("code_verifier", codeVerifier.reveal());
    json.put("created_at", createdAt.toString());
    json.put("attachments", attachments);
    return json;
  }

  private static PendingAuthorization fromJson(String text) throws ParseException {
    Map<String, @Nullable Object> json = StrictJson.parseObject(text);
    if (!Long.valueOf(1).equals(json.get("version"))) {
      throw new IllegalArgumentException("a pending login of another version");
    }
    Set<String> scope = new LinkedHashSet<>();
    ((List<?>) required(json, "scope")).forEach(token -> scope.add(token.toString()));
    Map<String, String> attachments = new LinkedHashMap<>();
    ((Map<?, ?>) required(json, "attachments"))
        .forEach((name, value) -> attachments.put(name.toString(), value.toString()));
    return new PendingAuthorization(
        URI.create(text(json, "url")),
        text(json, "client_id"),
        (String) json.get("issuer"),
        Boolean.TRUE.equals(json.get("iss_required")),
        text(json, "redirect_uri"),
        (String) json.get("response_mode"),
        scope,
        Secret.of(text(json, "state")),
        Secret.of(text(json, "code_verifier")),
        Instant.parse(text(json, "created_at")),
        attachments);
  }

  private static String text(Map<String, @Nullable Object> json, String name) {
    return required(json, name).toString();
  }

  private static Object required(Map<String, @Nullable Object> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException("a pending login without " + name);
    }
    return value;
  }

  /** Without state and verifier. */
  @Override
  public String toString() {
    return "pending login of "
        + clientId
        + " begun at "
        + createdAt
        + ", to return to "
        + redirectUri;
  }

  private Object writeReplace() {
    return new Serialized(StrictJson.write(toJson()));
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a pending login is written as another class");
  }

  /** The serialized form: the JSON, so that fields may change their types. */
  private static final class Serialized implements Serializable {
    private static final long serialVersionUID = 1;

    private final String json;

    Serialized(String json) {
      this.json = json;
    }

    private Object readResolve() throws ObjectStreamException {
      try {
        return fromJson(json);
      } catch (ParseException | RuntimeException e) {
        throw new InvalidObjectException("not a pending login");
      }
    }
  }
}
