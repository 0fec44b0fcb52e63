package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.RandomText;
import io.symbolon.oauth.internal.jose.MalformedJwtException;
import io.symbolon.oauth.internal.jose.StrictJwt;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What somebody else vouches for, and the proof that this is the installation that it is about
 * (draft-ietf-oauth-attestation-based-client-auth-11, §4 to §6). Safe for many threads.
 */
final class ClientAttestation {
  private static final String HEADER = "OAuth-Client-Attestation";
  private static final String DRAFT = "draft-ietf-oauth-attestation-based-client-auth-11 §8";

  private final SigningKey instanceKey;
  // They live as DPoP nonces do, in the same characters; but a challenge is the server's, and good
  // at all its endpoints (§6), wherever those are.
  private final DpopNonces challenges = new DpopNonces();

  ClientAttestation(SigningKey instanceKey) {
    this.instanceKey = instanceKey;
  }

  /** Adds attestation and proof to a request. */
  void apply(
      OAuthClient client, AuthorizationServer server, EndpointRequest request, Secret attestation)
      throws IOException {
    StrictJwt jwt = jwt(attestation);
    String issuer = issuer(server);
    requireSupported(server, jwt.algorithm());
    String proof = proof(client, issuer, challenges.of(HttpUrl.get(issuer)));
    request.parameter("client_id", client.clientId());
    request.header(HEADER, attestation.reveal());
    request.header(HEADER + "-PoP", proof);
    request.hide(attestation.reveal());
    request.hide(proof);
  }

  /**
   * Sends. A refusal that only wants a challenge of the server's in the proof spends nothing, so it
   * is answered, once (§6.1).
   */
  EndpointAnswer exchange(AuthorizationServer server, DpopProofs.Sending sending)
      throws IOException {
    HttpUrl issuer = HttpUrl.get(issuer(server));
    String known = challenges.of(issuer);
    EndpointAnswer answer = learned(issuer, sending);
    String challenge = challenges.of(issuer);
    boolean wanted = answer.http().outcome().equals("use_attestation_challenge");
    return wanted && challenge != null && !challenge.equals(known)
        ? learned(issuer, sending)
        : answer;
  }

  private EndpointAnswer learned(HttpUrl issuer, DpopProofs.Sending sending) throws IOException {
    EndpointAnswer answer = sending.send();
    challenges.learn(issuer, answer.http().header(HEADER + "-Challenge"));
    return answer;
  }

  private static String issuer(AuthorizationServer server) {
    String issuer = server.issuer();
    if (issuer == null) {
      throw new IllegalStateException(
          "a proof is for one issuer, but the server has none: name it in its builder");
    }
    return issuer;
  }

  private String proof(OAuthClient client, String issuer, @Nullable String challenge)
      throws IOException {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", issuer);
    claims.put("jti", RandomText.of128Bits(client.random()));
    claims.put("iat", client.serverTime().getEpochSecond());
    if (challenge != null) {
      claims.put("challenge", challenge);
    }
    return instanceKey.jwt(
        Collections.singletonMap("typ", "oauth-client-attestation-pop+jwt"), claims);
  }

  /** Anything else could break out of the header, or be shown by whoever refuses it there. */
  private static StrictJwt jwt(Secret attestation) throws IOException {
    try {
      return StrictJwt.parse(attestation.reveal());
    } catch (MalformedJwtException e) {
      throw new IOException("the client attestation is not a signed JWT: " + e.getMessage(), e);
    }
  }

  private void requireSupported(AuthorizationServer server, String algorithm)
      throws InvalidResponseException {
    requireAmong(
        server,
        "client_attestation_signing_alg_values_supported",
        algorithm,
        "attestations signed with ",
        "have the attestation signed with one of them");
    requireAmong(
        server,
        "client_attestation_pop_signing_alg_values_supported",
        instanceKey.algorithm(),
        "proofs of an attestation with ",
        "have a key attested that signs with one of them");
    requireAmong(
        server,
        "client_attestation_pop_methods_supported",
        "attestation_pop_jwt",
        "attestation with the proof ",
        "authenticate otherwise: this library makes no other proof of an attestation");
  }

  private static void requireAmong(
      AuthorizationServer server, String metadataName, String ours, String what, String fix)
      throws InvalidResponseException {
    List<String> known = server.strings(metadataName);
    if (known == null || known.contains(ours)) {
      return;
    }
    String named = Display.clean(ours);
    throw new InvalidResponseException(
        "invalid_metadata",
        "the server " + server + " takes no " + what + named,
        Verdict.about("the metadata of " + server)
            .failed(metadataName, named + " among them", Display.clean(known.toString()), DRAFT)
            .fix(fix)
            .build());
  }
}
