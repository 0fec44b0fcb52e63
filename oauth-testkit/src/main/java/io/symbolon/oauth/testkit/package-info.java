/**
 * An authorization server for tests: it speaks real HTTP on 127.0.0.1, keeps to the specifications
 * until told otherwise, and can be told to misbehave in most of the ways that real ones do.
 *
 * <p>Start with {@link io.symbolon.oauth.testkit.FakeAuthorizationServer}. Nothing here belongs in
 * production: secrets are compared plainly and every user has already consented.
 */
@NullMarked
package io.symbolon.oauth.testkit;

import org.jspecify.annotations.NullMarked;
