package io.symbolon.oauth.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/** Which path is answered by whom. */
final class Endpoints extends Dispatcher {
  static final String AUTHORIZE = "/authorize";
  static final String PAR = "/par";
  static final String DEVICE = "/device_authorization";
  static final String BACKCHANNEL = "/backchannel";
  static final String TOKEN = "/token";
  static final String USERINFO = "/userinfo";
  static final String JWKS = "/jwks";
  static final String INTROSPECT = "/introspect";
  static final String REVOKE = "/revoke";
  static final String REGISTER = "/register";
  static final String API = "/api/";

  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final RequestLog log;
  private final ServerClock clock;
  private final Policy policy;
  private final String apiPrefix;

  Endpoints(RequestLog log, ServerClock clock, Policy policy, String issuerPath) {
    this.log = log;
    this.clock = clock;
    this.policy = policy;
    this.apiPrefix = issuerPath + API;
  }

  /** Answers the requests to one path. */
  @FunctionalInterface
  interface Handler {
    MockResponse answer(ReceivedRequest request) throws InterruptedException;
  }

  void put(String path, Handler handler) {
    handlers.put(path, handler);
  }

  @Override
  public MockResponse dispatch(RecordedRequest recorded) throws InterruptedException {
    ReceivedRequest request = ReceivedRequest.of(recorded);
    log.add(request);
    return dated(answer(request));
  }

  private MockResponse answer(ReceivedRequest request) throws InterruptedException {
    if (policy.allDown) return unavailable();
    Handler handler = handler(request.path());
    if (handler == null) return Answers.text(404, "nothing at " + request.path());
    try {
      return handler.answer(request);
    } catch (RuntimeException | AssertionError e) {
      return Answers.text(500, "the fake server failed: " + e);
    }
  }

  /** Below the prefix of the API every path exists. */
  private @Nullable Handler handler(String path) {
    Handler handler = handlers.get(path);
    return handler == null && path.startsWith(apiPrefix) ? handlers.get(apiPrefix) : handler;
  }

  static MockResponse unavailable() {
    return Answers.text(503, "down, as the test wanted");
  }

  private MockResponse dated(MockResponse response) {
    if (response.getHeaders().get("Date") != null) return response;
    return response.newBuilder().addHeader("Date", clock.httpDate()).build();
  }
}
