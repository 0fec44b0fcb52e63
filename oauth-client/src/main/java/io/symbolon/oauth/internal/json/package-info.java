/** Strict JSON; the only package that names Moshi. */
@NullMarked
package io.symbolon.oauth.internal.json;

import org.jspecify.annotations.NullMarked;
