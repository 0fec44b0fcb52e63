package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Everything that arrived, in the order of arrival. */
final class RequestLog {
  private final List<ReceivedRequest> requests = new ArrayList<>();

  synchronized void add(ReceivedRequest request) {
    requests.add(request);
    notifyAll();
  }

  synchronized List<ReceivedRequest> all() {
    return List.copyOf(requests);
  }

  synchronized List<ReceivedRequest> to(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).toList();
  }

  synchronized void await(String path, int count, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (to(path).size() < count) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) throw tooFew(path, count, timeout);
      wait(millis);
    }
  }

  private AssertionError tooFew(String path, int count, Duration timeout) {
    return new AssertionError(
        to(path).size() + " requests to " + path + " arrived within " + timeout + ", not " + count);
  }
}
