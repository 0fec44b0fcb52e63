package androidx.test.internal.runner.lifecycle;

import androidx.test.runner.lifecycle.*;

public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {
  private final java.util.Map<android.app.Activity, Stage> m = new java.util.WeakHashMap<>();
  private final java.util.List<ActivityLifecycleCallback> cs = new java.util.ArrayList<>();

  public ActivityLifecycleMonitorImpl() {}

  public synchronized void signalLifecycleChange(Stage s, android.app.Activity a) {
    m.put(a, s);
    for (ActivityLifecycleCallback c : cs) c.onActivityLifecycleChanged(a, s);
  }

  public synchronized Stage getLifecycleStageOf(android.app.Activity a) {
    Stage s = m.get(a);
    if (s == null) throw new IllegalArgumentException("Unknown activity: " + a);
    return s;
  }

  public synchronized java.util.Collection<android.app.Activity> getActivitiesInStage(Stage s) {
    java.util.List<android.app.Activity> r = new java.util.ArrayList<>();
    m.forEach(
        (k, v) -> {
          if (v == s) r.add(k);
        });
    return r;
  }

  public synchronized void addLifecycleCallback(ActivityLifecycleCallback c) {
    cs.add(c);
  }

  public synchronized void removeLifecycleCallback(ActivityLifecycleCallback c) {
    cs.remove(c);
  }
}
