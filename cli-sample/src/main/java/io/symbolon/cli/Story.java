package io.symbolon.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Tells what happens while it happens: headings, sentences, requests on the wire, facts. */
final class Story {
  private final PrintWriter out;
  private final Ansi ansi;
  private int chapters;

  Story(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  void chapter(String title) {
    chapters++;
    line("");
    line(style("bold,cyan", chapters + "  " + title));
  }

  void end(String sentence) {
    line("");
    line(style("bold,green", sentence));
  }

  void says(String sentence) {
    line("   " + sentence);
  }

  void good(String sentence) {
    line("   " + style("bold,green", "✓") + " " + sentence);
  }

  void bad(String sentence) {
    line("   " + style("bold,red", "✗") + " " + sentence);
  }

  void wire(String text) {
    line("     " + style("faint", text));
  }

  /** Text of several lines, as it is. */
  void quotes(String text) {
    text.lines().forEach(line -> line("     " + style("yellow", "│") + " " + line));
  }

  void facts(Map<String, ? extends @Nullable Object> facts) {
    facts.forEach(
        (name, value) -> line("     " + style("bold", String.format("%-10s", name)) + " " + value));
  }

  /** Progress on one line, or a dot a step where lines cannot be rewritten. */
  void progress(String what, int done, int of) {
    if (ansi.enabled()) {
      String bar = "█".repeat(done) + "░".repeat(of - done);
      out.print("\r     " + bar + " " + what + (done == of ? System.lineSeparator() : ""));
    } else {
      out.print((done == 1 ? "     " + what + " " : "") + "." + (done == of ? "\n" : ""));
    }
    out.flush();
  }

  private String style(String style, String text) {
    // Not picocli's markup: what servers answer may look like it.
    return ansi.enabled()
        ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style))
        : text;
  }

  /** Several threads tell the story: a request is a line, not half of one. */
  private synchronized void line(String text) {
    out.println(text);
    out.flush();
  }
}
