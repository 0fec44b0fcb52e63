package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The few types of androidx.test that Robolectric touches stand beside this one: the real ones come
 * in Android archives, which no class path takes.
 */
public final class InstrumentationRegistry {
  private static final AtomicReference<Instrumentation> INSTRUMENTATION = new AtomicReference<>();
  private static final AtomicReference<Bundle> ARGUMENTS = new AtomicReference<>(Bundle.EMPTY);

  private InstrumentationRegistry() {}

  public static void registerInstance(Instrumentation instrumentation, Bundle arguments) {
    INSTRUMENTATION.set(instrumentation);
    ARGUMENTS.set(arguments);
  }

  public static Instrumentation getInstrumentation() {
    Instrumentation registered = INSTRUMENTATION.get();
    if (registered == null) {
      throw new IllegalStateException("Robolectric has not registered its instrumentation yet");
    }
    return registered;
  }

  public static Bundle getArguments() {
    return new Bundle(ARGUMENTS.get());
  }
}
