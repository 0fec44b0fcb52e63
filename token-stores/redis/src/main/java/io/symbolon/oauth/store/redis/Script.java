package io.symbolon.oauth.store.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Something that Redis does in one step. A login is one hash:
 *
 * <ul>
 *   <li>{@code sealed}, {@code version}: the entry; a login that was removed has neither.
 *   <li>{@code fence}, {@code until}, {@code holder}: the lease that was granted last, and its end
 *       by the server's clock, in microseconds.
 *   <li>{@code last}: the last number given out, as a version or a fence.
 * </ul>
 *
 * <p>Numbers are the server's microseconds, or one more than the last if that is more. So they grow
 * even where Redis has forgotten the hash, or a replica that lagged behind took over: what was read
 * before is never taken for what was written after.
 *
 * <p>The hash of a login never expires, so that a Redis which evicts what expires leaves it alone,
 * its lease included. Without an entry it is kept for a day beyond the lease.
 *
 * <p>Each script may be run twice by a client that repeats what was not answered: a save knows its
 * own seal, a lease its holder.
 */
enum Script {
  /** {@code none}, {@code entry version sealed digest}, or {@code damaged reason}. */
  LOAD(
      """
      local e = entry()
      if e.damaged then return {'damaged', e.damaged} end
      if not e.version then return {'none'} end
      local sealed = redis.call('HGET', key, 'sealed')
      return {'entry', e.version, sealed, redis.sha1hex(sealed)}
      """),

  /**
   * {@code saved version}, {@code other}, or {@code damaged reason}. The second key is where
   * something damaged goes; the last argument is the digest of an entry that only we know to be so.
   */
  SAVE(
      """
      local sealed, expected, fence, unreadable = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
      local e = entry()
      local present = e.version and redis.call('HGET', key, 'sealed')
      if present == sealed then return {'saved', e.version} end
      if present and unreadable == redis.sha1hex(present) then
        e = {damaged = 'it cannot be opened', last = e.last}
      end
      if e.damaged then
        if expected ~= '0' or fence ~= '0' then return {'damaged', e.damaged} end
        redis.call('RENAME', key, KEYS[2])
        redis.call('PERSIST', KEYS[2])
      elseif not matches(e, expected, fence) then
        return {'other'}
      end
      local version = following(e)
      redis.call('HSET', key, 'sealed', sealed, 'version', version, 'last', version)
      redis.call('PERSIST', key)
      return {'saved', version}
      """),

  /** {@code deleted}, {@code other}, or {@code damaged reason}. */
  DELETE(
      """
      local e = entry()
      if e.damaged then return {'damaged', e.damaged} end
      if not e.version or not matches(e, ARGV[1], ARGV[2]) then return {'other'} end
      redis.call('HDEL', key, 'sealed', 'version')
      redis.call('PEXPIRE', key, DAY + math.ceil(math.max(0, e.ends - now()) / 1000))
      return {'deleted'}
      """),

  /** {@code leased fence}, {@code other}, or {@code damaged reason}. */
  LEASE(
      """
      local millis, holder = tonumber(ARGV[1]), ARGV[2]
      local e = entry()
      if e.damaged then return {'damaged', e.damaged} end
      if now() < e.ends then
        if holder == e.holder then return {'leased', e.fence} end
        return {'other'}
      end
      local fence, ends = following(e), string.format('%.0f', now() + millis * 1000)
      redis.call('HSET', key, 'fence', fence, 'until', ends, 'holder', holder, 'last', fence)
      if not e.version then redis.call('PEXPIRE', key, DAY + millis) end
      return {'leased', fence}
      """),

  /** Ends the lease with this fence; {@code done}. */
  RELEASE(
      """
      if entry().fence == ARGV[1] then redis.call('HSET', key, 'until', '0') end
      return {'done'}
      """);

  private static final String COMMON =
      """
      local key = KEYS[1]
      local DAY = 86400000
      local MOST_OCTETS = 4194304

      local function now()
        local time = redis.call('TIME')
        return time[1] * 1000000 + time[2]
      end

      local function number(text)
        return text and text:match('^[1-9]%d*$') and tonumber(text) < 2 ^ 53
      end

      local function entry()
        local kind = redis.call('TYPE', key).ok
        if kind == 'none' then return {last = 0, ends = 0} end
        if kind ~= 'hash' then return {damaged = 'it is a ' .. kind .. ', not a hash', last = 0} end
        local is = redis.call('HMGET', key, 'version', 'last', 'fence', 'until', 'holder')
        local length = redis.call('HSTRLEN', key, 'sealed')
        local reason
        if not number(is[2]) then
          reason = 'it is not an entry of this library'
        elseif (length > 0) ~= (is[1] ~= false) then
          reason = 'it lacks a part'
        elseif is[1] and not number(is[1]) then
          reason = 'its version is not a number'
        elseif length > MOST_OCTETS then
          reason = 'it is longer than 4 MiB'
        elseif (is[3] or is[4]) and not (number(is[3]) and (is[4] == '0' or number(is[4]))) then
          reason = 'its lease has no number or no end'
        end
        if reason then return {damaged = reason, last = 0} end
        return {
          version = is[1], last = tonumber(is[2]),
          fence = is[3], ends = tonumber(is[4] or '0'), holder = is[5]
        }
      end

      local function matches(e, expected, fence)
        return (e.version or '0') == expected and (fence == '0' or fence == e.fence)
      end

      local function following(e)
        return string.format('%.0f', math.max(e.last + 1, now()))
      end

      """;

  private final String text;
  private final String digest;

  Script(String text) {
    this.text = COMMON + text;
    this.digest = sha1(this.text);
  }

  /** In full only where Redis has not seen it, or has forgotten it. */
  Answer run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
    try {
      return Answer.of(redis.evalsha(digest, keys, arguments), 0);
    } catch (JedisNoScriptException e) {
      return Answer.of(redis.eval(text, keys, arguments), 0);
    }
  }

  /** Then waits until so many replicas have what was written, or the time is over. */
  Answer run(
      UnifiedJedis redis,
      List<String> keys,
      List<String> arguments,
      int replicas,
      Duration atMost) {
    try {
      return waiting(redis, it -> it.evalsha(digest, keys, arguments), keys, replicas, atMost);
    } catch (JedisNoScriptException e) {
      return waiting(redis, it -> it.eval(text, keys, arguments), keys, replicas, atMost);
    }
  }

  /** On one connection: Redis waits for what that connection has written, and for no other. */
  private static Answer waiting(
      UnifiedJedis redis,
      Function<AbstractPipeline, Response<Object>> script,
      List<String> keys,
      int replicas,
      Duration atMost) {
    try (AbstractPipeline pipeline = redis.pipelined()) {
      Response<Object> answer = script.apply(pipeline);
      Response<Long> copies = pipeline.waitReplicas(keys.get(0), replicas, atMost.toMillis());
      pipeline.sync();
      return Answer.of(answer.get(), copies.get());
    }
  }

  private static String sha1(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      StringBuilder hex = new StringBuilder();
      for (byte octet : sha1.digest(text.getBytes(StandardCharsets.UTF_8))) {
        hex.append(String.format("%02x", octet));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** What a script returned: a word and what belongs to it; and how many replicas have it. */
  record Answer(List<?> parts, long replicas) {
    static Answer of(Object parts, long replicas) {
      return new Answer((List<?>) parts, replicas);
    }

    boolean is(String word) {
      return parts.get(0).equals(word);
    }

    String text(int i) {
      return (String) parts.get(i);
    }

    long number(int i) {
      return Long.parseLong(text(i));
    }
  }
}
