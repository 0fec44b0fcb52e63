package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.ScriptedBrowser;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("keycloak")
class KeycloakSmokeTest {
  @AutoClose private static KeycloakProcess keycloak;
  private static final OkHttpClient http = new OkHttpClient();

  @BeforeAll
  static void start() {
    keycloak = KeycloakProcess.start();
  }

  @Test
  void theDiscoveryDocumentNamesTheIssuerItWasFetchedFrom() throws IOException {
    Request discovery =
        new Request.Builder().url(keycloak.issuer() + "/.well-known/openid-configuration").build();
    try (Response response = http.newCall(discovery).execute()) {
      assertThat(response.body().string()).contains("\"issuer\":\"" + keycloak.issuer() + "\"");
    }
  }

  @Test
  void aliceSignsIn() throws IOException {
    String url =
        HttpUrl.get(keycloak.issuer() + "/protocol/openid-connect/auth")
            .newBuilder()
            .addQueryParameter("response_type", "code")
            .addQueryParameter("client_id", "conf")
            .addQueryParameter("redirect_uri", "http://127.0.0.1:1/callback")
            .addQueryParameter("scope", "openid")
            .addQueryParameter("state", "s")
            .toString();
    ScriptedBrowser alice =
        ScriptedBrowser.of(http, KeycloakProcess.USERNAME, KeycloakProcess.PASSWORD);
    HttpUrl callback = alice.callback(url).url();
    assertThat(callback.queryParameter("state")).isEqualTo("s");
    assertThat(callback.queryParameter("iss")).isEqualTo(keycloak.issuer());
    assertThat(callback.queryParameter("code")).isNotEmpty();
  }
}
