/** Receiving the browser on this computer, for command line and desktop programs. */
@NullMarked
package io.symbolon.oauth.loopback;

import org.jspecify.annotations.NullMarked;
