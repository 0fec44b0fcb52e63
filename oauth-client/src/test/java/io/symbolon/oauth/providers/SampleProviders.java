package io.symbolon.oauth.providers;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.Dialect;
import io.symbolon.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Providers that samples need and {@link Providers} makes for somebody in particular or not. */
public final class SampleProviders {
  static final KeyPair APPLICATION = rsa(2048);
  static final KeyPair GATEWAY = rsa(2048);
  private static final Pattern SIGNED =
      Pattern.compile(
          "(\"[a-z_]+_response\"\\s*:\\s*)(\\{.*\\})(\\s*,\\s*\"sign\".*)", Pattern.DOTALL);

  private SampleProviders() {}

  static Provider microsoft() {
    return Providers.microsoft("8b1f5ae2-3b0c-4d1e-9f6a-0f3d5c7b9a11");
  }

  static Provider microsoftMultiTenant() {
    return Providers.microsoftMultiTenant("8b1f5ae2-3b0c-4d1e-9f6a-0f3d5c7b9a11");
  }

  static Provider keycloak() {
    return Providers.keycloak("https://id.example.com", "shop");
  }

  static Provider cognito() {
    return Providers.cognito("us-west-2", "us-west-2_xxxxxxxxxx");
  }

  static Provider duende() {
    return Providers.duende("https://localhost:5001/identity");
  }

  public static Provider alipay() {
    return Providers.alipay(
        Secret.of(base64(APPLICATION.getPrivate().getEncoded())),
        base64(GATEWAY.getPublic().getEncoded()));
  }

  /** DingTalk before 2021: still there, but nothing to begin with. */
  static Provider dingtalkLegacyApp() {
    Dialect dialect =
        Dialect.builder()
            .queryRequests()
            .parameter("client_id", "appkey")
            .parameter("client_secret", "appsecret")
            .without("client_credentials", "grant_type")
            .errors("errcode", "errmsg")
            .bearerUnlessSaid()
            .build();
    return Provider.named("DingTalk legacy", "https://open.dingtalk.com/document/")
        .server(
            AuthorizationServer.builder()
                .tokenEndpoint("https://oapi.dingtalk.com/gettoken")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .build();
  }

  static Provider ebay() {
    return Providers.ebay("Example-RuName");
  }

  static Provider shopify() {
    return Providers.shopify("example.myshopify.com");
  }

  static Provider stackexchange() {
    return Providers.stackExchange("the-request-key");
  }

  /** Slack before 2020: apps that began then still speak like that. */
  static Provider slackLegacy() {
    return other(Dialect.builder().scopeSeparator(",").bearerUnlessSaid().build());
  }

  /** A service that has closed, and nothing but its token in the answer. */
  static Provider wunderlist() {
    return other(Dialect.builder().bearerUnlessSaid().build());
  }

  /** A shop system: whoever has a shop has a server. */
  static Provider plentymarkets() {
    return other(
        Dialect.builder()
            .member("tokenType", "token_type")
            .member("accessToken", "access_token")
            .member("expiresIn", "expires_in")
            .member("refreshToken", "refresh_token")
            .build());
  }

  /** A product that companies run themselves; nothing about it is unusual. */
  static Provider ping() {
    return other(Dialect.builder().build());
  }

  private static Provider other(Dialect dialect) {
    return Provider.named("Other", "https://server.example/docs")
        .server(
            AuthorizationServer.builder()
                .authorizationEndpoint("https://server.example/authorize")
                .tokenEndpoint("https://server.example/token")
                .dialect(dialect)
                .build())
        .authentication(ClientAuthentication::post)
        .build();
  }

  /** The answer as the gateway would have signed it with the key of these tests. */
  public static String signed(String answer) {
    Matcher parts = SIGNED.matcher(answer);
    if (!parts.find()) {
      throw new IllegalArgumentException("nothing to sign");
    }
    return "{" + parts.group(1) + parts.group(2) + ",\"sign\":\"" + sign(parts.group(2)) + "\"}";
  }

  static String sign(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(GATEWAY.getPrivate());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
