package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.HttpExchange;
import io.symbolon.oauth.internal.SingleFlight;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Puts an access token on calls to the named origins, and on no other call (RFC 6750 §2.1).
 *
 * <pre>{@code
 * OkHttpClient api =
 *     new OAuthInterceptor(tokens, "https://api.example.com").install(new OkHttpClient());
 * }</pre>
 *
 * <p>A token cannot leave its origins: the origin is checked again on each redirect, a change of
 * scheme, host or port drops the token, and {@code http} is refused except on loopback. When the
 * API answers 401, the token is forgotten, a new one is fetched, and the call is repeated once, if
 * the new token is another one and the body can be sent again. Calls that carry an {@code
 * Authorization} header already are left alone. Safe for many threads.
 *
 * <p>A token that is bound to a key goes with a new proof on each request, redirects included; an
 * API that wants its DPoP nonce in the proof gets it, once for each call (RFC 9449 §7 and §9).
 */
public final class OAuthInterceptor {
  private static final String AUTHORIZATION = "Authorization";

  /** So many step-ups for other challenges are waited for, and then none is asked for. */
  private static final int MOST_STEP_UPS = 3;

  private static final Duration LONGEST_STEP_UP = Duration.ofMinutes(10);

  private final TokenSource tokens;
  private final Set<String> origins;
  private final @Nullable StepUp stepUp;
  private final @Nullable DialectCalls dialect;
  private final SingleFlight<SteppedUp> stepUps = new SingleFlight<>(LONGEST_STEP_UP);

  /**
   * Binds tokens to origins.
   *
   * @param tokens where tokens come from
   * @param origin scheme, host and, if need be, port: {@code https://api.example.com}
   * @param more further origins for the same tokens
   * @throws IllegalArgumentException when one is not an origin, or is {@code http} and not loopback
   */
  public OAuthInterceptor(TokenSource tokens, String origin, String... more) {
    this.tokens = tokens;
    Set<String> all = new LinkedHashSet<>();
    all.add(checked(origin));
    for (String other : more) {
      all.add(checked(other));
    }
    this.origins = Collections.unmodifiableSet(all);
    this.stepUp = null;
    this.dialect = null;
  }

  private OAuthInterceptor(
      OAuthInterceptor other, @Nullable StepUp stepUp, @Nullable DialectCalls dialect) {
    this.tokens = other.tokens;
    this.origins = other.origins;
    this.stepUp = stepUp;
    this.dialect = dialect;
  }

  /**
   * The same for an API that wants the token elsewhere, or says otherwise that it has ended.
   *
   * @throws IllegalArgumentException when it wants the token in a form, which is the caller's
   */
  public OAuthInterceptor dialect(Dialect dialect) {
    if (dialect.calls().formParameter() != null) {
      throw new IllegalArgumentException(
          "an interceptor puts no token into a body: use Dialect.call for this API");
    }
    return new OAuthInterceptor(this, stepUp, dialect.calls());
  }

  /**
   * The same, asking the program when the API wants more scope (RFC 6750 §3.1) or a stronger login
   * (RFC 9470). Without that, such an answer goes to the caller as it is. A call is stepped up
   * once, and only if its body can be sent again.
   */
  public OAuthInterceptor stepUp(StepUp stepUp) {
    return new OAuthInterceptor(this, stepUp, dialect);
  }

  private static String checked(String origin) {
    String fault = Urls.fault(origin, true);
    HttpUrl url = fault == null ? HttpUrl.get(origin) : null;
    if (url != null && (!url.encodedPath().equals("/") || url.query() != null)) {
      fault = "an origin has neither path nor query";
    }
    if (url == null || fault != null) {
      throw new IllegalArgumentException(
          "the origin is " + Display.quote(origin) + ", but " + fault);
    }
    return origin(url);
  }

  private static String origin(HttpUrl url) {
    return url.scheme() + "://" + url.host() + ":" + url.port();
  }

  /** A client like the given one that presents the token; the given one is not changed. */
  public OkHttpClient install(OkHttpClient client) {
    return client
        .newBuilder()
        .addInterceptor(this::attach)
        .addNetworkInterceptor(this::guard)
        .build();
  }

  private Response attach(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    boolean own = HttpExchange.sends(request);
    if (own || request.header(AUTHORIZATION) != null || !isBound(request.url())) {
      return chain.proceed(request);
    }
    AccessToken token = token();
    Response response = send(chain, with(token, request));
    if (!carried(token, response) || !canRepeat(request.body())) {
      return response;
    }
    if (mayHelp(response) || (dialect != null && dialect.refusesToken(response))) {
      AccessToken replacement = replacement(token, response);
      if (replacement.value().equals(token.value())) {
        return response;
      }
      response.close();
      token = replacement;
      response = send(chain, with(token, request));
    }
    AccessToken better = carried(token, response) ? better(token, response) : null;
    if (better == null) {
      return response;
    }
    response.close();
    return send(chain, with(better, request));
  }

  /**
   * Sends, and once again when only a DPoP nonce was missing: what was refused, which after a
   * redirect is not what was asked for (RFC 9449 §9).
   */
  private static Response send(Interceptor.Chain chain, Request request) throws IOException {
    Response response = chain.proceed(request);
    Presented presented = request.tag(Presented.class);
    Request refused = response.request();
    if (presented == null || !presented.wantsAnotherProof || !canRepeat(refused.body())) {
      return response;
    }
    response.close();
    return chain.proceed(refused);
  }

  /** Null when the API does not ask for more, or nobody can give it. */
  private @Nullable AccessToken better(AccessToken token, Response response) throws IOException {
    Challenge challenge = stepUpChallenge(response);
    if (stepUp == null || challenge == null) {
      return null;
    }
    try {
      SteppedUp result = steppedUp(stepUp, challenge, token);
      boolean other = result.token != null && !result.token.value().equals(token.value());
      return other ? result.token : null;
    } catch (IOException e) {
      response.close();
      throw e;
    } catch (RuntimeException e) {
      response.close();
      throw new IOException("the step-up failed", e);
    }
  }

  /** Whoever waited for the answer to another challenge asks anew. */
  private SteppedUp steppedUp(StepUp asked, Challenge challenge, AccessToken token)
      throws IOException {
    for (int i = 0; i < MOST_STEP_UPS; i++) {
      SteppedUp result =
          stepUps.join(() -> new SteppedUp(challenge, token, asked.token(challenge, token)));
      if (result.answers(challenge, token)) {
        return result;
      }
    }
    return new SteppedUp(challenge, token, null);
  }

  private record SteppedUp(Challenge challenge, AccessToken refused, @Nullable AccessToken token) {
    boolean answers(Challenge asked, AccessToken with) {
      return challenge.equals(asked) && refused.value().equals(with.value());
    }
  }

  private static @Nullable Challenge stepUpChallenge(Response response) {
    if (response.code() != 401 && response.code() != 403) {
      return null;
    }
    return Challenge.of(response.headers()).stream()
        .filter(Challenge::wantsStepUp)
        .findFirst()
        .orElse(null);
  }

  /** Each hop on the wire: whatever has become of the request, the token stays in its origins. */
  private Response guard(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Presented presented = request.tag(Presented.class);
    if (presented == null) {
      return chain.proceed(request);
    }
    presented.wantsAnotherProof = false;
    if (request.header(AUTHORIZATION) == null) {
      return chain.proceed(request);
    }
    if (!isBound(request.url())) {
      return chain.proceed(request.newBuilder().removeHeader(AUTHORIZATION).build());
    }
    DpopProofs proofs = presented.token.proofs();
    if (proofs != null) {
      return proved(chain, presented, proofs);
    }
    return dialect == null ? chain.proceed(request) : placed(chain, presented.token, dialect);
  }

  /** Nobody but the wire sees where the token went: not the call, nor what is made of it. */
  private static Response placed(Interceptor.Chain chain, AccessToken token, DialectCalls dialect)
      throws IOException {
    Request request = chain.request();
    return chain
        .proceed(dialect.presented(request, token.value()))
        .newBuilder()
        .request(request)
        .build();
  }

  /** A proof is good for one request on the wire, so it is made where each of them passes. */
  private static Response proved(Interceptor.Chain chain, Presented presented, DpopProofs proofs)
      throws IOException {
    Request request = chain.request();
    String dpopNonce = proofs.nonces().of(request.url());
    String proof =
        proofs.proof(request.method(), request.url(), presented.token.value(), dpopNonce);
    Response response =
        chain.proceed(request.newBuilder().header(DpopProofs.HEADER, proof).build());
    presented.wantsAnotherProof =
        presented.token.wantsAnotherProof(request.url(), response.code(), response.headers())
            && !response.header("DPoP-Nonce", "").equals(dpopNonce);
    return response;
  }

  private boolean isBound(HttpUrl url) {
    return origins.contains(origin(url));
  }

  /** An unchecked exception on a thread of OkHttp would end an Android app. */
  private AccessToken token() throws IOException {
    try {
      return tokens.token();
    } catch (RuntimeException e) {
      throw new IOException("the token source failed", e);
    }
  }

  private AccessToken replacement(AccessToken refused, Response refusal) throws IOException {
    try {
      tokens.invalidate(refused);
      return tokens.token();
    } catch (IOException e) {
      refusal.close();
      throw e;
    } catch (RuntimeException e) {
      refusal.close();
      throw new IOException("the token source failed", e);
    }
  }

  /** Not when a redirect ended at another origin, where the token did not go. */
  private static boolean carried(AccessToken token, Response response) {
    return token.headers().get(AUTHORIZATION).equals(response.request().header(AUTHORIZATION));
  }

  private static Request with(AccessToken token, Request request) {
    return request
        .newBuilder()
        .headers(request.headers().newBuilder().addAll(token.headers()).build())
        .tag(Presented.class, new Presented(token))
        .build();
  }

  /**
   * A 401 that a new token may cure: not one that asks for more scope, a stronger login, another
   * proof or something that is not a token.
   */
  private static boolean mayHelp(Response response) {
    if (response.code() != 401) {
      return false;
    }
    List<Challenge> challenges = Challenge.of(response.headers());
    return challenges.stream().noneMatch(it -> it.wantsStepUp() || it.refusesProof())
        && (challenges.isEmpty() || challenges.stream().anyMatch(Challenge::isAboutTokens));
  }

  private static boolean canRepeat(@Nullable RequestBody body) {
    return body == null || !(body.isOneShot() || body.isDuplex());
  }

  /** The origins. */
  @Override
  public String toString() {
    return "tokens for " + origins;
  }

  /** Goes with a request through all its hops, one after the other. */
  private static final class Presented {
    private final AccessToken token;
    private volatile boolean wantsAnotherProof;

    Presented(AccessToken token) {
      this.token = token;
    }
  }
}
