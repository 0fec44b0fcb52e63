package io.symbolon.interop.conformance;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who the client is: what the suite is told when a plan is made, and what Symbolon is built with.
 */
final class ClientConfiguration {
  static final String REDIRECT_URI = "https://rp.symbolon.example/cb";
  static final String LOGGED_OUT_URI = "https://rp.symbolon.example/logged-out";
  static final String INITIATE_LOGIN_URI = "https://rp.symbolon.example/login";
  static final String FRONT_CHANNEL_LOGOUT_URI = "https://rp.symbolon.example/front-logout";
  static final String SCOPE = "openid profile email";

  /**
   * How long the suite waits for a client that should have stopped. In the modules that a client
   * may end in two ways the same time bounds the login, so it is not the shortest possible.
   */
  private static final int WAIT_SECONDS = 3;

  /** What a plan needs beside the smallest configuration. */
  enum Part {
    PLAIN,
    CERTIFICATE,
    BACK_CHANNEL_LOGOUT,
    FRONT_CHANNEL_LOGOUT,
    FAPI,
    CIBA
  }

  private final String alias = "symbolon-" + UUID.randomUUID().toString().substring(0, 8);
  private final String clientId = alias + "-rp";
  private final String clientSecret = "secret-" + UUID.randomUUID() + UUID.randomUUID();
  private final RSAKey key = newKey("rp");
  private final RSAKey serverKey = newKey("op");

  private static RSAKey newKey(String name) {
    try {
      return new RSAKeyGenerator(2048)
          .keyID(name)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.PS256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same key as Symbolon has it. */
  SigningKey signingKey(String algorithm) {
    return SigningKey.ofJwk(Secret.of(key.toJSONString())).algorithm(algorithm);
  }

  String alias() {
    return alias;
  }

  String clientId() {
    return clientId;
  }

  String clientSecret() {
    return clientSecret;
  }

  /** Signs what the client says. */
  RSAKey key() {
    return key;
  }

  /**
   * The configuration of a plan.
   *
   * @param backChannelLogoutUri where the suite reaches this process
   */
  Map<String, Object> forPlan(Part part, String backChannelLogoutUri) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("client_id", clientId);
    client.put("client_secret", clientSecret);
    client.put("redirect_uri", REDIRECT_URI);
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("alias", alias);
    configuration.put("description", "Symbolon");
    configuration.put("waitTimeoutSeconds", WAIT_SECONDS);
    configuration.put("client", client);
    if (part.name().endsWith("LOGOUT")) {
      client.put("post_logout_redirect_uri", LOGGED_OUT_URI);
    }
    if (part == Part.BACK_CHANNEL_LOGOUT) {
      client.put("backchannel_logout_uri", backChannelLogoutUri);
    }
    if (part == Part.CERTIFICATE) {
      client.put("tls_client_auth_subject_dn", SuiteSettings.CERTIFICATE_NAME);
    }
    if (part == Part.FRONT_CHANNEL_LOGOUT) {
      client.put("frontchannel_logout_uri", FRONT_CHANNEL_LOGOUT_URI);
      client.put("frontchannel_logout_session_required", true);
    }
    if (part == Part.FAPI || part == Part.CIBA) {
      client.remove("client_secret");
      client.put("scope", SCOPE);
      client.put("jwks", new JWKSet(key.toPublicJWK()).toJSONObject());
      client.put("certificate", SuiteSettings.CLIENT_CERTIFICATE.certificatePem());
      configuration.put("server", Map.of("jwks", new JWKSet(serverKey).toJSONObject(false)));
      configuration.put("maxWaitForAdditionalRequestSeconds", 1);
    }
    return configuration;
  }
}
