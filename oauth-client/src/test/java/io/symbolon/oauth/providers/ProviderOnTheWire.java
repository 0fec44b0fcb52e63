package io.symbolon.oauth.providers;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.PendingAuthorization;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.testkit.TestClock;
import java.io.IOException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that answers as a provider would, and what a login sends it, letter by letter. */
abstract class ProviderOnTheWire {
  static final String CALLBACK = "https://app.example.com/cb";

  final MockWebServer server = new MockWebServer();
  final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
  OAuthClient client;
  String url;
  TokenSet tokens;

  @BeforeEach
  final void start() throws IOException {
    server.start();
  }

  @AfterEach
  final void stop() {
    server.close();
  }

  final void answer(String type, String body) {
    server.enqueue(new MockResponse.Builder().setHeader("Content-Type", type).body(body).build());
  }

  final OAuthClient.Builder on(OAuthClient.Builder builder) {
    return builder.httpClient(ProviderSample.everywhere(server)).clock(clock);
  }

  /** A login with the code {@code C}, of the client {@code app-1} whose secret is {@code s3}. */
  final void login(Provider provider) throws IOException {
    login(provider, "code=C");
  }

  final void login(Provider provider, String callback) throws IOException {
    login(provider, on(provider.client("app-1", Secret.of("s3"))).build(), callback);
  }

  final void login(Provider provider, OAuthClient by, String callback) throws IOException {
    client = by;
    PendingAuthorization pending = provider.authorize(client).redirectUri(CALLBACK).begin();
    String state = pending.state().reveal();
    url =
        pending
            .url()
            .toString()
            .replace(state, "STATE")
            .replaceAll("code_challenge=[A-Za-z0-9_-]{43}", "code_challenge=CHALLENGE");
    tokens = client.complete(pending, CALLBACK + "?" + callback + "&state=" + state);
  }

  /** Method, URL, the named headers that are there, and body of the next request. */
  final String next(String... headers) throws InterruptedException {
    RecordedRequest request = server.takeRequest();
    StringBuilder line = new StringBuilder(request.getMethod() + " ");
    line.append(request.getHeaders().get("X-Asked-Host")).append(request.getTarget());
    for (String header : headers) {
      String value = request.getHeaders().get(header);
      line.append(value == null ? "" : " " + value);
    }
    String body = request.getBody() == null ? "" : request.getBody().utf8();
    line.append(body.isEmpty() ? "" : " " + body);
    return line.toString().replaceAll("code_verifier=[A-Za-z0-9_-]{43}", "code_verifier=V");
  }
}
