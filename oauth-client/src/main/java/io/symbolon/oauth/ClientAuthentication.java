package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.FormCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves to the server that it is who it says (RFC 6749 §2.3, RFC 7523, RFC 8705).
 * Immutable, safe for many threads; shows no secret.
 *
 * <p>It is the same at every endpoint of the server: token, revocation, introspection, pushed
 * requests and the rest.
 */
public final class ClientAuthentication {
  private interface Method {
    void apply(
        OAuthClient client,
        AuthorizationServer server,
        EndpointRequest request,
        @Nullable String audience)
        throws IOException;
  }

  private final String name;
  private final Method method;
  private final @Nullable String audience;
  private final @Nullable ClientAttestation attestation;

  private ClientAuthentication(String name, Method method) {
    this(name, method, null, null);
  }

  private ClientAuthentication(
      String name,
      Method method,
      @Nullable String audience,
      @Nullable ClientAttestation attestation) {
    this.name = name;
    this.method = method;
    this.audience = audience;
    this.attestation = attestation;
  }

  /** A public client: it names itself and proves nothing ({@code none}). */
  public static ClientAuthentication none() {
    return new ClientAuthentication("none", ClientAuthentication::identify);
  }

  private static void identify(
      OAuthClient client,
      AuthorizationServer server,
      EndpointRequest request,
      @Nullable String audience) {
    request.parameter("client_id", client.clientId());
  }

  /**
   * The secret in the {@code Authorization} header ({@code client_secret_basic}): both parts are
   * form-encoded first, so that any character may occur (RFC 6749 §2.3.1).
   */
  public static ClientAuthentication basic(Secret clientSecret) {
    return basic(() -> clientSecret);
  }

  /**
   * The same with a secret that changes while the program runs.
   *
   * @param clientSecret asked for each request, by any thread; keep what is slow to get
   */
  public static ClientAuthentication basic(Supplier<Secret> clientSecret) {
    return new ClientAuthentication(
        "client_secret_basic",
        (client, server, request, audience) -> {
          String secret = supplied(clientSecret).reveal();
          String pair = FormCodec.encode(client.clientId()) + ":" + FormCodec.encode(secret);
          String credentials =
              Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
          request.header("Authorization", "Basic " + credentials);
          request.hide(secret);
          request.hide(credentials);
        });
  }

  /** The secret as a form parameter ({@code client_secret_post}), for servers that want it so. */
  public static ClientAuthentication post(Secret clientSecret) {
    return post(() -> clientSecret);
  }

  /**
   * The same with a secret that changes while the program runs.
   *
   * @param clientSecret asked for each request, by any thread; keep what is slow to get
   */
  public static ClientAuthentication post(Supplier<Secret> clientSecret) {
    return new ClientAuthentication(
        "client_secret_post",
        (client, server, request, audience) -> {
          request.parameter("client_id", client.clientId());
          request.secretParameter("client_secret", supplied(clientSecret));
        });
  }

  /**
   * A secret that is an assertion: the client signs it, anew for each request and good for five
   * minutes, and sends it as {@code client_secret}. The client id is its subject, the server's
   * issuer identifier its audience. Apple wants it so.
   *
   * @param key with the name that the server gave it: {@link SigningKey#keyId(String)}
   * @param issuer who signs: Apple's Team ID
   */
  public static ClientAuthentication postSigned(SigningKey key, String issuer) {
    return new ClientAuthentication(
        "client_secret_post",
        (client, server, request, audience) -> {
          SelfIssuedAssertion secret =
              new SelfIssuedAssertion(key, Collections.singletonMap("iss", issuer));
          request.parameter("client_id", client.clientId());
          request.secretParameter("client_secret", secret.make(client, server));
        });
  }

  /**
   * A short-lived assertion for each request, authenticated with the secret, which stays here
   * ({@code client_secret_jwt}, RFC 7523 §2.2): HS256, or what the server's metadata says instead.
   * The secret needs 32 octets or more (RFC 7518 §3.2).
   */
  public static ClientAuthentication clientSecretJwt(Secret clientSecret) {
    return clientSecretJwt(() -> clientSecret);
  }

  /**
   * The same with a secret that changes while the program runs.
   *
   * @param clientSecret asked for each request, by any thread; keep what is slow to get
   */
  public static ClientAuthentication clientSecretJwt(Supplier<Secret> clientSecret) {
    return new ClientAuthentication(
        "client_secret_jwt",
        (client, server, request, audience) ->
            new ClientAssertion(client, server, audience)
                .authenticate(request, supplied(clientSecret)));
  }

  /**
   * A short-lived assertion for each request, signed with the private key ({@code private_key_jwt},
   * RFC 7523 §2.2). Its audience is the server's issuer identifier and nothing else, so that no
   * other server can use it.
   */
  public static ClientAuthentication privateKeyJwt(SigningKey key) {
    return privateKeyJwt(() -> key);
  }

  /**
   * The same with a key that is replaced while the program runs.
   *
   * @param key asked for each request, by any thread
   */
  public static ClientAuthentication privateKeyJwt(Supplier<SigningKey> key) {
    return new ClientAuthentication(
        "private_key_jwt",
        (client, server, request, audience) ->
            new ClientAssertion(client, server, audience).sign(request, supplied(key)));
  }

  /**
   * The certificate of the TLS connection, issued by an authority that the server trusts ({@code
   * tls_client_auth}, RFC 8705 §2.1). It is that of {@link OAuthClient.Builder#httpClient}; the
   * server's {@code mtls_endpoint_aliases} are used.
   */
  public static ClientAuthentication tlsClientAuth() {
    return new ClientAuthentication("tls_client_auth", ClientAuthentication::identify);
  }

  /**
   * The certificate of the TLS connection, which the server knows by its key ({@code
   * self_signed_tls_client_auth}, RFC 8705 §2.2). It is that of {@link
   * OAuthClient.Builder#httpClient}; the server's {@code mtls_endpoint_aliases} are used.
   */
  public static ClientAuthentication selfSignedTlsClientAuth() {
    return new ClientAuthentication("self_signed_tls_client_auth", ClientAuthentication::identify);
  }

  /**
   * An attestation: somebody whom the server trusts, such as the maker of an app, vouches for this
   * installation by its key, and each request proves that the key is here ({@code
   * attest_jwt_client_auth}). It follows draft-ietf-oauth-attestation-based-client-auth-11, which
   * is not an RFC yet and may change; so may this method.
   *
   * <p>A server that wants a challenge of its own in the proof says so; that is answered, once.
   *
   * @param attestation the client attestation, a signed JWT about the public half of the key, with
   *     the client id as its {@code sub}. Asked for each request, by any thread: keep it until it
   *     ends. With the error {@code use_fresh_attestation} the server wants a newer one
   * @param instanceKey the key of this installation: in the Android key store, say
   */
  public static ClientAuthentication attestJwtClientAuth(
      Supplier<Secret> attestation, SigningKey instanceKey) {
    ClientAttestation attested = new ClientAttestation(instanceKey);
    return new ClientAuthentication(
        "attest_jwt_client_auth",
        (client, server, request, audience) ->
            attested.apply(client, server, request, supplied(attestation)),
        null,
        attested);
  }

  /**
   * The same with another audience in the assertion, for a server that refuses its own issuer
   * identifier. A server that can make its name here get into the metadata of another one could use
   * the assertion there: write the value down, never read it from metadata, and keep a key for this
   * server alone.
   *
   * @param audience such as the URL of the token endpoint
   * @throws IllegalStateException when no assertion is sent
   */
  public ClientAuthentication audienceInsteadOfIssuer(String audience) {
    if (!name.endsWith("_jwt")) {
      throw new IllegalStateException(name + " sends no assertion that could have an audience");
    }
    return new ClientAuthentication(name, method, audience, null);
  }

  /** With a secret and without a wish: as the server says, or basic if it says nothing. */
  static ClientAuthentication chosen(Secret clientSecret, AuthorizationServer server)
      throws IOException {
    List<String> methods = server.strings("token_endpoint_auth_methods_supported");
    if (methods == null || methods.contains("client_secret_basic")) {
      return basic(clientSecret);
    }
    if (methods.contains("client_secret_post")) {
      return post(clientSecret);
    }
    if (methods.contains("client_secret_jwt")) {
      return clientSecretJwt(clientSecret);
    }
    throw InvalidResponseException.because(
        "invalid_metadata",
        "the server " + server + " takes no client secret",
        Verdict.about("the metadata of " + server)
            .failed(
                "token_endpoint_auth_methods_supported",
                "client_secret_basic, client_secret_post or client_secret_jwt",
                Display.clean(methods.toString()),
                "RFC 8414 §2")
            .fix("say how: OAuthClient.Builder.authentication(…)")
            .build());
  }

  private static <T> T supplied(Supplier<T> supplier) throws IOException {
    try {
      return supplier.get();
    } catch (RuntimeException e) {
      throw new IOException("the supplier of the client's secret or key failed", e);
    }
  }

  /** What answers a server's wish for a challenge; null for every other method. */
  @Nullable ClientAttestation attestation() {
    return attestation;
  }

  /** Whether the certificate of the connection is the proof. */
  boolean isMutualTls() {
    return name.endsWith("tls_client_auth");
  }

  void apply(OAuthClient client, AuthorizationServer server, EndpointRequest request)
      throws IOException {
    method.apply(client, server, request, audience);
  }

  /** The registered name of the method (RFC 7591 §2). */
  @Override
  public String toString() {
    return name;
  }
}
