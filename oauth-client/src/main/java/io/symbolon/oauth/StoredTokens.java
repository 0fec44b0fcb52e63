package io.symbolon.oauth;

import io.symbolon.oauth.internal.json.StrictJson;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a token store: the tokens of one login, and what a process that takes over must know.
 * Immutable; shows no token.
 */
public final class StoredTokens {
  private final TokenSet tokens;
  private final long version;
  private final int unanswered;
  private final Map<String, String> attachments;

  private StoredTokens(
      TokenSet tokens, long version, int unanswered, Map<String, String> attachments) {
    this.tokens = tokens;
    this.version = version;
    this.unanswered = unanswered;
    this.attachments = attachments;
  }

  /** The entry of a new login, not yet stored. */
  public static StoredTokens of(TokenSet tokens) {
    return new StoredTokens(tokens, 0, 0, Collections.emptyMap());
  }

  /** The same login after a renewal, not yet stored. */
  StoredTokens renewedTo(TokenSet renewed) {
    return new StoredTokens(renewed, 0, 0, attachments);
  }

  /**
   * The same entry with something of yours, which stays with the login through every renewal and is
   * sealed as the tokens are.
   */
  public StoredTokens attach(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(attachments);
    more.put(name, value);
    return new StoredTokens(tokens, version, unanswered, Collections.unmodifiableMap(more));
  }

  /** What was attached by this name; null when nothing was. */
  public @Nullable String attachment(String name) {
    return attachments.get(name);
  }

  /** An entry of which nothing can be used, to stand in the place of an unreadable one. */
  static StoredTokens ended() {
    AccessToken none = AccessToken.bearer(Secret.of("none"), Instant.EPOCH, Instant.EPOCH);
    return of(new TokenSet(none, null, null, new LinkedHashMap<>()));
  }

  /** The tokens. */
  public TokenSet tokens() {
    return tokens;
  }

  /** What to expect when it is replaced; given by the store, at least 1. */
  public long version() {
    return version;
  }

  /**
   * How often the refresh token was sent, or about to be, without an answer that we know of. Not 0
   * means that a process may have died in the middle of a renewal.
   */
  int unanswered() {
    return unanswered;
  }

  StoredTokens withUnanswered(int count) {
    return new StoredTokens(tokens, version, count, attachments);
  }

  /** The same entry with the version under which a store keeps it. */
  public StoredTokens withVersion(long version) {
    return new StoredTokens(tokens, version, unanswered, attachments);
  }

  /** The entry as a sealed text, to be stored under this key and no other. For implementations. */
  public String seal(StoreKeys keys, String key) {
    return keys.seal(StrictJson.write(toJson()), key);
  }

  /**
   * Opens what {@link #seal} made. For implementations.
   *
   * @param where names the file or row, for the message of an exception
   * @throws StoreCorruptedException when it is not an entry of this key
   */
  public static StoredTokens unseal(
      String sealed, long version, StoreKeys keys, String key, String where) throws IOException {
    try {
      return fromJson(StrictJson.parseObject(keys.open(sealed, key, where)), version);
    } catch (ParseException | IllegalArgumentException | ClassCastException e) {
      throw new StoreCorruptedException(where, "its content is not that of an entry");
    } catch (java.time.DateTimeException e) {
      throw new StoreCorruptedException(where, "it holds a time that is none");
    }
  }

  private Map<String, @Nullable Object> toJson() {
    AccessToken access = tokens.accessToken();
    Secret refresh = tokens.refreshToken();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("access_token", access.value().reveal());
    json.put("token_type", access.type());
    json.put("dpop_jkt", access.keyThumbprint());
    json.put("scope", new ArrayList<>(access.scope()));
    json.put("issued_at", access.issuedAt().toString());
    json.put("expires_at", access.expiresAt() == null ? null : access.expiresAt().toString());
    json.put("refresh_token", refresh == null ? null : refresh.reveal());
    json.put("issuer", tokens.issuer());
    json.put("unanswered", (long) unanswered);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    tokens.memberNames().forEach(name -> members.put(name, tokens.member(name)));
    json.put("members", members);
    json.put("attachments", attachments);
    return json;
  }

  @SuppressWarnings("unchecked") // a JSON object has names for keys
  private static StoredTokens fromJson(Map<String, @Nullable Object> json, long version) {
    Set<String> scope = new LinkedHashSet<>();
    ((List<?>) required(json, "scope")).forEach(token -> scope.add((String) token));
    String end = (String) json.get("expires_at");
    AccessToken access =
        new AccessToken(
            Secret.of((String) required(json, "access_token")),
            (String) required(json, "token_type"),
            scope,
            Instant.parse((String) required(json, "issued_at")),
            end == null ? null : Instant.parse(end),
            (String) json.get("dpop_jkt"),
            null);
    TokenSet tokens =
        new TokenSet(
            access,
            Secret.ofNullable((String) json.get("refresh_token")),
            (String) json.get("issuer"),
            (Map<String, @Nullable Object>) required(json, "members"));
    int unanswered = ((Long) required(json, "unanswered")).intValue();
    Map<String, String> attachments = new LinkedHashMap<>();
    ((Map<?, ?>) required(json, "attachments"))
        .forEach((name, value) -> attachments.put((String) name, (String) value));
    return new StoredTokens(tokens, version, unanswered, Collections.unmodifiableMap(attachments));
  }

  private static Object required(Map<String, @Nullable Object> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException("an entry without " + name);
    }
    return value;
  }

  /** Without tokens. */
  @Override
  public String toString() {
    return "version " + version + ": " + tokens;
  }
}
