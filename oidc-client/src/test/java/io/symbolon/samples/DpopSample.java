package io.symbolon.samples;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.security.KeyStore;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Tokens that are bound to a key. */
final class DpopSample {
  private DpopSample() {}

  static OkHttpClient service() {
    // README: dpop
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer("https://login.example.com")
            .clientId("reports")
            .clientSecret(Secret.fromEnv("REPORTS_SECRET"))
            .dpop(SigningKey.generate("ES256"))
            .build();
    TokenSource tokens = oauth.clientCredentials().scope("reports.read").tokenSource();
    OkHttpClient api =
        new OAuthInterceptor(tokens, "https://api.example.com").install(new OkHttpClient());
    // README: end
    return api;
  }

  static OAuthClient app(KeyStore keyStore) {
    // README: dpop key
    SigningKey key = SigningKey.of(keyStore, "login.example.com", null);
    OAuthClient oauth =
        OAuthClient.builder().issuer("https://login.example.com").clientId("app").dpop(key).build();
    // README: end
    return oauth;
  }

  static OAuthClient bank(SigningKey clientKey) {
    // README: fapi
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer("https://login.bank.example")
            .clientId("payments")
            .authentication(ClientAuthentication.privateKeyJwt(clientKey))
            .dpop(SigningKey.generate("ES256"))
            .profile(Profile.FAPI_2_0)
            .build();
    // README: end
    return oauth;
  }

  static Response call(AccessToken token, HttpUrl url, Call.Factory http) throws IOException {
    // README: by hand
    Request first = new Request.Builder().url(url).headers(token.headersFor("GET", url)).build();
    Response response = http.newCall(first).execute();
    if (token.wantsAnotherProof(url, response.code(), response.headers())) {
      response.close();
      Headers again = token.headersFor("GET", url);
      response = http.newCall(first.newBuilder().headers(again).build()).execute();
    }
    // README: end
    return response;
  }
}
