package io.symbolon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Sits between client and server and puts another user into every ID token. */
final class Mallory implements Interceptor {
  private static final Pattern ID_TOKEN =
      Pattern.compile("(\"id_token\":\"[\\w-]+\\.)([\\w-]+)(\\.[\\w-]+\")");

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    String text = body.string();
    Matcher token = ID_TOKEN.matcher(text);
    String changed =
        token.replaceFirst(match -> match.group(1) + asMallory(match.group(2)) + match.group(3));
    return response.newBuilder().body(ResponseBody.create(changed, body.contentType())).build();
  }

  private static String asMallory(String payload) {
    String claims = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
    String changed = claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"mallory\"");
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(changed.getBytes(StandardCharsets.UTF_8));
  }
}
