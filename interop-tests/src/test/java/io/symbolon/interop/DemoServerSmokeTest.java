package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.DemoServer;
import io.symbolon.cli.demo.ScriptedBrowser;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoServerSmokeTest {
  @AutoClose private static DemoServer server;
  private static final OkHttpClient http = new OkHttpClient();

  @BeforeAll
  static void start() {
    server = DemoServer.start();
  }

  @Test
  void theDiscoveryDocumentNamesTheIssuerItWasFetchedFrom() throws IOException {
    Request discovery =
        new Request.Builder().url(server.issuer() + "/.well-known/openid-configuration").build();
    try (Response response = http.newCall(discovery).execute()) {
      assertThat(response.body().string()).contains("\"issuer\":\"" + server.issuer() + "\"");
    }
  }

  @Test
  void adaSignsIn() throws IOException {
    String url =
        HttpUrl.get(server.issuer() + "/oauth2/authorize")
            .newBuilder()
            .addQueryParameter("response_type", "code")
            .addQueryParameter("client_id", server.desktop())
            .addQueryParameter("redirect_uri", "http://127.0.0.1:1/callback")
            .addQueryParameter("scope", "openid")
            .addQueryParameter("state", "s")
            .addQueryParameter("code_challenge", "a-challenge-of-exactly-43-characters-012345")
            .addQueryParameter("code_challenge_method", "S256")
            .toString();
    ScriptedBrowser ada = ScriptedBrowser.of(http, DemoServer.USERNAME, DemoServer.PASSWORD);
    HttpUrl callback = ada.callback(url).url();
    assertThat(callback.queryParameter("state")).isEqualTo("s");
    assertThat(callback.queryParameter("code")).isNotEmpty();
  }
}
