package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codes and tokens that are out there. One lock: each request sees the whole of another or
 * nothing.
 */
final class Grants {
  private static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

  private final Map<String, Code> codes = new HashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
  private final Map<String, Issued> accessTokens = new HashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final ServerClock clock;
  private final Policy policy;
  private int reuseDetections;

  Grants(ServerClock clock, Policy policy) {
    this.clock = clock;
    this.policy = policy;
  }

  synchronized String newCode(Grant grant, String redirectUri, String challenge) {
    String code = random("code");
    codes.put(code, new Code(grant, redirectUri, challenge, clock.now().plus(CODE_LIFETIME)));
    return code;
  }

  /**
   * Any attempt by its client spends a code; a second one ends what the first one got (RFC 6749,
   * section 4.1.2).
   */
  synchronized Issued redeem(
      String value, Client client, String redirectUri, String verifier, @Nullable String key) {
    Code code = codes.get(value);
    if (code == null || !code.grant.isFor(client)) throw refused("the code is unknown");
    if (code.spent) {
      code.grant.revoked = true;
      throw refused("the code was used before");
    }
    code.spent = true;
    if (code.expiresAt.isBefore(clock.now())) throw refused("the code has expired");
    if (!code.redirectUri.equals(redirectUri))
      throw refused("the code is for another redirect_uri");
    if (!code.challenge.equals(challenge(verifier))) throw refused("code_verifier does not match");
    checkKey(code.grant, key);
    // Nothing else keeps the refresh token of a public client from a thief (RFC 9449, section 5).
    code.grant.key = client.isPublic() ? key : null;
    return issue(code.grant, code.grant.scope, policy.issueRefreshTokens, key);
  }

  private static void checkKey(Grant grant, @Nullable String key) {
    if (grant.key != null && !grant.key.equals(key)) throw refused("it is bound to another key");
  }

  synchronized Issued refresh(
      String value, Client client, @Nullable String scope, @Nullable String key) {
    RefreshToken token = refreshTokens.get(value);
    if (token == null || !token.grant.isFor(client)) throw refused("the token is unknown");
    if (token.grant.revoked) throw refused("the grant was revoked");
    checkKey(token.grant, key);
    String narrowed = scope == null ? token.grant.scope : narrowed(scope, token.grant.scope);
    if (!policy.rotateRefreshTokens) return issue(token.grant, narrowed, false, key);
    if (++token.uses > 1 + policy.rotationGrace) throw reused(token.grant);
    return issue(token.grant, narrowed, true, key);
  }

  synchronized Issued issue(
      Grant grant, String scope, boolean withRefreshToken, @Nullable String key) {
    String refreshToken = withRefreshToken ? random("refresh") : null;
    if (refreshToken != null) refreshTokens.put(refreshToken, new RefreshToken(grant));
    Duration lifetime = policy.accessTokenLifetime;
    Instant expiresAt = clock.now().plus(lifetime);
    Issued issued =
        new Issued(grant, random("access"), lifetime, expiresAt, scope, refreshToken, key);
    accessTokens.put(issued.accessToken(), issued);
    return issued;
  }

  /** What the access token is good for; null if it is unknown, expired or revoked. */
  synchronized @Nullable Issued live(@Nullable String accessToken) {
    Issued issued = accessToken == null ? null : accessTokens.get(accessToken);
    if (issued == null || issued.grant().revoked) return null;
    return clock.now().isBefore(issued.expiresAt()) ? issued : null;
  }

  /** Whose the token is, access or refresh; null if it is good no longer. */
  synchronized @Nullable Grant grantOf(String token) {
    Issued issued = live(token);
    if (issued != null) return issued.grant();
    RefreshToken refresh = refreshTokens.get(token);
    if (refresh == null || refresh.grant.revoked) return null;
    boolean spent = policy.rotateRefreshTokens && refresh.uses > policy.rotationGrace;
    return spent ? null : refresh.grant;
  }

  /** An access token alone, or a refresh token and all that descends from the same login. */
  synchronized void revoke(String token, Client client) {
    Issued issued = accessTokens.get(token);
    if (issued != null && issued.grant().isFor(client)) accessTokens.remove(token);
    RefreshToken refresh = refreshTokens.get(token);
    if (refresh != null && refresh.grant.isFor(client)) refresh.grant.revoked = true;
  }

  synchronized void revokeAllAccessTokens() {
    accessTokens.clear();
  }

  synchronized int reuseDetections() {
    return reuseDetections;
  }

  private Refusal reused(Grant grant) {
    reuseDetections++;
    grant.revoked = true;
    return refused("the refresh token was used before; its whole family is revoked");
  }

  private static Refusal refused(String description) {
    return Refusal.of("invalid_grant", description);
  }

  private static String narrowed(String wanted, String granted) {
    if (List.of(granted.split(" ")).containsAll(List.of(wanted.split(" ")))) return wanted;
    throw Refusal.of("invalid_scope", "the user granted " + granted);
  }

  private String random(String kind) {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return kind + "-" + base64Url(bytes);
  }

  private static String challenge(String verifier) {
    try {
      return base64Url(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static final class Code {
    final Grant grant;
    final String redirectUri;
    final String challenge;
    final Instant expiresAt;
    boolean spent;

    Code(Grant grant, String redirectUri, String challenge, Instant expiresAt) {
      this.grant = grant;
      this.redirectUri = redirectUri;
      this.challenge = challenge;
      this.expiresAt = expiresAt;
    }
  }

  private static final class RefreshToken {
    final Grant grant;
    int uses;

    RefreshToken(Grant grant) {
      this.grant = grant;
    }
  }
}
