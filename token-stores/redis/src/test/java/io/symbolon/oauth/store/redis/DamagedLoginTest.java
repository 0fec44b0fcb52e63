package io.symbolon.oauth.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.StoreKeys;
import io.symbolon.oauth.StoredTokens;
import io.symbolon.oauth.TokenStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/** F-23: what is damaged is reported, never taken for a login or for none, and never destroyed. */
final class DamagedLoginTest {
  private static final String ADA = "{_e5DDUC9V97qwYbNl5ADPQ8G-QmogG585ucXq3x9UCk}";

  private static TestRedis server;
  private static RedisClient redis;

  private final String prefix = "test-" + UUID.randomUUID() + ":";
  private final String ada = prefix + ADA;
  private RedisTokenStore store;
  private StoredTokens entry;

  @BeforeAll
  static void start() throws Exception {
    server = TestRedis.start();
    redis = server.client();
  }

  @AfterAll
  static void stop() {
    redis.close();
    server.close();
  }

  @BeforeEach
  void saveLogins() throws Exception {
    store = RedisTokenStore.of(redis, TestRedis.KEYS).prefix(prefix);
    store.save("bob", Tokens.of("bob"));
    store.save("ada", Tokens.of("ada"));
    entry = store.load("ada");
  }

  /** Something that becomes of ada's hash. */
  private interface Damage {
    void happenTo(String ada, String bob);
  }

  private static final Map<String, Damage> DAMAGES = new LinkedHashMap<>();

  private static void sealed(String name, UnaryOperator<String> change) {
    DAMAGES.put(
        name, (ada, bob) -> redis.hset(ada, "sealed", change.apply(redis.hget(ada, "sealed"))));
  }

  private static void field(String field, String... values) {
    for (String value : values) {
      DAMAGES.put(field + " is '" + value + "'", (ada, bob) -> redis.hset(ada, field, value));
    }
  }

  private static void instead(String name, Damage damage) {
    DAMAGES.put(
        name,
        (ada, bob) -> {
          redis.del(ada);
          damage.happenTo(ada, bob);
        });
  }

  static {
    instead("a string", (ada, bob) -> redis.set(ada, "v"));
    instead("the sealed text alone", (ada, bob) -> redis.set(ada, redis.hget(bob, "sealed")));
    instead("a list", (ada, bob) -> redis.rpush(ada, "v"));
    instead("a set", (ada, bob) -> redis.sadd(ada, "v"));
    instead("a sorted set", (ada, bob) -> redis.zadd(ada, 1, "v"));
    instead(
        "a stream",
        (ada, bob) ->
            redis.xadd(ada, Map.of("a", "b"), XAddParams.xAddParams().id(new StreamEntryID(1))));
    instead("another program's hash", (ada, bob) -> redis.hset(ada, "name", "v"));
    instead("another program's version", (ada, bob) -> redis.hset(ada, "version", "1"));
    instead("bob's hash", (ada, bob) -> redis.copy(bob, ada, true));

    DAMAGES.put("no sealed", (ada, bob) -> redis.hdel(ada, "sealed"));
    DAMAGES.put("no version", (ada, bob) -> redis.hdel(ada, "version"));
    DAMAGES.put("no last", (ada, bob) -> redis.hdel(ada, "last"));
    field("sealed", "", "x", "symbolon1..", "..", "{\"access_token\":\"x\"}");
    field("version", "", "0", "-1", "007", "1e15", "one", "99999999999999999999", "1 ", "0x1F");
    field("last", "", "0", "x", "9007199254740992");
    field("fence", "5", "x");
    field("until", "5", "x");
    DAMAGES.put("a lease without an end", (ada, bob) -> redis.hset(ada, "fence", "5"));
    DAMAGES.put(
        "a lease with a strange end",
        (ada, bob) -> redis.hset(ada, Map.of("fence", "5", "until", "soon")));

    sealed("cut by one", text -> text.substring(0, text.length() - 1));
    sealed("cut in half", text -> text.substring(0, text.length() / 2));
    sealed("without its beginning", text -> text.substring(1));
    sealed("twice", text -> text + text);
    sealed("with a line end", text -> text + "\n");
    sealed("one character changed", text -> changed(text, text.length() / 2));
    sealed("the last character changed", text -> changed(text, text.length() - 2));
    sealed("the name of the key changed", text -> changed(text, "symbolon1.".length()));
    sealed("of a newer version", text -> text.replace("symbolon1.", "symbolon2."));
    sealed("of another library", text -> text.replace("symbolon1.", "acme1."));
    sealed("longer than 4 MiB", text -> text + "A".repeat(4 << 20));
    DAMAGES.put("bob's seal", (ada, bob) -> redis.hset(ada, "sealed", redis.hget(bob, "sealed")));
    DAMAGES.put(
        "octets that are no text",
        (ada, bob) -> redis.hset(octets(ada), octets("sealed"), new byte[] {-1, 0, -128, 13}));
    DAMAGES.put("nothing but zeros", (ada, bob) -> redis.hset(ada, "sealed", "\0".repeat(300)));
  }

  private static String changed(String text, int at) {
    char other = text.charAt(at) == 'A' ? 'B' : 'A';
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All octets. The dump of a hash is in any order. */
  private static Object content(String name) {
    if (!redis.type(name).equals("hash")) {
      return latin1(redis.dump(name));
    }
    Map<String, String> fields = new TreeMap<>();
    redis.hgetAll(octets(name)).forEach((field, value) -> fields.put(latin1(field), latin1(value)));
    return fields;
  }

  private static String latin1(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  static List<String> damages() {
    return new ArrayList<>(DAMAGES.keySet());
  }

  private void happen(String damage) {
    DAMAGES.get(damage).happenTo(ada, prefix + bob());
  }

  private String bob() {
    return redis.keys(prefix + "*").stream()
        .map(name -> name.substring(prefix.length()))
        .filter(name -> !name.equals(ADA))
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("damages")
  void isReportedAndLeftAsItIs(String damage) throws Exception {
    happen(damage);
    Object before = content(ada);
    assertThatThrownBy(() -> store.load("ada"))
        .isInstanceOf(StoreCorruptedException.class)
        .hasMessageStartingWith("the Redis key " + ada + " cannot be read: it")
        .message()
        .doesNotContain("at-")
        .doesNotContain("rt-");
    long version = entry.version();
    assertCorrupted(() -> store.save("ada", entry, version, 0));
    assertCorrupted(() -> store.save("ada", entry, version, 5));
    assertCorrupted(() -> store.save("ada", entry, 0, 5));
    assertCorrupted(() -> store.delete("ada", version, 0));
    assertCorrupted(() -> store.delete("ada", 0, 0));
    assertThat(content(ada)).isEqualTo(before);
    assertThat(redis.keys(prefix + "*")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void isPutAsideByANewLogin(String damage) throws Exception {
    happen(damage);
    Object before = content(ada);
    store.save("ada", Tokens.of("new"));
    assertThat(store.load("ada").tokens().refreshToken().reveal()).isEqualTo("rt-new");
    List<String> aside = new ArrayList<>(redis.keys(ada + ":aside:*"));
    assertThat(aside).hasSize(1);
    assertThat(content(aside.get(0))).isEqualTo(before);
    assertThat(redis.ttl(aside.get(0))).isEqualTo(-1);
    assertThat(store.load("bob").tokens().refreshToken().reveal()).isEqualTo("rt-bob");
    assertThat(store.tryLease("ada", Duration.ofSeconds(1))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("damages")
  void isPutAsideByALogout(String damage) throws Exception {
    happen(damage);
    Object before = content(ada);
    store.remove("ada");
    assertThat(store.load("ada")).isNull();
    List<String> aside = new ArrayList<>(redis.keys(ada + ":aside:*"));
    assertThat(aside).hasSize(1);
    assertThat(content(aside.get(0))).isEqualTo(before);
  }

  private static void assertCorrupted(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StoreCorruptedException.class);
  }

  @Test
  void thereAreManyKindsOfDamage() {
    assertThat(DAMAGES).hasSizeGreaterThan(40);
  }

  @Test
  @DisplayName("what has no form keeps no lease; what only we cannot read does")
  void leasesOfDamagedLogins() throws Exception {
    happen("a string");
    assertCorrupted(() -> store.tryLease("ada", Duration.ofSeconds(1)));
    redis.del(ada);
    store.save("ada", Tokens.of("ada"));
    happen("bob's seal");
    try (TokenStore.Lease lease = store.tryLease("ada", Duration.ofSeconds(1))) {
      assertCorrupted(() -> store.save("ada", entry, entry.version(), lease.fence()));
    }
  }

  @Test
  void aSealOfOtherKeysIsPutAsideToo() throws Exception {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 3);
    StoreKeys others = StoreKeys.of(new SecretKeySpec(key, "AES"));
    RedisTokenStore other = RedisTokenStore.of(redis, others).prefix(prefix);
    assertThatThrownBy(() -> other.load("ada"))
        .isInstanceOf(StoreCorruptedException.class)
        .hasMessageEndingWith("it is sealed with another key; name that key with alsoOpening(…)");
    other.save("ada", Tokens.of("other"));
    assertThat(other.load("ada").tokens().refreshToken().reveal()).isEqualTo("rt-other");
    String aside = redis.keys(ada + ":aside:*").iterator().next();
    redis.rename(aside, ada);
    assertThat(store.load("ada").tokens().refreshToken().reveal()).isEqualTo("rt-ada");
  }

  /** Between our look and our write somebody else has put it right. */
  @Test
  void whatIsNoLongerDamagedIsNotPutAside() throws Exception {
    String good = redis.hget(ada, "sealed");
    happen("bob's seal");
    String unreadable = Script.LOAD.run(redis, List.of(ada), List.of()).text(3);
    redis.hset(ada, "sealed", good);
    List<String> names = List.of(ada, ada + ":aside:1");
    assertThat(Script.SAVE.run(redis, names, List.of("new", "0", "0", unreadable)).is("other"))
        .isTrue();
    assertThat(redis.exists(ada + ":aside:1")).isFalse();
    assertThat(store.load("ada").tokens().refreshToken().reveal()).isEqualTo("rt-ada");
  }

  /** Between our look and our write somebody has damaged it. */
  @Test
  void whatIsDamagedMeanwhileIsLeftAsItIs() {
    happen("a string");
    List<String> names = List.of(ada, ada + ":aside:1");
    String version = Long.toString(entry.version());
    assertThat(Script.SAVE.run(redis, names, List.of("new", version, "0", "")).is("damaged"))
        .isTrue();
    assertThat(Script.SAVE.run(redis, names, List.of("new", "0", "5", "")).is("damaged")).isTrue();
    assertThat(Script.DELETE.run(redis, names, List.of(version, "0")).is("damaged")).isTrue();
    assertThat(redis.get(ada)).isEqualTo("v");
  }

  @Test
  void versionsGrowWhenSomethingUnreadableIsPutAside() throws Exception {
    long ahead = entry.version() + 3_600_000_000L;
    redis.hset(ada, "last", Long.toString(ahead));
    happen("bob's seal");
    store.save("ada", Tokens.of("new"));
    assertThat(store.load("ada").version()).isEqualTo(ahead + 1);
  }
}
