package io.symbolon.oauth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a profile demands: everything is looked at, and everything that is missing is said. */
final class ProfileRules {
  private static final String CLIENTS = "FAPI 2.0 Security Profile §5.3.3";
  private static final String SERVERS = "FAPI 2.0 Security Profile §5.3.2";
  private static final String MESSAGES = "FAPI 2.0 Message Signing §5";

  private final Profile profile;
  private final Verdict.Builder verdict;
  private final List<String> missing = new ArrayList<>();

  ProfileRules(Profile profile, AuthorizationServer server) {
    this.profile = profile;
    this.verdict = Verdict.about("client and server " + server + " against " + profile);
  }

  /** For every request that the client authenticates. */
  ProfileRules client(ClientAuthentication authentication, boolean constrainsSenders) {
    String method = authentication.toString();
    boolean strong = method.equals("private_key_jwt") || authentication.isMutualTls();
    need(
        "client authentication",
        strong,
        "private_key_jwt or mutual TLS: authentication(…)",
        method,
        CLIENTS);
    return need(
        "sender-constrained tokens",
        constrainsSenders,
        "tokens that are bound to a DPoP key or, with certificateBoundTokens(), to a certificate",
        "bearer tokens",
        CLIENTS);
  }

  /** For a login in the browser. */
  ProfileRules login(
      AuthorizationServer server, String responseType, @Nullable SigningKey signingKey) {
    need("response_type", responseType.equals("code"), "code", responseType, SERVERS);
    boolean par = server.endpoint("pushed_authorization_request_endpoint") != null;
    need("pushed_authorization_request_endpoint", par, "a URL", found(par), SERVERS);
    List<String> methods = server.strings("code_challenge_methods_supported");
    boolean s256 = methods != null && methods.contains("S256");
    need("code_challenge_methods_supported", s256, "S256 among them", found(s256), SERVERS);
    boolean iss = server.says("authorization_response_iss_parameter_supported");
    need("authorization_response_iss_parameter_supported", iss, "true", found(iss), SERVERS);
    return profile.signsMessages() ? messages(server, signingKey) : signature(signingKey);
  }

  private ProfileRules messages(AuthorizationServer server, @Nullable SigningKey signingKey) {
    need(
        "signed request",
        signingKey != null,
        "a key: signedWith(…)",
        signingKey == null ? "none" : signingKey.algorithm(),
        MESSAGES);
    List<String> modes = server.strings("response_modes_supported");
    boolean jwt = modes != null && modes.contains("jwt");
    need("response_modes_supported", jwt, "jwt among them", found(jwt), MESSAGES);
    return signature(signingKey);
  }

  private ProfileRules signature(@Nullable SigningKey key) {
    return key == null ? this : algorithm("signed request", key.algorithm());
  }

  /** For one signature of the client. */
  ProfileRules algorithm(String of, String name) {
    boolean allowed = profile.signatureAlgorithms().contains(name);
    return need(
        of,
        allowed,
        "one of " + profile.signatureAlgorithms() + ": SigningKey.algorithm(…)",
        name,
        "FAPI 2.0 Security Profile §5.4.1");
  }

  private static String found(boolean there) {
    return there ? "as expected" : "not in the metadata";
  }

  private ProfileRules need(
      String name, boolean met, String expected, String actual, String section) {
    if (!verdict.check(name, met, expected, actual, section)) {
      missing.add(name + " should be " + expected + ", but is " + actual);
    }
    return this;
  }

  /**
   * Refuses if anything is missing.
   *
   * @throws InvalidResponseException with everything that is
   */
  void demand() throws InvalidResponseException {
    if (!missing.isEmpty()) {
      throw new InvalidResponseException(
          "profile_not_met",
          profile + " is not met: " + String.join("; ", missing),
          verdict.build());
    }
  }
}
