/** What an OAuth client does, as meters of Micrometer. */
@NullMarked
package io.symbolon.oauth.micrometer;

import org.jspecify.annotations.NullMarked;
