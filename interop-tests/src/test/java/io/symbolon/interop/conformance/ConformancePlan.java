package io.symbolon.interop.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan of the suite, the variants that it leaves open, and what its modules need beside the
 * smallest configuration. The suite refuses to make a plan that is told too few variants, or one
 * that it sets itself.
 */
record ConformancePlan(String name, Map<String, String> variant, ClientConfiguration.Part part) {
  private static final String[] STATIC = {
    "request_type", "plain_http_request", "client_registration", "static_client"
  };
  private static final String[] BASIC_AUTH = {
    "client_auth_type", "client_secret_basic", "response_mode", "default"
  };
  private static final String[] CODE = {"response_type", "code"};
  private static final String ALL_MODULES = "oidcc-client-test-plan";

  private static final String[] SIGNED = {
    "fapi_request_method", "signed_non_repudiation", "fapi_response_mode", "jarm"
  };

  /** The plans of the relying-party profiles that Symbolon is meant for. */
  static List<ConformancePlan> all() {
    return List.of(
        new ConformancePlan(
            "oidcc-client-basic-certification-test-plan",
            variant(STATIC),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-config-certification-test-plan",
            variant(STATIC, BASIC_AUTH),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-dynamic-certification-test-plan",
            variant(BASIC_AUTH),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-formpost-basic-certification-test-plan",
            variant(STATIC),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-hybrid-certification-test-plan",
            variant(STATIC),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-rp-initiated-logout-rp-basic",
            variant(STATIC, BASIC_AUTH),
            ClientConfiguration.Part.BACK_CHANNEL_LOGOUT),
        new ConformancePlan(
            "oidcc-client-back-channel-logout-rp-basic",
            variant(STATIC, BASIC_AUTH),
            ClientConfiguration.Part.BACK_CHANNEL_LOGOUT),
        new ConformancePlan(
            "oidcc-client-front-channel-logout-rp-basic",
            variant(STATIC, BASIC_AUTH),
            ClientConfiguration.Part.FRONT_CHANNEL_LOGOUT),
        new ConformancePlan(
            "oidcc-client-test-3rd-party-init-login-test-plan",
            variant(STATIC, BASIC_AUTH, CODE, pair("client_registration", "dynamic_client")),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            "oidcc-client-refreshtoken-test-plan",
            variant(STATIC, BASIC_AUTH, CODE),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            ALL_MODULES, variant(STATIC, BASIC_AUTH, CODE), ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            ALL_MODULES,
            variant(STATIC, BASIC_AUTH, CODE, pair("response_mode", "form_post")),
            ClientConfiguration.Part.PLAIN),
        new ConformancePlan(
            ALL_MODULES,
            variant(STATIC, BASIC_AUTH, CODE, pair("client_auth_type", "tls_client_auth")),
            ClientConfiguration.Part.CERTIFICATE),
        fapi("fapi2-security-profile-final-client-test-plan", "mtls"),
        fapi("fapi2-security-profile-final-client-test-plan", "dpop"),
        fapi("fapi2-message-signing-final-client-test-plan", "mtls", SIGNED),
        fapi("fapi2-message-signing-final-client-test-plan", "dpop", SIGNED),
        new ConformancePlan(
            "fapi-ciba-id1-client-test-plan",
            variant(
                new String[] {
                  "client_auth_type", "private_key_jwt",
                  "ciba_mode", "poll",
                  "fapi_ciba_profile", "plain_fapi"
                }),
            ClientConfiguration.Part.CIBA));
  }

  private static ConformancePlan fapi(String name, String senderConstrain, String... more) {
    String[] pairs = {
      "client_auth_type", "private_key_jwt",
      "sender_constrain", senderConstrain,
      "fapi_client_type", "oidc",
      "fapi_profile", "plain_fapi",
      "authorization_request_type", "simple"
    };
    return new ConformancePlan(name, variant(pairs, more), ClientConfiguration.Part.FAPI);
  }

  private static String[] pair(String name, String value) {
    return new String[] {name, value};
  }

  /** Of pairs for one name the last counts. */
  private static Map<String, String> variant(String[]... pairs) {
    Map<String, String> variant = new LinkedHashMap<>();
    for (String[] part : pairs) {
      for (int i = 0; i < part.length; i += 2) {
        variant.put(part[i], part[i + 1]);
      }
    }
    return variant;
  }
}
