/** Servers that people log in with: a catalogue of values, and who the user is there. */
@NullMarked
package io.symbolon.oauth.providers;

import org.jspecify.annotations.NullMarked;
