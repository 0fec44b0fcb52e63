package io.symbolon.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.testkit.FakeAuthorizationServer;
import io.symbolon.oauth.testkit.FakeAuthorizationServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a service pays for its first token in classes, and with them in time. */
class LoadedClassesTest {
  /** Lower it when a change allows; raise it only with a reason. */
  private static final int MOST_CLASSES_FOR_CLIENT_CREDENTIALS = 24;

  private static final Pattern LOADED = Pattern.compile("^(\\S+) source: ");

  @RegisterExtension
  final FakeAuthorizationServerExtension extension = new FakeAuthorizationServerExtension();

  @Test
  void aServiceLoadsFewClassesOfOursAndNoneOfNimbusAndCaffeine(@TempDir Path directory)
      throws Exception {
    FakeAuthorizationServer server = extension.server().client("reports", "s3cret");
    Path log = directory.resolve("classes");

    List<String> output =
        ChildJvm.run(
            ClientCredentialsApp.class,
            List.of("-Xlog:class+load:file=" + log + ":none"),
            server.issuer(),
            "reports",
            "s3cret");

    assertThat(output).hasSize(1).first().asString().startsWith("Bearer token, until ");
    List<String> loaded = names(Files.readAllLines(log));
    List<String> ours =
        loaded.stream()
            .filter(name -> name.startsWith("io.symbolon."))
            .filter(name -> !name.equals(ClientCredentialsApp.class.getName()))
            .filter(name -> !name.contains("$$Lambda"))
            .toList();
    System.out.println(ours.size() + " classes of ours for one client credentials call: " + ours);
    assertThat(loaded).contains("okhttp3.OkHttpClient");
    assertThat(loaded)
        .noneMatch(name -> name.startsWith("com.nimbusds."))
        .noneMatch(name -> name.startsWith("com.github.benmanes."));
    assertThat(ours).hasSizeBetween(15, MOST_CLASSES_FOR_CLIENT_CREDENTIALS);
  }

  private static List<String> names(List<String> log) {
    return log.stream().map(LOADED::matcher).filter(Matcher::find).map(it -> it.group(1)).toList();
  }
}
