package io.symbolon.oauth.testkit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tokens that were just made; bound to a key, if they have one. */
record Issued(
    Grant grant,
    String accessToken,
    Duration lifetime,
    Instant expiresAt,
    String scope,
    @Nullable String refreshToken,
    @Nullable String key) {}
