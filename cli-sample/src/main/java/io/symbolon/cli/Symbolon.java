package io.symbolon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line program {@code symbolon}. */
@Command(
    name = "symbolon",
    description = "Signs in, calls APIs and explains what goes wrong: OAuth 2 and OpenID Connect.",
    mixinStandardHelpOptions = true,
    versionProvider = Symbolon.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DemoCommand.class, ProvidersCommand.class, ServeCommand.class})
public final class Symbolon {
  Symbolon() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Symbolon()).execute(arguments));
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Symbolon.class.getPackage().getImplementationVersion();
      return new String[] {"symbolon " + (version == null ? "(development)" : version)};
    }
  }
}
