package io.symbolon.interop.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the modules, as a table for people. */
final class ConformanceReport {
  private final List<ModuleResult> results = new ArrayList<>();

  void add(ModuleResult result) {
    results.add(result);
  }

  List<ModuleResult> results() {
    return List.copyOf(results);
  }

  List<ModuleResult> failures() {
    return results.stream().filter(result -> !result.counts()).toList();
  }

  /** One line a module, under the name of its plan; then what went wrong, a sentence each. */
  @Override
  public String toString() {
    int widest = results.stream().mapToInt(result -> result.module().length()).max().orElse(6);
    String line = "%-4s %-" + widest + "s  %-11s  %s%n";
    StringBuilder table = new StringBuilder();
    String plan = "";
    for (ModuleResult result : results) {
      if (!result.plan().equals(plan)) {
        plan = result.plan();
        table.append(String.format(Locale.ROOT, "%n%s%n", plan));
        table.append(String.format(Locale.ROOT, line, "", "module", "suite", "Symbolon"));
      }
      table.append(
          String.format(
              Locale.ROOT,
              line,
              result.counts() ? "ok" : "FAIL",
              result.module(),
              result.suite(),
              result.symbolon()));
    }
    table.append(
        String.format(
            Locale.ROOT,
            "%n%d modules, %d count, %d do not%n",
            results.size(),
            results.size() - failures().size(),
            failures().size()));
    for (ModuleResult result : results) {
      String remark = result.counts() ? result.note() : result.complaint();
      if (!remark.isEmpty()) {
        table.append(String.format(Locale.ROOT, "- %s: %s%n", result.module(), remark));
      }
    }
    return table.toString();
  }
}
