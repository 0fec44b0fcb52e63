package io.symbolon.interop.conformance;

import static io.symbolon.interop.conformance.FapiRequest.demand;
import static io.symbolon.interop.conformance.FapiRequest.demandEnd;
import static io.symbolon.interop.conformance.FapiRequest.demandEqual;
import static io.symbolon.interop.conformance.FapiRequest.demandRecent;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.symbolon.interop.conformance.FapiRequest.Complaint;
import io.symbolon.interop.conformance.FapiRequest.Signed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Stands in for the provider of the suite's FAPI 2.0 and CIBA modules. What it demands of every
 * request is what the suite's published source demands; an honest provider but for its {@link
 * FapiFault}. It shows its endpoints by the suite's REST API, which is all of that API that it has.
 */
final class FapiProvider implements AutoCloseable {
  private static final String BASE = "/test/a/stand-in/";
  private static final String ACCOUNTS = "open-banking/v1.1/accounts";
  private static final String CIBA_GRANT = "urn:openid:params:grant-type:ciba";
  private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder().build();
  private static final Set<String> REQUEST_CLAIMS =
      Set.of(
          "client_id",
          "redirect_uri",
          "response_type",
          "response_mode",
          "state",
          "scope",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "dpop_jkt",
          "aud",
          "exp",
          "nbf",
          "iat",
          "iss",
          "jti");

  private final MockWebServer plain = new MockWebServer();
  private final MockWebServer mutual = new MockWebServer();
  private final Map<String, Object> client;
  private final JWKSet clientKeys;
  private final FapiTokens tokens;
  private final Map<String, String> variant;
  private final FapiFault fault;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Set<String> usedIds = ConcurrentHashMap.newKeySet();

  private String serverNonce;
  private String resourceNonce;
  private Map<String, ?> asked = Map.of();
  private String requestUri = "";
  private String code = "";
  private String authReqId = "";
  private String refreshToken = "";
  private String accessToken = "";
  private String boundTo = "";
  private int polls;
  private long interval;
  private long nextPoll = System.nanoTime();
  private int refreshes;
  private boolean mustStop;
  private boolean finished;

  private FapiProvider(
      Map<String, Object> configuration, Map<String, String> variant, FapiFault fault)
      throws ParseException {
    // As it comes over the wire.
    Map<String, Object> json = JSONObjectUtils.parse(JSONObjectUtils.toJSONString(configuration));
    this.client = JSONObjectUtils.getJSONObject(json, "client");
    this.clientKeys = JWKSet.parse(JSONObjectUtils.getJSONObject(client, "jwks"));
    this.tokens =
        new FapiTokens(
            JWKSet.parse(
                JSONObjectUtils.getJSONObject(
                    JSONObjectUtils.getJSONObject(json, "server"), "jwks")));
    this.variant = variant;
    this.fault = fault;
    renewServerNonce();
    renewResourceNonce();
  }

  static FapiProvider start(
      Map<String, Object> configuration, Map<String, String> variant, FapiFault fault)
      throws Exception {
    FapiProvider provider = new FapiProvider(configuration, variant, fault);
    provider.listen(provider.plain, false);
    provider.listen(provider.mutual, true);
    return provider;
  }

  private void listen(MockWebServer server, boolean asksForCertificate) throws IOException {
    HandshakeCertificates.Builder tls =
        new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE);
    if (asksForCertificate) {
      tls.addTrustedCertificate(SuiteSettings.CLIENT_CERTIFICATE.certificate());
      server.requestClientAuth();
    }
    server.useHttps(tls.build().sslSocketFactory());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request, asksForCertificate);
          }
        });
    server.start();
  }

  HttpUrl url() {
    return plain.url("/");
  }

  /** What the suite would hold against the client. */
  List<String> complaints() {
    return complaints;
  }

  /** The endpoints in the order in which they were called. */
  List<String> calls() {
    return calls;
  }

  /** Whether the suite would say PASSED when the client does nothing more. */
  boolean isContent() {
    return complaints.isEmpty() && (finished || mustStop);
  }

  private String issuer() {
    return plain.url(BASE).toString();
  }

  private boolean isDpop() {
    return "dpop".equals(variant.get("sender_constrain"));
  }

  private boolean isSigned() {
    return "signed_non_repudiation".equals(variant.get("fapi_request_method"));
  }

  private boolean isJarm() {
    return "jarm".equals(variant.get("fapi_response_mode"));
  }

  private boolean isCiba() {
    return variant.containsKey("ciba_mode");
  }

  private void renewServerNonce() {
    serverNonce = fault.demandsNonces() ? UUID.randomUUID().toString() : null;
  }

  private void renewResourceNonce() {
    resourceNonce = fault.demandsNonces() ? UUID.randomUUID().toString() : null;
  }

  private synchronized MockResponse answer(RecordedRequest received, boolean atMutual) {
    FapiRequest request = new FapiRequest(received);
    String path = request.url().encodedPath();
    if (path.startsWith("/api/runner/")) {
      return json(200, Map.of("exposed", exposed()));
    }
    String endpoint = path.replace(BASE, "");
    calls.add(endpoint);
    try {
      demandEqual("the version of TLS", "TLSv1.3", request.tlsVersion());
      MockResponse answer = answer(endpoint, request, atMutual);
      mustStop |= answer.getCode() != 401 && fault.stopsAfter(endpoint) && !wantsNonce(answer);
      return answer;
    } catch (Complaint | JOSEException | ParseException e) {
      complaints.add(endpoint + ": " + e.getMessage());
      return json(500, Map.of("error", "server_error"));
    }
  }

  private static boolean wantsNonce(MockResponse answer) {
    return answer.getHeaders().get("DPoP-Nonce") != null;
  }

  private Map<String, Object> exposed() {
    return Map.of(
        "issuer", issuer(),
        "accounts_endpoint", (isDpop() ? plain : mutual).url(BASE + ACCOUNTS).toString());
  }

  private MockResponse answer(String endpoint, FapiRequest request, boolean atMutual)
      throws Complaint, JOSEException, ParseException {
    switch (endpoint) {
      case ".well-known/openid-configuration":
        return json(200, metadata());
      case "jwks":
        return json(200, tokens.publicKeys());
      default:
        demand(!mustStop, "the client did not stop");
    }
    return switch (endpoint) {
      case "par" -> pushed(request);
      case "authorize" -> authorized(request);
      case "token" -> granted(request, atMutual);
      case "backchannel" -> promised(request);
      case ACCOUNTS -> accounts(request, atMutual);
      default -> throw new Complaint("there is no such endpoint");
    };
  }

  private Map<String, Object> metadata() {
    Map<String, Object> metadata = FapiTokens.claims();
    String mutualBase = mutual.url(BASE).toString();
    metadata.put("issuer", issuer());
    metadata.put("jwks_uri", issuer() + "jwks");
    metadata.put("token_endpoint", issuer() + "token");
    metadata.put("userinfo_endpoint", issuer() + "userinfo");
    metadata.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt"));
    metadata.put(
        "token_endpoint_auth_signing_alg_values_supported", List.of("PS256", "ES256", "EdDSA"));
    metadata.put("id_token_signing_alg_values_supported", List.of("PS256"));
    if (isCiba()) {
      metadata.put("backchannel_authentication_endpoint", issuer() + "backchannel");
      metadata.put("backchannel_token_delivery_modes_supported", List.of("ping", "poll"));
      metadata.put(
          "backchannel_authentication_request_signing_alg_values_supported",
          List.of("PS256", "ES256"));
    } else {
      metadata.put("authorization_endpoint", issuer() + "authorize");
      metadata.put("pushed_authorization_request_endpoint", issuer() + "par");
      metadata.put("require_pushed_authorization_requests", true);
      metadata.put("response_types_supported", List.of("code"));
      metadata.put("authorization_response_iss_parameter_supported", true);
      metadata.put("code_challenge_methods_supported", List.of("S256"));
    }
    if (isDpop()) {
      metadata.put("dpop_signing_alg_values_supported", List.of("PS256", "ES256", "EdDSA"));
    } else {
      metadata.put("tls_client_certificate_bound_access_tokens", true);
    }
    if (isJarm()) {
      metadata.put("response_modes_supported", List.of("jwt"));
      metadata.put("authorization_signing_alg_values_supported", List.of("PS256"));
    }
    metadata.put(
        "mtls_endpoint_aliases",
        Map.of(
            "token_endpoint",
            mutualBase + "token",
            "userinfo_endpoint",
            mutualBase + "userinfo",
            isCiba()
                ? "backchannel_authentication_endpoint"
                : "pushed_authorization_request_endpoint",
            mutualBase + (isCiba() ? "backchannel" : "par")));
    if (fault.hasNoAliases()) {
      metadata.remove("mtls_endpoint_aliases");
      metadata.put("token_endpoint", (isDpop() ? issuer() : mutualBase) + "token");
    }
    fault.metadata().accept(metadata);
    return metadata;
  }

  private void demandClient(FapiRequest request) throws Complaint {
    demandEqual(
        "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        request.form("client_assertion_type"));
    demandEqual("client_id", client.get("client_id"), request.form("client_id"));
    Signed assertion = FapiRequest.verified(request.form("client_assertion"), clientKeys);
    demandEqual("iss of the assertion", client.get("client_id"), assertion.claims().get("iss"));
    demandEqual("sub of the assertion", client.get("client_id"), assertion.claims().get("sub"));
    demandEqual("aud of the assertion", issuer(), assertion.claims().get("aud"));
    demandRecent(assertion, "iat");
    demandEnd(assertion, 86_400);
    demand(
        usedIds.add("assertion " + assertion.claims().get("jti")),
        "jti of an assertion is used twice");
  }

  /** The parameters that count, if the request object is as it should be. */
  private Map<String, Object> requestObject(FapiRequest request) throws Complaint {
    Signed object = FapiRequest.verified(request.form("request"), clientKeys);
    Map<String, Object> claims = object.claims();
    Object type = object.header().get("typ");
    demand(type == null || type.equals("oauth-authz-req+jwt"), "typ of the request is " + type);
    demandEqual("iss of the request", client.get("client_id"), claims.get("iss"));
    demandEqual("aud of the request", issuer(), claims.get("aud"));
    demandEnd(object, 3600);
    demandRecent(object, "nbf");
    demandRecent(object, "iat");
    demand(claims.get("jti") instanceof String, "the request has no jti");
    demand(!claims.containsKey("sub"), "the request has a sub");
    return claims;
  }

  private MockResponse pushed(FapiRequest request) throws Complaint {
    demandClient(request);
    demand(request.form("request_uri") == null, "a request_uri was pushed");
    demandEqual("signed request", isSigned(), request.form("request") != null);
    asked = isSigned() ? requestObject(request) : request.form();
    if (isSigned()) {
      demand(REQUEST_CLAIMS.containsAll(asked.keySet()), "unknown claims in " + asked.keySet());
    }
    if (isDpop() && request.header("DPoP") != null) {
      Signed proof = request.dpopProof(usedIds);
      if (!isFresh(proof, serverNonce)) {
        return nonceWanted(400, serverNonce);
      }
      demandEqual("dpop_jkt", thumbprint(proof), asked.get("dpop_jkt"));
    }
    requestUri = "urn:ietf:params:oauth:request_uri:" + UUID.randomUUID();
    return json(201, Map.of("request_uri", requestUri, "expires_in", 60));
  }

  private MockResponse authorized(FapiRequest request) throws Complaint, JOSEException {
    Map<String, String> sent = FapiRequest.parameters(request.url());
    demandEqual("the parameters", Set.of("client_id", "request_uri"), sent.keySet());
    demandEqual("request_uri", requestUri, sent.get("request_uri"));
    demandEqual("client_id", client.get("client_id"), sent.get("client_id"));
    demandEqual("client_id", client.get("client_id"), asked.get("client_id"));
    demandEqual("response_type", "code", asked.get("response_type"));
    demandEqual("scope", client.get("scope"), asked.get("scope"));
    demandEqual("redirect_uri", client.get("redirect_uri"), asked.get("redirect_uri"));
    demandEqual("code_challenge_method", "S256", asked.get("code_challenge_method"));
    demand(String.valueOf(asked.get("nonce")).matches("[\\w-]{1,43}"), "an odd nonce");
    code = UUID.randomUUID().toString();
    Map<String, Object> response = FapiTokens.claims();
    response.put("code", code);
    response.put("state", asked.get("state"));
    response.put("iss", issuer());
    if (isJarm()) {
      response.put("aud", client.get("client_id"));
      response.put("exp", FapiTokens.in(600));
    }
    fault.response().accept(response);
    renewServerNonce();
    HttpUrl.Builder back = HttpUrl.get(String.valueOf(client.get("redirect_uri"))).newBuilder();
    if (isJarm()) {
      back.addQueryParameter("response", fault.signedResponse().apply(tokens.signed(response)));
    } else {
      response.forEach((name, value) -> back.addQueryParameter(name, String.valueOf(value)));
    }
    return new MockResponse.Builder().code(302).setHeader("Location", back.toString()).build();
  }

  private MockResponse granted(FapiRequest request, boolean atMutual)
      throws Complaint, JOSEException {
    demandClient(request);
    demand(atMutual || !isCiba(), "tokens are given where a certificate is shown");
    if (isDpop()) {
      Signed proof = request.dpopProof(usedIds);
      if (!isFresh(proof, serverNonce)) {
        return nonceWanted(400, serverNonce);
      }
      boundTo = thumbprint(proof);
      demandEqual("the key of the code", asked.get("dpop_jkt"), boundTo);
    } else {
      demandCertificate(request);
    }
    return switch (request.form("grant_type")) {
      case "authorization_code" -> forCode(request);
      case CIBA_GRANT -> forApproval(request);
      case "refresh_token" -> renewed(request);
      default -> throw new Complaint("an unexpected grant");
    };
  }

  private MockResponse forCode(FapiRequest request) throws Complaint, JOSEException {
    demandEqual("code", code, request.form("code"));
    demandEqual("redirect_uri", client.get("redirect_uri"), request.form("redirect_uri"));
    demandEqual(
        "code_challenge", asked.get("code_challenge"), sha256(request.form("code_verifier")));
    code = "";
    return issued(true);
  }

  private MockResponse forApproval(FapiRequest request) throws Complaint, JOSEException {
    demandEqual("auth_req_id", authReqId, request.form("auth_req_id"));
    demand(System.nanoTime() - nextPoll >= 0, "the client did not wait for " + interval + " s");
    polls++;
    String error = fault.errorOfPoll(polls);
    if (error == null) {
      return issued(true);
    }
    interval += error.equals("slow_down") ? 5 : 0;
    nextPoll = System.nanoTime() + TimeUnit.SECONDS.toNanos(interval);
    mustStop = !Set.of("authorization_pending", "slow_down").contains(error);
    return json(400, Map.of("error", error));
  }

  private MockResponse renewed(FapiRequest request) throws Complaint, JOSEException {
    demandEqual("refresh_token", refreshToken, request.form("refresh_token"));
    refreshes++;
    return issued(false);
  }

  private MockResponse issued(boolean withIdToken) throws JOSEException {
    accessToken = UUID.randomUUID().toString();
    refreshToken = UUID.randomUUID().toString();
    Map<String, Object> answer = FapiTokens.claims();
    answer.put("access_token", accessToken);
    answer.put("refresh_token", refreshToken);
    answer.put("token_type", isDpop() ? "DPoP" : "Bearer");
    answer.put("expires_in", 300);
    answer.put("scope", client.get("scope"));
    if (withIdToken) {
      Map<String, Object> claims = FapiTokens.claims();
      claims.put("iss", issuer());
      claims.put("sub", "user-subject-1234531");
      claims.put("aud", client.get("client_id"));
      claims.put("iat", FapiTokens.in(0));
      claims.put("exp", FapiTokens.in(300));
      claims.put("at_hash", tokens.halfHash(accessToken));
      if (asked.containsKey("nonce")) {
        claims.put("nonce", asked.get("nonce"));
      }
      fault.idTokenClaims().accept(claims);
      answer.put("id_token", fault.idToken().apply(tokens, claims));
    }
    fault.tokenResponse().accept(answer);
    renewServerNonce();
    return json(200, answer);
  }

  private MockResponse promised(FapiRequest request) throws Complaint {
    demandClient(request);
    demandEqual(
        "the parameters",
        Set.of("client_id", "client_assertion", "client_assertion_type", "request"),
        request.form().keySet());
    Map<String, Object> claims = requestObject(request);
    demandEqual(
        "the scopes",
        Set.of(String.valueOf(client.get("scope")).split(" ")),
        Set.of(String.valueOf(claims.get("scope")).split(" ")));
    demandEqual(
        "the number of hints",
        1L,
        claims.keySet().stream().filter(it -> it.contains("hint")).count());
    authReqId = UUID.randomUUID().toString();
    Map<String, Object> answer = FapiTokens.claims();
    answer.put("auth_req_id", authReqId);
    answer.put("expires_in", 300);
    answer.put("interval", 1L);
    fault.backchannelAnswer().accept(answer);
    interval = (long) answer.get("interval");
    return json(answer.containsKey("error") ? 400 : 200, answer);
  }

  private MockResponse accounts(FapiRequest request, boolean atMutual) throws Complaint {
    demandEqual("whether a certificate was asked for", !isDpop(), atMutual);
    demandEqual("the access token", accessToken, request.accessToken(isDpop() ? "DPoP" : "Bearer"));
    if (isDpop()) {
      Signed proof = request.dpopProof(usedIds);
      demandEqual("ath", sha256(accessToken), proof.claims().get("ath"));
      demandEqual("the key of the proof", boundTo, thumbprint(proof));
      if (!isFresh(proof, resourceNonce)) {
        return nonceWanted(401, resourceNonce);
      }
      renewResourceNonce();
    } else {
      demandCertificate(request);
    }
    if (refreshes < fault.refreshesDemanded()) {
      return new MockResponse.Builder()
          .code(401)
          .setHeader("WWW-Authenticate", "Bearer realm=\"suite\", error=\"invalid_token\"")
          .build();
    }
    finished = true;
    return json(200, Map.of("conformance-test-finished", "true"));
  }

  private void demandCertificate(FapiRequest request) throws Complaint {
    request.demandCertificate(
        Certificates.decodeCertificatePem(String.valueOf(client.get("certificate"))));
  }

  private static boolean isFresh(Signed proof, String nonce) {
    return nonce == null || nonce.equals(proof.claims().get("nonce"));
  }

  private MockResponse nonceWanted(int status, String nonce) {
    MockResponse.Builder answer =
        json(status, Map.of("error", "use_dpop_nonce")).newBuilder().setHeader("DPoP-Nonce", nonce);
    return status == 401
        ? answer
            .setHeader("WWW-Authenticate", fault.dpopScheme() + " error=\"use_dpop_nonce\"")
            .build()
        : answer.build();
  }

  private static String thumbprint(Signed proof) throws Complaint {
    try {
      return JWK.parse(JSONObjectUtils.getJSONObject(proof.header(), "jwk"))
          .computeThumbprint()
          .toString();
    } catch (ParseException | JOSEException e) {
      throw new Complaint("the proof has no usable key");
    }
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.valueOf(text).getBytes(StandardCharsets.US_ASCII));
      return Base64URL.encode(hash).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MockResponse json(int status, Map<String, ?> body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(JSONObjectUtils.toJSONString(body))
        .build();
  }

  @Override
  public void close() {
    plain.close();
    mutual.close();
  }
}
