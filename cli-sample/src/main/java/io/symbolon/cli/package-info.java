/** The command line program. */
@NullMarked
package io.symbolon.cli;

import org.jspecify.annotations.NullMarked;
