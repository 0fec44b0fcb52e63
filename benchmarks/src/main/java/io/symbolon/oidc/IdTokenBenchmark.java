package io.symbolon.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.symbolon.oauth.internal.jose.KeySet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to verify an ID token when the issuer's keys are there. It is in this package
 * because a verification without a login is not for programs.
 */
@NullUnmarked // JMH calls the methods that fill the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 10, time = 1)
public class IdTokenBenchmark {
  private static final String ISSUER = "https://login.example.com";
  private static final String CLIENT_ID = "shop";
  private static final String NONCE = "n-0S6_WzA2Mj";
  private static final String KEY_ID = "2026-11";

  /** What the issuer signs with. */
  @Param({"RS256", "ES256"})
  String algorithm = "RS256";

  String token;
  private Signature signature;
  private IdTokenVerifier symbolon;
  private IdTokenExpectation expectation;
  private DefaultJWTProcessor<SecurityContext> nimbus;
  private IDTokenValidator nimbusSdk;

  /** One key, one token, and everybody who can tell whether they belong together. */
  @Setup
  public void open() throws JOSEException, GeneralSecurityException {
    boolean rsa = algorithm.equals("RS256");
    JWK key =
        rsa
            ? new RSAKeyGenerator(2048).keyID(KEY_ID).generate()
            : new ECKeyGenerator(Curve.P_256).keyID(KEY_ID).generate();
    token = signed(rsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey()));
    JWKSet keys = new JWKSet(key.toPublicJWK());
    signature = signature(rsa ? key.toRSAKey().toPublicKey() : key.toECKey().toPublicKey());
    symbolon = symbolon(KeySet.of(keys.toJSONObject()));
    expectation = new IdTokenExpectation(NONCE, null, Set.of(), null, null);
    nimbus = nimbus(keys);
    nimbusSdk =
        new IDTokenValidator(
            new Issuer(ISSUER), new ClientID(CLIENT_ID), JWSAlgorithm.parse(algorithm), keys);
  }

  private String signed(JWSSigner signer) throws JOSEException {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject("248289761001")
            .audience(CLIENT_ID)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofHours(10))))
            .claim("auth_time", now.getEpochSecond())
            .claim("nonce", NONCE)
            .claim("name", "Jane Doe")
            .claim("email", "janedoe@example.com")
            .build();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(KEY_ID).build();
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private Signature signature(PublicKey key) throws GeneralSecurityException {
    boolean rsa = algorithm.equals("RS256");
    Signature made = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    made.initVerify(key);
    return made;
  }

  private IdTokenVerifier symbolon(KeySet keys) {
    IdTokenRules rules =
        new IdTokenRules(
            KnownIssuer.exactly(ISSUER),
            CLIENT_ID,
            Set.of(),
            Duration.ofMinutes(1),
            Duration.ofHours(10),
            Clock.systemUTC(),
            null);
    return new IdTokenVerifier(rules, Set.of(algorithm), null, keyId -> keys);
  }

  private DefaultJWTProcessor<SecurityContext> nimbus(JWKSet keys) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.parse(algorithm), new ImmutableJWKSet<>(keys)));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            CLIENT_ID,
            new JWTClaimsSet.Builder().issuer(ISSUER).claim("nonce", NONCE).build(),
            Set.of("sub", "iat", "exp")));
    return processor;
  }

  /** The floor: the JDK's own verification, without a look at what was signed. */
  @Benchmark
  public boolean signatureAlone() throws GeneralSecurityException {
    int dot = token.lastIndexOf('.');
    signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
  }

  /** Ours, with every check of OpenID Connect Core §3.1.3.7 and the record of them. */
  @Benchmark
  public IdToken symbolon() throws IOException {
    return symbolon.verify(token, expectation);
  }

  /** Signature, issuer, audience, times and nonce; what else must be is the program's affair. */
  @Benchmark
  public JWTClaimsSet nimbusProcessor() throws ParseException, BadJOSEException, JOSEException {
    return nimbus.process(token, null);
  }

  /** The ID token validator of the Nimbus OpenID Connect SDK. */
  @Benchmark
  public IDTokenClaimsSet nimbusOidcSdk() throws ParseException, BadJOSEException, JOSEException {
    return nimbusSdk.validate(JWTParser.parse(token), new Nonce(NONCE));
  }
}
