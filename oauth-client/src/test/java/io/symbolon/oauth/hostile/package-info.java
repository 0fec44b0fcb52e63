/** Hostile and odd inputs as data, and what the suites that run them have in common. */
package io.symbolon.oauth.hostile;
