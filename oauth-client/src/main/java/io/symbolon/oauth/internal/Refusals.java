package io.symbolon.oauth.internal;

import io.symbolon.oauth.InvalidResponseException;
import io.symbolon.oauth.Verdict;
import java.io.IOException;
import okhttp3.HttpUrl;

/** Answers that are not even read. Apart from the exchange, which loads this only to refuse one. */
final class Refusals {
  private Refusals() {}

  static IOException tooLarge(HttpUrl url, int limit) {
    String place = Urls.redact(url);
    return new InvalidResponseException(
        "too_large",
        place + " sent more than " + limit + " bytes",
        Verdict.about("the answer of " + place)
            .failed("size", "at most " + limit, "more", "limit of this library")
            .build());
  }
}
