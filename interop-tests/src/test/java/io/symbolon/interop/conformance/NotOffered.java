package io.symbolon.interop.conformance;

/** Symbolon does not do what the module asks for, and never will. */
final class NotOffered extends Exception {
  private static final long serialVersionUID = 1;

  NotOffered(String what) {
    super("Symbolon has no " + what);
  }
}
