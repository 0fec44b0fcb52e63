package io.symbolon.oauth.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;

/**
 * What is to go wrong, in order: each token request takes the next step, and without one all is
 * well.
 */
final class Script {
  private static final SocketEffect CLOSE = new SocketEffect.CloseSocket();

  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
  private final List<Held> holds = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  /** One token request; {@code process} does what the server would do by itself. */
  @FunctionalInterface
  private interface Step {
    MockResponse answer(Supplier<MockResponse> process) throws InterruptedException;
  }

  MockResponse play(Supplier<MockResponse> process) throws InterruptedException {
    Step step = steps.poll();
    return step == null ? process.get() : step.answer(process);
  }

  /** The server does not process the request. */
  void answer(MockResponse response) {
    steps.add(process -> response);
  }

  /** The server processes the request, and its answer is changed. */
  void alter(UnaryOperator<MockResponse> change) {
    steps.add(process -> change.apply(process.get()));
  }

  void cut(Cut cut) {
    switch (cut) {
      case BEFORE_PROCESSING -> answer(new MockResponse.Builder().onResponseStart(CLOSE).build());
      case BEFORE_ANSWER -> alter(it -> it.newBuilder().onResponseStart(CLOSE).build());
      case MID_BODY -> alter(it -> it.newBuilder().onResponseBody(CLOSE).build());
      case AFTER_ANSWER -> alter(it -> it.newBuilder().onResponseEnd(CLOSE).build());
    }
  }

  Held hold() {
    Held held = new Held();
    holds.add(held);
    if (over) held.release();
    steps.add(
        process -> {
          MockResponse response = process.get();
          held.hold();
          return response;
        });
    return held;
  }

  /** Nobody waits any more. */
  void end() {
    over = true;
    holds.forEach(Held::release);
  }
}
