package io.symbolon.oauth;

import io.symbolon.oauth.internal.Display;
import io.symbolon.oauth.internal.Urls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and what it can do: its metadata (RFC 8414 §2), checked. Immutable.
 *
 * <p>Usually an {@link OAuthClient} fetches it by the issuer identifier. For a server without
 * metadata, name the endpoints yourself:
 *
 * <pre>{@code
 * AuthorizationServer server = AuthorizationServer.builder()
 *     .authorizationEndpoint("https://login.example.com/authorize")
 *     .tokenEndpoint("https://login.example.com/token")
 *     .build();
 * }</pre>
 *
 * <p>The issuer is a text, not a URL: it is compared character by character (RFC 8414 §3.3). Every
 * endpoint is an absolute {@code https} URL; {@code http} is possible for a server on loopback.
 */
public final class AuthorizationServer {
  private static final List<String> FOR_BROWSERS =
      Arrays.asList("authorization_endpoint", "end_session_endpoint");

  private final @Nullable String issuer;
  private final Map<String, @Nullable Object> metadata;
  private final Map<String, HttpUrl> endpoints;
  private final @Nullable Dialect dialect;
  private volatile @Nullable AuthorizationServer mutualTls;

  private AuthorizationServer(
      @Nullable String issuer,
      Map<String, @Nullable Object> metadata,
      Map<String, HttpUrl> endpoints,
      @Nullable Dialect dialect) {
    this.issuer = issuer;
    this.metadata = Collections.unmodifiableMap(metadata);
    this.endpoints = endpoints;
    this.dialect = dialect;
  }

  /** A server by hand. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a metadata document that was fetched for an issuer.
   *
   * @throws InvalidResponseException when the document is for another issuer or names an endpoint
   *     that must not be used
   */
  static AuthorizationServer fromMetadata(
      String issuer, Map<String, @Nullable Object> document, String from, @Nullable Dialect dialect)
      throws IOException {
    Object named = document.get("issuer");
    boolean ours = issuer.equals(named) || (dialect != null && dialect.isInMetadata(named));
    if (!ours) {
      throw mismatch(issuer, named, from);
    }
    try {
      Map<String, @Nullable Object> metadata = new LinkedHashMap<>(document);
      if (dialect != null) {
        metadata.putAll(dialect.metadata());
      }
      return of(issuer, metadata, dialect);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      throw InvalidResponseException.because(
          "invalid_metadata",
          "the metadata of " + issuer + " cannot be used: " + reason,
          Verdict.about("the metadata document " + from)
              .passed("issuer", Display.quote(issuer), "RFC 8414 §3.3")
              .failed("endpoints", "usable metadata", reason, "RFC 8414 §2")
              .build());
    }
  }

  /** All endpoints are checked here, whoever names them. */
  private static AuthorizationServer of(
      @Nullable String issuer, Map<String, @Nullable Object> described, @Nullable Dialect dialect) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(described);
    boolean loopbackHttp = issuer == null || issuer.startsWith("http://");
    Map<String, HttpUrl> endpoints = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> member : metadata.entrySet()) {
      String name = member.getKey();
      boolean named = name.endsWith("_endpoint") || name.equals("jwks_uri");
      if (named && member.getValue() != null) {
        endpoints.put(name, url(name, member.getValue(), loopbackHttp));
      }
    }
    if (!endpoints.containsKey("token_endpoint")) {
      throw new IllegalArgumentException("token_endpoint is missing");
    }
    Object methods = metadata.get("code_challenge_methods_supported");
    if (methods != null && !(methods instanceof List)) {
      throw new IllegalArgumentException("code_challenge_methods_supported is not a list");
    }
    if (issuer != null) {
      metadata.put("issuer", issuer);
    }
    return new AuthorizationServer(issuer, metadata, endpoints, dialect);
  }

  private static HttpUrl url(String name, @Nullable Object value, boolean loopbackHttp) {
    if (!(value instanceof String text)) {
      throw new IllegalArgumentException(name + " is not a text");
    }
    String fault = Urls.fault(text, loopbackHttp);
    if (fault != null) {
      throw new IllegalArgumentException(name + " is " + Display.quote(text) + ", but " + fault);
    }
    return HttpUrl.get(text);
  }

  private static IOException mismatch(String issuer, @Nullable Object named, String from) {
    return InvalidResponseException.because(
        "issuer_mismatch",
        "the metadata is for the issuer " + Display.quote(named) + ", not for \"" + issuer + "\"",
        Verdict.about("the metadata document " + from)
            .failed("issuer", Display.quote(issuer), Display.quote(named), "RFC 8414 §3.3")
            .cause(
                "the issuer is written differently here and there, or somebody answers in the server's place")
            .fix("configure the issuer exactly as the server writes it: every character counts")
            .build());
  }

  /**
   * The same text.
   *
   * @throws IllegalArgumentException when it is not an issuer identifier (RFC 8414 §2)
   */
  static String checkedIssuer(String issuer) {
    String fault =
        issuer.indexOf('?') >= 0 || issuer.indexOf('#') >= 0
            ? "an issuer has neither query nor fragment"
            : Urls.fault(issuer, true);
    if (fault != null) {
      throw new IllegalArgumentException(
          "the issuer is " + Display.quote(issuer) + ", but " + fault);
    }
    return issuer;
  }

  /** The issuer identifier; null when the server was described by hand without one. */
  public @Nullable String issuer() {
    return issuer;
  }

  /**
   * The issuer identifiers that it may name in what it says: the {@link #issuer}, or with a {@link
   * Dialect} also others; none when it was described by hand without one.
   */
  public List<String> issuers() {
    if (issuer == null) {
      return Collections.emptyList();
    }
    return dialect == null ? Collections.singletonList(issuer) : dialect.issuers(issuer);
  }

  /**
   * Whose word a signed statement is: the {@link #issuer}, or that of a tenant of this server; null
   * when it is somebody else's. They differ for a server with a {@link Dialect} only.
   *
   * @param claims of a statement whose signature was verified with this server's keys
   */
  public @Nullable String issuerOf(Map<String, ? extends @Nullable Object> claims) {
    if (issuer == null || dialect == null) {
      return issuer != null && issuer.equals(claims.get("iss")) ? issuer : null;
    }
    return dialect.issuerOf(issuer, claims);
  }

  /**
   * Whether what it signs about who logged in repeats the value that ties it to that login; see
   * {@link Dialect.Builder#untiedLogins}.
   */
  public boolean tiesLogins() {
    return dialect == null || dialect.tiesLogins();
  }

  /** The server's name for a parameter; the standard one, unless it has a {@link Dialect}. */
  public String parameterName(String standard) {
    return dialect == null ? standard : dialect.requests().name(standard);
  }

  /**
   * Where the browser goes.
   *
   * @throws IllegalStateException when the server has no such endpoint
   */
  public HttpUrl authorizationEndpoint() {
    return required("authorization_endpoint");
  }

  /** Where tokens come from. */
  public HttpUrl tokenEndpoint() {
    return required("token_endpoint");
  }

  /**
   * Any endpoint by its metadata name, such as {@code revocation_endpoint} or {@code jwks_uri};
   * null when the server has none.
   */
  public @Nullable HttpUrl endpoint(String metadataName) {
    return endpoints.get(metadataName);
  }

  /** How it differs from the standard; null when not at all. */
  @Nullable Dialect dialect() {
    return dialect;
  }

  /** An endpoint that the program relies on; what a server lacks is no mistake in the program. */
  HttpUrl existing(String name, String section) throws IOException {
    HttpUrl endpoint = endpoints.get(name);
    if (endpoint == null) {
      throw InvalidResponseException.because(
          "invalid_metadata",
          "the metadata of " + this + " names no " + name,
          Verdict.about("the metadata of " + this)
              .failed(name, "a URL", "nothing", section)
              .fix("for a server by hand, name " + name + " in its builder")
              .build());
    }
    return endpoint;
  }

  /** The metadata name of the endpoint at this URL; {@code other} when it has none. */
  String nameOf(HttpUrl url) {
    for (Map.Entry<String, HttpUrl> endpoint : endpoints.entrySet()) {
      if (endpoint.getValue().equals(url)) {
        return endpoint.getKey();
      }
    }
    return "other";
  }

  private HttpUrl required(String name) {
    HttpUrl endpoint = endpoints.get(name);
    if (endpoint == null) {
      throw new IllegalStateException("the server has no " + name + "; name it in the builder");
    }
    return endpoint;
  }

  /**
   * The same server for a client with a certificate: its aliases in place of the endpoints that the
   * client itself calls (RFC 8705 §5). The browser has no certificate.
   */
  AuthorizationServer mutualTls() throws IOException {
    AuthorizationServer known = mutualTls;
    if (known == null) {
      known = new AuthorizationServer(issuer, metadata, aliased(), dialect);
      mutualTls = known;
    }
    return known;
  }

  private Map<String, HttpUrl> aliased() throws IOException {
    Map<String, HttpUrl> aliased = new LinkedHashMap<>(endpoints);
    if (metadata.get("mtls_endpoint_aliases") instanceof Map<?, ?> aliases) {
      for (Map.Entry<?, ?> alias : aliases.entrySet()) {
        String name = String.valueOf(alias.getKey());
        if (name.endsWith("_endpoint") && !FOR_BROWSERS.contains(name)) {
          aliased.put(name, alias(name, alias.getValue()));
        }
      }
    }
    return aliased;
  }

  private HttpUrl alias(String name, @Nullable Object value) throws IOException {
    try {
      return url(name, value, issuer == null || issuer.startsWith("http://"));
    } catch (IllegalArgumentException e) {
      String reason = "mtls_endpoint_aliases: " + e.getMessage();
      throw InvalidResponseException.because(
          "invalid_metadata",
          "the metadata of " + this + " cannot be used: " + reason,
          Verdict.about("the metadata of " + this)
              .failed("mtls_endpoint_aliases", "usable URLs", reason, "RFC 8705 §5")
              .build());
    }
  }

  /** The whole metadata as JSON values; what we do not know is there too. */
  public Map<String, @Nullable Object> metadata() {
    return metadata;
  }

  /** The strings of a metadata list; null when there is no such list. Odd members are left out. */
  public @Nullable List<String> strings(String metadataName) {
    if (!(metadata.get(metadataName) instanceof List<?> list)) {
      return null;
    }
    List<String> strings = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof String text) {
        strings.add(text);
      }
    }
    return Collections.unmodifiableList(strings);
  }

  /** Whether the metadata says true; the text "true" counts, because for us yes is the stricter. */
  boolean says(String metadataName) {
    Object value = metadata.get(metadataName);
    return Boolean.TRUE.equals(value) || "true".equals(value);
  }

  /** Issuer and token endpoint. */
  @Override
  public String toString() {
    return issuer != null ? issuer : Urls.redact(tokenEndpoint());
  }

  /** Describes a server. Not for several threads. */
  public static final class Builder {
    private @Nullable String issuer;
    private final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    private @Nullable Dialect dialect;

    private Builder() {}

    /** The issuer identifier, exactly as the server writes it. */
    public Builder issuer(String issuer) {
      this.issuer = checkedIssuer(issuer);
      return this;
    }

    /** Where the browser goes (RFC 6749 §3.1). */
    public Builder authorizationEndpoint(String url) {
      return metadata("authorization_endpoint", url);
    }

    /** Where tokens come from (RFC 6749 §3.2). */
    public Builder tokenEndpoint(String url) {
      return metadata("token_endpoint", url);
    }

    /** Any other metadata value by its registered name; JSON values only. */
    public Builder metadata(String name, Object value) {
      metadata.put(name, value);
      return this;
    }

    /** How the server differs from the standard; not at all unless set. */
    public Builder dialect(Dialect dialect) {
      this.dialect = dialect;
      return this;
    }

    /**
     * The server.
     *
     * @throws IllegalArgumentException when an endpoint may not be used, with the reason
     */
    public AuthorizationServer build() {
      return of(issuer, metadata, dialect);
    }
  }
}
