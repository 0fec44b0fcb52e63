package io.symbolon.oauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ReceivedRequestTest {
  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void itShowsWhatWasSent() throws Exception {
    App app = App.publicClient(extension.server());

    app.post(
        app.server.url("/a%20b?x=1%262&x=3&y"),
        Map.of("token", "ge heim"),
        Headers.of("Authorization", "bearer abc"));

    ReceivedRequest request = app.server.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a%20b");
    assertThat(request.query()).isEqualTo("x=1%262&x=3&y");
    assertThat(request.queryParameters()).isEqualTo(Map.of("x", "1&2", "y", ""));
    assertThat(request.body()).isEqualTo("token=ge+heim");
    assertThat(request.form()).isEqualTo(Map.of("token", "ge heim"));
    assertThat(request.bearerToken()).isEqualTo("abc");
    assertThat(request.header("authorization")).isEqualTo("bearer abc");
    assertThat(request.headers().get("Content-Length")).isEqualTo("13");
  }

  @Test
  void itsTextHidesTheValues() throws Exception {
    App app = App.publicClient(extension.server());
    RequestBody json = RequestBody.create("{\"a\":\"geheim\"}", MediaType.get("application/json"));

    app.refresh("geheim");
    app.get(app.server.url("/api/x?access_token=geheim"), "geheim");
    app.send(new Request.Builder().url(app.server.url("/x")).post(json).build());

    assertThat(app.server.requests())
        .extracting(ReceivedRequest::toString)
        .containsExactly(
            "POST /token form[grant_type, refresh_token, client_id]",
            "GET /api/x query[access_token]",
            "POST /x body[██]");
  }

  @Test
  void anAssertionIsToldApartFromASecret() throws Exception {
    App app = App.publicClient(extension.server());
    app.token("grant_type", "client_credentials", "client_assertion", "ey…");
    assertThat(app.server.lastTokenRequest().clientAuthentication()).isEqualTo("private_key_jwt");
  }
}
