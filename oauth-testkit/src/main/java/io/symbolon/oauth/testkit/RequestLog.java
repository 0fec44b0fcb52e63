package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything that arrived, in the order of arrival. */
final class RequestLog {
  private final List<ReceivedRequest> requests = new ArrayList<>();
  private final Map<String, List<ReceivedRequest>> byPath = new HashMap<>();

  synchronized void add(ReceivedRequest request) {
    requests.add(request);
    byPath.computeIfAbsent(request.path(), path -> new ArrayList<>()).add(request);
    notifyAll();
  }

  synchronized List<ReceivedRequest> all() {
    return List.copyOf(requests);
  }

  synchronized int count(String path) {
    return byPath.getOrDefault(path, List.of()).size();
  }

  synchronized @Nullable ReceivedRequest last(String path) {
    int count = count(path);
    return count == 0 ? null : byPath.getOrDefault(path, List.of()).get(count - 1);
  }

  synchronized void await(String path, int count, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (count(path) < count) {
      long left = deadline - System.nanoTime();
      if (left <= 0) throw tooFew(path, count, timeout);
      // Rounded up, because waiting for zero would be waiting for ever.
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
  }

  private AssertionError tooFew(String path, int count, Duration timeout) {
    return new AssertionError(
        count(path) + " requests to " + path + " arrived within " + timeout + ", not " + count);
  }
}
