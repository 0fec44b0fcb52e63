package androidx.test.runner.lifecycle;

public interface ActivityLifecycleMonitor {
  Stage getLifecycleStageOf(android.app.Activity a);

  java.util.Collection<android.app.Activity> getActivitiesInStage(Stage s);

  void addLifecycleCallback(ActivityLifecycleCallback c);

  void removeLifecycleCallback(ActivityLifecycleCallback c);
}
