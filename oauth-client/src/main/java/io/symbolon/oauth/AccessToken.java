package io.symbolon.oauth;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The key to an API: what a resource server wants to see (RFC 6749 §1.4). Immutable.
 *
 * <p>It is not a statement about a user, and neither a refresh token nor an identity token fits
 * this type, so that neither can be sent to an API by mistake.
 */
public final class AccessToken {
  private static final long LONGEST_DUE = 300_000;
  private static final long LONGEST_STALE = 30_000;
  private static final Duration DAY = Duration.ofDays(1);

  private final Secret value;
  private final String type;
  private final Set<String> scope;
  private final Instant issuedAt;
  private final @Nullable Instant expiresAt;
  private final Headers headers;
  private final @Nullable String keyThumbprint;
  private final @Nullable DpopProofs dpop;

  AccessToken(
      Secret value, String type, Set<String> scope, Instant issuedAt, @Nullable Instant expiresAt) {
    this(value, type, scope, issuedAt, expiresAt, null, null);
  }

  AccessToken(
      Secret value,
      String type,
      Set<String> scope,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable DpopProofs dpop) {
    this(value, type, scope, issuedAt, expiresAt, dpop == null ? null : dpop.thumbprint(), dpop);
  }

  /**
   * @param keyThumbprint names the key that the token is bound to; null for a bearer token
   * @param dpop holds that key; null when it is not at hand
   */
  AccessToken(
      Secret value,
      String type,
      Set<String> scope,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable String keyThumbprint,
      @Nullable DpopProofs dpop) {
    this.value = value;
    this.type = type;
    this.scope = Collections.unmodifiableSet(new LinkedHashSet<>(scope));
    this.issuedAt = issuedAt;
    this.expiresAt = expiresAt;
    this.keyThumbprint = keyThumbprint;
    this.dpop = dpop;
    // Prepared once: checking every character again for each request would cost a microsecond.
    this.headers = Headers.of("Authorization", type + " " + value.reveal());
  }

  /**
   * A bearer token from somewhere else, for a {@link TokenSource} of your own.
   *
   * @param issuedAt when it was obtained; renewal is planned by the time between the two
   * @param expiresAt when it ends; null when nobody knows, then it is used until it is refused
   * @throws IllegalArgumentException when the value cannot stand in a header (RFC 6750 §2.1)
   */
  public static AccessToken bearer(Secret value, Instant issuedAt, @Nullable Instant expiresAt) {
    if (!TokenText.fitsHeader(value.reveal())) {
      throw new IllegalArgumentException(
          "a bearer token has visible ASCII characters only, without quote, comma and backslash");
    }
    return new AccessToken(value, "Bearer", Collections.emptySet(), issuedAt, expiresAt);
  }

  /** The token itself. */
  public Secret value() {
    return value;
  }

  /** The way to present it: {@code Bearer} or, bound to a key, {@code DPoP}. */
  public String type() {
    return type;
  }

  /**
   * What the token may do, as granted; empty when the server did not say and nothing was asked for.
   */
  public Set<String> scope() {
    return scope;
  }

  /** When it was obtained, by our clock. */
  public Instant issuedAt() {
    return issuedAt;
  }

  /** When it ends, by our clock; null when the server did not say. */
  public @Nullable Instant expiresAt() {
    return expiresAt;
  }

  /**
   * What presents it on one request: for an HTTP client that an {@link OAuthInterceptor} cannot be
   * installed on. A token of the type {@code DPoP} comes with a proof for this request, and for no
   * other one: a repetition or a redirect needs new headers (RFC 9449 §7.1). It is up to you to
   * whom they go.
   *
   * @param method in the case in which it is sent: {@code GET}
   * @throws IOException when the key cannot sign or is not at hand, or the URL must not get a token
   */
  public Headers headersFor(String method, HttpUrl url) throws IOException {
    DpopProofs proofs = proofs();
    if (proofs == null) {
      return headers;
    }
    String proof = proofs.proof(method, url, value, proofs.nonces().of(url));
    return headers.newBuilder().add(DpopProofs.HEADER, proof).build();
  }

  /**
   * Looks at the answer to a request with these headers, and keeps the DPoP nonce that the next
   * proof needs. Call it for every answer.
   *
   * @return whether only that DPoP nonce was missing, so that the request can be sent again, once,
   *     with new headers (RFC 9449 §9)
   */
  public boolean wantsAnotherProof(HttpUrl url, int status, Headers answer) {
    if (dpop == null) {
      return false;
    }
    boolean isNew = dpop.nonces().learn(url, answer) != null;
    return isNew
        && status == 401
        && Challenge.of(answer).stream().anyMatch(Challenge::wantsDpopNonce);
  }

  /**
   * How many milliseconds before its end the renewal in the background begins: a fifth of its whole
   * life, at most five minutes.
   *
   * @param jitter from 0 to 1: moves it by up to half of the time until callers wait
   */
  long dueBeforeEnd(double jitter) {
    long due = Math.min(LONGEST_DUE, lifetime() / 5);
    return due - (long) (jitter * (due - staleBeforeEnd()) / 2);
  }

  /**
   * From how many milliseconds before its end on callers wait for a new one: a tenth of its whole
   * life, at most 30 seconds.
   */
  long staleBeforeEnd() {
    return Math.min(LONGEST_STALE, lifetime() / 10);
  }

  /** Whether callers need not wait for a new one. */
  boolean isFresh(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt.minusMillis(staleBeforeEnd()));
  }

  /** In milliseconds; the windows of more than a day are no wider, and it may not fit a long. */
  private long lifetime() {
    Duration life = Duration.between(issuedAt, expiresAt == null ? issuedAt : expiresAt);
    return life.isNegative() ? 0 : life.compareTo(DAY) > 0 ? DAY.toMillis() : life.toMillis();
  }

  /** Null for a bearer token, which needs no proof. */
  @Nullable DpopProofs proofs() throws IOException {
    if (keyThumbprint != null && dpop == null) {
      throw new IOException(
          "the token is bound to a DPoP key that is not here; get it from a client with that key");
    }
    return dpop;
  }

  /** Names the key that it is bound to; null for a bearer token. */
  @Nullable String keyThumbprint() {
    return keyThumbprint;
  }

  /** The same token in the hands of somebody with its key. */
  AccessToken provedBy(DpopProofs proofs) {
    return new AccessToken(value, type, scope, issuedAt, expiresAt, proofs);
  }

  /** The one header that names it. */
  Headers headers() {
    return headers;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return type + " token, " + (expiresAt == null ? "no known end" : "until " + expiresAt);
  }
}
