package io.symbolon.samples;

import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.DecryptionKey;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The programs of docs/client-authentication.md. */
final class ClientAuthenticationRecipe {
  private ClientAuthenticationRecipe() {}

  static TokenSource base(String issuer, ClientAuthentication authentication) {
    OAuthClient oauth =
        OAuthClient.builder()
            .issuer(issuer)
            .clientId("reports")
            .authentication(authentication)
            .build();
    return oauth.clientCredentials().scope("reports.read").tokenSource();
  }

  static List<ClientAuthentication> lines(
      Secret secret, SigningKey key, Supplier<Secret> attestation, SigningKey instanceKey) {
    Supplier<Secret> vault = () -> secret;
    Supplier<SigningKey> keys = () -> key;
    return List.of(
        ClientAuthentication.basic(secret),
        ClientAuthentication.post(secret),
        ClientAuthentication.basic(vault),
        ClientAuthentication.clientSecretJwt(secret),
        ClientAuthentication.privateKeyJwt(key),
        ClientAuthentication.privateKeyJwt(keys),
        ClientAuthentication.privateKeyJwt(key)
            .audienceInsteadOfIssuer("https://login.example.com/token"),
        ClientAuthentication.attestJwtClientAuth(attestation, instanceKey),
        ClientAuthentication.tlsClientAuth(),
        ClientAuthentication.selfSignedTlsClientAuth());
  }

  static SigningKey pem(Path file) throws IOException {
    return SigningKey.ofPem(Secret.of(Files.readString(file))).algorithm("PS256");
  }

  static SigningKey keyStore(Path file, Secret password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.reveal().toCharArray());
    }
    return SigningKey.of(store, "reports", password);
  }

  static SigningKey hardware(PrivateKey handle, PublicKey publicKey) {
    return SigningKey.of(handle, publicKey);
  }

  static SigningKey service(PublicKey publicKey, SigningKey.Signer kms) {
    return SigningKey.external("ES256", publicKey, kms);
  }

  static OAuthClient mutualTls(String issuer, HeldCertificate certificate) {
    HandshakeCertificates tls =
        new HandshakeCertificates.Builder()
            .addPlatformTrustedCertificates()
            .heldCertificate(certificate)
            .build();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .sslSocketFactory(tls.sslSocketFactory(), tls.trustManager())
            .build();
    return OAuthClient.builder()
        .issuer(issuer)
        .clientId("reports")
        .authentication(ClientAuthentication.tlsClientAuth())
        .httpClient(http)
        .build();
  }

  static String registration(Secret current) {
    DecryptionKey key = DecryptionKey.ofPem(current).algorithm("RSA-OAEP-256");
    return key.publicJwk();
  }
}
