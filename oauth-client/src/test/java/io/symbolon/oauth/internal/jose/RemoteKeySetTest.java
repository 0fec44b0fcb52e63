package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.symbolon.oauth.Crowd;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.SlowReader;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.Held;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that rotate, and servers that are down while they do. */
class RemoteKeySetTest {
  private static final String PATH = "/jwks";
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration COOLDOWN = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private final RemoteKeySet keys =
      new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), clock);
  private FakeAuthorizationServer server;

  @BeforeEach
  void start() {
    server = extension.server();
  }

  private KeySet keys(@Nullable String keyId) throws IOException {
    return keys.keys(HttpUrl.get(server.jwksUri()), keyId);
  }

  private HttpUrl url() {
    return HttpUrl.get(server.jwksUri());
  }

  private RemoteKeySet fresh() {
    return new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), clock);
  }

  private boolean finds(String keyId) throws IOException {
    return keys(keyId).knows(keyId);
  }

  private int fetches() {
    return server.requestCount(PATH);
  }

  /** The name of a key that is published now; asked for by another client. */
  private String publishedKeyId() throws IOException {
    RemoteKeySet other =
        new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), clock);
    List<VerificationKey> all = other.keys(HttpUrl.get(server.jwksUri()), null).keys();
    return String.valueOf(all.get(all.size() - 1).keyId());
  }

  private String newKeyId(Consumer<FakeAuthorizationServer> rotation) throws IOException {
    List<String> before = publishedKeyIds();
    rotation.accept(server);
    List<String> after = publishedKeyIds();
    after.removeAll(before);
    return after.get(0);
  }

  private List<String> publishedKeyIds() throws IOException {
    RemoteKeySet other =
        new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), clock);
    List<String> ids = new java.util.ArrayList<>();
    for (VerificationKey key : other.keys(HttpUrl.get(server.jwksUri()), null).keys()) {
      ids.add(String.valueOf(key.keyId()));
    }
    return ids;
  }

  // Rotation.

  @Test
  void nothingIsFetchedBeforeAKeyIsNeeded() throws Exception {
    assertThat(fetches()).isZero();
    keys(null);
    keys(null);
    assertThat(fetches()).isEqualTo(1);
    assertThat(server.requests().get(0).header("Accept"))
        .isEqualTo("application/jwk-set+json, application/json");
  }

  @Test
  @DisplayName("R6 F-34 the first token with a new key finds it, at the cost of one fetch")
  void aNewKeyIsFoundAtOnce() throws Exception {
    keys(null);
    String added = newKeyId(FakeAuthorizationServer::rotateSigningKey);
    int before = fetches();

    assertThat(finds(added)).isTrue();
    assertThat(finds(added)).isTrue();
    assertThat(fetches()).isEqualTo(before + 1);
  }

  @Test
  @DisplayName("F-34 so it is for 50 threads at once, and when the old keys have gone")
  void aNewKeyIsFoundByAll() throws Exception {
    keys(null);
    String added = newKeyId(FakeAuthorizationServer::replaceSigningKeys);
    int before = fetches();

    Crowd<Boolean> crowd = Crowd.of(50, () -> finds(added));

    assertThat(crowd.results()).hasSize(50).containsOnly(true);
    assertThat(fetches()).isEqualTo(before + 1);
  }

  @Test
  @DisplayName(
      "F-35 new key, endpoint down: old keys verify, and the new one is found within the cooldown")
  void aNewKeyIsFoundWhenTheEndpointIsBack() throws Exception {
    keys(null);
    String old = publishedKeyId();
    String added = newKeyId(FakeAuthorizationServer::rotateSigningKey);
    server.jwksDown(true);

    for (int second = 0; second < 60; second++) {
      assertThat(finds(old)).isTrue();
      assertThat(finds(added)).isFalse();
      clock.advance(Duration.ofSeconds(1));
    }
    server.jwksDown(false);
    clock.advance(COOLDOWN);
    assertThat(finds(added)).isTrue();
  }

  @Test
  @DisplayName("R6 F-36 T-63 1,000 invented key ids cost one fetch in 30 seconds")
  void inventedKeyIdsCostOneFetch() throws Exception {
    keys(null);
    String known = publishedKeyId();
    int before = fetches();
    for (int i = 0; i < 1_000; i++) {
      assertThat(finds("invented-" + i)).isFalse();
      assertThat(finds(known)).isTrue();
    }
    assertThat(fetches()).isEqualTo(before + 1);

    clock.advance(COOLDOWN.minusMillis(1));
    finds("another");
    assertThat(fetches()).isEqualTo(before + 1);
    clock.advance(Duration.ofMillis(1));
    finds("another");
    assertThat(fetches()).isEqualTo(before + 2);
  }

  @ParameterizedTest(
      name = "F-36 while the endpoint answers {0}, whatever arrives costs one fetch in 30 seconds")
  @ValueSource(strings = {"down", "empty", "good"})
  void aFloodCostsOneFetchInThirtySeconds(String state) throws Exception {
    keys(null);
    String known = publishedKeyId();
    server.jwksDown(state.equals("down"));
    if (state.equals("empty")) {
      server.jwks(document -> document.put("keys", List.of()));
    }
    clock.advance(HOUR);
    int before = fetches();

    for (int second = 0; second < 600; second++) {
      assertThat(finds(known)).isTrue();
      assertThat(finds("invented-" + second)).isFalse();
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(fetches() - before).isLessThanOrEqualTo(600 / 30 + 1);
  }

  // The endpoint is down or talks nonsense.

  @Test
  @DisplayName("F-33 keys are kept for a day while the endpoint is down, and no longer")
  void keysAreKeptForADay() throws Exception {
    keys(null);
    String known = publishedKeyId();
    server.jwksDown(true);

    clock.advance(Duration.ofHours(24));
    assertThat(finds(known)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> finds(known)).isInstanceOf(InvalidResponseException.class);

    server.jwksDown(false);
    clock.advance(Duration.ofSeconds(2));
    assertThat(finds(known)).isTrue();
  }

  private static MockResponse json(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/jwk-set+json")
        .body(body)
        .build();
  }

  @ParameterizedTest(name = "F-37 {0} does not replace good keys")
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"keys\":[]}",
        "{\"keys\":{}}",
        "{\"keys\":[null]}",
        "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
        "{\"keys\":[}",
        "<html>maintenance</html>"
      })
  void nonsenseDoesNotReplaceGoodKeys(String body) throws Exception {
    keys(null);
    String known = publishedKeyId();
    clock.advance(HOUR);
    server.answerNext(PATH, json(body));
    int before = fetches();

    assertThat(finds(known)).isTrue();
    assertThat(finds(known)).isTrue();
    assertThat(fetches()).isEqualTo(before + 1);
    clock.advance(COOLDOWN);
    assertThat(finds(known)).isTrue();
    assertThat(fetches()).isEqualTo(before + 2);
  }

  @Test
  @DisplayName("F-37 HTML, redirects and too many keys do not replace good keys")
  void otherNonsenseDoesNotReplaceGoodKeys() throws Exception {
    keys(null);
    String known = publishedKeyId();
    MockResponse.Builder html =
        new MockResponse.Builder().addHeader("Content-Type", "text/html").body("{\"keys\":[]}");
    MockResponse.Builder moved =
        new MockResponse.Builder().code(302).addHeader("Location", "https://evil.example/jwks");
    for (MockResponse nonsense :
        List.of(html.build(), moved.build(), json("{\"keys\":[" + "{},".repeat(100) + "{}]}"))) {
      clock.advance(HOUR);
      server.answerNext(PATH, nonsense);
      int before = fetches();

      assertThat(finds(known)).isTrue();
      assertThat(fetches()).isEqualTo(before + 1);
    }
  }

  @Test
  void aGoodSetWithABadStatusOrTypeIsNone() throws Exception {
    String good;
    try (Response response =
        new OkHttpClient().newCall(new Request.Builder().url(url()).build()).execute()) {
      good = response.body().string();
    }

    server.answerNext(PATH, json(good).newBuilder().code(503).build());
    assertThatThrownBy(() -> fresh().keys(url(), null))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageEndingWith("cannot be used: its HTTP status is 503");
    server.answerNext(PATH, json(good).newBuilder().setHeader("Content-Type", "text/html").build());
    assertThatThrownBy(() -> fresh().keys(url(), null))
        .isInstanceOf(InvalidResponseException.class)
        .hasMessageEndingWith("cannot be used: it is not JSON");
    server.answerNext(PATH, json(good));
    assertThat(fresh().keys(url(), null).isEmpty()).isFalse();
  }

  @Test
  void aFetchInVainDoesNotShortenTheTimeOfTheKeys() throws Exception {
    keys(null);
    String known = publishedKeyId();
    server.jwksDown(true);
    assertThat(finds("invented")).isFalse();
    int before = fetches();

    clock.advance(HOUR.minusMillis(1));
    assertThat(finds(known)).isTrue();
    assertThat(fetches()).isEqualTo(before);
  }

  /** For a token that names no key and that none of the known ones has signed. */
  @Test
  void keysOfTheLastThirtySecondsAreNewEnough() throws Exception {
    KeySet seen = keys(null);
    clock.advance(COOLDOWN.minusMillis(1));
    assertThat(keys.fresherThan(url(), seen)).isSameAs(seen);
    assertThat(fetches()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    KeySet newer = keys.fresherThan(url(), seen);
    assertThat(fetches()).isEqualTo(2);
    clock.advance(COOLDOWN);
    assertThat(keys.fresherThan(url(), seen)).as("others by now").isSameAs(newer);
    assertThat(fetches()).isEqualTo(2);

    server.jwksDown(true);
    assertThat(keys.fresherThan(url(), newer)).isSameAs(newer);
    clock.advance(COOLDOWN.minusMillis(1));
    assertThat(keys.fresherThan(url(), newer)).as("just failed").isSameAs(newer);
    assertThat(fetches()).isEqualTo(3);
  }

  @Test
  void howTheFetchesWentIsKnown() throws Exception {
    server.jwksDown(true);
    assertThat(catchThrowable(() -> keys(null))).isNotNull();
    assertThat(keys.attempts().failedAt()).isEqualTo(clock.instant());
    assertThat(keys.attempts().retryAt()).isEqualTo(clock.instant().plusSeconds(2));
    assertThat(keys.attempts().isFailing()).isTrue();

    server.jwksDown(false);
    clock.advance(Duration.ofSeconds(2));
    keys(null);
    assertThat(keys.attempts().succeededAt()).isEqualTo(clock.instant());
    assertThat(keys.attempts().isFailing()).isFalse();

    clock.advance(HOUR);
    keys(null);
    assertThat(keys.attempts().succeededAt()).isEqualTo(clock.instant());

    server.jwksDown(true);
    clock.advance(HOUR);
    keys(null);
    assertThat(keys.attempts().failedAt()).isEqualTo(clock.instant());
    assertThat(keys.attempts().retryAt()).isEqualTo(clock.instant().plus(COOLDOWN));
  }

  @Test
  void aRenewalThatComesTooLateIsNone() throws Exception {
    List<Runnable> tasks = new java.util.ArrayList<>();
    RemoteKeySet set =
        new RemoteKeySet(
            new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), clock, tasks::add);
    set.keys(url(), null);
    clock.advance(Duration.ofMinutes(50));
    set.keys(url(), null);
    set.keys(url(), null);
    assertThat(tasks).hasSize(1);
    set.keys(url(), "invented");
    assertThat(fetches()).isEqualTo(2);

    tasks.get(0).run();

    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  @DisplayName("T-62 an odd key in a set does not spoil the others")
  void anOddKeyDoesNotSpoilTheSet() throws Exception {
    server.jwks(
        document -> {
          @SuppressWarnings("unchecked")
          List<Object> all = new java.util.ArrayList<>((List<Object>) document.get("keys"));
          all.add(0, Map.of("kty", "EC", "crv", "P-256", "x", "AA", "y", "AA", "kid", "odd"));
          document.put("keys", all);
        });

    assertThat(keys(null).isEmpty()).isFalse();
    assertThat(finds("odd")).isFalse();
  }

  @Test
  @DisplayName("T-63 without keys a dead endpoint is asked once in two seconds")
  void withoutKeysThereIsACooldownToo() throws Exception {
    server.jwksDown(true);
    AtomicInteger failures = new AtomicInteger();
    for (int tenth = 0; tenth < 40; tenth++) {
      if (catchThrowable(() -> keys("any")) instanceof InvalidResponseException) {
        failures.incrementAndGet();
      }
      clock.advance(Duration.ofMillis(100));
    }
    assertThat(failures).hasValue(40);
    assertThat(fetches()).isEqualTo(2);

    server.jwksDown(false);
    assertThat(keys(null).isEmpty()).isFalse();
  }

  @Test
  void fiftyThreadsFetchOnce() throws Exception {
    Crowd<KeySet> crowd = Crowd.of(50, () -> keys(null));

    assertThat(crowd.results()).hasSize(50);
    assertThat(crowd.distinctResults()).hasSize(1);
    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  void fiftyThreadsFailWithOneFetch() throws Exception {
    server.jwksDown(true);

    Crowd<KeySet> crowd = Crowd.of(50, () -> keys(null));

    assertThat(crowd.errors()).hasSize(50).containsOnly(crowd.errors().get(0));
    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  void whoLookedTooEarlyDoesNotFetchOnceMore() throws Exception {
    for (String keyId : new String[] {null, "invented"}) {
      SlowReader slow = new SlowReader(clock);
      RemoteKeySet set =
          new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), slow);
      HttpUrl url = HttpUrl.get(server.jwksUri());
      set.keys(url, null);
      clock.advance(HOUR);
      int before = fetches();
      Crowd<KeySet> reader = slow.begin(() -> set.keys(url, keyId));
      KeySet newest = set.keys(url, keyId);
      slow.goOn();

      assertThat(reader.await().results()).containsExactly(newest);
      assertThat(fetches()).isEqualTo(before + 1);
    }
  }

  private RemoteKeySet readBy(SlowReader slow) {
    return new RemoteKeySet(new HttpExchange(new OkHttpClient(), Duration.ofSeconds(30)), slow);
  }

  @Test
  void whoLookedBeforeThereWereKeysDoesNotFetchOnceMore() throws Exception {
    SlowReader slow = new SlowReader(clock);
    RemoteKeySet set = readBy(slow);
    Crowd<KeySet> reader = slow.begin(() -> set.keys(url(), null));
    KeySet keys = set.keys(url(), null);
    slow.goOn();

    assertThat(reader.await().results()).containsExactly(keys);
    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  void whoFoundTheKeysTooOldTooEarlyDoesNotFetchOnceMore() throws Exception {
    SlowReader slow = new SlowReader(clock);
    RemoteKeySet set = readBy(slow);
    KeySet seen = set.keys(url(), null);
    clock.advance(COOLDOWN);
    Crowd<KeySet> reader = slow.begin(() -> set.fresherThan(url(), seen));
    KeySet newer = set.fresherThan(url(), seen);
    slow.goOn();

    assertThat(reader.await().results()).containsExactly(newer);
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void whileOneFetchesAgainTheOthersDoNotWait() throws Exception {
    keys(null);
    String known = publishedKeyId();
    clock.advance(HOUR);
    Held held = server.holdNext(PATH);
    Crowd<Boolean> one = Crowd.start(1, () -> finds(known));
    held.awaitArrival(SOON);

    assertThat(Crowd.of(50, () -> finds(known)).results()).hasSize(50).containsOnly(true);
    assertThat(one.results()).as("still fetching").isEmpty();

    held.release();
    assertThat(one.await().results()).containsExactly(true);
  }

  // How long a set is good.

  @ParameterizedTest(name = "\"{0}\" is {1} s")
  @CsvSource(
      delimiter = '|',
      value = {
        "| 3600",
        "max-age=600 | 600",
        "public, max-age=7200, must-revalidate | 7200",
        "Max-Age=\"900\" | 900",
        "max-age=1 | 300",
        "max-age=0 | 300",
        "max-age=604800 | 86400",
        "max-age=999999999 | 86400",
        "max-age=99999999999 | 86400",
        "max-age=-5 | 3600",
        "s-maxage=10 | 3600",
        "no-store | 3600"
      })
  void theServerSaysHowLongWithinBounds(@Nullable String cacheControl, long seconds)
      throws Exception {
    server.alterNext(
        PATH,
        it ->
            cacheControl == null
                ? it
                : it.newBuilder().setHeader("Cache-Control", cacheControl).build());
    keys(null);

    clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
    keys(null);
    assertThat(fetches()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    keys(null);
    assertThat(fetches()).isEqualTo(2);
  }

  // Interruption and clocks.

  @Test
  @DisplayName("F-06 a caller who is interrupted does not use up the fetch of the others")
  void anInterruptedCallerDoesNotUseUpTheFetch() throws Exception {
    keys(null);
    String added = newKeyId(FakeAuthorizationServer::rotateSigningKey);

    Crowd<Boolean> interrupted =
        Crowd.of(
            1,
            () -> {
              Thread.currentThread().interrupt();
              return finds(added);
            });

    assertThat(interrupted.errors()).hasOnlyElementsOfType(IOException.class);
    assertThat(finds(added)).isTrue();
  }

  @Test
  @DisplayName("F-06 nor does it when there are no keys yet")
  void anInterruptedFirstCallerDoesNotCauseACooldown() throws Exception {
    Crowd<KeySet> interrupted =
        Crowd.of(
            1,
            () -> {
              Thread.currentThread().interrupt();
              return keys(null);
            });

    assertThat(interrupted.errors()).hasOnlyElementsOfType(IOException.class);
    assertThat(keys(null).isEmpty()).isFalse();
  }

  @Test
  void aClockThatJumpsBackDoesNotMakeAFailureLast() throws Exception {
    server.jwksDown(true);
    assertThat(catchThrowable(() -> keys(null))).isNotNull();
    server.jwksDown(false);
    clock.advance(Duration.ofDays(-365));

    assertThat(keys(null).isEmpty()).isFalse();
  }

  @Test
  @DisplayName("F-41 a clock that jumps back does not keep keys, nor a cooldown, for longer")
  void aClockThatJumpsBack() throws Exception {
    keys(null);
    finds("invented");
    clock.advance(Duration.ofDays(-365));
    int before = fetches();

    keys(null);
    assertThat(fetches()).isEqualTo(before + 1);
    clock.advance(COOLDOWN);
    finds("invented");
    assertThat(fetches()).isEqualTo(before + 2);
  }
}
