package io.symbolon.benchmarks;

import com.google.auth.oauth2.UserCredentials;
import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;

/** What it costs to ask for a token that is there and fresh. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CachedTokenBenchmark {
  private static final Duration LIFETIME = Duration.ofHours(10);

  private TokenServer server;
  private URI api;
  private volatile AccessToken held;
  private volatile long heldUntil;
  private TokenSource symbolon;
  private SynchronizedTokens synchronizedTokens;
  private UserCredentials google;
  private OAuth2AuthorizedClientManager spring;

  /** Everybody has a token. */
  @Setup
  public void fill() throws IOException {
    server = new TokenServer(LIFETIME, Duration.ZERO);
    URI endpoint = server.tokenEndpoint();
    api = server.api();
    symbolon = Library.symbolon(endpoint);
    held = symbolon.token();
    heldUntil = held.expiresAt().toEpochMilli();
    synchronizedTokens = Library.synchronizedTokens(endpoint, LIFETIME.dividedBy(10));
    synchronizedTokens.token();
    google = Library.google(endpoint, LIFETIME);
    google.refresh();
    spring = Library.spring(endpoint, LIFETIME.dividedBy(10));
    spring.authorize(Library.springRequest());
  }

  /** The server ends. */
  @TearDown
  public void close() {
    server.close();
  }

  int tokenRequests() {
    return server.tokenRequests();
  }

  /** The floor of every cache: nothing here asks whether the token has ended. */
  @Benchmark
  public AccessToken volatileRead() {
    return held;
  }

  /** The floor of every cache that asks: the token, its end, and the time. */
  @Benchmark
  public AccessToken volatileReadAndClock() {
    return System.currentTimeMillis() < heldUntil ? held : null;
  }

  /** Ours: a look at the clock and at the timer, against a clock that was set back. */
  @Benchmark
  public AccessToken symbolon() throws IOException {
    return symbolon.token();
  }

  /** A lock for each call. */
  @Benchmark
  public String synchronizedCache() throws IOException {
    return synchronizedTokens.token();
  }

  /** google-auth gives headers, not the token. */
  @Benchmark
  public Object googleAuth() throws IOException {
    return google.getRequestMetadata(api);
  }

  /** Spring Security looks its client up by name and user each time. */
  @Benchmark
  public OAuth2AuthorizedClient springSecurity() {
    return spring.authorize(Library.springRequest());
  }
}
