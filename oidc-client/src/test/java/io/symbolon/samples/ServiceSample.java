package io.symbolon.samples;

import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A service that calls a protected API in its own name. */
final class ServiceSample {
  private ServiceSample() {}

  static String report(String issuer, Secret secret, String apiOrigin) throws IOException {
    // README: service
    OAuthClient oauth =
        OAuthClient.builder().issuer(issuer).clientId("reports").clientSecret(secret).build();
    TokenSource tokens = oauth.clientCredentials().scope("reports.read").tokenSource();
    OkHttpClient api = new OAuthInterceptor(tokens, apiOrigin).install(new OkHttpClient());
    // README: end
    Request request = new Request.Builder().url(apiOrigin + "/api/reports").build();
    try (Response response = api.newCall(request).execute()) {
      return response.code() + " " + response.body().string();
    }
  }
}
