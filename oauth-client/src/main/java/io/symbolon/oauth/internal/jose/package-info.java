/** JSON Web Tokens and keys; the only package that names Nimbus. */
@NullMarked
package io.symbolon.oauth.internal.jose;

import org.jspecify.annotations.NullMarked;
