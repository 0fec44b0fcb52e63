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
import org.jspecify.annotations.Nullable;

/**
 * What somebody else vouches for, and the proof that this is the installation that it is about
 * (draft-ietf-oauth-attestation-based-client-auth-11 §4 and §5.1). Safe for many threads.
 */
final class ClientAttestation {
  private static final String HEADER = "OAuth-Client-Attestation";
  private static final String ALGORITHMS = "client_attestation_pop_signing_alg_values_supported";
  private static final String DRAFT = "draft-ietf-oauth-attestation-based-client-auth-11";

  private final SigningKey instanceKey;
  // They live as DPoP nonces do: the newest of each origin, in the same characters.
  private final DpopNonces challenges = new DpopNonces();

  ClientAttestation(SigningKey instanceKey) {
    this.instanceKey = instanceKey;
  }

  /** Adds attestation and proof to a request. */
  void apply(
      OAuthClient client, AuthorizationServer server, EndpointRequest request, Secret attestation)
      throws IOException {
    requireJwt(attestation);
    requireSupported(server);
    String proof = proof(client, server, challenges.of(request.url()));
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
  EndpointAnswer exchange(EndpointRequest request, DpopProofs.Sending sending) throws IOException {
    String known = challenges.of(request.url());
    EndpointAnswer answer = learned(request, sending);
    String challenge = challenges.of(request.url());
    boolean wanted = answer.http().outcome().equals("use_attestation_challenge");
    return wanted && challenge != null && !challenge.equals(known)
        ? learned(request, sending)
        : answer;
  }

  private EndpointAnswer learned(EndpointRequest request, DpopProofs.Sending sending)
      throws IOException {
    EndpointAnswer answer = sending.send();
    challenges.learn(request.url(), answer.http().header(HEADER + "-Challenge"));
    return answer;
  }

  private String proof(OAuthClient client, AuthorizationServer server, @Nullable String challenge)
      throws IOException {
    String issuer = server.issuer();
    if (issuer == null) {
      throw new IllegalStateException(
          "a proof is for one issuer, but the server has none: name it in its builder");
    }
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
  private static void requireJwt(Secret attestation) throws IOException {
    try {
      StrictJwt.parse(attestation.reveal());
    } catch (MalformedJwtException e) {
      throw new IOException("the client attestation is not a signed JWT: " + e.getMessage(), e);
    }
  }

  private void requireSupported(AuthorizationServer server) throws InvalidResponseException {
    List<String> known = server.strings(ALGORITHMS);
    if (known == null || known.contains(instanceKey.algorithm())) {
      return;
    }
    throw new InvalidResponseException(
        "invalid_metadata",
        "the server "
            + server
            + " takes no proofs of an attestation with "
            + instanceKey.algorithm(),
        Verdict.about("the metadata of " + server)
            .failed(
                ALGORITHMS,
                instanceKey.algorithm() + " among them",
                Display.clean(known.toString()),
                DRAFT)
            .fix("have a key attested that signs with one of them")
            .build());
  }
}
