package io.symbolon.interop.conformance;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The REST API of a running OpenID Foundation conformance suite. What goes wrong is a {@link
 * SuiteException} of one sentence.
 */
final class ConformanceSuite {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Duration LONGEST_QUESTION = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int MAX_REASON = 300;

  private final SuiteSettings settings;
  private final Duration patience;
  private final OkHttpClient http;

  /**
   * @param patience how long a module may take to a state that is waited for
   */
  ConformanceSuite(SuiteSettings settings, Duration patience) {
    this.settings = settings;
    this.patience = patience;
    Duration longest = LONGEST_QUESTION.multipliedBy(2);
    this.http = settings.http().newBuilder().readTimeout(longest).callTimeout(longest).build();
  }

  /** How long an answer may take. */
  Duration longestAnswer() {
    return Duration.ofMillis(http.readTimeoutMillis());
  }

  /** A plan as the suite made it. */
  record Plan(String id, List<Module> modules) {}

  /** One test module of a plan, and in which variant it runs. */
  record Module(String name, Map<String, Object> variant) {
    /** Tells apart the modules of a plan that has some of them more than once. */
    String label() {
      String type = String.valueOf(variant.getOrDefault("response_type", "code"));
      return type.equals("code") ? name : name + " (" + type + ")";
    }
  }

  /** How far a module is, and what the suite says about it. */
  record Info(String status, String result) {
    boolean isOver() {
      return status.equals("FINISHED") || status.equals("INTERRUPTED");
    }
  }

  /** The names of the plans that this suite has. */
  List<String> planNames() throws SuiteException {
    String body = send(request("plan/available").build());
    try {
      return JSONArrayUtils.parse(body).stream()
          .map(plan -> String.valueOf(((Map<?, ?>) plan).get("planName")))
          .toList();
    } catch (ParseException | ClassCastException e) {
      throw unreadable("plan/available");
    }
  }

  Plan createPlan(String planName, Map<String, ?> variant, Map<String, ?> configuration)
      throws SuiteException {
    HttpUrl url =
        api("plan")
            .addQueryParameter("planName", planName)
            .addQueryParameter("variant", JSONObjectUtils.toJSONString(variant))
            .build();
    Map<String, Object> plan = post(url, JSONObjectUtils.toJSONString(configuration));
    if (!(plan.get("modules") instanceof List<?> members)) {
      throw unreadable("plan");
    }
    List<Module> modules = new ArrayList<>();
    for (Object member : members) {
      Map<?, ?> module = (Map<?, ?>) member;
      modules.add(new Module(text(module, "testModule"), object(module.get("variant"))));
    }
    return new Plan(text(plan, "id"), modules);
  }

  /** Starts a module; only one of an alias may run at a time. */
  String start(Plan plan, Module module) throws SuiteException {
    HttpUrl url =
        api("runner")
            .addQueryParameter("test", module.name())
            .addQueryParameter("plan", plan.id())
            .addQueryParameter("variant", JSONObjectUtils.toJSONString(module.variant()))
            .build();
    return text(post(url, ""), "id");
  }

  /**
   * Waits until a module is in one of the states; after our patience it may be in any.
   *
   * @param states such as {@code WAITING,FINISHED,INTERRUPTED}
   */
  Info await(String id, String states) throws SuiteException {
    List<String> wanted = List.of(states.split(","));
    long end = System.nanoTime() + patience.toNanos();
    Info info = info(id);
    while (!wanted.contains(info.status()) && System.nanoTime() < end) {
      waitForState(id, states, Duration.ofNanos(end - System.nanoTime()));
      info = info(id);
      if (!wanted.contains(info.status())) {
        pause();
      }
    }
    return info;
  }

  /** A question that the suite keeps until it can say yes; suites of old do not know it. */
  private void waitForState(String id, String states, Duration left) throws SuiteException {
    Duration timeout = left.compareTo(LONGEST_QUESTION) < 0 ? left : LONGEST_QUESTION;
    HttpUrl url =
        api("runner/" + id + "/wait-state")
            .addQueryParameter("states", states)
            .addQueryParameter("timeoutMs", Long.toString(Math.max(1, timeout.toMillis())))
            .build();
    try { // whatever it says, the module is asked for its state afterwards
      http.newCall(authorized(url).build()).execute().close();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Until the suite is asked again. */
  void pause() throws SuiteException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SuiteException("it was given up on " + settings);
    }
  }

  Info info(String id) throws SuiteException {
    Map<String, Object> info = get("info/" + id);
    return new Info(
        String.valueOf(info.get("status")), String.valueOf(info.getOrDefault("result", "-")));
  }

  /** What a module shows the client, such as {@code issuer} and {@code accounts_endpoint}. */
  Map<String, String> exposed(String id) throws SuiteException {
    Map<String, String> exposed = new LinkedHashMap<>();
    object(get("runner/" + id).get("exposed"))
        .forEach((name, value) -> exposed.put(name, String.valueOf(value)));
    return exposed;
  }

  /** Where the suite would like the user's browser to go now. */
  List<String> urlsToVisit(String id) throws SuiteException {
    Object urls = get("runner/browser/" + id).get("urls");
    return urls instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  /** Says that the user's browser went there. */
  void visited(String id, String url) throws SuiteException {
    HttpUrl visit = api("runner/browser/" + id + "/visit").addQueryParameter("url", url).build();
    send(authorized(visit).post(RequestBody.create("", null)).build());
  }

  /** Why a module did not pass, in the suite's words: the first entry of its log that failed. */
  String reason(String id) throws SuiteException {
    String body = send(request("log/" + id).build());
    try {
      return JSONArrayUtils.parse(body).stream()
          .filter(Map.class::isInstance)
          .map(entry -> (Map<?, ?>) entry)
          .filter(entry -> isFailure(entry.get("result")))
          .map(entry -> String.valueOf(entry.get("msg")))
          .findFirst()
          .orElse("");
    } catch (ParseException e) {
      throw unreadable("log/" + id);
    }
  }

  private static boolean isFailure(Object result) {
    return "FAILURE".equals(result) || "INTERRUPTED".equals(result);
  }

  private Map<String, Object> get(String path) throws SuiteException {
    return parse(path, send(request(path).build()));
  }

  private Map<String, Object> post(HttpUrl url, String json) throws SuiteException {
    String body = send(authorized(url).post(RequestBody.create(json, JSON)).build());
    return parse(url.encodedPath(), body);
  }

  private HttpUrl.Builder api(String path) {
    return settings.url().newBuilder().addPathSegments("api/" + path);
  }

  private Request.Builder request(String path) {
    return authorized(api(path).build());
  }

  private Request.Builder authorized(HttpUrl url) {
    Request.Builder request = new Request.Builder().url(url).header("Accept", "application/json");
    return settings.token() == null
        ? request
        : request.header("Authorization", "Bearer " + settings.token());
  }

  private String send(Request request) throws SuiteException {
    try (Response response = http.newCall(request).execute()) {
      String body = response.body().string();
      if (!response.isSuccessful()) {
        throw new SuiteException(
            "%s answered %s %s with HTTP status %d%s%s"
                .formatted(
                    settings,
                    request.method(),
                    request.url().encodedPath(),
                    response.code(),
                    error(body),
                    response.code() == 401 ? "; name an API token with -Dconformance.token" : ""));
      }
      return body;
    } catch (SuiteException e) {
      throw e;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** What the suite says about a call that failed; empty when it says nothing. */
  private static String error(String body) {
    try {
      Map<String, Object> members = JSONObjectUtils.parse(body);
      Object said = members.containsKey("message") ? members.get("message") : members.get("error");
      String text = said == null ? "" : String.valueOf(said);
      return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(text.length(), MAX_REASON));
    } catch (ParseException e) {
      return "";
    }
  }

  private SuiteException unreachable(IOException e) {
    return new SuiteException(settings + " does not answer: " + e.getMessage());
  }

  private Map<String, Object> parse(String path, String body) throws SuiteException {
    try {
      return JSONObjectUtils.parse(body);
    } catch (ParseException e) {
      throw unreadable(path);
    }
  }

  private SuiteException unreadable(String path) {
    return new SuiteException(
        settings + " answered " + path + " with something else than expected");
  }

  private String text(Map<?, ?> object, String name) throws SuiteException {
    if (object.get(name) instanceof String text) {
      return text;
    }
    throw unreadable("without " + name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
