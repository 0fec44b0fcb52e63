/** OpenID Connect for clients: start with {@link io.symbolon.oidc.OidcClient}. */
@NullMarked
package io.symbolon.oidc;

import org.jspecify.annotations.NullMarked;
