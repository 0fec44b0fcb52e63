package io.symbolon.interop.conformance;

import java.util.Set;

/**
 * What must happen in a module: what the client does, how it ends, and what the suite says then. A
 * client that merely dies passes most negative modules, so both count.
 *
 * @param outcomes the labels of the outcomes that are right
 * @param verdicts what the suite says when all is right
 * @param note what a reader should know about it; empty when there is nothing
 */
record ExpectedOutcome(
    ClientScript script, Set<String> outcomes, Set<String> verdicts, String note) {

  static ExpectedOutcome completes(ClientScript script) {
    return new ExpectedOutcome(script, Set.of("completed"), Set.of("PASSED"), "");
  }

  static ExpectedOutcome refuses(ClientScript script, String... outcomes) {
    return new ExpectedOutcome(script, Set.of(outcomes), Set.of("PASSED"), "");
  }

  /** What a reader of the report should know. */
  ExpectedOutcome noted(String why) {
    return new ExpectedOutcome(script, outcomes, verdicts, why);
  }

  /** The suite has another word than PASSED for what is right. */
  ExpectedOutcome judged(String verdict, String why) {
    return new ExpectedOutcome(script, outcomes, Set.of(verdict), why);
  }
}
