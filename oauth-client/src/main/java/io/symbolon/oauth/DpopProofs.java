package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Shows with each request that its sender holds the key to which the tokens are bound (RFC 9449).
 * Every proof is new, and good for one request only.
 */
final class DpopProofs {
  static final String HEADER = "DPoP";
  static final String TOKEN_TYPE = "DPoP";
  private static final String ALGORITHMS = "dpop_signing_alg_values_supported";

  /** Sends a request as it is then, and authenticates it anew. */
  @FunctionalInterface
  interface Sending {
    EndpointAnswer send() throws IOException;
  }

  private final SigningKey key;
  private final SecureRandom random;
  private final Supplier<Instant> serverTime;
  private final DpopNonces nonces = new DpopNonces();

  DpopProofs(SigningKey key, SecureRandom random, Supplier<Instant> serverTime) {
    this.key = key;
    this.random = random;
    this.serverTime = serverTime;
  }

  SigningKey key() {
    return key;
  }

  DpopNonces nonces() {
    return nonces;
  }

  /** Names the key ({@code jkt}, {@code dpop_jkt}); no secret. */
  String thumbprint() {
    return key.publicHalf().thumbprint();
  }

  /**
   * Sends with a proof. A refusal that only wants a nonce spends nothing, so it is answered, once
   * (RFC 9449 §8).
   */
  EndpointAnswer exchange(EndpointRequest request, AuthorizationServer server, Sending sending)
      throws IOException {
    requireSupported(server);
    String known = nonces.of(request.url());
    EndpointAnswer answer = proved(request, known, sending);
    String nonce = nonces.of(request.url());
    if (nonce == null || nonce.equals(known) || !answer.wantsDpopNonce()) {
      return answer;
    }
    return proved(request, nonce, sending);
  }

  private EndpointAnswer proved(EndpointRequest request, @Nullable String nonce, Sending sending)
      throws IOException {
    String proof = proof("POST", request.url(), null, nonce);
    request.header(HEADER, proof);
    request.hide(proof);
    EndpointAnswer answer = sending.send();
    nonces.learn(request.url(), answer.http().header("DPoP-Nonce"));
    return answer;
  }

  private void requireSupported(AuthorizationServer server) throws InvalidResponseException {
    List<String> algorithms = server.strings(ALGORITHMS);
    if (algorithms == null || algorithms.contains(key.algorithm())) {
      return;
    }
    throw new InvalidResponseException(
        "invalid_metadata",
        "the server " + server + " takes no DPoP proofs with " + key.algorithm(),
        Verdict.about("the metadata of " + server)
            .failed(
                ALGORITHMS,
                key.algorithm() + " among them",
                Display.clean(algorithms.toString()),
                "RFC 9449 §5.1")
            .fix("make a key for one of these: SigningKey.generate(…)")
            .build());
  }

  /**
   * A proof for one request (RFC 9449 §4.2).
   *
   * @param token what goes with it to a resource; null at the server that gives tokens
   * @throws IOException when the key cannot sign, or the URL must not get a token
   */
  String proof(String method, HttpUrl url, @Nullable Secret token, @Nullable String nonce)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("jwk", key.publicHalf().members());
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", RandomText.of128Bits(random));
    claims.put("htm", method);
    claims.put("htu", target(url));
    claims.put("iat", serverTime.get().getEpochSecond());
    if (token != null) {
      claims.put("ath", hash(token));
    }
    if (nonce != null) {
      claims.put("nonce", nonce);
    }
    return key.jwt(header, claims);
  }

  /** The URL as it is sent, without query and fragment. */
  static String target(HttpUrl url) throws IOException {
    if (!url.isHttps() && !Urls.isLoopback(url.host())) {
      throw new IOException("a token goes over https only, but the URL is " + Urls.redact(url));
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw new IOException("no token for a URL with a user in it: " + Urls.redact(url));
    }
    return url.newBuilder().query(null).fragment(null).build().toString();
  }

  static String hash(Secret token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(token.reveal().getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The name of the key; nothing of its private half. */
  @Override
  public String toString() {
    return "DPoP proofs with " + key;
  }
}
