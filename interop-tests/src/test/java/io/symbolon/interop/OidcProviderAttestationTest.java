package io.symbolon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.symbolon.cli.demo.ScriptedBrowser;
import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.OAuthErrorException;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation that is attested, at node-oidc-provider; the server always wants a challenge. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class OidcProviderAttestationTest {
  private final SigningKey instance = SigningKey.generate("ES256");
  private final boolean withDpop;
  private final OidcProviderProcess provider;

  OidcProviderAttestationTest(boolean withDpop) {
    this.withDpop = withDpop;
    this.provider = OidcProviderProcess.with().dpopNonce().start();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private Secret attestation(ECKey attester) {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer("https://attester.example.com")
            .subject("attested")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .claim("cnf", Map.of("jwk", publicKey()))
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("oauth-client-attestation+jwt"))
            .build();
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(attester));
      return Secret.of(jwt.serialize());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> publicKey() {
    try {
      return JWK.parse(instance.publicJwk()).toJSONObject();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private OidcClient client(ECKey attester, SigningKey key) {
    OidcClient.Builder builder =
        OidcClient.builder()
            .issuer(provider.issuer())
            .clientId("attested")
            .authentication(
                ClientAuthentication.attestJwtClientAuth(() -> attestation(attester), key))
            .httpClient(provider.http());
    return (withDpop ? builder.dpop(SigningKey.generate("ES256")) : builder).build();
  }

  private ECKey attester() {
    return provider.clientKeys().getKeyByKeyId("sig-ES256").toECKey();
  }

  private String type() {
    return withDpop ? "DPoP" : "Bearer";
  }

  @Test
  void anAttestedInstallationGetsTokensAndRenewsThem() throws Exception {
    OidcClient oidc = client(attester(), instance);
    assertThat(oidc.oauth().clientCredentials().execute().accessToken().type()).isEqualTo(type());

    PendingLogin login =
        oidc.login()
            .redirectUri("https://rp.localhost/cb")
            .scope("offline_access")
            .prompt("consent")
            .pushed()
            .begin();
    ScriptedBrowser ada = ScriptedBrowser.of(provider.http(), "ada", "anything");
    OidcTokens tokens = oidc.complete(login, ada.callback(login.url().toString()).url().toString());
    assertThat(tokens.idToken().subject()).isEqualTo("ada");

    assertThat(oidc.oauth().refresh(tokens.tokens()).execute().accessToken().type())
        .isEqualTo(type());
  }

  @Test
  void whoeverIsNotAttestedIsRefused() throws Exception {
    ECKey stranger = new ECKeyGenerator(Curve.P_256).generate();
    OidcClient forged = client(stranger, instance);
    OidcClient stolen = client(attester(), SigningKey.generate("ES256"));

    for (OidcClient oidc : new OidcClient[] {forged, stolen}) {
      assertThatThrownBy(() -> oidc.oauth().clientCredentials().execute())
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_client"));
    }
  }
}
