/** Bounded caches; the only package that names Caffeine. */
@NullMarked
package io.symbolon.oauth.internal.cache;

import org.jspecify.annotations.NullMarked;
