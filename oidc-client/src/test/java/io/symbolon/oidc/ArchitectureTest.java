package io.symbolon.oidc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.symbolon.oauth.ApiDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.TrustManager;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** The design rules that both clients keep. */
class ArchitectureTest {
  private static final Path OAUTH_CLIENT = Path.of("../oauth-client");
  private static final List<Path> CLASSES =
      List.of(OAUTH_CLIENT.resolve("target/classes"), Path.of("target/classes"));
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPaths(CLASSES.stream().filter(Files::exists).toList());

  @Test
  void oauthDoesNotKnowOpenIdConnect() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.symbolon.oauth..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.symbolon.oidc.."));
  }

  @Test
  void eachLibraryIsImportedByOnePackage() {
    check(onlyFrom("..internal.jose..", "com.nimbusds.."));
    check(onlyFrom("..internal.json..", "com.squareup.moshi.."));
    check(onlyFrom("..internal.cache..", "com.github.benmanes.caffeine.."));
  }

  @Test
  void thePublicApiNamesNoTypeOfThoseLibraries() throws Exception {
    for (Path classes : CLASSES) {
      assertThat(ApiDump.of(classes))
          .doesNotContain("com.nimbusds.", "com.squareup.moshi.", "com.github.benmanes.caffeine.");
    }
  }

  @Test
  void whatIsAtTheEdgeIsImportedByNothingInside() {
    check(onlyFrom("io.symbolon.oauth.loopback..", "io.symbolon.oauth.loopback.."));
    for (String edge :
        List.of("io.symbolon.oauth.providers..", "io.symbolon.oauth.registration..")) {
      check(
          noClasses()
              .that()
              .resideInAPackage("io.symbolon.oauth..")
              .and()
              .resideOutsideOfPackage(edge)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(edge));
    }
  }

  @Test
  void randomnessIsASecureRandom() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(are(type(Random.class).or(type(ThreadLocalRandom.class)))));
    check(noClasses().should().accessTargetWhere(isOf(Math.class, "random")));
  }

  @Test
  void nothingPrints() {
    check(noClasses().should().accessTargetWhere(isOf(System.class, "out", "err")));
    check(noClasses().should().accessTargetWhere(isOf(Throwable.class, "printStackTrace")));
  }

  @Test
  void nothingSleeps() {
    check(noClasses().should().accessTargetWhere(isOf(Thread.class, "sleep")));
    check(noClasses().should().accessTargetWhere(isOf(TimeUnit.class, "sleep")));
  }

  @Test
  void theOkHttpClientAloneDecidesWhichServersAreTrusted() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                are(assignableTo(TrustManager.class).or(assignableTo(HostnameVerifier.class)))));
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                isOf(OkHttpClient.Builder.class, "hostnameVerifier", "sslSocketFactory")));
  }

  /**
   * DPoP has a nonce too: it goes by its full name, or lives in a file of DPoP. RFC 8414 §5 names
   * the place where most servers keep their metadata. And the catalogue of providers says what they
   * say: WeChat's users are called openid.
   */
  @Test
  void theSourcesOfOauthDoNotSpeakOpenIdConnect() throws IOException {
    Pattern words =
        Pattern.compile("(?i)\\b(openid(?!-configuration)|id_token|(?<!dpop[-_ ])nonce)\\b");
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(OAUTH_CLIENT.resolve("src/main"))) {
      for (Path file : files.filter(ArchitectureTest::mindsItsWords).toList()) {
        boolean dpop = file.getFileName().toString().startsWith("Dpop");
        Matcher word = words.matcher(Files.readString(file));
        while (word.find()) {
          if (!dpop || !word.group().equalsIgnoreCase("nonce")) {
            found.add(OAUTH_CLIENT.relativize(file) + " says " + word.group());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static boolean mindsItsWords(Path file) {
    return Files.isRegularFile(file) && !file.getParent().endsWith("providers");
  }

  private static ArchRule onlyFrom(String home, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static DescribedPredicate<JavaAccess<?>> isOf(Class<?> owner, String... names) {
    return describe(
        "it is of " + owner.getName() + ": " + String.join(", ", names),
        access ->
            access.getTargetOwner().isAssignableTo(owner)
                && List.of(names).contains(access.getTarget().getName()));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
