package io.symbolon.oauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.hostile.Attempt;
import io.symbolon.oauth.hostile.ExampleSite;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of hostile and odd JWK Sets. */
class HostileKeySetsTest {
  private static final HostileCases CASES = HostileCases.of("discovery_jwks");
  private static final String PATH = "/jwks.json";
  private static final HttpUrl URL = HttpUrl.get(ExampleSite.ISSUER + PATH);

  private final TestClock clock = TestClock.at(Instant.ofEpochSecond(1767225600));
  private ExampleSite site;
  private RemoteKeySet keys;

  @BeforeEach
  void start() throws IOException {
    site = ExampleSite.start();
    keys = new RemoteKeySet(new HttpExchange(site.http(), Duration.ofSeconds(8)), clock);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  static Stream<HostileCase> fetched() {
    return CASES.toRun().filter(c -> c.id().startsWith("META-JWKS") && c.context("cached") == null);
  }

  static Stream<HostileCase> rotated() {
    return CASES.toRun().filter(c -> c.id().startsWith("META-JWKS") && c.context("cached") != null);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fetched")
  void theUsableKeysOfASetAreUsed(HostileCase hostile) throws Exception {
    site.answer(PATH, hostile.response().mock());

    Attempt<KeySet> attempt = Attempt.at(() -> keys.keys(URL, null));

    if (hostile.isAccepted()) {
      assertThat(attempt.value().keys())
          .extracting(VerificationKey::keyId)
          .containsExactlyElementsOf(usableKeyIds(hostile));
    } else {
      InvalidResponseException refusal = attempt.refusal(InvalidResponseException.class);
      assertThat(refusal.code()).isEqualTo(hostile.text("error"));
    }
    assertThat(site.requests(PATH)).hasSize(1);
    assertThat(site.contacts()).containsExactly(ExampleSite.HOST);
  }

  private static List<String> usableKeyIds(HostileCase hostile) {
    return hostile.list("usable_kids").stream().map(kid -> (String) kid).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rotated")
  void aBadSetDoesNotReplaceAGoodOne(HostileCase hostile) throws Exception {
    site.answer(PATH, CASES.named("META-JWKS-24").response().mock());
    keys.keys(URL, null);
    site.answer(PATH, hostile.response().mock());
    clock.advance(Duration.ofHours(2));

    KeySet kept = Attempt.at(() -> keys.keys(URL, "rotated-in")).value();

    assertThat(kept.keys())
        .extracting(VerificationKey::keyId)
        .containsExactlyElementsOf(usableKeyIds(hostile));
    assertThat(kept.knows("rotated-in")).isFalse();
    assertThat(site.requests(PATH)).hasSize(2);
  }

  /** Whatever the server says about caching, and whatever names the tokens bring. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("fetched")
  void aThousandTokensCauseTwoFetchesAtMost(HostileCase hostile) throws Exception {
    site.answer(PATH, hostile.response().mock());
    for (int i = 0; i < 1000; i++) {
      ask("unknown-" + i);
    }
    assertThat(site.requests(PATH)).hasSizeLessThanOrEqualTo(2);
  }

  private void ask(String keyId) {
    try {
      keys.keys(URL, keyId);
    } catch (IOException e) {
      // A refusal must not cost more fetches than an answer.
    }
  }
}
