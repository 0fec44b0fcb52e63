package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ScriptTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void refusalsComeInOrderAndThenAllIsWell() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.refuseNext("invalid_grant").refuseNext("invalid_client");
    app.server.refuseNext("temporarily_unavailable");

    App.Answer first = app.refresh(token);
    App.Answer second = app.refresh(token);
    App.Answer third = app.refresh(token);

    assertThat(first.status()).isEqualTo(400);
    assertThat(first.string("error")).isEqualTo("invalid_grant");
    assertThat(first.headers().get("Cache-Control")).isEqualTo("no-store");
    assertThat(second.status()).isEqualTo(401);
    assertThat(second.headers().get("WWW-Authenticate")).startsWith("Basic ");
    assertThat(third.status()).isEqualTo(503);
    assertThat(app.refresh(token).status()).isEqualTo(200);
  }

  @Test
  void aRefusalMayUseOtherWords() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.refuseNext(
        429, "<h1>slow down</h1>", "Retry-After", "60", "Content-Type", "text/html");

    App.Answer answer = app.refresh("any");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.text()).isEqualTo("<h1>slow down</h1>");
    assertThat(answer.headers().get("Retry-After")).isEqualTo("60");
    assertThat(answer.headers().values("Content-Type")).containsExactly("text/html");
    assertThat(answer.headers().get("Date")).isNotNull();
    assertThatThrownBy(() -> app.server.refuseNext(400, "", "lonely"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyAnswerCanBeGiven() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.answerNext(new MockResponse.Builder().code(200).body("{\"access").build());

    assertThat(app.refresh("any").text()).isEqualTo("{\"access");
  }

  @Test
  void aTrueAnswerCanBeAltered() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.alterNext(it -> it.newBuilder().code(500).build());

    App.Answer altered = app.refresh(token);

    assertThat(altered.status()).isEqualTo(500);
    assertThat(app.refresh(altered.string("refresh_token")).status()).isEqualTo(200);
  }

  @Test
  void theTokenEndpointGoesDownAndKeepsThePlan() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.down(true).refuseNext("invalid_scope");

    assertThat(app.refresh(token).status()).isEqualTo(503);
    assertThat(app.get(app.server.jwksUri()).status()).isEqualTo(200);
    app.server.down(false);
    assertThat(app.refresh(token).string("error")).isEqualTo("invalid_scope");
    assertThat(app.refresh(token).status()).isEqualTo(200);
    assertThat(app.server.tokenRequestCount()).isEqualTo(4);
  }

  @Test
  void everythingGoesDown() throws Exception {
    App app = App.publicClient(extension.server().downAll(true));

    assertThat(app.get(app.server.jwksUri()).status()).isEqualTo(503);
    assertThat(app.get(app.server.url("/api/x")).status()).isEqualTo(503);
    app.server.downAll(false);
    assertThat(app.get(app.server.jwksUri()).status()).isEqualTo(200);
  }

  @Test
  void aHeldAnswerWaitsForTheTest() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    Held held = app.server.holdNext();

    Future<App.Answer> answer = threads.submit(() -> app.refresh(token));
    held.awaitArrival(SOON);

    assertThat(held.hasArrived()).isTrue();
    assertThat(answer).isNotDone();
    assertThat(app.refresh(token).string("error")).as("it is spent").isEqualTo("invalid_grant");
    held.release();
    assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void nothingArrivesWhereNothingIsSent() {
    Held held = extension.server().holdNext();

    assertThat(held.hasArrived()).isFalse();
    assertThatThrownBy(() -> held.awaitArrival(Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no request to /token arrived within PT0.001S");
  }

  @Test
  void anAnswerReleasedBeforehandIsNotHeld() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.holdNext().release();
    assertThat(app.login("orders").status()).isEqualTo(200);
  }

  @Test
  void aDelayIsAtLeastAsLongAsItShouldBe() throws Exception {
    App app = App.publicClient(extension.server().delayNext(Duration.ofMillis(150)));

    long start = System.nanoTime();
    assertThat(app.refresh("any").status()).isEqualTo(400);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
  }

  @Test
  void aClientMayGiveUpOnADelay() throws Exception {
    OkHttpClient hasty = new OkHttpClient.Builder().callTimeout(Duration.ofMillis(100)).build();
    extension.server().publicClient("app").delayNext(Duration.ofMinutes(1));
    App app = new App(extension.server(), "app", hasty);

    assertThatThrownBy(() -> app.refresh("any")).isInstanceOf(IOException.class);
  }

  @Test
  void aCutBeforeProcessingSpendsNothing() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.cutNext(Cut.BEFORE_PROCESSING);

    assertThatThrownBy(() -> app.refresh(token)).isInstanceOf(IOException.class);

    assertThat(app.server.tokenRequestCount()).isEqualTo(2);
    assertThat(app.refresh(token).status()).isEqualTo(200);
  }

  @Test
  void aCutBeforeTheAnswerSpendsTheToken() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.cutNext(Cut.BEFORE_ANSWER);

    assertThatThrownBy(() -> app.refresh(token)).isInstanceOf(IOException.class);

    assertThat(app.refresh(token).string("error")).isEqualTo("invalid_grant");
    assertThat(app.server.reuseDetections()).isEqualTo(1);
  }

  @Test
  void aCutInTheBodySpendsTheToken() throws Exception {
    App app = App.publicClient(extension.server());
    String token = app.login("orders").string("refresh_token");
    app.server.cutNext(Cut.MID_BODY);

    assertThatThrownBy(() -> app.refresh(token)).isInstanceOf(IOException.class);

    assertThat(app.refresh(token).string("error")).isEqualTo("invalid_grant");
  }

  @Test
  void aCutAfterTheAnswerLosesNothing() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.cutNext(Cut.AFTER_ANSWER);
    assertThat(app.login("orders").status()).isEqualTo(200);
  }

  @Test
  void withGraceALostAnswerCanBeAskedForAgain() throws Exception {
    App app = App.publicClient(extension.server().rotationGrace(1));
    String token = app.login("orders").string("refresh_token");
    app.server.cutNext(Cut.BEFORE_ANSWER);
    assertThatThrownBy(() -> app.refresh(token)).isInstanceOf(IOException.class);

    assertThat(app.refresh(token).status()).isEqualTo(200);
    assertThat(app.server.reuseDetections()).isZero();
  }

  @Test
  void otherPathsHaveAScriptOfTheirOwn() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.answerNext("/jwks", new MockResponse.Builder().body("{").build());
    app.server.cutNext("/api/x", Cut.BEFORE_ANSWER);
    app.server.alterNext("/userinfo", it -> it.newBuilder().code(500).build());
    Held discovery = app.server.holdNext("/.well-known/openid-configuration");
    String token = app.login("openid").string("access_token");

    assertThat(app.get(app.server.jwksUri()).text()).isEqualTo("{");
    assertThat(app.get(app.server.jwksUri()).json()).containsKey("keys");
    assertThatThrownBy(() -> app.get(app.server.url("/api/x"), token))
        .isInstanceOf(IOException.class);
    assertThat(app.get(app.server.url("/api/x"), token).status()).isEqualTo(200);
    assertThat(app.get(app.server.userInfoEndpoint(), token).status()).isEqualTo(500);
    String url = app.server.url("/.well-known/openid-configuration");
    Future<App.Answer> held = threads.submit(() -> app.get(url));
    discovery.awaitArrival(SOON);
    assertThat(held).isNotDone();
    discovery.release();
    assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void parallelRequestsTakeOneStepEach() throws Exception {
    App app = App.publicClient(extension.server());
    for (int i = 0; i < 20; i++) app.server.refuseNext("slow_down");

    Future<?>[] answers = new Future<?>[40];
    for (int i = 0; i < 40; i++) answers[i] = threads.submit(() -> app.refresh("any"));

    int refused = 0;
    for (Future<?> answer : answers) {
      if (((App.Answer) answer.get(10, TimeUnit.SECONDS)).text().contains("slow_down")) refused++;
    }
    assertThat(refused).isEqualTo(20);
    assertThat(app.server.tokenRequestCount()).isEqualTo(40);
  }

  @Test
  void aFailingFunctionOfTheTestIsAnsweredWith500() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.tokenResponse(
        body -> {
          throw new IllegalStateException("oops");
        });

    App.Answer answer = app.login("orders");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).contains("oops");
  }

  @Test
  void arrivalsCanBeWaitedFor() throws Exception {
    App app = App.publicClient(extension.server());
    Future<?> sender =
        threads.submit(
            () -> {
              app.refresh("1");
              return app.refresh("2");
            });

    app.server.awaitTokenRequests(2, SOON);

    assertThat(app.server.lastTokenRequest().form()).containsEntry("refresh_token", "2");
    sender.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> app.server.awaitTokenRequests(3, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("2 requests to /token arrived within PT0.001S, not 3");
  }

  @Test
  void thereIsNoLastRequestBeforeTheFirst() {
    assertThatThrownBy(() -> extension.server().lastTokenRequest())
        .isInstanceOf(IllegalStateException.class);
  }
}
