package io.symbolon.oauth.testkit;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;

/**
 * What is to go wrong, in order: each request takes the next step for its path, and without one all
 * is well.
 */
final class Script {
  private static final SocketEffect CLOSE = new SocketEffect.CloseSocket();

  private final Map<String, Queue<Step>> steps = new ConcurrentHashMap<>();
  private final List<Held> holds = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  /** One request; {@code process} does what the server would do by itself. */
  @FunctionalInterface
  private interface Step {
    MockResponse answer(Supplier<MockResponse> process) throws InterruptedException;
  }

  MockResponse play(String path, Supplier<MockResponse> process) throws InterruptedException {
    Queue<Step> planned = steps.get(path);
    Step step = planned == null ? null : planned.poll();
    return step == null ? process.get() : step.answer(process);
  }

  /** The server does not process the request. */
  void answer(String path, MockResponse response) {
    add(path, process -> response);
  }

  /** The server processes the request, and its answer is changed. */
  void alter(String path, UnaryOperator<MockResponse> change) {
    add(path, process -> change.apply(process.get()));
  }

  void cut(String path, Cut cut) {
    switch (cut) {
      case BEFORE_PROCESSING ->
          answer(path, new MockResponse.Builder().onResponseStart(CLOSE).build());
      case BEFORE_ANSWER -> alter(path, it -> it.newBuilder().onResponseStart(CLOSE).build());
      case MID_BODY -> alter(path, it -> it.newBuilder().onResponseBody(CLOSE).build());
      case AFTER_ANSWER -> alter(path, it -> it.newBuilder().onResponseEnd(CLOSE).build());
    }
  }

  Held hold(String path) {
    Held held = new Held(path);
    holds.add(held);
    if (over) held.release();
    add(
        path,
        process -> {
          MockResponse response = process.get();
          held.hold();
          return response;
        });
    return held;
  }

  private void add(String path, Step step) {
    steps.computeIfAbsent(path, it -> new ConcurrentLinkedQueue<>()).add(step);
  }

  /** Nobody waits any more. */
  void end() {
    over = true;
    holds.forEach(Held::release);
  }
}
