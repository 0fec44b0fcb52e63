package io.symbolon.interop.conformance;

import io.symbolon.interop.conformance.ConformanceSuite.Info;
import io.symbolon.interop.conformance.ConformanceSuite.Module;
import io.symbolon.interop.conformance.ConformanceSuite.Plan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs plans of a suite, module by module, with Symbolon as the client. A module counts when the
 * suite says the right word <em>and</em> Symbolon ended as it should.
 */
final class ConformanceRun {
  private static final String OVER = "FINISHED,INTERRUPTED";

  private final SuiteSettings settings;
  private final ConformanceSuite suite;
  private final ModuleTable table;
  private final Duration patience;
  private final ClientConfiguration configuration = new ClientConfiguration();
  private final BackChannel backChannel = new BackChannel();
  private final RequestObjects requestObjects = new RequestObjects();
  private final ConformanceReport report = new ConformanceReport();

  /**
   * @param patience how long the client may take in a module, and then the suite to judge it
   */
  ConformanceRun(SuiteSettings settings, ModuleTable table, Duration patience) {
    this.settings = settings;
    this.suite = new ConformanceSuite(settings, patience);
    this.table = table;
    this.patience = patience;
  }

  /**
   * Runs the plans; what goes wrong in one of them does not keep the others from running.
   *
   * @throws SuiteException when there is no suite to talk to
   */
  ConformanceReport run(List<ConformancePlan> plans) throws SuiteException {
    List<String> available = suite.planNames();
    backChannel.open();
    try {
      requestObjects.open();
      for (ConformancePlan plan : plans) {
        if (available.contains(plan.name())) {
          run(plan);
        } else {
          add(plan, "(no module)", "-", "-", "this suite has no such plan");
        }
      }
    } finally {
      backChannel.close();
      requestObjects.close();
    }
    return report;
  }

  private void run(ConformancePlan wanted) {
    Plan plan;
    try {
      plan =
          suite.createPlan(
              wanted.name(),
              wanted.variant(),
              configuration.forPlan(wanted.part(), backChannel.url()));
    } catch (SuiteException e) {
      add(wanted, "(no module)", "-", "-", e.getMessage());
      return;
    }
    for (Module module : plan.modules()) {
      try {
        run(wanted, plan, module);
      } catch (SuiteException e) {
        add(wanted, module.label(), "-", "-", e.getMessage());
      }
    }
  }

  private void run(ConformancePlan wanted, Plan plan, Module module) throws SuiteException {
    ExpectedOutcome expected = table.of(module.name());
    ClientScript script = expected == null ? ClientScripts::login : expected.script();
    String id = suite.start(plan, module);
    Info ready = suite.await(id, "WAITING," + OVER);
    Outcome outcome =
        ready.isOver() ? new Outcome("not begun", "") : play(wanted, id, module, script);
    Info info = suite.await(id, OVER);
    String complaint = complaint(id, expected, info, outcome);
    String suiteSays = info.status().equals("FINISHED") ? info.result() : info.status();
    report.add(
        new ModuleResult(
            wanted.name(),
            module.label(),
            suiteSays,
            outcome.label(),
            complaint,
            expected == null ? "" : expected.note()));
  }

  /** On a thread of its own, so that a client that hangs costs its time and no more. */
  private Outcome play(ConformancePlan wanted, String id, Module module, ClientScript script) {
    Map<String, Object> variant = new LinkedHashMap<>(wanted.variant());
    variant.putAll(module.variant());
    ExecutorService client = Executors.newSingleThreadExecutor(ConformanceRun::daemon);
    try {
      Future<Outcome> end =
          client.submit(
              () -> {
                script.run(
                    new ModuleRun(
                        suite, settings, configuration, backChannel, requestObjects, id, variant));
                return Outcome.COMPLETED;
              });
      return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return Outcome.of(e.getCause());
    } catch (TimeoutException e) {
      return Outcome.tooSlow(patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.of(e);
    } finally {
      client.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "client");
    thread.setDaemon(true);
    return thread;
  }

  /** Why it does not count; empty when it does. */
  private String complaint(String id, ExpectedOutcome expected, Info info, Outcome outcome)
      throws SuiteException {
    if (expected == null) {
      return "unknown module: it was run as a plain login, and nobody knows how that should end";
    }
    if (!info.isOver()) {
      return "the suite still says %s; Symbolon ended in %s %s"
          .formatted(info.status(), outcome.label(), outcome.detail());
    }
    if (!info.status().equals("FINISHED") || !expected.verdicts().contains(info.result())) {
      return "the suite says %s %s, not %s: %s"
          .formatted(info.status(), info.result(), expected.verdicts(), suite.reason(id));
    }
    if (!expected.outcomes().contains(outcome.label())) {
      return "the suite says %s, but Symbolon ended in %s, not in %s: %s"
          .formatted(info.result(), outcome.label(), expected.outcomes(), outcome.detail());
    }
    return "";
  }

  private void add(
      ConformancePlan plan, String module, String suiteSays, String symbolon, String complaint) {
    report.add(new ModuleResult(plan.name(), module, suiteSays, symbolon, complaint, ""));
  }
}
