/** Clients that introduce themselves to a server (RFC 7591, RFC 7592). */
@NullMarked
package io.symbolon.oauth.registration;

import org.jspecify.annotations.NullMarked;
