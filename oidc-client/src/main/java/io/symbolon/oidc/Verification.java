package io.symbolon.oidc;

import io.symbolon.oauth.AuthorizationServer;
import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Profile;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.Verdict;
import io.symbolon.oauth.internal.jose.KeySet;
import io.symbolon.oauth.internal.jose.RemoteKeySet;
import io.symbolon.oauth.internal.jose.SignatureAlgorithm;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** How a client verifies what its provider signs: by which keys, algorithms and rules. */
final class Verification {
  private final OAuthClient oauth;
  private final RemoteKeySet keys;
  private final Clock clock;
  private final @Nullable Secret clientSecret;
  private final @Nullable Set<String> algorithms;
  private final Set<String> userInfoAlgorithms;
  private final Set<String> idTokenTypes;
  private final @Nullable Profile profile;
  private final Set<String> trustedAudiences;
  private final Duration clockLeeway;
  private final Duration maxIdTokenAge;
  private final Decryption idTokenDecryption;
  private final Decryption userInfoDecryption;

  Verification(OidcClient.Builder settings, OAuthClient oauth, RemoteKeySet keys) {
    this.oauth = oauth;
    this.keys = keys;
    this.clock = settings.clock;
    this.clientSecret = settings.clientSecret;
    this.algorithms = settings.algorithms;
    this.userInfoAlgorithms = settings.userInfoAlgorithms;
    this.idTokenTypes = settings.idTokenTypes;
    this.profile = settings.profile;
    this.trustedAudiences = settings.trustedAudiences;
    this.clockLeeway = settings.clockLeeway;
    this.maxIdTokenAge = settings.maxIdTokenAge;
    this.idTokenDecryption = settings.decryption(settings.idTokenKeys);
    this.userInfoDecryption = settings.decryption(settings.userInfoKeys);
  }

  /** The ID token of an answer, verified. */
  IdToken idToken(@Nullable Object idToken, IdTokenExpectation expectation) throws IOException {
    if (idToken instanceof String text) {
      return verifier().verify(text, expectation);
    }
    throw new InvalidResponseException(
        "malformed_response",
        "the server sent no id_token although openid was asked for",
        Verdict.about("the token response of " + oauth.server())
            .failed("id_token", "a signed JWT", "none", "OpenID Connect Core §3.1.3.3")
            .fix("make sure that the client may ask for the scope openid")
            .build());
  }

  private IdTokenVerifier verifier() throws IOException {
    AuthorizationServer server = oauth.server();
    return new IdTokenVerifier(rules(server), signature(server, idTokenDecryption), idTokenTypes);
  }

  /** What every statement of the server must fulfil. */
  IdTokenRules rules(AuthorizationServer server) {
    return new IdTokenRules(
        KnownIssuer.of(server),
        oauth.clientId(),
        trustedAudiences,
        clockLeeway,
        maxIdTokenAge,
        clock,
        oauth.clockOffset());
  }

  private JwtSignature signature(AuthorizationServer server, Decryption decryption) {
    return new JwtSignature(
        algorithms(server),
        "idTokenAlgorithms(…)",
        clientSecret,
        new IssuerKeys(server),
        decryption);
  }

  /** Of user info. */
  JwtSignature ofUserInfo(AuthorizationServer server) {
    Set<String> announced = publicKeyAlgorithms(server, "userinfo_signing_alg_values_supported");
    Set<String> allowed = announced.isEmpty() ? algorithms(server) : announced;
    return new JwtSignature(
        userInfoAlgorithms.isEmpty() ? allowed : userInfoAlgorithms,
        "userInfoAlgorithms(…)",
        clientSecret,
        new IssuerKeys(server),
        userInfoDecryption);
  }

  /** Of a claim that one provider vouches for and another one passes on. */
  JwtSignature ofClaim(AuthorizationServer server) {
    return signature(server, Decryption.NONE);
  }

  /** Of a logout token, which need not be encrypted when ID tokens are. */
  JwtSignature ofLogoutToken(AuthorizationServer server) {
    return signature(server, idTokenDecryption.optional());
  }

  /** The keys that the server publishes. */
  private final class IssuerKeys implements JwtSignature.Keys {
    private final AuthorizationServer server;

    IssuerKeys(AuthorizationServer server) {
      this.server = server;
    }

    @Override
    public KeySet keys(@Nullable String keyId) throws IOException {
      return keys.keys(url(), keyId);
    }

    @Override
    public KeySet fresherThan(KeySet seen) throws IOException {
      return keys.fresherThan(url(), seen);
    }

    private HttpUrl url() throws InvalidResponseException {
      return OidcClient.existing(server, "jwks_uri", "OpenID Connect Discovery §3");
    }
  }

  /** Without a wish of the program: what the server announces, but never none and never a MAC. */
  private Set<String> algorithms(AuthorizationServer server) {
    Set<String> allowed = new LinkedHashSet<>(wantedAlgorithms(server));
    if (profile != null) {
      allowed.retainAll(profile.signatureAlgorithms());
    }
    return allowed;
  }

  private Set<String> wantedAlgorithms(AuthorizationServer server) {
    if (algorithms != null) {
      return algorithms;
    }
    return server.strings("id_token_signing_alg_values_supported") == null
        ? Collections.singleton("RS256")
        : publicKeyAlgorithms(server, "id_token_signing_alg_values_supported");
  }

  private static Set<String> publicKeyAlgorithms(AuthorizationServer server, String metadataName) {
    List<String> announced = server.strings(metadataName);
    Set<String> usable = new LinkedHashSet<>();
    for (String name : announced == null ? Collections.<String>emptyList() : announced) {
      SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
      if (algorithm != null && !algorithm.isSymmetric()) {
        usable.add(name);
      }
    }
    return usable;
  }
}
