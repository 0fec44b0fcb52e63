package io.symbolon.oauth;

import io.symbolon.oauth.internal.cache.BoundedCache;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * A token source for each user, tenant, resource or scope, made when it is first asked for. Each
 * key has one renewal at a time, whoever asks. Bounded in number and time; safe for many threads.
 *
 * <pre>{@code
 * TokenCache<String> users =
 *     TokenCache.of(10_000, user -> oauth.tokenSource(store, user));
 * AccessToken token = users.source("ada").token();
 * }</pre>
 *
 * @param <K> the key; with {@code equals} and {@code hashCode}. Whatever makes tokens differ
 *     belongs into it
 */
public final class TokenCache<K> {
  private static final Duration UNUSED = Duration.ofHours(24);

  private final BoundedCache<K, TokenSource> sources;
  private final Function<? super K, ? extends TokenSource> maker;

  private TokenCache(
      int maximumSize, Clock clock, Function<? super K, ? extends TokenSource> maker) {
    this.sources = BoundedCache.create(maximumSize, UNUSED, clock);
    this.maker = maker;
  }

  /**
   * An empty cache.
   *
   * @param maximumSize beyond it sources are forgotten; their logins are not, when they are stored.
   *     A source that renews with a refresh token and has no store loses its login then: give it
   *     one
   * @param maker makes the source of a key; may be called twice for one key, and one of them is
   *     used
   * @throws IllegalArgumentException when it may not hold a single source
   */
  public static <K> TokenCache<K> of(
      int maximumSize, Function<? super K, ? extends TokenSource> maker) {
    if (maximumSize < 1) {
      throw new IllegalArgumentException("a cache holds at least one source");
    }
    return new TokenCache<>(maximumSize, Clock.systemUTC(), maker);
  }

  /** The source of this key. */
  public TokenSource source(K key) {
    TokenSource present = sources.get(key);
    if (present != null) {
      return present;
    }
    TokenSource made = maker.apply(key);
    TokenSource faster = sources.putIfAbsent(key, made);
    return faster != null ? faster : made;
  }

  /** A token of this key that is valid now; the same as {@code source(key).token()}. */
  public AccessToken token(K key) throws IOException {
    return source(key).token();
  }

  /** Forgets the source of a key, such as after a logout. */
  public void forget(K key) {
    sources.remove(key);
  }

  /** How many sources; no key. */
  @Override
  public String toString() {
    return "token cache, " + sources.size() + " sources";
  }
}
