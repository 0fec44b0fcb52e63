package io.symbolon.cli.demo;

/** A client that the demo server knows; the secret is worth nothing outside this process. */
public record DemoClient(String id, String secret) {
  /** Not the secret: examples are copied. */
  @Override
  public String toString() {
    return "DemoClient[" + id + "]";
  }
}
