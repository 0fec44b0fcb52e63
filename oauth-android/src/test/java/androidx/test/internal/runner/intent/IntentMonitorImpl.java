package androidx.test.internal.runner.intent;

import androidx.test.runner.intent.*;

public final class IntentMonitorImpl implements IntentMonitor {
  public IntentMonitorImpl() {}

  public void signalIntent(android.content.Intent i) {}
}
