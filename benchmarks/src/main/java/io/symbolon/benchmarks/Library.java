package io.symbolon.benchmarks;

import com.google.auth.oauth2.UserCredentials;
import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;

/**
 * Ways of having a token at hand, each put together as its documentation does it. Those with a
 * setting for it renew as early as Symbolon does by itself: callers wait in the last tenth of a
 * token's life, and what can renews without them in the last fifth.
 */
enum Library {
  SYMBOLON {
    @Override
    Tokens tokens(URI tokenEndpoint, Duration lifetime) {
      TokenSource tokens = symbolon(tokenEndpoint);
      return () -> tokens.token().value().reveal();
    }
  },
  SPRING_SECURITY {
    @Override
    Tokens tokens(URI tokenEndpoint, Duration lifetime) {
      OAuth2AuthorizedClientManager manager = spring(tokenEndpoint, lifetime.dividedBy(10));
      return () -> manager.authorize(springRequest()).getAccessToken().getTokenValue();
    }
  },
  GOOGLE_AUTH {
    @Override
    Tokens tokens(URI tokenEndpoint, Duration lifetime) {
      UserCredentials credentials = google(tokenEndpoint, lifetime);
      return () ->
          bearer(credentials.getRequestMetadata(tokenEndpoint).get("Authorization").get(0));
    }
  },
  /** What one writes by hand: a token, its end, and a lock. */
  SYNCHRONIZED {
    @Override
    Tokens tokens(URI tokenEndpoint, Duration lifetime) {
      return synchronizedTokens(tokenEndpoint, lifetime.dividedBy(10))::token;
    }
  };

  /** Whoever has a token, now. */
  @FunctionalInterface
  interface Tokens {
    String token() throws IOException;
  }

  private static final String CLIENT_ID = "reports";
  private static final String SECRET = "s3cret";

  /** A new cache without a token, for tokens that live that long. */
  abstract Tokens tokens(URI tokenEndpoint, Duration lifetime);

  static TokenSource symbolon(URI tokenEndpoint) {
    return client(tokenEndpoint).clientCredentials().tokenSource();
  }

  static SynchronizedTokens synchronizedTokens(URI tokenEndpoint, Duration beforeEnd) {
    OAuthClient client = client(tokenEndpoint);
    return new SynchronizedTokens(() -> client.clientCredentials().execute(), beforeEnd);
  }

  private static OAuthClient client(URI tokenEndpoint) {
    return OAuthClient.builder()
        .server(AuthorizationServer.builder().tokenEndpoint(tokenEndpoint.toString()).build())
        .clientId(CLIENT_ID)
        .clientSecret(Secret.of(SECRET))
        .build();
  }

  static OAuth2AuthorizedClientManager spring(URI tokenEndpoint, Duration beforeEnd) {
    InMemoryClientRegistrationRepository registrations =
        new InMemoryClientRegistrationRepository(
            ClientRegistration.withRegistrationId(CLIENT_ID)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .clientId(CLIENT_ID)
                .clientSecret(SECRET)
                .tokenUri(tokenEndpoint.toString())
                .build());
    ClientCredentialsOAuth2AuthorizedClientProvider provider =
        new ClientCredentialsOAuth2AuthorizedClientProvider();
    provider.setClockSkew(beforeEnd);
    AuthorizedClientServiceOAuth2AuthorizedClientManager manager =
        new AuthorizedClientServiceOAuth2AuthorizedClientManager(
            registrations, new InMemoryOAuth2AuthorizedClientService(registrations));
    manager.setAuthorizedClientProvider(provider);
    return manager;
  }

  static OAuth2AuthorizeRequest springRequest() {
    return OAuth2AuthorizeRequest.withClientRegistrationId(CLIENT_ID).principal("job").build();
  }

  /** It knows no client credentials but Google's own; a refresh is the same traffic. */
  static UserCredentials google(URI tokenEndpoint, Duration lifetime) {
    return UserCredentials.newBuilder()
        .setClientId(CLIENT_ID)
        .setClientSecret(SECRET)
        .setRefreshToken("refresh")
        .setTokenServerUri(tokenEndpoint)
        .setRefreshMargin(lifetime.dividedBy(5))
        .setExpirationMargin(lifetime.dividedBy(10))
        .build();
  }

  private static String bearer(String authorization) {
    return authorization.substring("Bearer ".length());
  }
}
