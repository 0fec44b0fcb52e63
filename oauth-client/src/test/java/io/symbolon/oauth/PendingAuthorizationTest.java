package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.symbolon.oauth.internal.SealedBox;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oauth.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a login through the browser, and back to whoever began it. */
final class PendingAuthorizationTest {
  private static final String REDIRECT_URI = "https://shop.example.com/callback";
  private static final SecretKey KEY = aes(16, 1);

  private final TestClock clock = TestClock.at("2026-03-01T08:00:00.123456789Z");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension =
      new FakeAuthorizationServerExtension(FakeAuthorizationServer.builder().clock(clock));

  private FakeAuthorizationServer server;
  private OAuthClient client;
  private PendingAuthorization pending;

  @BeforeEach
  void begin() throws Exception {
    server = extension.server().client("shop", "s3cret").client("other", "s3cret");
    client = client("shop");
    pending =
        client
            .authorize()
            .redirectUri(REDIRECT_URI)
            .scope("orders.read orders.write")
            .attach("page", "/orders?é=\"1\"\n")
            .attach("empty", "")
            .begin();
  }

  private OAuthClient client(String clientId) {
    return OAuthClient.builder()
        .issuer(server.issuer())
        .clientId(clientId)
        .clientSecret(Secret.of("s3cret"))
        .clock(clock)
        .build();
  }

  private static SecretKey aes(int octets, int fill) {
    byte[] key = new byte[octets];
    Arrays.fill(key, (byte) fill);
    return new SecretKeySpec(key, "AES");
  }

  private static byte[] serialized(Object object) throws Exception {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(octets)) {
      out.writeObject(object);
    }
    return octets.toByteArray();
  }

  @SuppressWarnings("BanSerializableRead") // what we wrote ourselves
  private static PendingAuthorization deserialized(byte[] octets) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(octets))) {
      return (PendingAuthorization) in.readObject();
    }
  }

  private static void assertSame(PendingAuthorization actual, PendingAuthorization expected) {
    assertThat(actual).isNotSameAs(expected);
    assertThat(actual.url()).isEqualTo(expected.url());
    assertThat(actual.clientId()).isEqualTo(expected.clientId());
    assertThat(actual.issuer()).isEqualTo(expected.issuer());
    assertThat(actual.issRequired()).isEqualTo(expected.issRequired());
    assertThat(actual.redirectUri()).isEqualTo(expected.redirectUri());
    assertThat(actual.responseMode()).isEqualTo(expected.responseMode());
    assertThat(actual.scope()).containsExactlyElementsOf(expected.scope());
    assertThat(actual.state()).isEqualTo(expected.state());
    assertThat(actual.codeVerifier()).isEqualTo(expected.codeVerifier());
    assertThat(actual.createdAt()).isEqualTo(expected.createdAt());
    assertThat(actual.attachment("page")).isEqualTo(expected.attachment("page"));
    assertThat(actual.attachment("empty")).isEqualTo(expected.attachment("empty"));
    assertThat(actual.attachment("absent")).isNull();
    assertThat(actual).hasToString(expected.toString());
  }

  private static void assertDamaged(ThrowingCallable unseal) {
    assertThatThrownBy(unseal)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo("login_damaged"))
        .hasMessage(
            "the sealed login cannot be opened: the text, the key or the context is another one")
        .hasNoCause();
  }

  private void assertRefused(String code, ThrowingCallable complete) {
    int before = server.tokenRequestCount();
    assertThatThrownBy(complete)
        .isInstanceOfSatisfying(
            InvalidResponseException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(server.tokenRequestCount()).isEqualTo(before);
  }

  @Test
  @DisplayName("F-49: a login that another process began is completed, once")
  void anotherProcessCompletesTheLogin() throws Exception {
    FakeAuthorizationServer site = extension.server().publicClient("app");
    PendingAuthorization begun =
        CompletingApp.client(site.issuer()).authorize().redirectUri("com.example.app:/cb").begin();
    String sealed = begun.seal(CompletingApp.key(), "");
    String callback = site.authorize(begun.url());

    List<String> arguments = List.of(site.issuer(), sealed, callback);
    assertThat(ChildJvm.run(CompletingApp.class, List.of(), arguments.toArray(String[]::new)))
        .containsExactly("logged in");
    assertThat(ChildJvm.run(CompletingApp.class, List.of(), arguments.toArray(String[]::new)))
        .containsExactly("invalid_grant");
  }

  @Test
  void javaSerializationKeepsEverything() throws Exception {
    assertSame(deserialized(serialized(pending)), pending);
    assertThat(pending.attachment("page")).isEqualTo("/orders?é=\"1\"\n");
    assertThat(pending.issRequired()).isTrue();
  }

  @Test
  void aLoginWithoutIssuerAndWithFormPostSurvivesToo() throws Exception {
    OAuthClient byHand =
        OAuthClient.builder()
            .server(
                AuthorizationServer.builder()
                    .authorizationEndpoint(server.authorizationEndpoint())
                    .tokenEndpoint(server.tokenEndpoint())
                    .build())
            .clientId("shop")
            .build();
    PendingAuthorization plain = byHand.authorize().redirectUri(REDIRECT_URI).formPost().begin();

    assertThat(plain.issuer()).isNull();
    assertThat(plain.responseMode()).isEqualTo("form_post");
    assertSame(deserialized(serialized(plain)), plain);
    assertSame(PendingAuthorization.unseal(plain.seal(KEY, ""), KEY, ""), plain);
  }

  @Test
  void aDeserializedLoginCompletes() throws Exception {
    String callback = server.authorize(pending.url());

    TokenSet tokens = client("shop").complete(deserialized(serialized(pending)), callback);

    assertThat(tokens.scope()).containsExactly("orders.read", "orders.write");
  }

  @Test
  void aDamagedSerializedFormIsNoLogin() throws Exception {
    byte[] octets = serialized(pending);
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("created_at\":\"2026") + "created_at\":\"".length();
    octets[at] = 'x';

    assertThatThrownBy(() -> deserialized(octets))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessage("not a pending login")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void aSealedLoginOpensWithTheSameKeyAndContext(int octets) throws Exception {
    SecretKey key = aes(octets, 7);

    String sealed = pending.seal(key, "session 1");

    assertSame(PendingAuthorization.unseal(sealed, key, "session 1"), pending);
    assertThat(sealed).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void aSealShowsNothingOfTheLoginAndIsNeverTheSame() {
    String first = pending.seal(KEY, "");
    String second = pending.seal(KEY, "");
    String octets = new String(Base64.getUrlDecoder().decode(first), StandardCharsets.ISO_8859_1);

    assertThat(first).isNotEqualTo(second);
    assertThat(first.substring(0, 16)).isNotEqualTo(second.substring(0, 16));
    for (String part :
        List.of(
            pending.state().reveal(),
            pending.codeVerifier().reveal(),
            "shop",
            "orders",
            "state",
            "http")) {
      assertThat(first).doesNotContain(part);
      assertThat(octets).doesNotContain(part);
    }
  }

  @Test
  void anotherKeyOrContextDoesNotOpenIt() {
    String sealed = pending.seal(KEY, "session 1");

    assertDamaged(() -> PendingAuthorization.unseal(sealed, aes(16, 2), "session 1"));
    assertDamaged(() -> PendingAuthorization.unseal(sealed, aes(32, 1), "session 1"));
    assertDamaged(() -> PendingAuthorization.unseal(sealed, KEY, "session 2"));
    assertDamaged(() -> PendingAuthorization.unseal(sealed, KEY, ""));
  }

  @Test
  void noPrefixOfASealOpens() {
    String sealed = pending.seal(KEY, "");

    for (int length = 0; length < sealed.length(); length += length < 60 ? 1 : 17) {
      String prefix = sealed.substring(0, length);
      assertDamaged(() -> PendingAuthorization.unseal(prefix, KEY, ""));
    }
  }

  @Test
  void noChangedSealOpens() {
    String sealed = pending.seal(KEY, "");
    Random random = new Random(20260301);
    String alphabet = "ABCXYZabcxyz0129-_=+/ .%é\u0000\n😀";

    for (int i = 0; i < 2_000; i++) {
      StringBuilder changed = new StringBuilder(sealed);
      int at = random.nextInt(sealed.length());
      char other = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> changed.setCharAt(at, other);
        case 1 -> changed.insert(at, other);
        case 2 -> changed.deleteCharAt(at);
        default -> changed.append(other);
      }
      if (!changed.toString().equals(sealed)) {
        assertDamaged(() -> PendingAuthorization.unseal(changed.toString(), KEY, ""));
      }
    }
  }

  @Test
  void noSealWithOneFlippedBitOpens() {
    byte[] box = Base64.getUrlDecoder().decode(pending.seal(KEY, ""));

    for (int bit = 0; bit < 8 * box.length; bit += 7) {
      byte[] flipped = box.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      String sealed = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
      assertDamaged(() -> PendingAuthorization.unseal(sealed, KEY, ""));
    }
  }

  /** The unused bits of the last character, and padding, would be other texts for the same box. */
  @Test
  void thereIsOneTextForOneSeal() {
    for (String page : List.of("a", "ab", "abc")) {
      String sealed = sealedWith(page);
      for (char last :
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=".toCharArray()) {
        String other = sealed.substring(0, sealed.length() - 1) + last;
        if (!other.equals(sealed)) {
          assertDamaged(() -> PendingAuthorization.unseal(other, KEY, ""));
        }
      }
      assertDamaged(() -> PendingAuthorization.unseal(sealed + "=", KEY, ""));
      assertDamaged(() -> PendingAuthorization.unseal(sealed + "==", KEY, ""));
    }
  }

  private String sealedWith(String page) {
    try {
      return client
          .authorize()
          .redirectUri(REDIRECT_URI)
          .attach("page", page)
          .begin()
          .seal(KEY, "");
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"version\":2}",
        "{\"version\":1}",
        "{\"version\":1,\"scope\":{},\"attachments\":[]}",
        "{\"version\":1,\"scope\":[null],\"attachments\":{}}",
        "{\"version\":1,\"scope\":[],\"attachments\":{\"a\":null}}",
        "{\"version\":1,\"scope\":[],\"attachments\":{},\"url\":\"%\"}",
        "{\"version\":1,\"scope\":[],\"attachments\":{},\"url\":\"a:b\",\"client_id\":\"c\","
            + "\"issuer\":5,\"redirect_uri\":\"d:e\",\"state\":\"s\",\"code_verifier\":\"v\","
            + "\"created_at\":\"2026-03-01T08:00:00Z\"}",
        "{\"version\":1,\"scope\":[],\"attachments\":{},\"url\":\"a:b\",\"client_id\":\"c\","
            + "\"redirect_uri\":\"d:e\",\"state\":\"s\",\"code_verifier\":\"v\","
            + "\"created_at\":\"yesterday\"}",
        "{\"version\":1,\"scope\":[],\"attachments\":{},\"url\":\"a:b\",\"client_id\":\"c\","
            + "\"redirect_uri\":\"d:e\",\"state\":\"\",\"code_verifier\":\"v\","
            + "\"created_at\":\"2026-03-01T08:00:00Z\"}",
      })
  void whatAnotherVersionSealedIsDamagedAndNothingWorse(String json) {
    String sealed = SealedBox.seal(json, KEY, "io.symbolon.oauth.PendingAuthorization/1 ");

    assertDamaged(() -> PendingAuthorization.unseal(sealed, KEY, ""));
  }

  @Test
  void aSealOfAnotherFormatIsDamaged() {
    String sealed =
        SealedBox.seal("{\"version\":2}", KEY, "io.symbolon.oauth.PendingAuthorization/2 ");

    assertDamaged(() -> PendingAuthorization.unseal(sealed, KEY, ""));
  }

  @Test
  void aKeyThatIsNotForAesIsAMistakeInTheProgram() {
    SecretKey mac = new SecretKeySpec(new byte[32], "HmacSHA256");
    String sealed = pending.seal(KEY, "");

    assertThatThrownBy(() -> pending.seal(mac, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key is for HmacSHA256, not for AES");
    assertThatThrownBy(() -> PendingAuthorization.unseal(sealed, mac, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key is for HmacSHA256, not for AES");
    assertThatThrownBy(() -> pending.seal(aes(5, 1), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key cannot be used for AES-GCM");
  }

  @Test
  void aLoginIsGoodUntilAnHourHasPassed() throws Exception {
    String callback = server.authorize(pending.url());
    clock.advance(Duration.ofMinutes(9));
    PendingAuthorization second = client.authorize().redirectUri(REDIRECT_URI).begin();
    clock.advance(Duration.ofHours(1).minusNanos(1));
    String late = server.authorize(second.url());

    assertThat(client.complete(second, late)).isNotNull();
    assertRefused("login_expired", () -> client.complete(pending, callback));
  }

  @Test
  void exactlyAnHourIsTooLate() throws Exception {
    clock.advance(Duration.ofHours(1));
    String callback = server.authorize(pending.url());

    assertRefused("login_expired", () -> client.complete(pending, callback));
  }

  @Test
  void aLoginIsSpentByItsFirstResponse() throws Exception {
    String callback = server.authorize(pending.url());
    client.complete(pending, callback);

    assertRefused("login_spent", () -> client.complete(pending, callback));
    String again = server.authorize(pending.url());
    assertRefused("login_spent", () -> client.complete(pending, again));
  }

  @Test
  void twoCopiesOfALoginAreOneLogin() throws Exception {
    byte[] octets = serialized(pending);
    String sealed = pending.seal(KEY, "");
    String callback = server.authorize(pending.url());
    client.complete(deserialized(octets), callback);

    assertRefused("login_spent", () -> client.complete(deserialized(octets), callback));
    assertRefused(
        "login_spent",
        () -> client.complete(PendingAuthorization.unseal(sealed, KEY, ""), callback));
  }

  @Test
  void anErrorOfTheServerSpendsTheLoginToo() throws Exception {
    server.denyNextAuthorization("access_denied");
    String denied = server.authorize(pending.url());

    assertThatThrownBy(() -> client.complete(pending, denied))
        .isInstanceOfSatisfying(
            OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("access_denied"));

    String callback = server.authorize(pending.url());
    assertRefused("login_spent", () -> client.complete(pending, callback));
  }

  @Test
  void aForgedResponseDoesNotSpendTheLogin() throws Exception {
    String callback = server.authorize(pending.url());

    assertRefused(
        "state_mismatch",
        () -> client.complete(pending, REDIRECT_URI + "?error=access_denied&state=guess"));
    assertRefused(
        "issuer_mismatch",
        () -> client.complete(pending, callback.replace("&iss=", "&iss=https%3A%2F%2Fevil")));

    assertThat(client.complete(pending, callback)).isNotNull();
  }

  @Test
  void theLoginOfAnotherClientIsRefused() throws Exception {
    String callback = server.authorize(pending.url());

    assertRefused("issuer_mismatch", () -> client("other").complete(pending, callback));
  }

  @Test
  void aLoginBegunAtOneServerDoesNotEndAtAnother() throws Exception {
    try (FakeAuthorizationServer evil = FakeAuthorizationServer.builder().clock(clock).start()) {
      evil.client("shop", "s3cret");
      OAuthClient atEvil =
          OAuthClient.builder()
              .issuer(evil.issuer())
              .clientId("shop")
              .clientSecret(Secret.of("s3cret"))
              .clock(clock)
              .build();
      String callback = server.authorize(pending.url());

      assertRefused("issuer_mismatch", () -> atEvil.complete(pending, callback));
      assertRefused(
          "issuer_mismatch",
          () ->
              client.complete(
                  pending,
                  REDIRECT_URI
                      + "?code=c&state="
                      + pending.state().reveal()
                      + "&iss="
                      + evil.issuer().replace(":", "%3A").replace("/", "%2F")));
      assertThat(evil.tokenRequestCount()).isZero();
      assertThat(server.tokenRequestCount()).isZero();
    }
  }

  @Test
  void aServerThatPromisesIssMustSendIt() throws Exception {
    String callback = server.authorize(pending.url()).replaceAll("&iss=[^&]*", "");

    assertRefused("issuer_mismatch", () -> client.complete(pending, callback));
    assertRefused("issuer_mismatch", () -> client.complete(pending, callback + "&iss="));
  }

  @Test
  void theAppSettlesWithAServerThatDoesNotPromiseIss() throws Exception {
    server.includeIss(false);
    OAuthClient fresh = client("shop");
    PendingAuthorization login = fresh.authorize().redirectUri(REDIRECT_URI).begin();

    assertThat(login.issRequired()).isFalse();
    assertThat(fresh.complete(login, server.authorize(login.url()))).isNotNull();
  }
}
