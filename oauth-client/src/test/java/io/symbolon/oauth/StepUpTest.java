package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API that wants more than a token can show (RFC 6750 §3.1, RFC 9470). */
class StepUpTest {
  private static final String STRONGER =
      "Bearer error=\"insufficient_user_authentication\", acr_values=\"myACR\", max_age=\"5\"";

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final AccessToken weak = bearer("weak");
  private final AccessToken strong = bearer("strong");
  private final List<Challenge> challenges = Collections.synchronizedList(new ArrayList<>());
  private final List<AccessToken> invalidated = Collections.synchronizedList(new ArrayList<>());
  private FakeAuthorizationServer api;

  private static AccessToken bearer(String value) {
    return AccessToken.bearer(Secret.of(value), Instant.EPOCH, null);
  }

  @BeforeEach
  void start() {
    api = extension.server();
    wanting(401, STRONGER);
  }

  /** An API that only the strong token satisfies. */
  private void wanting(int status, String... headers) {
    api.endpoint(
        "/pay",
        request -> {
          if ("strong".equals(request.bearerToken())) {
            return new MockResponse.Builder().code(200).body("paid").build();
          }
          MockResponse.Builder response = new MockResponse.Builder().code(status).body("no");
          for (String header : headers) {
            response.addHeader("WWW-Authenticate", header);
          }
          return response.build();
        });
  }

  private final TokenSource source =
      new TokenSource() {
        @Override
        public AccessToken token() {
          return weak;
        }

        @Override
        public void invalidate(AccessToken rejected) {
          invalidated.add(rejected);
        }
      };

  private OAuthInterceptor interceptor() {
    return new OAuthInterceptor(source, api.issuer());
  }

  private OkHttpClient stepping(StepUp stepUp) {
    return interceptor().stepUp(stepUp).install(new OkHttpClient());
  }

  private OkHttpClient stepping() {
    return stepping(
        (challenge, refused) -> {
          challenges.add(challenge);
          return strong;
        });
  }

  private Response pay(OkHttpClient client) throws IOException {
    return client.newCall(new Request.Builder().url(api.url("/pay")).build()).execute();
  }

  private List<String> sent() {
    return api.requests().stream().map(it -> String.valueOf(it.bearerToken())).toList();
  }

  @Test
  void theCallIsRepeatedOnceWithTheStrongerToken() throws IOException {
    try (Response response = pay(stepping())) {
      assertThat(response.body().string()).isEqualTo("paid");
    }

    assertThat(sent()).containsExactly("weak", "strong");
    assertThat(challenges).hasSize(1);
    assertThat(challenges.get(0).acrValues()).containsExactly("myACR");
    assertThat(challenges.get(0).maxAge()).isEqualTo(Duration.ofSeconds(5));
    assertThat(invalidated).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void moreScopeIsAStepUpToo(int status) throws IOException {
    wanting(status, "Bearer error=\"insufficient_scope\", scope=\"pay\"");

    try (Response response = pay(stepping())) {
      assertThat(response.code()).isEqualTo(200);
    }

    assertThat(challenges.get(0).scope()).containsExactly("pay");
    assertThat(invalidated).isEmpty();
  }

  @Test
  void withoutAStepUpTheAnswerReachesTheCallerAsItIs() throws IOException {
    try (Response response = pay(interceptor().install(new OkHttpClient()))) {
      assertThat(response.code()).isEqualTo(401);
      assertThat(response.body().string()).isEqualTo("no");
      assertThat(Challenge.of(response.headers()).get(0).wantsStepUp()).isTrue();
    }

    assertThat(sent()).containsExactly("weak");
    assertThat(invalidated).isEmpty();
  }

  @Test
  void aProgramThatHasNothingBetterPassesTheAnswerOn() throws IOException {
    for (StepUp nothing : List.<StepUp>of((c, refused) -> null, (c, refused) -> refused)) {
      try (Response response = pay(stepping(nothing))) {
        assertThat(response.body().string()).isEqualTo("no");
      }
    }

    assertThat(sent()).containsExactly("weak", "weak");
  }

  @Test
  void aCallIsSteppedUpOnceHoweverManyTokensThereAre() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    StepUp tireless = (challenge, refused) -> bearer("weak-" + asked.incrementAndGet());

    try (Response response = pay(stepping(tireless))) {
      assertThat(response.code()).isEqualTo(401);
    }
    assertThat(asked).hasValue(1);
    assertThat(api.requestCount("/pay")).isEqualTo(2);
  }

  @Test
  void aTokenThatIsNotEnoughEitherIsNotFollowedByAThird() throws IOException {
    AccessToken middling = bearer("middling");

    try (Response response = pay(stepping((challenge, refused) -> middling))) {
      assertThat(response.code()).isEqualTo(401);
    }

    assertThat(sent()).containsExactly("weak", "middling");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "407 | Bearer error=\"insufficient_scope\"",
        "400 | Bearer error=\"insufficient_scope\"",
        "403 | Basic error=\"insufficient_scope\"",
        "403 | Bearer error=\"insufficient_scope\", error=\"insufficient_scope\"",
        "403 | Bearer realm=\"x\"",
        "401 | Negotiate",
        "401 | DPoP error=\"use_dpop_nonce\"",
      })
  void otherAnswersLeadToNothing(int status, String challenge) throws IOException {
    wanting(status, challenge);
    OkHttpClient client =
        stepping().newBuilder().proxyAuthenticator(okhttp3.Authenticator.NONE).build();

    if (status == 407) {
      // OkHttp itself refuses a 407 that no proxy sent.
      assertThatThrownBy(() -> pay(client).close()).isInstanceOf(IOException.class);
    } else {
      pay(client).close();
    }

    assertThat(sent()).containsExactly("weak");
    assertThat(challenges).isEmpty();
    assertThat(invalidated).isEmpty();
  }

  @Test
  void aBodyThatCanBeSentOnceIsNotSentTwice() throws IOException {
    RequestBody once =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return null;
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("10 EUR");
          }
        };
    Request request = new Request.Builder().url(api.url("/pay")).post(once).build();

    try (Response response = stepping().newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(401);
    }

    assertThat(sent()).containsExactly("weak");
    assertThat(challenges).isEmpty();
  }

  @Test
  void anAnswerFromAnotherOriginIsNotListenedTo() throws IOException {
    try (FakeAuthorizationServer foreign = FakeAuthorizationServer.start()) {
      foreign.endpoint(
          "/x",
          request ->
              new MockResponse.Builder().code(401).addHeader("WWW-Authenticate", STRONGER).build());
      api.endpoint(
          "/pay",
          request ->
              new MockResponse.Builder()
                  .code(302)
                  .addHeader("Location", foreign.url("/x"))
                  .build());

      pay(stepping()).close();

      assertThat(foreign.requests()).hasSize(1);
      assertThat(foreign.requests().get(0).bearerToken()).isNull();
      assertThat(challenges).isEmpty();
    }
  }

  @Test
  void norIsItAfterARenewal() throws IOException {
    try (FakeAuthorizationServer foreign = FakeAuthorizationServer.start()) {
      foreign.endpoint(
          "/x",
          request ->
              new MockResponse.Builder().code(401).addHeader("WWW-Authenticate", STRONGER).build());
      api.endpoint(
          "/pay",
          request ->
              "newer".equals(request.bearerToken())
                  ? new MockResponse.Builder()
                      .code(302)
                      .addHeader("Location", foreign.url("/x"))
                      .build()
                  : new MockResponse.Builder().code(401).build());
      List<AccessToken> tokens = new ArrayList<>(List.of(weak, bearer("newer")));
      OkHttpClient client =
          new OAuthInterceptor(() -> tokens.remove(0), api.issuer())
              .stepUp(
                  (challenge, refused) -> {
                    challenges.add(challenge);
                    return strong;
                  })
              .install(new OkHttpClient());

      pay(client).close();

      assertThat(foreign.requests()).hasSize(1);
      assertThat(challenges).isEmpty();
    }
  }

  @Test
  void whatTheProgramThrowsEndsTheCall() {
    assertThatThrownBy(
            () ->
                pay(
                    stepping(
                        (challenge, refused) -> {
                          throw new IOException("the user has left");
                        })))
        .hasMessage("the user has left");
    assertThatThrownBy(
            () ->
                pay(
                    stepping(
                        (challenge, refused) -> {
                          throw new IllegalStateException("a mistake");
                        })))
        .isInstanceOf(IOException.class)
        .hasRootCauseMessage("a mistake");
  }

  @Test
  void callsThatWaitForTheSameChallengeShareOneStepUp() throws Exception {
    int calls = 5;
    CountDownLatch allRefused = new CountDownLatch(calls);
    CountDownLatch arrived = new CountDownLatch(calls);
    api.endpoint(
        "/pay",
        request -> {
          if ("strong".equals(request.bearerToken())) {
            return new MockResponse.Builder().code(200).build();
          }
          arrived.countDown();
          return new MockResponse.Builder()
              .code(401)
              .addHeader("WWW-Authenticate", STRONGER)
              .build();
        });
    OkHttpClient client =
        stepping(
            (challenge, refused) -> {
              challenges.add(challenge);
              await(arrived);
              await(allRefused);
              return strong;
            });
    OkHttpClient counting =
        client
            .newBuilder()
            .addNetworkInterceptor(
                chain -> {
                  Response response = chain.proceed(chain.request());
                  allRefused.countDown();
                  return response;
                })
            .build();
    ExecutorService threads = Executors.newFixedThreadPool(calls);
    try {
      List<Future<Integer>> codes = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        codes.add(
            threads.submit(
                () -> {
                  try (Response response = pay(counting)) {
                    return response.code();
                  }
                }));
      }
      for (Future<Integer> code : codes) {
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(challenges.size()).isLessThan(calls);
  }

  private int code(OkHttpClient client, String path) throws IOException {
    try (Response response =
        client.newCall(new Request.Builder().url(api.url(path)).build()).execute()) {
      return response.code();
    }
  }

  /** Another challenge, or another token: the answer to the first is none to the second. */
  @ParameterizedTest
  @CsvSource({"weak, insufficient_scope", "weaker, insufficient_user_authentication"})
  void whoWaitsForTheAnswerToAnotherQuestionAsksAnew(String token, String error) throws Exception {
    api.endpoint(
        "/read",
        request ->
            "strong".equals(request.bearerToken())
                ? new MockResponse.Builder().build()
                : new MockResponse.Builder()
                    .code(403)
                    .addHeader(
                        "WWW-Authenticate",
                        STRONGER.replace("insufficient_user_authentication", error))
                    .build());
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<AccessToken> current = new AtomicReference<>(weak);
    List<String> questions = Collections.synchronizedList(new ArrayList<>());
    OkHttpClient client =
        new OAuthInterceptor(current::get, api.issuer())
            .stepUp(
                (challenge, refused) -> {
                  questions.add(refused.value().reveal() + " " + challenge.error());
                  asked.countDown();
                  await(goOn);
                  return strong;
                })
            .install(new OkHttpClient());

    Crowd<Integer> first = Crowd.start(1, () -> code(client, "/pay"));
    await(asked);
    current.set(bearer(token));
    Crowd<Integer> second = Crowd.start(1, () -> code(client, "/read")).awaitWaiting(1);
    goOn.countDown();

    assertThat(first.await().results()).containsExactly(200);
    assertThat(second.await().results()).containsExactly(200);
    assertThat(questions)
        .containsExactly("weak insufficient_user_authentication", token + " " + error);
  }

  @Test
  void aCallThatEndsWithAnExceptionLeavesNoConnectionBehind() {
    ConnectionPool pool = new ConnectionPool();
    OkHttpClient base = new OkHttpClient.Builder().connectionPool(pool).build();
    for (Exception failure :
        new Exception[] {new IOException("the user has left"), new RuntimeException("a mistake")}) {
      OkHttpClient client =
          interceptor()
              .stepUp(
                  (challenge, refused) -> {
                    if (failure instanceof IOException e) {
                      throw e;
                    }
                    throw (RuntimeException) failure;
                  })
              .install(base);

      assertThatThrownBy(() -> pay(client)).isInstanceOf(IOException.class);

      assertThat(pool.connectionCount()).isEqualTo(1);
      assertThat(pool.idleConnectionCount()).isEqualTo(1);
    }
  }

  /** What cannot be read says nothing: the token may have ended. */
  @Test
  void aChallengeThatCannotBeReadIsNone() throws IOException {
    wanting(401, "Bearer realm=\"x");

    pay(stepping()).close();

    assertThat(invalidated).containsExactly(weak);
    assertThat(challenges).isEmpty();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
