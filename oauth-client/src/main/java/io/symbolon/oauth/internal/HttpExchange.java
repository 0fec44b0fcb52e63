package io.symbolon.oauth.internal;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import okhttp3.Authenticator;
import okhttp3.CacheControl;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which this library talks HTTP: no redirect, no cookie, no HTTP cache, no silent
 * second send, TLS 1.2 or newer, a deadline for the whole call and a cap on the decoded body.
 *
 * <p>The proxy, DNS, TLS trust, client certificate, event listener and interceptors of the
 * application's own client stay in force. Safe for many threads.
 */
public final class HttpExchange {
  /** The longest body that is read, after decoding. */
  public static final int MAX_BODY_BYTES = 1 << 20;

  private final OkHttpClient client;
  private final @Nullable QuietListener listener;

  /** Derives the hardened client from the application's. */
  public HttpExchange(OkHttpClient base, Duration callTimeout) {
    this(base, callTimeout, null);
  }

  /** The same with somebody who is told of every request; null for nobody. */
  public HttpExchange(OkHttpClient base, Duration callTimeout, @Nullable OAuthListener listener) {
    this.listener = listener == null ? null : QuietListener.around(listener);
    this.client =
        base.newBuilder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .callTimeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .authenticator(Authenticator.NONE)
            .connectionSpecs(Arrays.asList(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT))
            .addNetworkInterceptor(HttpExchange::withoutOrders)
            // A request that spends a credential is never repeated, so it must not meet a
            // connection that the server has closed. Some close after five seconds; and OkHttp
            // looks only at connections that were idle for ten.
            .connectionPool(new ConnectionPool(2, 1, TimeUnit.SECONDS))
            .build();
  }

  /**
   * OkHttp obeys {@code Retry-After}: at zero it sends a request again, and a number that does not
   * fit an {@code int} ends in an unchecked exception. It does not get to see either.
   */
  private static Response withoutOrders(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    String wait = response.header("Retry-After", "");
    return wait.matches("[0-9]+") && !wait.matches("0*[1-9][0-9]{0,8}")
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  /** Whether a request is one of our own, which an interceptor of ours leaves alone. */
  public static boolean sends(Request request) {
    return request.tag(HttpExchange.class) != null;
  }

  /** Who is told of events, and cannot disturb by what it does; null when nobody. */
  public @Nullable QuietListener listener() {
    return listener;
  }

  /**
   * The same as {@link #execute(Request)}, and the listener is told.
   *
   * @param endpoint the name of the place in an event
   * @param secrets what the server must not make an event show
   */
  public HttpAnswer execute(String endpoint, Request request, Collection<String> secrets)
      throws IOException {
    return execute(endpoint, request, secrets, HttpAnswer::outcome);
  }

  /**
   * The same for an answer that says in its own way how it went.
   *
   * @param outcome a word for the event, as {@link HttpAnswer#outcome}
   */
  public HttpAnswer execute(
      String endpoint,
      Request request,
      Collection<String> secrets,
      Function<HttpAnswer, String> outcome)
      throws IOException {
    if (listener == null) {
      return execute(request);
    }
    long begun = System.nanoTime();
    try {
      HttpAnswer answer = execute(request);
      String word = Display.clean(outcome.apply(answer), secrets);
      listener.answered(endpoint, request.url(), answer.status(), word, begun);
      return answer;
    } catch (IOException | RuntimeException | Error e) {
      listener.unanswered(endpoint, request.url(), e, begun);
      throw e;
    }
  }

  /**
   * Sends the request once and reads the whole answer.
   *
   * @throws InvalidResponseException when the body is longer than {@link #MAX_BODY_BYTES}
   * @throws IOException OkHttp's own, when there was no complete answer in time
   */
  public HttpAnswer execute(Request request) throws IOException {
    Request tagged =
        request
            .newBuilder()
            .tag(HttpExchange.class, this)
            .cacheControl(new CacheControl.Builder().noCache().noStore().build())
            .build();
    try (Response response = client.newCall(tagged).execute()) {
      return new HttpAnswer(
          response.code(), response.headers(), read(request.url(), response.body()));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // While it connects, OkHttp lets an InterruptedException through that it does not declare.
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static byte[] read(HttpUrl url, ResponseBody body) throws IOException {
    BufferedSource source = body.source();
    Buffer read = new Buffer();
    while (read.size() <= MAX_BODY_BYTES) {
      if (source.read(read, MAX_BODY_BYTES + 1 - read.size()) == -1) {
        return read.readByteArray();
      }
    }
    throw Refusals.tooLarge(url, MAX_BODY_BYTES);
  }
}
