package io.symbolon.oauth.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.ClientAuthentication;
import io.symbolon.oauth.FileTokenStore;
import io.symbolon.oauth.OAuthClient;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.SigningKey;
import io.symbolon.oauth.StoreCorruptedException;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class AndroidKeystoreTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Before
  public void aDevice() {
    FakeAndroidKeyStore.install();
  }

  @After
  public void noDevice() {
    FakeAndroidKeyStore.uninstall();
  }

  @Test
  public void theKeyOfAStoreIsMadeOnceAndShowsNothing() {
    SecretKey key = AndroidKeystore.sealingKey("logins");

    assertThat(key.getEncoded()).isNull();
    assertThat(AndroidKeystore.sealingKey("logins")).isSameAs(key);
    assertThat(AndroidKeystore.sealingKey("others")).isNotSameAs(key);
  }

  @Test
  public void aStoreUnderAKeyOfTheKeystoreOutlivesTheProcess() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      TokenSet tokens = tokens(server);
      store().save("alice", tokens);

      TokenSet again = store().load("alice").tokens();

      assertThat(again.accessToken().value()).isEqualTo(tokens.accessToken().value());
      assertThat(files()).doesNotContain(tokens.accessToken().value().reveal());
    }
  }

  @Test
  public void aLostKeyIsNoLogoutAndTheNextLoginTakesThePlace() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      store().save("alice", tokens(server));
      AndroidKeystore.delete("logins");

      assertThatThrownBy(() -> store().load("alice"))
          .isInstanceOf(StoreCorruptedException.class)
          .hasMessageContaining("its key in the keystore is gone");

      TokenSet next = tokens(server);
      store().save("alice", next);
      assertThat(store().load("alice").tokens().accessToken().value())
          .isEqualTo(next.accessToken().value());
    }
  }

  @Test
  public void aKeyOfTheKeystoreAuthenticatesTheClient() throws Exception {
    SigningKey key = AndroidKeystore.signingKey("client");
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.publicClient("app");
      OAuthClient client =
          OAuthClient.builder()
              .issuer(server.issuer())
              .clientId("app")
              .authentication(ClientAuthentication.privateKeyJwt(key))
              .build();
      server.refuseNext("invalid_client");
      assertThatThrownBy(() -> client.clientCredentials().execute())
          .hasMessageContaining("invalid_client");

      String assertion = server.lastTokenRequest().form().get("client_assertion");
      assertThat(verifies(assertion, "client")).isTrue();
    }
    assertThat(key.algorithm()).isEqualTo("ES256");
    assertThat(AndroidKeystore.signingKey("client").publicJwk()).isEqualTo(key.publicJwk());
  }

  @Test
  public void aSigningKeyDoesNotSealAndASealingKeyDoesNotSign() {
    AndroidKeystore.signingKey("signs");
    AndroidKeystore.sealingKey("seals");

    assertThatThrownBy(() -> AndroidKeystore.sealingKey("signs"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("\"signs\" of the Keystore does not seal; choose another alias");
    assertThatThrownBy(() -> AndroidKeystore.signingKey("seals"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("\"seals\" of the Keystore does not sign; choose another alias");
  }

  @Test
  public void aBrokenKeystoreIsNamedAndKeepsTheKey() {
    AndroidKeystore.sealingKey("logins");
    FakeAndroidKeyStore.breakDown(true);

    assertThatThrownBy(() -> AndroidKeystore.sealingKey("logins"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the Android Keystore failed for the key \"logins\"");
    assertThat(FakeAndroidKeyStore.has("logins")).isTrue();
  }

  @Test
  public void theFakeKeystoreIsAsStrictAsADevice() throws Exception {
    SecretKey key = AndroidKeystore.sealingKey("logins");
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");

    assertThatThrownBy(
            () ->
                cipher.init(
                    Cipher.ENCRYPT_MODE,
                    key,
                    new javax.crypto.spec.GCMParameterSpec(128, new byte[12])))
        .hasMessageContaining("Caller-provided IV not permitted");
  }

  private static boolean verifies(String jws, String alias) throws Exception {
    java.security.KeyStore keystore = java.security.KeyStore.getInstance("AndroidKeyStore");
    keystore.load(null);
    int dot = jws.lastIndexOf('.');
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(keystore.getCertificate(alias).getPublicKey());
    signature.update(jws.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    return signature.verify(java.util.Base64.getUrlDecoder().decode(jws.substring(dot + 1)));
  }

  private static TokenSet tokens(FakeAuthorizationServer server) throws Exception {
    server.client("service", "c0ffee-secret");
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId("service")
        .clientSecret(Secret.of("c0ffee-secret"))
        .build()
        .clientCredentials()
        .execute();
  }

  private FileTokenStore store() throws Exception {
    return FileTokenStore.open(
        folder.getRoot().toPath().resolve("logins"), AndroidKeystore.storeKeys("logins"));
  }

  private String files() throws Exception {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> paths = Files.walk(folder.getRoot().toPath())) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        all.append(Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}
