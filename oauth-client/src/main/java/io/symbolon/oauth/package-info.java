/** OAuth 2 for clients: start with {@link io.symbolon.oauth.OAuthClient}. */
@NullMarked
package io.symbolon.oauth;

import org.jspecify.annotations.NullMarked;
