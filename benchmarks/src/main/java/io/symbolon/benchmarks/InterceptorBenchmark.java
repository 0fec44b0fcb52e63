package io.symbolon.benchmarks;

import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the interceptor adds to a call with OkHttp. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 10, time = 1)
public class InterceptorBenchmark {
  /** Whether the call goes over loopback, or is answered inside OkHttp, before the network. */
  @Param({"inside", "loopback"})
  String answered = "inside";

  private TokenServer server;
  private OkHttpClient plain;
  private OkHttpClient handWritten;
  private OkHttpClient symbolon;
  private Request request;
  private volatile @Nullable String lastAuthorization;

  /** Three clients with one pool of connections. */
  @Setup
  public void open() throws IOException {
    server = new TokenServer(Duration.ofHours(10), Duration.ZERO);
    request = new Request.Builder().url(server.api().toString()).build();
    TokenSource tokens = Library.symbolon(server.tokenEndpoint());
    tokens.token();
    OkHttpClient base = new OkHttpClient();
    plain = ended(base);
    handWritten = ended(base.newBuilder().addInterceptor(chain -> attach(tokens, chain)).build());
    symbolon = ended(new OAuthInterceptor(tokens, server.origin()).install(base));
  }

  private static Response attach(TokenSource tokens, Interceptor.Chain chain) throws IOException {
    String value = "Bearer " + tokens.token().value().reveal();
    return chain.proceed(chain.request().newBuilder().header("Authorization", value).build());
  }

  private OkHttpClient ended(OkHttpClient client) {
    boolean inside = answered.equals("inside");
    return inside ? client.newBuilder().addInterceptor(this::answer).build() : client;
  }

  private Response answer(Interceptor.Chain chain) {
    lastAuthorization = chain.request().header("Authorization");
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .body(ResponseBody.create("OK", null))
        .build();
  }

  /** What arrived with the last call; null when nothing did. */
  @Nullable String lastAuthorization() {
    return answered.equals("inside") ? lastAuthorization : server.lastAuthorization();
  }

  /** The server and the connections end. */
  @TearDown
  public void close() {
    plain.connectionPool().evictAll();
    server.close();
  }

  /** No token at all. */
  @Benchmark
  public String plain() throws IOException {
    return body(plain);
  }

  /** The same token, put on by the three lines that one finds in tutorials. */
  @Benchmark
  public String handWritten() throws IOException {
    return body(handWritten);
  }

  /** Ours, with the checks of the origin, and a look at the answer. */
  @Benchmark
  public String symbolon() throws IOException {
    return body(symbolon);
  }

  private String body(OkHttpClient client) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }
}
