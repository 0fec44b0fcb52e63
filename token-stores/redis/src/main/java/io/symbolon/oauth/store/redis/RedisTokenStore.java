package io.symbolon.oauth.store.redis;

import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Logins in Redis, for many processes on many machines.
 *
 * <pre>{@code
 * RedisClient redis = RedisClient.create("redis://cache.internal:6379");
 * TokenStore store = RedisTokenStore.of(redis, StoreKeys.of(key));
 * TokenSource tokens = oauth.tokenSource(store, "ada");    // the same on every machine
 * }</pre>
 *
 * <p>One renews a login, the others adopt it. Each step is one script that Redis runs alone; a
 * lease ends by the clock of the Redis server; versions and fences are its microseconds, and grow
 * even when Redis has forgotten the last one. Redis sees sealed entries under digests of their keys
 * ({@code symbolon:{…}}). A login does not expire; what is left of one that was removed goes after
 * a day. Something that cannot be read is renamed when a new login takes its place ({@code
 * symbolon:{…}:aside:…}), and kept. Safe for many threads.
 *
 * <p><b>How durable it is, Redis decides.</b> A login that was renewed and then lost has to be made
 * again by its user.
 *
 * <ul>
 *   <li>Without {@code appendonly yes}, a Redis that dies loses what it has not yet snapshotted;
 *       with {@code appendfsync everysec}, the last second; with {@code appendfsync always},
 *       nothing.
 *   <li>Replicas lag behind. When one takes over, writes that it has not seen are gone, among them
 *       perhaps a renewed login or a lease; {@link #waitForReplicas} makes that unlikely, not
 *       impossible.
 *   <li>With a {@code maxmemory-policy} of {@code allkeys-…}, Redis drops logins when it is full.
 *       Use {@code noeviction}; {@code volatile-…} leaves logins and their leases alone, too.
 * </ul>
 *
 * <p>Redis 6.2 or newer, alone, with Sentinel or as a cluster. The user needs the commands {@code
 * EVAL}, {@code EVALSHA} and those of the scripts: {@code TYPE HGET HMGET HSTRLEN HSET HDEL PEXPIRE
 * PERSIST RENAME TIME}.
 *
 * <p>How long a call can take is the client's business: give it timeouts, and its pool a longest
 * wait, which is endless unless set. A client of a cluster tries again for ten seconds unless told
 * otherwise ({@code maxTotalRetriesDuration}). A connection that Redis has closed in the meantime
 * fails the call that finds it, unless the pool tests what it lends ({@code testOnBorrow}).
 */
public final class RedisTokenStore implements TokenStore {
  private static final String PREFIX = "symbolon:";
  private static final String LOAD = "load a login";
  private static final String SAVE = "save a login";
  private static final String DELETE = "delete a login";
  private static final String LEASE = "lease a login";
  private static final Pattern ERROR_CODE =
      Pattern.compile("(?s)(?:ERR Error running script .*?: -)?([A-Z]+) .*");

  private final UnifiedJedis redis;
  private final StoreKeys keys;
  private final String prefix;
  private final int replicas;
  private final Duration atMost;

  private RedisTokenStore(
      UnifiedJedis redis, StoreKeys keys, String prefix, int replicas, Duration atMost) {
    this.redis = redis;
    this.keys = keys;
    this.prefix = prefix;
    this.replicas = replicas;
    this.atMost = atMost;
  }

  /**
   * A store in the Redis that this client is for: a {@code RedisClient}, {@code
   * RedisSentinelClient} or {@code RedisClusterClient}.
   *
   * @param redis remains yours to close
   * @param keys the same in every process
   */
  public static RedisTokenStore of(UnifiedJedis redis, StoreKeys keys) {
    return new RedisTokenStore(redis, keys, PREFIX, 0, Duration.ZERO);
  }

  /**
   * The same Redis with other logins: those whose Redis keys begin like this.
   *
   * @param prefix without braces, which in a cluster say what belongs together; {@code symbolon:}
   *     unless set
   */
  public RedisTokenStore prefix(String prefix) {
    if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
      throw new IllegalArgumentException("a prefix has no braces, but " + prefix + " has");
    }
    return new RedisTokenStore(redis, keys, prefix, replicas, atMost);
  }

  /**
   * The same logins; what is written, leases too, counts only when so many replicas have it.
   * Otherwise the call fails although the master has done it: a token that was renewed is used, and
   * not known to be durable. The replica that takes over is one of those if the one that is
   * furthest ahead is chosen, as Sentinel and clusters try to.
   *
   * @param replicas at least 1, and not more than there are, or nothing can be saved
   * @param atMost shorter than the client's socket timeout
   */
  public RedisTokenStore waitForReplicas(int replicas, Duration atMost) {
    if (replicas < 1) {
      throw new IllegalArgumentException("one can wait for 1 replica or more, not " + replicas);
    }
    if (atMost.toMillis() < 1) {
      throw new IllegalArgumentException("to wait takes 1 ms or more, not " + atMost);
    }
    return new RedisTokenStore(redis, keys, prefix, replicas, atMost);
  }

  @Override
  public @Nullable StoredTokens load(String key) throws IOException {
    Script.Answer present = present(key);
    return present.is("none") ? null : open(present, key);
  }

  private Script.Answer present(String key) throws IOException {
    return ask(LOAD, Script.LOAD, List.of(name(key)), List.of());
  }

  private StoredTokens open(Script.Answer entry, String key) throws IOException {
    return StoredTokens.unseal(entry.text(2), entry.number(1), keys, key, where(name(key)));
  }

  @Override
  public @Nullable StoredTokens save(
      String key, StoredTokens tokens, long expectedVersion, long fence) throws IOException {
    boolean newLogin = expectedVersion == 0 && fence == 0;
    String unreadable = newLogin ? unreadable(key) : readable(key);
    Script.Answer answer =
        write(
            SAVE,
            Script.SAVE,
            List.of(name(key), name(key) + ":aside:" + UUID.randomUUID()),
            List.of(tokens.seal(keys, key), text(expectedVersion), text(fence), unreadable));
    if (!answer.is("saved")) {
      return null;
    }
    requireReplicas(SAVE, answer);
    return tokens.withVersion(answer.number(1));
  }

  /** The digest of an entry that only we know to be damaged; Redis sees what has no form. */
  private String unreadable(String key) throws IOException {
    String digest = "";
    try {
      Script.Answer present = present(key);
      if (present.is("entry")) {
        digest = present.text(3);
        open(present, key);
      }
      return "";
    } catch (StoreCorruptedException e) {
      return digest;
    }
  }

  /** Nothing, but fails when what is there cannot be read. */
  private String readable(String key) throws IOException {
    load(key);
    return "";
  }

  @Override
  public boolean delete(String key, long expectedVersion, long fence) throws IOException {
    readable(key);
    Script.Answer answer =
        write(
            DELETE, Script.DELETE, List.of(name(key)), List.of(text(expectedVersion), text(fence)));
    if (!answer.is("deleted")) {
      return false;
    }
    requireReplicas(DELETE, answer);
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws StoreCorruptedException when something is there that cannot keep a lease
   */
  @Override
  public @Nullable Lease tryLease(String key, Duration duration) throws IOException {
    Script.Answer answer =
        write(
            LEASE,
            Script.LEASE,
            List.of(name(key)),
            List.of(text(Math.max(1, duration.toMillis())), UUID.randomUUID().toString()));
    if (!answer.is("leased")) {
      return null;
    }
    RedisLease lease = new RedisLease(redis, name(key), answer.number(1));
    try {
      requireReplicas(LEASE, answer);
    } catch (IOException e) {
      lease.close();
      throw e;
    }
    return lease;
  }

  private record RedisLease(UnifiedJedis redis, String name, long fence) implements Lease {
    @Override
    public void close() {
      try {
        Script.RELEASE.run(redis, List.of(name), List.of(text(fence)));
      } catch (RuntimeException e) {
        // It ends by itself.
      }
    }
  }

  private Script.Answer write(
      String what, Script script, List<String> names, List<String> arguments) throws IOException {
    return replicas == 0
        ? ask(what, script, names, arguments)
        : answered(what, names, () -> script.run(redis, names, arguments, replicas, atMost));
  }

  private void requireReplicas(String what, Script.Answer answer) throws IOException {
    if (answer.replicas() < replicas) {
      throw new IOException(
          String.format(
              "Redis was asked to %s and did, but of the %d replicas that must have it within %s,"
                  + " %d have",
              what, replicas, atMost, answer.replicas()));
    }
  }

  private Script.Answer ask(String what, Script script, List<String> names, List<String> arguments)
      throws IOException {
    return answered(what, names, () -> script.run(redis, names, arguments));
  }

  private interface Question {
    Script.Answer ask();
  }

  private static Script.Answer answered(String what, List<String> names, Question question)
      throws IOException {
    Script.Answer answer;
    try {
      answer = question.ask();
    } catch (JedisDataException e) {
      throw new IOException("Redis was asked to " + what + " and refused: " + code(e), e);
    } catch (JedisException | IllegalStateException e) {
      throw new IOException(
          "Redis was asked to " + what + " and did not answer; it may have done so or not", e);
    }
    if (answer.is("damaged")) {
      throw new StoreCorruptedException(where(names.get(0)), answer.text(1));
    }
    return answer;
  }

  /**
   * Such as OOM or READONLY, which Redis before 7 hides behind the line of the script. What it says
   * further may quote what it was sent.
   */
  private static String code(JedisDataException e) {
    Matcher code = ERROR_CODE.matcher(String.valueOf(e.getMessage()));
    return code.matches() ? code.group(1) : "ERR";
  }

  private static String text(long number) {
    return Long.toString(number);
  }

  private static String where(String name) {
    return "the Redis key " + name;
  }

  /** Keys may hold any character, and may be nobody's business. */
  private String name(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return prefix + "{" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + "}";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Where its keys are; neither host nor password. */
  @Override
  public String toString() {
    return "token store in Redis under " + prefix;
  }
}
