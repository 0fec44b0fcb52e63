package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.cli.demo.ScriptedBrowser;
import java.io.IOException;
import java.util.List;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
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
    assertThat(get(op.issuer() + "/.well-known/openid-configuration"))
        .contains("\"issuer\":\"" + op.issuer() + "\"");
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

  @Test
  void aDeviceIsConnectedByVisitingItsUrl() throws IOException {
    FormBody form =
        new FormBody.Builder().add("client_id", "native").add("scope", "openid").build();
    String device = post(op.http(), op.issuer() + "/device/auth", form);
    String url = device.replaceAll(".*\"verification_uri_complete\":\"([^\"]+)\".*", "$1");
    ScriptedBrowser ada = ScriptedBrowser.of(op.http(), "ada", "anything");
    assertThat(ada.visit(url)).contains("Sign-in Success");
  }

  @Test
  void aCertificateAuthenticatesAtTheSecondPort() throws IOException {
    String discovery = get(op.issuer() + "/.well-known/openid-configuration");
    String token =
        discovery.replaceAll(
            ".*\"mtls_endpoint_aliases\":\\{\"token_endpoint\":\"([^\"]+)\".*", "$1");
    for (String client : List.of("mtls-self", "mtls-pki")) {
      FormBody form =
          new FormBody.Builder()
              .add("client_id", client)
              .add("grant_type", "client_credentials")
              .build();
      assertThat(post(op.mtlsHttp(), token, form)).contains("access_token");
      assertThat(post(op.http(), token, form)).contains("invalid_client");
    }
  }

  private static String get(String url) throws IOException {
    return send(op.http(), new Request.Builder().url(url).build());
  }

  private static String post(OkHttpClient http, String url, FormBody form) throws IOException {
    return send(http, new Request.Builder().url(url).post(form).build());
  }

  private static String send(OkHttpClient http, Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return response.body().string();
    }
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
