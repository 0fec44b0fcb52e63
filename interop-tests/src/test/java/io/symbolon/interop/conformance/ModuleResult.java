package io.symbolon.interop.conformance;

/**
 * A line of the report.
 *
 * @param complaint why it does not count; empty when it does
 */
record ModuleResult(
    String plan, String module, String suite, String symbolon, String complaint, String note) {
  boolean counts() {
    return complaint.isEmpty();
  }
}
