/** An app that signs a user in. */
@NullMarked
package io.symbolon.sample.android;

import org.jspecify.annotations.NullMarked;
