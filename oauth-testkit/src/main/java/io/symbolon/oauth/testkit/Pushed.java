package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** Authorization requests that came ahead of the browser (RFC 9126); each is good once. */
final class Pushed {
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";

  private record Kept(Client client, Parameters asked, Instant expiresAt) {}

  private final Map<String, Kept> requests = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private final Clients clients;
  private final ServerClock clock;

  Pushed(Clients clients, ServerClock clock) {
    this.clients = clients;
    this.clock = clock;
  }

  MockResponse answer(ReceivedRequest request) {
    try {
      Parameters form = request.formParameters();
      Client client = clients.authenticate(request, form);
      if (form.value("request_uri") != null) {
        throw Refusal.of("invalid_request", "a request_uri cannot be pushed");
      }
      String uri = PREFIX + count.incrementAndGet();
      requests.put(uri, new Kept(client, form, clock.now().plus(LIFETIME)));
      return Answers.uncached(
          Answers.json(201, Map.of("request_uri", uri, "expires_in", LIFETIME.toSeconds())));
    } catch (Refusal refusal) {
      return Answers.error(refusal.error(), refusal.description());
    } catch (IllegalArgumentException e) {
      return Answers.error("invalid_request", "broken encoding: " + e.getMessage());
    }
  }

  /** What was pushed, if the browser brings a reference; null if nobody knows it any more. */
  @Nullable Parameters resolve(Parameters sent) {
    String uri = sent.value("request_uri");
    if (uri == null) return sent;
    Kept kept = requests.remove(uri);
    if (kept == null || !kept.client().id().equals(sent.value("client_id"))) return null;
    return clock.now().isBefore(kept.expiresAt()) ? kept.asked() : null;
  }
}
