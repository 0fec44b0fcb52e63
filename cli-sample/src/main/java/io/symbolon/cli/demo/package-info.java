/** A real authorization server and a protected API for demonstrations and tests. */
@NullMarked
package io.symbolon.cli.demo;

import org.jspecify.annotations.NullMarked;
