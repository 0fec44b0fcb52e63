package io.symbolon.samples;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.Challenge;
import io.symbolon.oauth.Introspection;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.OAuthInterceptor;
import io.symbolon.oauth.ProtectedResource;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.StepUp;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.registration.ClientMetadata;
import io.symbolon.oauth.registration.ClientRegistration;
import io.symbolon.oauth.registration.RegistrationEndpoint;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** Introspection, revocation, registration, step-up and protected resource metadata. */
final class AroundTheTokenSample {
  private AroundTheTokenSample() {}

  static boolean mayRead(OAuthClient oauth, Secret token) throws IOException {
    // README: introspect
    Introspection introspection = oauth.introspect(token).forAudience("https://api.example.com");
    boolean mayRead = introspection.isActive() && introspection.scope().contains("orders.read");
    // README: end
    return mayRead;
  }

  static void logOut(OAuthClient oauth, TokenStore store, String user) throws IOException {
    // README: revoke
    oauth.revoke(store, user);
    // README: end
  }

  static OAuthClient register(AuthorizationServer server, OkHttpClient http) throws IOException {
    // README: register
    ClientRegistration registration =
        RegistrationEndpoint.of(server, http)
            .register(ClientMetadata.empty().redirectUris("https://shop.example.com/callback"));
    OAuthClient oauth = registration.client(server).build();
    // README: end
    return oauth;
  }

  static OkHttpClient stepUp(TokenSource tokens, StepUp loginAgain) {
    // README: step-up
    OkHttpClient api =
        new OAuthInterceptor(tokens, "https://api.example.com")
            .stepUp(loginAgain)
            .install(new OkHttpClient());
    // README: end
    return api;
  }

  static List<String> servers(Response response, OkHttpClient http) throws IOException {
    // README: resource
    Challenge challenge = Challenge.of(response.headers()).get(0);
    ProtectedResource resource =
        ProtectedResource.fetch("https://api.example.com/orders", challenge, http);
    // README: end
    return resource.authorizationServers();
  }
}
