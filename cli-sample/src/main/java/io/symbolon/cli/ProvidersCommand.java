package io.symbolon.cli;

import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon providers}: whom the catalogue knows, and what each can do. */
@Command(
    name = "providers",
    description =
        "Lists the providers that people log in with, what each can do, and its own page.",
    mixinStandardHelpOptions = true)
final class ProvidersCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Only those with this in their name.")
  private String wanted = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(table(Providers.catalogue().stream().filter(this::isWanted).toList()));
    out.flush();
  }

  private TextTable table(List<Provider> providers) {
    TextTable table =
        TextTable.forColumns(
            spec.commandLine().getColorScheme(),
            column(providers, Provider::name),
            column(providers, ProvidersCommand::abilities),
            column(providers, Provider::documentation));
    for (Provider provider : providers) {
      table.addRowValues(provider.name(), abilities(provider), provider.documentation());
    }
    return table;
  }

  /** As wide as its content, which a terminal may wrap but nobody can click when it is cut. */
  private static Column column(List<Provider> providers, Function<Provider, String> content) {
    int width = providers.stream().map(content).mapToInt(String::length).max().orElse(1);
    return new Column(width + 2, 0, Column.Overflow.SPAN);
  }

  private boolean isWanted(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }

  private static String abilities(Provider provider) {
    return String.join(", ", provider.abilities());
  }
}
