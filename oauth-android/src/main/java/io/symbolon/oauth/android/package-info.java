/** Logins in Android apps. */
@NullMarked
package io.symbolon.oauth.android;

import org.jspecify.annotations.NullMarked;
