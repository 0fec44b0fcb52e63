package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.ScriptedBrowser;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OidcProviderSmokeTest {
  @AutoClose private static OidcProviderProcess op;

  @BeforeAll
  static void start() {
    op = OidcProviderProcess.start();
  }

  @Test
  void theDiscoveryDocumentNamesTheIssuerItWasFetchedFrom() throws IOException {
    Request discovery =
        new Request.Builder().url(op.issuer() + "/.well-known/openid-configuration").build();
    try (Response response = op.http().newCall(discovery).execute()) {
      assertThat(response.body().string()).contains("\"issuer\":\"" + op.issuer() + "\"");
    }
  }

  @Test
  void aUserSignsInAndConsents() throws IOException {
    ScriptedBrowser ada = ScriptedBrowser.of(op.http(), "ada", "anything");
    HttpUrl callback = ada.callback(authorizationUrl("query")).url();
    assertThat(callback.toString()).startsWith("https://rp.localhost/cb?");
    assertThat(callback.queryParameter("state")).isEqualTo("s");
    assertThat(callback.queryParameter("iss")).isEqualTo(op.issuer());
    assertThat(callback.queryParameter("code")).isNotEmpty();
  }

  @Test
  void aFormPostArrivesAsAPost() throws IOException {
    ScriptedBrowser ada = ScriptedBrowser.of(op.http(), "ada", "anything");
    Request callback = ada.callback(authorizationUrl("form_post"));
    assertThat(callback.method()).isEqualTo("POST");
    assertThat(callback.url().toString()).isEqualTo("https://rp.localhost/cb");
  }

  private static String authorizationUrl(String responseMode) {
    return HttpUrl.get(op.issuer() + "/auth")
        .newBuilder()
        .addQueryParameter("response_type", "code")
        .addQueryParameter("response_mode", responseMode)
        .addQueryParameter("client_id", "basic")
        .addQueryParameter("redirect_uri", "https://rp.localhost/cb")
        .addQueryParameter("scope", "openid profile")
        .addQueryParameter("state", "s")
        .toString();
  }
}
