package io.symbolon.oidc;

import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.hostile.HostileCase;
import io.symbolon.oauth.hostile.HostileCases;
import io.symbolon.oauth.hostile.HostileKeys;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the suites with hostile ID tokens have in common. */
final class HostileIdTokens {
  static final HostileCases CASES = HostileCases.of("id_tokens");
  static final long NOW = 1767225600;
  static final String CLIENT_ID = "s6BhdRkqt3";
  static final String CODE = "SplxlOBeZQQYbYS6WxSbIA";
  static final String ACCESS_TOKEN = "2YotnFZFEjr1zCsicMWpAA";
  static final String REFRESH_TOKEN = "tGzv3JOkF0XG5Qx2TlKWIA";

  private HostileIdTokens() {}

  /** The token, made if the case only says how. */
  static String token(HostileCase hostile) throws GeneralSecurityException {
    if (hostile.text("token") != null) {
      return hostile.text("token");
    }
    Map<?, ?> recipe = hostile.object("token_gen");
    int times = ((Long) recipe.get("times")).intValue();
    String payload =
        recipe.get("payload_prefix")
            + ((String) recipe.get("repeat")).repeat(times)
            + part(recipe, "middle")
            + part(recipe, "repeat_close").repeat(times)
            + recipe.get("payload_suffix");
    return HostileKeys.signed("{\"alg\":\"RS256\",\"kid\":\"rs1\"}", payload);
  }

  private static String part(Map<?, ?> recipe, String name) {
    return recipe.containsKey(name) ? (String) recipe.get(name) : "";
  }

  static Set<String> texts(HostileCase hostile, String contextName) {
    Set<String> texts = new LinkedHashSet<>();
    Object list = hostile.context(contextName);
    ((List<?>) (list == null ? List.of() : list)).forEach(text -> texts.add((String) text));
    return texts;
  }

  /** Null for a public client, and for an empty secret, which is none. */
  static Secret clientSecret(HostileCase hostile) {
    String secret = hostile.contextText("client_secret");
    boolean none = hostile.isContext("client_type", "public") || secret.isEmpty();
    return none ? null : Secret.of(secret);
  }

  /** The keys of a client that registered encryption; empty for others. */
  static List<DecryptionKey> decryptionKeys(HostileCase hostile) {
    List<DecryptionKey> keys = new ArrayList<>();
    if (hostile.context("encryption") instanceof Map<?, ?> encryption) {
      List<?> algorithms = (List<?>) encryption.get("alg");
      for (Object name : (List<?>) encryption.get("keys")) {
        DecryptionKey key = DecryptionKey.ofJwk(Secret.of(HostileKeys.privateJwk((String) name)));
        keys.add(algorithms.size() == 1 ? key.algorithm((String) algorithms.get(0)) : key);
      }
    }
    return keys;
  }

  /** The content encryptions that it registered. */
  static Set<String> encryptions(HostileCase hostile) {
    Set<String> names = new LinkedHashSet<>();
    if (hostile.context("encryption") instanceof Map<?, ?> encryption) {
      ((List<?>) encryption.get("enc")).forEach(name -> names.add((String) name));
    }
    return names;
  }

  static String accessToken(HostileCase hostile) {
    Object accessToken = hostile.context("access_token");
    boolean withoutToken =
        hostile.isContext("channel", "authorization_endpoint") && accessToken == null;
    return withoutToken ? null : accessToken == null ? ACCESS_TOKEN : (String) accessToken;
  }

  /** The ID token that came by the browser before; null when none did. */
  @SuppressWarnings("unchecked")
  static IdToken fromBrowser(HostileCase hostile) {
    Map<String, Object> claims = (Map<String, Object>) hostile.context("front_channel_id_token");
    return claims == null ? null : new IdToken(Secret.of("of.the.browser"), claims);
  }

  /** The ID token of the login that is renewed; null when the case is a login. */
  @SuppressWarnings("unchecked")
  static IdToken original(HostileCase hostile) {
    Map<String, Object> claims = (Map<String, Object>) hostile.context("original");
    return claims == null ? null : new IdToken(Secret.of("of.the.login"), claims);
  }

  /** What must not be seen in any message. */
  static List<String> secrets(HostileCase hostile) throws GeneralSecurityException {
    List<String> secrets =
        new ArrayList<>(List.of(CODE, ACCESS_TOKEN, REFRESH_TOKEN, HostileKeys.clientSecret()));
    if (hostile.context("nonce_sent") != null) {
      secrets.add(hostile.contextText("nonce_sent"));
    }
    secrets.addAll(List.of(token(hostile).split("[.\\s]")));
    return secrets;
  }

  /** The names that our checks give to what is wrong in the case. */
  static List<String> checks(HostileCase hostile) {
    String error = hostile.text("error");
    boolean encrypts = !decryptionKeys(hostile).isEmpty();
    return switch (error) {
      case "alg" -> // "none" has no signature
          List.of(encrypts || hostile.text("token").endsWith(".") ? "format" : "alg");
      case "limits" -> List.of("format", "json");
      case "encryption" ->
          List.of("encryption", "decryption", "format", "json", "alg", "enc", "cty", "crit");
      case "refresh_mismatch" -> List.of("sub", "aud", "iat");
      case "hybrid_mismatch" -> List.of("iss", "sub");
      case "signature", "key" -> List.of("signature", "key");
      case "json" -> encrypts ? List.of("encryption") : List.of("json", "kid");
      case "exp" -> List.of("exp", "json"); // a number that no double can hold
      default -> List.of(error);
    };
  }
}
