package io.symbolon.interop.conformance;

/** What the client does in a module, up to where the module ends and no further. */
@FunctionalInterface
interface ClientScript {
  void run(ModuleRun run) throws Exception;
}
