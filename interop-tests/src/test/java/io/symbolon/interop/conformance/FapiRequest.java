package io.symbolon.interop.conformance;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.cert.Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;

/** What the client sent to a {@link FapiProvider}, which demands that it is as it should be. */
final class FapiRequest {
  private static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "EdDSA");

  /** Something that the suite would not let pass. */
  static final class Complaint extends Exception {
    private static final long serialVersionUID = 1;

    Complaint(String message) {
      super(message);
    }
  }

  /** A JWT whose signature was verified. */
  record Signed(Map<String, Object> header, Map<String, Object> claims) {}

  private final RecordedRequest request;
  private final Map<String, String> form;

  FapiRequest(RecordedRequest request) {
    this.request = request;
    this.form =
        request.getMethod().equals("POST") && request.getBody() != null
            ? parameters(HttpUrl.get("https://form/?" + request.getBody().utf8()))
            : Map.of();
  }

  static Map<String, String> parameters(HttpUrl url) {
    Map<String, String> parameters = new LinkedHashMap<>();
    url.queryParameterNames().forEach(name -> parameters.put(name, url.queryParameter(name)));
    return parameters;
  }

  static void demand(boolean met, String sentence) throws Complaint {
    if (!met) {
      throw new Complaint(sentence);
    }
  }

  static void demandEqual(String name, Object expected, Object actual) throws Complaint {
    demand(Objects.equals(expected, actual), name + " is " + actual + ", not " + expected);
  }

  HttpUrl url() {
    return request.getUrl();
  }

  Map<String, String> form() {
    return form;
  }

  String form(String name) {
    return form.get(name);
  }

  String header(String name) {
    return request.getHeaders().get(name);
  }

  String tlsVersion() {
    return request.getHandshake().tlsVersion().javaName();
  }

  /** Whether this certificate was shown, and none that the suite has not been told of. */
  void demandCertificate(Certificate registered) throws Complaint {
    demandEqual("the certificate", List.of(registered), request.getHandshake().peerCertificates());
  }

  /** The access token, which stands in the header and nowhere else. */
  String accessToken(String scheme) throws Complaint {
    String authorization = String.valueOf(header("Authorization"));
    demand(authorization.startsWith(scheme + " "), "the API was called without " + scheme);
    demand(url().queryParameter("access_token") == null, "the access token is in the URL");
    return authorization.substring(scheme.length() + 1);
  }

  /** A proof of possession for this request; its nonce is for others to judge. */
  Signed dpopProof(Set<String> usedIds) throws Complaint {
    Signed proof = verified(header("DPoP"), null);
    demandEqual("typ of the proof", "dpop+jwt", proof.header().get("typ"));
    demandEqual("htm", request.getMethod(), proof.claims().get("htm"));
    demandEqual("htu", url().toString(), proof.claims().get("htu"));
    demandRecent(proof, "iat");
    demand(usedIds.add(String.valueOf(proof.claims().get("jti"))), "jti of a proof is used twice");
    return proof;
  }

  static void demandRecent(Signed jwt, String claim) throws Complaint {
    demand(jwt.claims().get(claim) instanceof Number, claim + " is missing");
    long age = Instant.now().getEpochSecond() - ((Number) jwt.claims().get(claim)).longValue();
    demand(Math.abs(age) < 60, claim + " is " + age + " seconds old");
  }

  static void demandEnd(Signed jwt, long mostSeconds) throws Complaint {
    demand(jwt.claims().get("exp") instanceof Number, "exp is missing");
    long left = ((Number) jwt.claims().get("exp")).longValue() - Instant.now().getEpochSecond();
    demand(left > 0 && left <= mostSeconds, "exp is in " + left + " seconds");
  }

  /**
   * @param keys of whom it should be; null when it brings its key along
   */
  static Signed verified(String jwt, JWKSet keys) throws Complaint {
    try {
      SignedJWT signed = SignedJWT.parse(jwt);
      String algorithm = signed.getHeader().getAlgorithm().getName();
      demand(ALGORITHMS.contains(algorithm), "a JWT is signed with " + algorithm);
      JWK key =
          keys == null
              ? signed.getHeader().getJWK()
              : keys.getKeyByKeyId(signed.getHeader().getKeyID());
      demand(key != null && !key.isPrivate(), "nobody knows the key of a JWT");
      demand(signed.verify(verifier(key)), "the signature of a JWT is wrong");
      return new Signed(signed.getHeader().toJSONObject(), signed.getPayload().toJSONObject());
    } catch (ParseException | JOSEException e) {
      throw new Complaint("a JWT cannot be verified: " + e.getMessage());
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return key.getKeyType().getValue().equals("EC")
        ? new ECDSAVerifier(key.toECKey())
        : new RSASSAVerifier(key.toRSAKey());
  }
}
