package io.symbolon.oauth.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdTokenTest {
  private static final String SECRET = "a-secret-of-no-fewer-than-512-bits".repeat(2);

  private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  @Test
  void itSaysWhoLoggedInWhenAndForWhom() throws Exception {
    App app = App.publicClient(extension.server().user("bob", Map.of("name", "Bob")));

    App.Answer tokens = app.login("openid");

    JWTClaimsSet claims = SignedJWT.parse(tokens.string("id_token")).getJWTClaimsSet();
    assertThat(claims.toJSONObject())
        .containsOnlyKeys("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash")
        .containsEntry("iss", app.server.issuer())
        .containsEntry("sub", "bob")
        .containsEntry("aud", "app")
        .containsEntry("iat", clock.instant().getEpochSecond())
        .containsEntry("exp", clock.instant().getEpochSecond() + 300)
        .containsEntry("auth_time", clock.instant().getEpochSecond())
        .containsEntry("nonce", "n-1")
        .containsEntry("at_hash", leftHalf("SHA-256", tokens.string("access_token")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256",
        "HS384", "HS512", "EdDSA"
      })
  void theSignatureIsRight(String algorithm) throws Exception {
    FakeAuthorizationServer server = extension.server().client("app", SECRET);
    server.signIdTokensWith(algorithm);
    App app = new App(server, "app");

    App.Answer tokens =
        app.token(
            "grant_type",
            "authorization_code",
            "code",
            app.code("openid"),
            "redirect_uri",
            App.CALLBACK,
            "code_verifier",
            App.VERIFIER,
            "client_secret",
            SECRET);

    SignedJWT token = SignedJWT.parse(tokens.string("id_token"));
    String bits = algorithm.equals("EdDSA") ? "512" : algorithm.substring(2);
    assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
    assertThat(verifies(app, token)).isTrue();
    assertThat(token.getJWTClaimsSet().getStringClaim("at_hash"))
        .isEqualTo(leftHalf("SHA-" + bits, tokens.string("access_token")));
    assertThat(app.get(server.url("/.well-known/openid-configuration")).text())
        .contains("\"id_token_signing_alg_values_supported\":[\"" + algorithm + "\"]");
  }

  @Test
  void noneHasNoSignature() throws Exception {
    App app = App.publicClient(extension.server().signIdTokensWith("none"));
    assertThat(app.login("openid").string("id_token")).endsWith(".");
  }

  @Test
  void anUnknownAlgorithmIsAMistakeInTheTest() {
    assertThatThrownBy(() -> extension.server().signIdTokensWith("RS1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void claimsAndHeaderCanBeForgedUnderAGoodSignature() throws Exception {
    App app = App.publicClient(extension.server());
    app.server.idTokenClaims(claims -> claims.put("exp", null));
    app.server.idTokenHeader(header -> header.put("crit", "x"));

    String[] parts = app.login("openid").string("id_token").split("\\.");

    assertThat(json(parts[0])).containsEntry("crit", "x");
    assertThat(json(parts[1])).containsEntry("exp", null);
    JWK key = jwks(app).getKeys().get(0);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(key.toRSAKey().toPublicKey());
    signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
    assertThat(signature.verify(new Base64URL(parts[2]).decode())).isTrue();
  }

  @Test
  void theWholeTextCanBeReplaced() throws Exception {
    App app = App.publicClient(extension.server().idToken(text -> text + "x"));
    assertThat(app.login("openid").string("id_token")).endsWith("x");
  }

  @Test
  void afterARotationTheOldKeyIsStillPublished() throws Exception {
    App app = App.publicClient(extension.server());
    SignedJWT before = SignedJWT.parse(app.login("openid").string("id_token"));

    app.server.rotateSigningKey();
    SignedJWT after = SignedJWT.parse(app.login("openid").string("id_token"));

    assertThat(after.getHeader().getKeyID()).isNotEqualTo(before.getHeader().getKeyID());
    assertThat(verifies(app, before)).isTrue();
    assertThat(verifies(app, after)).isTrue();
  }

  @Test
  void afterAReplacementOnlyTheNewKeyIsPublished() throws Exception {
    App app = App.publicClient(extension.server());
    SignedJWT before = SignedJWT.parse(app.login("openid").string("id_token"));

    app.server.replaceSigningKeys();
    SignedJWT after = SignedJWT.parse(app.login("openid").string("id_token"));

    assertThat(jwks(app).getKeys()).hasSize(1);
    assertThat(jwks(app).getKeyByKeyId(before.getHeader().getKeyID())).isNull();
    assertThat(verifies(app, after)).isTrue();
  }

  @Test
  void theJwkSetCanBeForged() throws Exception {
    App app = App.publicClient(extension.server());

    app.server.jwks(document -> document.put("keys", List.of()));
    assertThat(jwks(app).getKeys()).isEmpty();
    app.server.jwks(document -> {});
    assertThat(jwks(app).getKeys()).hasSize(1);
  }

  @Test
  void twoOpenServersShareNoKey() throws Exception {
    try (FakeAuthorizationServer other = FakeAuthorizationServer.start()) {
      JWK mine = jwks(App.publicClient(extension.server())).getKeys().get(0);
      JWK theirs = jwks(App.publicClient(other)).getKeys().get(0);
      assertThat(mine.computeThumbprint()).isNotEqualTo(theirs.computeThumbprint());
    }
  }

  @Test
  void theJwkSetHoldsNothingPrivate() throws Exception {
    for (String algorithm : new String[] {"RS256", "ES256", "EdDSA"}) {
      App app = App.publicClient(extension.server().signIdTokensWith(algorithm));
      assertThat(jwks(app).getKeys()).noneMatch(JWK::isPrivate);
    }
  }

  private static JWKSet jwks(App app) throws Exception {
    return JWKSet.parse(app.get(app.server.jwksUri()).text());
  }

  private static boolean verifies(App app, SignedJWT token) throws Exception {
    String algorithm = token.getHeader().getAlgorithm().getName();
    if (algorithm.startsWith("HS")) return token.verify(new MACVerifier(SECRET));
    JWK key = jwks(app).getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(key.getAlgorithm().getName()).isEqualTo(algorithm);
    if (key instanceof OctetKeyPair ed25519) return verifiesEd25519(ed25519, token);
    JWSVerifier verifier =
        algorithm.startsWith("ES")
            ? new ECDSAVerifier(key.toECKey())
            : new RSASSAVerifier(key.toRSAKey());
    return token.verify(verifier);
  }

  private static boolean verifiesEd25519(OctetKeyPair key, SignedJWT token) throws Exception {
    String prefix = "302a300506032b6570032100";
    byte[] encoded =
        HexFormat.of().parseHex(prefix + HexFormat.of().formatHex(key.getX().decode()));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }

  private static String leftHalf(String digest, String text) throws Exception {
    byte[] hash = MessageDigest.getInstance(digest).digest(text.getBytes(US_ASCII));
    return Base64URL.encode(Arrays.copyOf(hash, hash.length / 2)).toString();
  }

  private static Map<String, Object> json(String part) throws Exception {
    return JSONObjectUtils.parse(new Base64URL(part).decodeToString());
  }
}
