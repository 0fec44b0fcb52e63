package androidx.test.platform.app;

public final class InstrumentationRegistry {
  private static volatile android.app.Instrumentation i;
  private static volatile android.os.Bundle a;

  private InstrumentationRegistry() {}

  public static void registerInstance(android.app.Instrumentation x, android.os.Bundle b) {
    i = x;
    a = b == null ? null : new android.os.Bundle(b);
  }

  public static android.app.Instrumentation getInstrumentation() {
    if (i == null) throw new IllegalStateException("No instrumentation registered");
    return i;
  }

  public static android.os.Bundle getArguments() {
    return new android.os.Bundle(a);
  }
}
