package androidx.test.internal.runner.lifecycle;

import android.app.Activity;
import androidx.test.runner.lifecycle.ActivityLifecycleCallback;
import androidx.test.runner.lifecycle.ActivityLifecycleMonitor;
import androidx.test.runner.lifecycle.Stage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Remembers the last stage of each activity that somebody still holds. */
public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {
  private final Map<Activity, Stage> stages = new WeakHashMap<>();
  private final List<ActivityLifecycleCallback> callbacks = new CopyOnWriteArrayList<>();

  public void signalLifecycleChange(Stage stage, Activity activity) {
    synchronized (stages) {
      stages.put(activity, stage);
    }
    callbacks.forEach(callback -> callback.onActivityLifecycleChanged(activity, stage));
  }

  @Override
  public void addLifecycleCallback(ActivityLifecycleCallback callback) {
    callbacks.add(callback);
  }

  @Override
  public void removeLifecycleCallback(ActivityLifecycleCallback callback) {
    callbacks.remove(callback);
  }

  @Override
  public Stage getLifecycleStageOf(Activity activity) {
    synchronized (stages) {
      return Objects.requireNonNull(stages.get(activity), "an activity that nobody has started");
    }
  }

  @Override
  public Collection<Activity> getActivitiesInStage(Stage stage) {
    synchronized (stages) {
      return stages.entrySet().stream()
          .filter(entry -> entry.getValue() == stage)
          .map(Map.Entry::getKey)
          .collect(Collectors.toList());
    }
  }
}
