package io.symbolon.interop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * node-oidc-provider, certified and strict, at {@code https://localhost:<port>}. Its clients are
 * listed in {@code oidc-provider/clients.mjs}; any user name and password sign in.
 */
final class OidcProviderProcess implements AutoCloseable {
  /** The secret of every client that has one, except {@code weird:id%&+/}. */
  static final String SECRET = "lab-secret-0123456789-0123456789-0123";

  /** The secret of the client {@code weird:id%&+/}. */
  static final String WEIRD_SECRET = "p%w:d+ /=~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

  private static final String UP = "OP up ";

  private final HeldCertificate ca =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Interop CA").build();
  private final HeldCertificate mtlsClient =
      new HeldCertificate.Builder().signedBy(ca).commonName("lab-mtls-client").build();
  private final JWKSet clientKeys = newClientKeys();
  private final ServerProcess process;

  private OidcProviderProcess(Options options) {
    process = launch(options);
  }

  static OidcProviderProcess start() {
    return new Options().start();
  }

  static Options with() {
    return new Options();
  }

  String issuer() {
    return process.upLine().substring(UP.length());
  }

  /** A client that trusts this server. */
  OkHttpClient http() {
    return http(new HandshakeCertificates.Builder());
  }

  /** Like {@link #http()}, and shows the certificate of {@code mtls-self} and {@code mtls-pki}. */
  OkHttpClient mtlsHttp() {
    return http(new HandshakeCertificates.Builder().heldCertificate(mtlsClient));
  }

  private OkHttpClient http(HandshakeCertificates.Builder tls) {
    HandshakeCertificates certificates = tls.addTrustedCertificate(ca.certificate()).build();
    return new OkHttpClient.Builder()
        .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
        .build();
  }

  /**
   * The private keys of the clients that sign ({@code sig-ES256}, {@code sig-PS256}, {@code
   * sig-RS256}, {@code sig-EdDSA}) or decrypt ({@code enc-RSA-OAEP-256}, {@code enc-ECDH-ES}).
   */
  JWKSet clientKeys() {
    return clientKeys;
  }

  /** What the server has said so far: the reason of an error is there. */
  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }

  private ServerProcess launch(Options options) {
    Path folder = folder();
    ProcessBuilder command = new ProcessBuilder("node", "op.mjs").directory(folder.toFile());
    command.environment().put("TLS_DIR", writeKeys().toString());
    if (options.dpopNonce) command.environment().put("DPOP_NONCE", "1");
    if (options.backchannelLogoutUri != null) {
      command.environment().put("BACKCHANNEL_LOGOUT_URI", options.backchannelLogoutUri);
    }
    return ServerProcess.start(command, line -> line.startsWith(UP), Duration.ofSeconds(60));
  }

  private static Path folder() {
    Path here = Path.of("oidc-provider").toAbsolutePath();
    if (Files.isDirectory(here.resolve("node_modules")) && nodeRuns()) return here;
    throw new IllegalStateException(
        "node-oidc-provider needs Node.js 20 and one \"npm ci\" in " + here);
  }

  private static boolean nodeRuns() {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Path writeKeys() {
    HeldCertificate server =
        new HeldCertificate.Builder()
            .signedBy(ca)
            .commonName("localhost")
            .addSubjectAlternativeName("localhost")
            .addSubjectAlternativeName(InetAddress.getLoopbackAddress().getHostAddress())
            .build();
    try {
      Path folder = Files.createTempDirectory("oidc-provider");
      folder.toFile().deleteOnExit(); // before its files: the last one registered is deleted first
      write(folder, "server.key", server.privateKeyPkcs8Pem());
      write(folder, "server.pem", server.certificatePem() + ca.certificatePem());
      write(folder, "client-keys.json", clientKeys.toString(false));
      write(folder, "mtls-client.pem", mtlsClient.certificatePem());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path folder, String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    file.toFile().deleteOnExit();
  }

  private static JWKSet newClientKeys() {
    try {
      List<JWK> keys =
          List.of(
              new ECKeyGenerator(Curve.P_256)
                  .keyUse(KeyUse.SIGNATURE)
                  .algorithm(JWSAlgorithm.ES256)
                  .keyID("sig-ES256")
                  .generate(),
              rsa()
                  .keyUse(KeyUse.SIGNATURE)
                  .algorithm(JWSAlgorithm.PS256)
                  .keyID("sig-PS256")
                  .generate(),
              rsa()
                  .keyUse(KeyUse.SIGNATURE)
                  .algorithm(JWSAlgorithm.RS256)
                  .keyID("sig-RS256")
                  .generate(),
              edwards(),
              rsa()
                  .keyUse(KeyUse.ENCRYPTION)
                  .algorithm(JWEAlgorithm.RSA_OAEP_256)
                  .keyID("enc-RSA-OAEP-256")
                  .generate(),
              new ECKeyGenerator(Curve.P_256)
                  .keyUse(KeyUse.ENCRYPTION)
                  .algorithm(JWEAlgorithm.ECDH_ES)
                  .keyID("enc-ECDH-ES")
                  .generate());
      return new JWKSet(keys);
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nimbus needs another library to make one. */
  private static JWK edwards() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    return new OctetKeyPair.Builder(Curve.Ed25519, last32(pair.getPublic()))
        .d(last32(pair.getPrivate()))
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.EdDSA)
        .keyID("sig-EdDSA")
        .build();
  }

  private static Base64URL last32(Key key) {
    byte[] encoded = key.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static RSAKeyGenerator rsa() {
    return new RSAKeyGenerator(2048);
  }

  /** What can be different from one provider to the next. */
  static final class Options {
    private boolean dpopNonce;
    private String backchannelLogoutUri;

    private Options() {}

    /** Every DPoP proof must carry a nonce of the server's. */
    Options dpopNonce() {
      dpopNonce = true;
      return this;
    }

    /** Where the client {@code basic} hears of logouts. */
    Options backchannelLogoutUri(String uri) {
      backchannelLogoutUri = uri;
      return this;
    }

    OidcProviderProcess start() {
      return new OidcProviderProcess(this);
    }
  }
}
