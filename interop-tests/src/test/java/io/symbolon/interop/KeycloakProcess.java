package io.symbolon.interop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keycloak with the realm {@code lab} in memory, at {@code http://127.0.0.1:<port>/realms/lab}. It
 * takes about a minute to start; tests that need it are tagged {@code keycloak}.
 */
final class KeycloakProcess implements AutoCloseable {
  /** The one user of the realm. */
  static final String USERNAME = "alice";

  /** Alice's password. */
  static final String PASSWORD = "alice-pw";

  private static final String UP = "Listening on: ";

  /**
   * Runs a server that does not watch its standard input, and stops it when that ends with this
   * JVM.
   */
  private static final String UNTIL_INPUT_ENDS =
      "exec 3<&0; \"$@\" & server=$!; (cat <&3; kill $server) >/dev/null 2>&1 & wait $server";

  private final ECKey clientKey = newClientKey();
  private final CibaApproval approval = CibaApproval.start();
  private final ServerProcess process;

  private KeycloakProcess(String backchannelLogoutUri, String... options) {
    Path home = home();
    importRealm(home, backchannelLogoutUri);
    process =
        ServerProcess.start(
            command(home, options), line -> line.contains(UP), Duration.ofMinutes(5));
    approval.callbackAt(issuer() + "/protocol/openid-connect/ext/ciba/auth/callback");
  }

  static KeycloakProcess start() {
    return new KeycloakProcess("");
  }

  /** A Keycloak that tells of logouts at this address. */
  static KeycloakProcess startWithBackchannelLogout(String uri) {
    return new KeycloakProcess(uri);
  }

  /** A Keycloak that fetches from servers with this certificate, too. */
  static KeycloakProcess startTrusting(Path certificate) {
    return new KeycloakProcess("", "--truststore-paths=" + certificate);
  }

  String issuer() {
    String line = process.upLine();
    return line.substring(line.indexOf(UP) + UP.length()).trim() + "/realms/lab";
  }

  /** The private key, {@code ES256}, of the client {@code pkjwt}. */
  ECKey clientKey() {
    return clientKey;
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
    approval.close();
  }

  private static Path home() {
    Path unpacked = Path.of("target", "keycloak").toAbsolutePath();
    try (Stream<Path> entries = Files.list(unpacked)) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("keycloak-"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(
          "Keycloak is not at " + unpacked + ": build with -Pinterop,keycloak", e);
    }
  }

  private void importRealm(Path home, String backchannelLogoutUri) {
    String publicKeys = new JWKSet(clientKey).toString(true).replace("\"", "\\\"");
    try {
      String realm =
          Files.readString(Path.of("src/test/resources/keycloak/realm-lab.json"))
              .replace("@PKJWT_JWKS@", publicKeys)
              .replace("@BACKCHANNEL_LOGOUT_URI@", backchannelLogoutUri);
      Files.writeString(
          Files.createDirectories(home.resolve("data/import")).resolve("realm-lab.json"), realm);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder command(Path home, String... options) {
    List<String> server =
        List.of(
            home.resolve("bin/kc.sh").toString(),
            "start-dev",
            "--http-host=127.0.0.1",
            "--http-port=0",
            "--db=dev-mem",
            "--cache=local",
            "--import-realm",
            "--features=preview,ciba,token-exchange",
            "--spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri="
                + approval.uri());
    return new ProcessBuilder(
        Stream.of(
                Stream.of("sh", "-c", UNTIL_INPUT_ENDS, "keycloak"),
                server.stream(),
                Stream.of(options))
            .flatMap(part -> part)
            .toList());
  }

  private static ECKey newClientKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyID("pk1")
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
