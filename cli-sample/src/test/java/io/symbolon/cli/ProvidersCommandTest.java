package io.symbolon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.oauth.providers.Providers;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ProvidersCommandTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine symbolon = new CommandLine(new Symbolon()).setOut(new PrintWriter(out));

  @Test
  void eachProviderHasALine() {
    assertThat(symbolon.execute("providers")).isZero();

    assertThat(out.toString().lines()).hasSize(Providers.catalogue().size());
    assertThat(out.toString().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "Google {2,}login, refresh, device, revocation {2,}"
                            + "https://developers\\.google\\.com/identity/openid-connect"));
  }

  @Test
  void aPartOfANameIsEnough() {
    assertThat(symbolon.execute("providers", "MICROSOFT")).isZero();

    assertThat(out.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("Microsoft Entra ID"));
  }

  @Test
  void aNameThatNobodyHasGivesNothing() {
    assertThat(symbolon.execute("providers", "nobody")).isZero();

    assertThat(out.toString()).isEmpty();
  }
}
