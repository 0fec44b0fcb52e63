package io.symbolon.cli;

import io.symbolon.oauth.providers.Provider;
import io.symbolon.oauth.providers.Providers;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
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
    List<Provider> providers = Providers.catalogue().stream().filter(this::isWanted).toList();
    int names = width(providers.stream().map(Provider::name).toList());
    int abilities = width(providers.stream().map(ProvidersCommand::abilities).toList());
    PrintWriter out = spec.commandLine().getOut();
    String line = "%-" + names + "s  %-" + abilities + "s  %s%n";
    for (Provider provider : providers) {
      out.printf(line, provider.name(), abilities(provider), provider.documentation());
    }
    out.flush();
  }

  private boolean isWanted(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }

  private static int width(List<String> texts) {
    return Math.max(1, texts.stream().mapToInt(String::length).max().orElse(1));
  }

  private static String abilities(Provider provider) {
    return String.join(", ", provider.abilities());
  }
}
