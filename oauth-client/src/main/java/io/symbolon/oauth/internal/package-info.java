/** Shared with oidc-client and nobody else; may change in any release. */
@NullMarked
package io.symbolon.oauth.internal;

import org.jspecify.annotations.NullMarked;
