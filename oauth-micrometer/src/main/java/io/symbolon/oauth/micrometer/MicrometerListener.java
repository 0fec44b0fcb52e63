package io.symbolon.oauth.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.symbolon.oauth.OAuthEvent;
import io.symbolon.oauth.OAuthListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an OAuth client does, as meters of Micrometer: how many requests, how long they took and how
 * they ended, why tokens were renewed, how often one was there already, what was refused.
 *
 * <pre>{@code
 * OAuthClient oauth = OAuthClient.builder()
 *     .issuer("https://login.example.com").clientId("reports")
 *     .listener(new MicrometerListener(registry, "client", "reports"))
 *     .build();
 * }</pre>
 *
 * <p>Names and tags are those of {@link OAuthEvent}, with {@code oauth.client.} in front; {@code
 * status} is one of {@code 2xx}, {@code 4xx} … or {@code none}. No tag holds a secret, a URL or a
 * user. A server can invent words for errors, but not meters without end: after a hundred different
 * words every new one is counted as {@code other}. Safe for many threads.
 */
public final class MicrometerListener implements OAuthListener {
  private static final int MOST_WORDS = 100;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter hits;
  private final Set<String> words = ConcurrentHashMap.newKeySet();
  private volatile double offsetSeconds = Double.NaN;

  /**
   * For one client, or for several that need not be told apart.
   *
   * @param tags names and values in turn, for all meters; such as {@code "client", "reports"}
   * @throws IllegalArgumentException when a value is missing
   */
  public MicrometerListener(MeterRegistry registry, String... tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    this.words.addAll(Set.of("ok", "adopted", "none", "token_endpoint", "metadata", "jwks_uri"));
    this.hits = registry.counter("oauth.client.cache.hits", this.tags);
    Gauge.builder("oauth.client.clock.offset", this, listener -> listener.offsetSeconds)
        .baseUnit("seconds")
        .tags(this.tags)
        .register(registry);
  }

  @Override
  public void on(OAuthEvent event) {
    if (event instanceof OAuthEvent.CacheHit) {
      hits.increment();
    } else if (event instanceof OAuthEvent.Request it) {
      String[] more = {"endpoint", it.endpoint(), "status", status(it), "outcome", it.outcome()};
      time("requests", it.duration(), more);
    } else if (event instanceof OAuthEvent.Renewal it) {
      time("renewals", it.duration(), "reason", it.reason(), "outcome", it.outcome());
    } else if (event instanceof OAuthEvent.Fetch it) {
      fetched(it);
    } else if (event instanceof OAuthEvent.Refusal it) {
      count("refusals", "code", it.code(), "check", it.check());
    } else if (event instanceof OAuthEvent.StoreFault it) {
      count("store.faults", "operation", it.operation(), "failure", it.failure());
    } else if (event instanceof OAuthEvent.LeaseWait it) {
      time("lease.waits", it.duration(), "outcome", it.outcome());
    } else if (event instanceof OAuthEvent.ClockOffset it) {
      offsetSeconds = it.offset().getSeconds();
    }
  }

  private static String status(OAuthEvent.Request request) {
    return request.httpStatus() == 0 ? "none" : request.httpStatus() / 100 + "xx";
  }

  private void fetched(OAuthEvent.Fetch it) {
    String keptOld = Boolean.toString(it.keptOld());
    time(
        "fetches",
        it.duration(),
        "document",
        it.document(),
        "reason",
        it.reason(),
        "outcome",
        it.outcome(),
        "kept_old",
        keptOld);
  }

  private void time(String name, Duration duration, String... more) {
    registry.timer("oauth.client." + name, bounded(more)).record(duration);
  }

  private void count(String name, String... more) {
    registry.counter("oauth.client." + name, bounded(more)).increment();
  }

  private Tags bounded(String... more) {
    for (int i = 1; i < more.length; i += 2) {
      more[i] = bounded(more[i]);
    }
    return tags.and(more);
  }

  private String bounded(String word) {
    if (words.contains(word)) {
      return word;
    }
    return words.size() < MOST_WORDS && words.add(word) ? word : "other";
  }
}
