package io.symbolon.interop.conformance;

import static io.symbolon.interop.conformance.ExpectedOutcome.completes;
import static io.symbolon.interop.conformance.ExpectedOutcome.refuses;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every module that the plans have, and what must happen in it. */
final class ModuleTable {
  private static final String OIDCC = "oidcc-client-test";
  private static final String FAPI = "fapi2-security-profile-final-client-";
  private static final String CIBA = "fapi-ciba-id1-client-";
  private static final String UNSIGNED =
      "an unsigned token is never believed; if the suite says SKIPPED for that, it does not count";

  private final Map<String, ExpectedOutcome> modules = new LinkedHashMap<>();

  private ModuleTable() {}

  static ModuleTable ofPlans() {
    ModuleTable table = new ModuleTable();
    table.addLogins();
    table.addConfiguration();
    table.addHybrid();
    table.addRefresh();
    table.addLogout();
    table.addFapi();
    table.addCiba();
    return table;
  }

  /** What must happen; null when the table does not know the module. */
  ExpectedOutcome of(String module) {
    return modules.get(module);
  }

  /** The names of all that it knows. */
  Set<String> modules() {
    return modules.keySet();
  }

  private void addLogins() {
    ExpectedOutcome login = completes(ClientScripts::login);
    modules.put(OIDCC, login);
    modules.put(OIDCC + "-kid-absent-single-jwks", login);
    modules.put(OIDCC + "-kid-absent-multiple-jwks", login);
    modules.put(OIDCC + "-idtoken-sig-rs256", login);
    modules.put(OIDCC + "-client-secret-basic", completes(ClientScripts::loginWithSecret));
    modules.put(OIDCC + "-userinfo-bearer-header", login);
    modules.put(OIDCC + "-ignores-unparseable-key-in-jwks", login);
    modules.put(OIDCC + "-scope-userinfo-claims", completes(ClientScripts::loginForClaims));
    refused("-invalid-iss", "iss");
    refused("-missing-sub", "sub");
    refused("-invalid-aud", "aud");
    refused("-missing-aud", "aud");
    refused("-missing-iat", "iat");
    refused("-nonce-invalid", "nonce");
    refused("-invalid-sig-rs256", "signature");
    refused("-invalid-sig-es256", "signature");
    modules.put(
        OIDCC + "-invalid-sig-hs256",
        refuses(ClientScripts::loginWithMac, "invalid_id_token/signature"));
    modules.put(
        OIDCC + "-idtoken-sig-none",
        refuses(ClientScripts::login, "invalid_id_token/format", "invalid_id_token/alg")
            .noted(UNSIGNED));
    modules.put(OIDCC + "-userinfo-invalid-sub", refuses(ClientScripts::login, "sub_mismatch"));
    modules.put(
        OIDCC + "-userinfo-bearer-body",
        completes(ClientScripts.never("access token in a form: it sends a header")));
    modules.put(
        OIDCC + "-form-post-error", refuses(ClientScripts::loginThatFails, "login_required"));
    modules.put(OIDCC + "-mtls-endpoint-aliases", login);
    modules.put(
        OIDCC + "-aggregated-claims",
        refuses(ClientScripts.providedClaim("address"), "invalid_claim")
            .noted("the suite signs aggregated claims with none, which is never believed"));
    modules.put(
        OIDCC + "-distributed-claims",
        refuses(ClientScripts.providedClaim("credit_score"), "invalid_claim")
            .noted("the suite does not say in the JWT who vouches for the claim"));
    modules.put(OIDCC + "-3rd-party-init-login", completes(ClientScripts::thirdPartyLogin));
  }

  private void addConfiguration() {
    modules.put(OIDCC + "-discovery-openid-config", completes(ClientScripts::discovery));
    modules.put(OIDCC + "-discovery-jwks-uri-keys", completes(ClientScripts::keys));
    modules.put(
        OIDCC + "-discovery-issuer-mismatch", refuses(ClientScripts::discovery, "issuer_mismatch"));
    modules.put(OIDCC + "-signing-key-rotation", completes(ClientScripts::twoLogins));
    modules.put(
        OIDCC + "-signing-key-rotation-just-before-signing", completes(ClientScripts::login));
    for (String kind : new String[] {"acct", "url"}) {
      String module = OIDCC + "-discovery-webfinger-" + kind;
      modules.put(module, completes(ClientScripts.webFinger(module, kind.equals("acct"))));
    }
    modules.put(OIDCC + "-dynamic-registration", completes(ClientScripts::registration));
    modules.put(OIDCC + "-request-uri-signed-rs256", completes(ClientScripts::login));
    modules.put(
        OIDCC + "-request-uri-signed-none",
        completes(ClientScripts.never("unsigned request objects")));
    modules.put(OIDCC + "-userinfo-signed", completes(ClientScripts::signedUserInfo));
  }

  private void addHybrid() {
    modules.put(OIDCC + "-nonce-unless-code-flow", completes(ClientScripts::login));
    refused("-invalid-chash", "c_hash");
    refused("-missing-chash", "c_hash");
    refused("-invalid-athash", "at_hash");
    refused("-missing-athash", "at_hash");
  }

  private void addRefresh() {
    modules.put(OIDCC + "-refresh-token", completes(ClientScripts::refresh));
    refusedRefresh("-invalid-issuer", "iss");
    refusedRefresh("-invalid-sub", "sub");
    refusedRefresh("-invalid-aud", "aud");
    refusedRefresh("-invalid-azp", "azp");
  }

  private void addLogout() {
    ExpectedOutcome logout = completes(ClientScripts::logout);
    modules.put(OIDCC + "-rp-init-logout", logout);
    modules.put(
        OIDCC + "-rp-init-logout-other-state", refuses(ClientScripts::logout, "state_mismatch"));
    modules.put(
        OIDCC + "-rp-init-logout-no-state", refuses(ClientScripts::logout, "state_mismatch"));
    String backChannel = OIDCC + "-rp-backchannel-rpinitlogout";
    modules.put(backChannel, logout);
    for (String fault :
        new String[] {
          "alg-none", "no-event", "with-nonce", "wrong-alg", "wrong-aud", "wrong-event", "wrong-iss"
        }) {
      modules.put(
          backChannel + "-" + fault, refuses(ClientScripts::logout, "invalid_logout_token"));
    }
    modules.put(
        OIDCC + "-rp-frontchannel-rpinitlogout",
        completes(ClientScripts::frontChannelLogout)
            .judged("REVIEW", "the suite cannot see an iframe load and asks a human for a look"));
  }

  private void addFapi() {
    ClientScript fapi = ClientScripts::fapi;
    for (String module :
        new String[] {
          "test-happy-path",
          "test-happy-path-no-dpop-nonce",
          "test-happy-path-no-mtls-endpoint-aliases",
          "test-valid-aud-as-array",
          "test-token-endpoint-response-without-expires_in",
          "test-token-type-case-insensitivity",
          "test-rs-dpop-auth-scheme-case-insensitivity"
        }) {
      modules.put(FAPI + module, completes(fapi));
    }
    fapiRefused(ClientScripts::fapiDiscovery, "discovery-issuer-mismatch", "issuer_mismatch");
    fapiRefused(fapi, "invalid-iss", "invalid_id_token/iss");
    fapiRefused(fapi, "invalid-aud", "invalid_id_token/aud");
    fapiRefused(fapi, "invalid-secondary-aud", "invalid_id_token/aud");
    fapiRefused(fapi, "invalid-null-alg", "invalid_id_token/format");
    fapiRefused(fapi, "invalid-alternate-alg", "invalid_id_token/alg");
    fapiRefused(fapi, "invalid-expired-exp", "invalid_id_token/exp");
    fapiRefused(fapi, "invalid-missing-exp", "invalid_id_token/exp");
    fapiRefused(fapi, "invalid-missing-aud", "invalid_id_token/aud");
    fapiRefused(fapi, "invalid-missing-iss", "invalid_id_token/iss");
    fapiRefused(fapi, "invalid-nonce", "invalid_id_token/nonce");
    fapiRefused(fapi, "invalid-missing-nonce", "invalid_id_token/nonce");
    fapiRefused(fapi, "invalid-authorization-response-iss", "issuer_mismatch");
    fapiRefused(fapi, "remove-authorization-response-iss", "issuer_mismatch");
    fapiRefused(fapi, "ensure-authorization-response-with-invalid-state-fails", "state_mismatch");
    fapiRefused(
        fapi, "ensure-authorization-response-with-invalid-missing-state-fails", "state_mismatch");
    for (String fault :
        new String[] {
          "without-iss",
          "with-invalid-iss",
          "without-aud",
          "with-invalid-aud",
          "without-exp",
          "with-expired-exp",
          "with-invalid-sig"
        }) {
      fapiRefused(fapi, "ensure-jarm-" + fault + "-fails", "invalid_signed_response");
    }
    fapiRefused(fapi, "ensure-jarm-signature-is-not-none", "invalid_signed_response");
  }

  private void addCiba() {
    ClientScript ciba = ClientScripts::backchannelLogin;
    for (String module :
        new String[] {
          "test",
          "test-happy-path-no-mtls-endpoint-aliases",
          "valid-aud-as-array-test",
          "no-scope-in-token-endpoint-response-test",
          "respects-interval-test",
          "slow-down-test"
        }) {
      modules.put(CIBA + module, completes(ciba));
    }
    modules.put(CIBA + "refresh-token-test", completes(ClientScripts::backchannelRefresh));
    cibaRefused(ciba, "missing-authreqid", "malformed_response");
    cibaRefused(ciba, "missing-expiresin", "malformed_response");
    cibaRefused(ciba, "unknown-user-id", "unknown_user_id");
    cibaRefused(ciba, "request", "invalid_request");
    cibaRefused(ciba, "access-denied", "access_denied");
    cibaRefused(ciba, "expired-token", "expired_token");
    cibaRefused(ciba, "iss", "invalid_id_token/iss");
    cibaRefused(ciba, "aud", "invalid_id_token/aud");
    cibaRefused(ciba, "secondary-aud", "invalid_id_token/aud");
    cibaRefused(ciba, "signature", "invalid_id_token/signature");
    cibaRefused(ciba, "null-alg", "invalid_id_token/format");
    cibaRefused(ciba, "alternate-alg", "invalid_id_token/alg");
    cibaRefused(ciba, "expired-exp", "invalid_id_token/exp");
    cibaRefused(ciba, "iat-is-week-in-past", "invalid_id_token/iat");
    cibaRefused(ciba, "missing-aud", "invalid_id_token/aud");
    cibaRefused(ciba, "missing-exp", "invalid_id_token/exp");
    cibaRefused(ciba, "missing-iss", "invalid_id_token/iss");
  }

  private void refused(String module, String check) {
    modules.put(OIDCC + module, refuses(ClientScripts::login, "invalid_id_token/" + check));
  }

  private void refusedRefresh(String module, String check) {
    modules.put(
        OIDCC + "-refresh-token" + module,
        refuses(ClientScripts::refresh, "invalid_id_token/" + check));
  }

  private void fapiRefused(ClientScript fapi, String module, String outcome) {
    modules.put(FAPI + "test-" + module, refuses(fapi, outcome));
  }

  private void cibaRefused(ClientScript ciba, String fault, String outcome) {
    modules.put(CIBA + "invalid-" + fault + "-test", refuses(ciba, outcome));
  }
}
