package io.symbolon.cli.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2DeviceVerificationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Spring Authorization Server with one user, a few clients, a login form and no consent page. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class AuthorizationServerConfiguration {
  private final String issuer;
  private final String api;
  private final DemoClients clients;

  /** Two large primes take a while to find: the search runs beside the rest of the start. */
  private final CompletableFuture<RSAKey> signingKey =
      CompletableFuture.supplyAsync(AuthorizationServerConfiguration::newSigningKey);

  AuthorizationServerConfiguration(String issuer, String api, DemoClients clients) {
    this.issuer = issuer;
    this.api = api;
    this.clients = clients;
  }

  @Bean
  SecurityFilterChain filters(HttpSecurity http, RegisteredClientRepository registered) {
    PublicClientAuthentication publicClients = new PublicClientAuthentication(registered);
    return http.oauth2AuthorizationServer(
            server ->
                server
                    .clientAuthentication(
                        client ->
                            client
                                .authenticationConverter(publicClients)
                                .authenticationProvider(publicClients))
                    .pushedAuthorizationRequestEndpoint(Customizer.withDefaults())
                    .deviceAuthorizationEndpoint(device -> device.verificationUri("/activate"))
                    .deviceVerificationEndpoint(
                        device ->
                            device.authenticationProviders(list -> list.forEach(this::skipConsent)))
                    .authorizationServerMetadataEndpoint(
                        endpoint ->
                            endpoint.authorizationServerMetadataCustomizer(
                                // Spring knows of no scopes but openid, and of no clients without a
                                // secret.
                                metadata ->
                                    metadata
                                        .scopes(DemoClients::list)
                                        .tokenEndpointAuthenticationMethod("none")))
                    .oidc(
                        oidc ->
                            oidc.providerConfigurationEndpoint(
                                endpoint ->
                                    endpoint.providerConfigurationCustomizer(
                                        metadata ->
                                            metadata
                                                .scopes(DemoClients::list)
                                                .tokenEndpointAuthenticationMethod("none")))))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .formLogin(Customizer.withDefaults())
        .build();
  }

  private void skipConsent(Object provider) {
    if (provider instanceof OAuth2DeviceVerificationAuthenticationProvider verification) {
      verification.setAuthorizationConsentRequired(context -> false);
    }
  }

  @Bean
  AuthorizationServerSettings settings() {
    return AuthorizationServerSettings.builder().issuer(issuer).build();
  }

  @Bean
  RegisteredClientRepository registered() {
    return clients.repository();
  }

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername(DemoServer.USERNAME)
            .password(DemoServer.PASSWORD)
            .authorities(List.of())
            .build());
  }

  /** Secrets that live as long as this process need no slow hash. */
  @Bean
  PasswordEncoder secrets() {
    return new PasswordEncoder() {
      @Override
      public @Nullable String encode(@Nullable CharSequence secret) {
        return secret == null ? null : secret.toString();
      }

      @Override
      public boolean matches(@Nullable CharSequence given, @Nullable String expected) {
        return given != null
            && expected != null
            && MessageDigest.isEqual(bytes(given), bytes(expected));
      }

      private byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  private static RSAKey newSigningKey() {
    try {
      return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java has no RSA", e);
    }
  }

  @Bean
  JWKSource<SecurityContext> signingKeys() {
    return new ImmutableJWKSet<>(new JWKSet(signingKey.join()));
  }

  @Bean
  JwtDecoder decoder(JWKSource<SecurityContext> keys) {
    return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
  }

  @Bean
  OAuth2TokenGenerator<OAuth2Token> tokens(JWKSource<SecurityContext> keys) {
    JwtGenerator jwts = new JwtGenerator(new NimbusJwtEncoder(keys));
    jwts.setJwtCustomizer(this::addClaims);
    return new DelegatingOAuth2TokenGenerator(jwts, AuthorizationServerConfiguration::refreshToken);
  }

  private void addClaims(JwtEncodingContext context) {
    if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
      context.getClaims().audience(List.of(api));
      return;
    }
    Set<String> scopes = context.getAuthorizedScopes();
    if (scopes.contains("profile"))
      context.getClaims().claim("name", "Ada Lovelace").claim("given_name", "Ada");
    if (scopes.contains("email"))
      context.getClaims().claim("email", "ada@example.com").claim("email_verified", true);
  }

  /**
   * Spring's own generator refuses public clients; rotation makes a refresh token safe enough for
   * them (RFC 9700).
   */
  private static @Nullable OAuth2RefreshToken refreshToken(OAuth2TokenContext context) {
    if (!OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())) return null;
    Duration lifetime =
        context.getRegisteredClient().getTokenSettings().getRefreshTokenTimeToLive();
    Instant now = Instant.now();
    return new OAuth2RefreshToken(DemoClients.randomSecret(), now, now.plus(lifetime));
  }
}
