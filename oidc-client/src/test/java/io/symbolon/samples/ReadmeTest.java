package io.symbolon.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.MemoryTokenStore;
import io.symbolon.oauth.Secret;
import io.symbolon.oauth.TokenSet;
import io.symbolon.oauth.TokenSource;
import io.symbolon.oauth.TokenStore;
import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import io.symbolon.oidc.OidcClient;
import io.symbolon.oidc.OidcTokens;
import io.symbolon.oidc.PendingLogin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The programs in the README: they compile, they run, and they stand there as they are here. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  private FakeAuthorizationServer server;
  private OidcClient shop;

  @BeforeEach
  void clients() {
    server = extension.server();
    server.client("reports", "s1").client("shop", "s2").user("ada", Map.of());
    shop =
        OidcClient.builder()
            .issuer(server.issuer())
            .clientId("shop")
            .clientSecret(Secret.of("s2"))
            .build();
  }

  @Test
  void aServiceCallsTheApi() throws Exception {
    assertThat(ServiceSample.report(server.issuer(), Secret.of("s1"), server.issuer()))
        .startsWith("200 ");
  }

  @Test
  void aWebApplicationLogsAUserIn() throws Exception {
    WebLoginSample app = new WebLoginSample(shop);
    Map<String, Object> session = new HashMap<>();
    String callbackUrl = server.authorize(app.login(session));
    assertThat(app.callback(session, callbackUrl)).isEqualTo(server.issuer() + " ada");
    assertThat(session).isEmpty();
  }

  @Test
  void aCommandLineProgramLogsAUserIn() throws Exception {
    // A browser is a program of its own.
    OidcTokens tokens = CommandLineSample.login(shop, url -> new Thread(() -> browse(url)).start());
    assertThat(tokens.idToken().subject()).isEqualTo("ada");
  }

  private void browse(URI url) {
    try {
      Request callback = new Request.Builder().url(server.authorize(url)).build();
      try (Response page = new OkHttpClient().newCall(callback).execute()) {
        assertThat(page.code()).isEqualTo(200);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aStoredLoginGoesOnInAnotherProcess(@TempDir Path directory) throws Exception {
    PendingLogin login = shop.login().redirectUri("https://shop.example.com/callback").begin();
    TokenSet tokens = shop.complete(login, server.authorize(login.url())).tokens();
    TokenSource source =
        StoreSample.stored(
            shop.oauth(), tokens, "ada", directory.resolve("tokens"), Secret.of("open sesame"));
    assertThat(source.token().value()).isEqualTo(tokens.accessToken().value());
    TokenStore store = new MemoryTokenStore(10);
    store.save("ada", tokens);
    assertThat(StoreSample.manyUsers(shop.oauth(), store).token("ada").value())
        .isEqualTo(tokens.accessToken().value());
  }

  @Test
  void everyJavaBlockOfTheDocsIsCompiledCode() throws Exception {
    String sources = code(samples());
    for (Path page : pages()) {
      List<String> blocks =
          JAVA_BLOCK.matcher(Files.readString(page)).results().map(MatchResult::group).toList();
      for (String block : blocks) {
        String text = squeeze(block.replaceAll("```(java)?", ""));
        assertThat(sources.contains(text)).as("%s: %s", page, block).isTrue();
      }
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    if (Files.isDirectory(ROOT.resolve("docs"))) {
      try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
        docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  /** Samples of this module, and recipes wherever they compile. */
  private static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().matches(".*(Sample|Recipe)(Test)?\\.java"))
          .toList();
    }
  }

  private static String code(List<Path> files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(Files.readString(file));
    }
    return squeeze(all.toString());
  }

  /** Line breaks and indentation are the formatter's business. */
  private static String squeeze(String code) {
    return code.replaceAll("\\s+", "");
  }

  /** A promise that no test keeps any more must not stand in the table. */
  @Test
  void theTestsOfTheCoverageTableExist() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/coverage.md"));
    List<String> named =
        Pattern.compile("`(\\w+Test)`").matcher(table).results().map(it -> it.group(1)).toList();
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<String> present =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Test.java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .toList();
      assertThat(present).containsAll(named);
    }
    assertThat(table.lines().filter(line -> line.matches("\\| \\d+ \\|.*"))).hasSize(58);
  }
}
