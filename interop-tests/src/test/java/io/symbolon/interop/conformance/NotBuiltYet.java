package io.symbolon.interop.conformance;

/** Symbolon cannot do yet what the module asks for. */
final class NotBuiltYet extends Exception {
  private static final long serialVersionUID = 1;

  NotBuiltYet(String what) {
    super("Symbolon has no " + what + " yet");
  }
}
