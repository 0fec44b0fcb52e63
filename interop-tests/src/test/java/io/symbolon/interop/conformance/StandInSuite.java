package io.symbolon.interop.conformance;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Stands in for a conformance suite: its REST API, and a few modules, each with a provider that
 * misbehaves in one way. It shows that the runner works, not that Symbolon does.
 */
final class StandInSuite implements AutoCloseable {
  /** One plan with all the modules that a test wants. */
  static final String PLAN = "oidcc-client-basic-certification-test-plan";

  private static final Set<String> ALL_OPEN =
      Set.of(
          "client_auth_type",
          "response_mode",
          "client_registration",
          "request_type",
          "response_type");
  private static final Set<String> TYPE_SET =
      Set.of("client_auth_type", "response_mode", "client_registration", "request_type");
  private static final Set<String> LOGIN_SET = Set.of("client_registration", "request_type");

  /** The variants that each plan leaves open: all must be named, and no other may be. */
  private static final Map<String, Set<String>> OPEN =
      Map.ofEntries(
          Map.entry(PLAN, LOGIN_SET),
          Map.entry("oidcc-client-formpost-basic-certification-test-plan", LOGIN_SET),
          Map.entry("oidcc-client-hybrid-certification-test-plan", LOGIN_SET),
          Map.entry("oidcc-client-config-certification-test-plan", TYPE_SET),
          Map.entry(
              "oidcc-client-dynamic-certification-test-plan",
              Set.of("client_auth_type", "response_mode")),
          Map.entry("oidcc-client-rp-initiated-logout-rp-basic", TYPE_SET),
          Map.entry("oidcc-client-back-channel-logout-rp-basic", TYPE_SET),
          Map.entry("oidcc-client-front-channel-logout-rp-basic", TYPE_SET),
          Map.entry("oidcc-client-test-3rd-party-init-login-test-plan", ALL_OPEN),
          Map.entry("oidcc-client-refreshtoken-test-plan", ALL_OPEN),
          Map.entry("oidcc-client-test-plan", ALL_OPEN));

  /** How a module behaves, and what the suite thinks of it in the end. */
  interface Behaviour {
    /** Prepares the provider. */
    void prepare(FakeAuthorizationServer provider);

    /** {@code STATUS RESULT} once the client is done; asked each time. */
    String judge(FakeAuthorizationServer provider);
  }

  private final HeldCertificate certificate =
      new HeldCertificate.Builder().commonName("nobody has signed this").build();
  private final MockWebServer server = new MockWebServer();
  private final Map<String, Behaviour> modules = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> variants = new ConcurrentHashMap<>();
  private final Map<String, Behaviour> running = new ConcurrentHashMap<>();
  private final Map<String, FakeAuthorizationServer> providers = new ConcurrentHashMap<>();
  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private final List<String> calls = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger browserQuestions = new AtomicInteger();
  private volatile Map<String, Object> client = Map.of();
  private volatile boolean canWait = true;
  private String token;

  static StandInSuite start() throws IOException {
    StandInSuite suite = new StandInSuite();
    HandshakeCertificates tls =
        new HandshakeCertificates.Builder().heldCertificate(suite.certificate).build();
    suite.server.useHttps(tls.sslSocketFactory());
    suite.server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            return suite.answer(request);
          }
        });
    suite.server.start();
    return suite;
  }

  SuiteSettings settings(String apiToken) {
    HttpUrl url = server.url("/");
    return new SuiteSettings(url, apiToken);
  }

  StandInSuite module(String name, Behaviour behaviour) {
    modules.put(name, behaviour);
    return this;
  }

  /** A module in a variant that its plan sets; {@code pairs} of names and values. */
  StandInSuite module(String name, Behaviour behaviour, String... pairs) {
    Map<String, Object> variant = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      variant.put(pairs[i], pairs[i + 1]);
    }
    variants.put(name, variant);
    return module(name, behaviour);
  }

  /** As suites were before they could keep a question. */
  StandInSuite withoutWaitState() {
    canWait = false;
    return this;
  }

  /** Nobody gets in without this token any more. */
  StandInSuite demandToken(String wanted) {
    token = wanted;
    return this;
  }

  /** A member of the client in the configuration of the last plan; null when it is not there. */
  Object client(String name) {
    return client.get(name);
  }

  /** Where the client wants to be told of logouts. */
  String backChannel() {
    return String.valueOf(client("backchannel_logout_uri"));
  }

  /** What it was asked, in order: method and path, without ids. */
  List<String> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  FakeAuthorizationServer provider(String module) {
    return providers.get(module);
  }

  private MockResponse answer(RecordedRequest request) throws InterruptedException {
    String path = request.getUrl().encodedPath().replaceFirst("^/api/", "");
    synchronized (calls) {
      calls.add(request.getMethod() + " " + path);
    }
    if (token != null && !("Bearer " + token).equals(request.getHeaders().get("Authorization"))) {
      return new MockResponse.Builder().code(401).build();
    }
    String[] parts = path.split("/");
    if (path.equals("/.well-known/webfinger")) {
      return webFinger(request.getUrl().queryParameter("resource"));
    }
    if (path.startsWith("/found/")) {
      return found(path.split("/")[2]);
    }
    if (path.startsWith("runner/browser/")) {
      return browser(parts[2]);
    }
    return switch (parts[0] + (parts.length > 2 ? "/" + parts[2] : "")) {
      case "plan" -> plan(request);
      case "runner" -> request.getMethod().equals("POST") ? start(request) : shown(parts[1]);
      case "runner/wait-state" -> waited(parts[1], request);
      case "info" -> info(parts[1]);
      case "log" ->
          json(200, "[{\"msg\":\"all is well\"},{\"result\":\"FAILURE\",\"msg\":\"too bad\"}]");
      default -> json(404, "{}");
    };
  }

  private MockResponse plan(RecordedRequest request) {
    if (request.getMethod().equals("GET")) {
      return json(
          200,
          OPEN.keySet().stream()
              .map(name -> "{\"planName\":\"" + name + "\"}")
              .collect(Collectors.joining(",", "[", "]")));
    }
    try {
      String fault =
          fault(
              OPEN.get(request.getUrl().queryParameter("planName")),
              JSONObjectUtils.parse(request.getUrl().queryParameter("variant")).keySet());
      if (fault != null) {
        return json(500, "{\"error\":\"" + fault + "\"}");
      }
      client =
          JSONObjectUtils.getJSONObject(JSONObjectUtils.parse(request.getBody().utf8()), "client");
    } catch (ParseException e) {
      return json(400, "{}");
    }
    List<Map<String, Object>> list =
        modules.keySet().stream()
            .map(
                name ->
                    Map.<String, Object>of(
                        "testModule", name.split(" ")[0], "variant", variant(name)))
            .toList();
    return json(201, JSONObjectUtils.toJSONString(Map.of("id", "plan1", "modules", list)));
  }

  private static String fault(Set<String> open, Set<String> named) {
    for (String name : open) {
      if (!named.contains(name)) {
        return "a value is required for the variant " + name;
      }
    }
    return open.containsAll(named) ? null : "the plan sets one of the variants " + named;
  }

  /** What follows the name of a module is the response type. */
  private Map<String, Object> variant(String module) {
    String[] parts = module.split(" ", 2);
    return parts.length == 1
        ? variants.getOrDefault(module, Map.of())
        : Map.of("response_type", parts[1]);
  }

  private MockResponse start(RecordedRequest request) {
    String module = request.getUrl().queryParameter("test");
    try {
      FakeAuthorizationServer provider = FakeAuthorizationServer.start();
      provider.client(
          (String) client("client_id"),
          (String) client("client_secret"),
          ClientConfiguration.REDIRECT_URI);
      Behaviour behaviour = behaviour(module);
      behaviour.prepare(provider);
      providers.put(module, provider);
      running.put(module, behaviour);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json(201, "{\"id\":\"" + module + "\"}");
  }

  /** The browser is to go to where the client begins logins, soon after its registration. */
  private MockResponse browser(String id) {
    FakeAuthorizationServer provider = providers.get(id);
    if (provider.requestCount("/register") == 0 || browserQuestions.incrementAndGet() == 1) {
      return json(200, "{\"urls\":[],\"visited\":[]}");
    }
    String url = ClientConfiguration.INITIATE_LOGIN_URI + "?iss=" + provider.issuer();
    return json(200, "{\"urls\":[\"" + url + "\"],\"visited\":[]}");
  }

  /** Which module is meant stands in the resource, at the end of its name or of its path. */
  private MockResponse webFinger(String resource) {
    String module =
        resource.startsWith("acct:")
            ? resource.substring(resource.indexOf('.') + 1, resource.indexOf('@'))
            : resource.substring(resource.lastIndexOf('/') + 1);
    return json(
        200,
        "{\"links\":[{\"rel\":\"http://openid.net/specs/connect/1.0/issuer\",\"href\":\""
            + server.url("/found/" + module)
            + "\"}]}");
  }

  /** A provider that is nothing but its metadata; the module is over when somebody asks for it. */
  private MockResponse found(String module) {
    found.add(module);
    String issuer = server.url("/found/" + module).toString();
    return json(
        200, "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\"}".formatted(issuer, issuer));
  }

  private Behaviour behaviour(String module) {
    return modules.entrySet().stream()
        .filter(entry -> entry.getKey().split(" ")[0].equals(module))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private MockResponse shown(String id) {
    String issuer = providers.get(id).issuer();
    return json(200, "{\"id\":\"" + id + "\",\"exposed\":{\"issuer\":\"" + issuer + "\"}}");
  }

  /** Keeps who waits for a state that does not come, as long as they want to wait. */
  private MockResponse waited(String id, RecordedRequest request) throws InterruptedException {
    if (!canWait) {
      return json(404, "{}");
    }
    List<String> states = List.of(request.getUrl().queryParameter("states").split(","));
    if (!states.contains(state(id).split(" ")[0])) {
      long timeout = Long.parseLong(request.getUrl().queryParameter("timeoutMs"));
      closing.await(timeout, TimeUnit.MILLISECONDS);
    }
    return json(200, "{}");
  }

  private MockResponse info(String id) {
    String[] state = state(id).split(" ");
    return json(
        200,
        state.length == 1
            ? "{\"status\":\"" + state[0] + "\"}"
            : "{\"status\":\"" + state[0] + "\",\"result\":\"" + state[1] + "\"}");
  }

  private String state(String id) {
    FakeAuthorizationServer provider = providers.get(id);
    boolean untouched = provider.requests().isEmpty() && !found.contains(id);
    return untouched ? "WAITING" : running.get(id).judge(provider);
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  public void close() {
    closing.countDown();
    providers.values().forEach(FakeAuthorizationServer::close);
    server.close();
  }
}
