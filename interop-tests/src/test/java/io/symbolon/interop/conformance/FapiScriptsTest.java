package io.symbolon.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.symbolon.interop.conformance.ClientConfiguration.Part;
import io.symbolon.oauth.Profile;
import io.symbolon.oidc.OidcClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the client does in the modules of FAPI 2.0 and CIBA, with a provider that demands what the
 * suite's demands, and has the module's fault.
 */
final class FapiScriptsTest {
  private static final String FAPI = "fapi2-security-profile-final-client-test-";
  private static final String CIBA = "fapi-ciba-id1-client-";
  private static final ClientConfiguration CONFIGURATION = new ClientConfiguration();
  private static final ModuleTable TABLE = ModuleTable.ofPlans();

  /** How a module ended. */
  private record End(
      Outcome outcome, List<String> complaints, boolean content, List<String> calls) {
    void assertAsExpected(String module) {
      assertThat(complaints).isEmpty();
      assertThat(TABLE.of(module).outcomes()).as(outcome.detail()).contains(outcome.label());
      assertThat(content).as("the suite says PASSED").isTrue();
    }
  }

  private static Map<String, FapiFault> logins() {
    Map<String, FapiFault> faults = new LinkedHashMap<>();
    faults.put("happy-path", FapiFault.none());
    faults.put("happy-path-no-dpop-nonce", FapiFault.none().withoutNonces());
    faults.put("happy-path-no-mtls-endpoint-aliases", FapiFault.none().withoutAliases());
    faults.put(
        "valid-aud-as-array", FapiFault.harmless(it -> it.put("aud", List.of(it.get("aud")))));
    faults.put(
        "token-endpoint-response-without-expires_in",
        FapiFault.none().tokenResponse(it -> it.remove("expires_in")));
    faults.put(
        "token-type-case-insensitivity",
        FapiFault.none()
            .tokenResponse(it -> it.compute("token_type", (n, type) -> inverted(type))));
    faults.put("rs-dpop-auth-scheme-case-insensitivity", FapiFault.none().dpopScheme("dPoP"));
    faults.put(
        "discovery-issuer-mismatch",
        FapiFault.inMetadata(it -> it.compute("issuer", FapiScriptsTest::another)));
    idTokens().forEach(faults::put);
    faults.put(
        "invalid-nonce", FapiFault.inIdToken(it -> it.compute("nonce", FapiScriptsTest::another)));
    faults.put("invalid-missing-nonce", FapiFault.inIdToken(it -> it.remove("nonce")));
    faults.put(
        "ensure-authorization-response-with-invalid-state-fails",
        FapiFault.inResponse(it -> it.compute("state", FapiScriptsTest::another)));
    faults.put(
        "ensure-authorization-response-with-invalid-missing-state-fails",
        FapiFault.inResponse(it -> it.remove("state")));
    return faults;
  }

  /** In plain responses. */
  private static Map<String, FapiFault> plainResponses() {
    return Map.of(
        "invalid-authorization-response-iss",
        FapiFault.inResponse(it -> it.compute("iss", FapiScriptsTest::another)),
        "remove-authorization-response-iss",
        FapiFault.inResponse(it -> it.remove("iss")));
  }

  private static Map<String, FapiFault> signedResponses() {
    Map<String, FapiFault> faults = new LinkedHashMap<>();
    for (String claim : List.of("iss", "aud", "exp")) {
      faults.put(
          "ensure-jarm-without-" + claim + "-fails", FapiFault.inResponse(it -> it.remove(claim)));
    }
    for (String claim : List.of("iss", "aud")) {
      faults.put(
          "ensure-jarm-with-invalid-" + claim + "-fails",
          FapiFault.inResponse(it -> it.compute(claim, FapiScriptsTest::another)));
    }
    faults.put(
        "ensure-jarm-with-expired-exp-fails",
        FapiFault.inResponse(it -> it.put("exp", FapiTokens.in(-360))));
    faults.put(
        "ensure-jarm-with-invalid-sig-fails", FapiFault.inSignedResponse(FapiTokens::spoilt));
    faults.put(
        "ensure-jarm-signature-is-not-none", FapiFault.inSignedResponse(FapiTokens::unsigned));
    return faults;
  }

  /** ID tokens that both kinds of modules have. */
  private static Map<String, FapiFault> idTokens() {
    Map<String, FapiFault> faults = new LinkedHashMap<>();
    faults.put(
        "invalid-iss", FapiFault.inIdToken(it -> it.compute("iss", FapiScriptsTest::another)));
    faults.put(
        "invalid-aud", FapiFault.inIdToken(it -> it.compute("aud", FapiScriptsTest::another)));
    faults.put(
        "invalid-secondary-aud",
        FapiFault.inIdToken(it -> it.put("aud", List.of(it.get("aud"), "somebody"))));
    faults.put(
        "invalid-null-alg",
        FapiFault.inSignature((tokens, claims) -> FapiTokens.unsigned(tokens.signed(claims))));
    faults.put("invalid-alternate-alg", FapiFault.inSignature(FapiTokens::signedWithRs256));
    faults.put(
        "invalid-expired-exp", FapiFault.inIdToken(it -> it.put("exp", FapiTokens.in(-360))));
    for (String claim : List.of("iss", "aud", "exp")) {
      faults.put("invalid-missing-" + claim, FapiFault.inIdToken(it -> it.remove(claim)));
    }
    return faults;
  }

  private static Map<String, FapiFault> backchannelLogins() {
    Map<String, FapiFault> faults = new LinkedHashMap<>();
    faults.put("", FapiFault.none().polls("authorization_pending", "authorization_pending"));
    faults.put("refresh-token-", FapiFault.none().refreshes(2));
    faults.put(
        "valid-aud-as-array-", FapiFault.harmless(it -> it.put("aud", List.of(it.get("aud")))));
    faults.put(
        "no-scope-in-token-endpoint-response-",
        FapiFault.none()
            .tokenResponse(it -> it.keySet().removeAll(List.of("scope", "expires_in"))));
    faults.put("respects-interval-", FapiFault.none().interval(3).polls("authorization_pending"));
    faults.put("slow-down-", FapiFault.none().polls("authorization_pending", "slow_down"));
    for (String member : List.of("auth_req_id", "expires_in")) {
      faults.put(
          "invalid-missing-" + member.replace("_", "") + "-",
          FapiFault.inBackchannelAnswer(it -> it.remove(member)));
    }
    faults.put(
        "invalid-unknown-user-id-",
        FapiFault.inBackchannelAnswer(it -> it.put("error", "unknown_user_id")));
    for (String error : List.of("invalid_request", "access_denied", "expired_token")) {
      String name = error.equals("invalid_request") ? error : "invalid_" + error;
      faults.put(
          name.replace('_', '-') + "-",
          FapiFault.none().polls("authorization_pending", "authorization_pending", error));
    }
    idTokens().forEach((name, fault) -> faults.put(name + "-", fault));
    faults.put(
        "invalid-signature-",
        FapiFault.inSignature((tokens, claims) -> FapiTokens.spoilt(tokens.signed(claims))));
    faults.put(
        "invalid-iat-is-week-in-past-",
        FapiFault.inIdToken(it -> it.put("iat", FapiTokens.in(-604_800))));
    return faults;
  }

  private static Object another(String name, Object value) {
    return value + "1";
  }

  private static String inverted(Object type) {
    StringBuilder inverted = new StringBuilder();
    for (char c : type.toString().toCharArray()) {
      inverted.append(
          Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return inverted.toString();
  }

  private static End play(String module, Part part, Map<String, String> variant, FapiFault fault)
      throws Exception {
    return play(TABLE.of(module).script(), part, variant, fault);
  }

  private static End play(
      ClientScript script, Part part, Map<String, String> variant, FapiFault fault)
      throws Exception {
    try (FapiProvider provider =
        FapiProvider.start(CONFIGURATION.forPlan(part, ""), variant, fault)) {
      SuiteSettings settings = new SuiteSettings(provider.url(), null);
      ModuleRun run =
          new ModuleRun(
              new ConformanceSuite(settings, Duration.ofSeconds(5)),
              settings,
              CONFIGURATION,
              new BackChannel(),
              new RequestObjects(),
              "module",
              Map.copyOf(variant));
      Outcome outcome = outcome(script, run);
      return new End(outcome, provider.complaints(), provider.isContent(), provider.calls());
    }
  }

  private static Outcome outcome(ClientScript script, ModuleRun run) {
    try {
      script.run(run);
      return Outcome.COMPLETED;
    } catch (Exception e) {
      return Outcome.of(e);
    }
  }

  private static List<ConformancePlan> plans(Part part) {
    return ConformancePlan.all().stream().filter(plan -> plan.part() == part).toList();
  }

  @TestFactory
  Stream<DynamicTest> fapi() {
    return plans(Part.FAPI).stream()
        .flatMap(
            plan -> {
              boolean signed = "jarm".equals(plan.variant().get("fapi_response_mode"));
              Map<String, FapiFault> faults = new LinkedHashMap<>(logins());
              faults.putAll(signed ? signedResponses() : plainResponses());
              String kind = plan.variant().get("sender_constrain") + (signed ? ", signed" : "");
              return faults.entrySet().stream()
                  .map(
                      module ->
                          DynamicTest.dynamicTest(
                              module.getKey() + " (" + kind + ")",
                              () -> {
                                String name = FAPI + module.getKey();
                                play(name, Part.FAPI, plan.variant(), module.getValue())
                                    .assertAsExpected(name);
                              }));
            });
  }

  /** At the same time, since most of it is waiting. */
  @TestFactory
  Stream<DynamicTest> ciba() {
    Map<String, String> variant = plans(Part.CIBA).get(0).variant();
    ExecutorService users = Executors.newFixedThreadPool(8);
    Map<String, Future<End>> ends = new LinkedHashMap<>();
    backchannelLogins()
        .forEach(
            (name, fault) -> {
              String module = CIBA + name + "test";
              ends.put(module, users.submit(() -> play(module, Part.CIBA, variant, fault)));
            });
    String module = CIBA + "test-happy-path-no-mtls-endpoint-aliases";
    FapiFault fault = FapiFault.none().withoutAliases();
    ends.put(module, users.submit(() -> play(module, Part.CIBA, variant, fault)));
    users.shutdown();
    return ends.entrySet().stream()
        .map(
            end ->
                DynamicTest.dynamicTest(
                    end.getKey(), () -> end.getValue().get().assertAsExpected(end.getKey())));
  }

  /** The provider sees what the suite would see. */
  @Test
  void aClientThatGoesOnIsNoticed() throws Exception {
    FapiFault unseen = FapiFault.inIdToken(it -> {});

    End end = play(FAPI + "invalid-iss", Part.FAPI, plans(Part.FAPI).get(0).variant(), unseen);

    assertThat(end.complaints())
        .containsExactly("open-banking/v1.1/accounts: the client did not stop");
  }

  @Test
  void aRequestThatIsNotAsConfiguredIsNoticed() throws Exception {
    ClientScript script =
        run -> {
          OidcClient client = ClientScripts.fapiClient(run).profile(Profile.FAPI_2_0).build();
          run.signIn(client, client.login());
        };

    End end = play(script, Part.FAPI, plans(Part.FAPI).get(0).variant(), FapiFault.none());

    assertThat(end.complaints())
        .containsExactly("authorize: scope is openid, not openid profile email");
  }

  /** The order in which a module is called, as the suite's log would show it. */
  @Test
  void aLoginAsksForNothingThatTheModuleDoesNotWant() throws Exception {
    Map<String, String> dpop = plans(Part.FAPI).get(1).variant();

    assertThat(play(FAPI + "happy-path", Part.FAPI, dpop, FapiFault.none()).calls())
        .containsExactly(
            ".well-known/openid-configuration",
            "par",
            "par",
            "authorize",
            "token",
            "token",
            "jwks",
            "open-banking/v1.1/accounts",
            "open-banking/v1.1/accounts");
  }

  @Test
  void everyModuleOfTheTableWasPlayed() {
    List<String> played = new ArrayList<>();
    Stream.of(logins(), plainResponses(), signedResponses())
        .forEach(faults -> faults.keySet().forEach(name -> played.add(FAPI + name)));
    backchannelLogins().keySet().forEach(name -> played.add(CIBA + name + "test"));
    played.add(CIBA + "test-happy-path-no-mtls-endpoint-aliases");

    assertThat(TABLE.modules().stream().filter(it -> it.startsWith("fapi")))
        .containsExactlyInAnyOrderElementsOf(played);
  }
}
