/** Logins in Redis: see {@link io.symbolon.oauth.store.redis.RedisTokenStore}. */
@NullMarked
package io.symbolon.oauth.store.redis;

import org.jspecify.annotations.NullMarked;
