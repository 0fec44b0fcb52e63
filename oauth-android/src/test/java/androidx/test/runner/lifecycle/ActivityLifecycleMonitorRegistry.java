package androidx.test.runner.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

public final class ActivityLifecycleMonitorRegistry {
  private static final AtomicReference<ActivityLifecycleMonitor> MONITOR = new AtomicReference<>();

  private ActivityLifecycleMonitorRegistry() {}

  public static void registerInstance(ActivityLifecycleMonitor monitor) {
    MONITOR.set(monitor);
  }

  public static ActivityLifecycleMonitor getInstance() {
    ActivityLifecycleMonitor registered = MONITOR.get();
    if (registered == null) {
      throw new IllegalStateException("Robolectric has not registered its monitor yet");
    }
    return registered;
  }
}
