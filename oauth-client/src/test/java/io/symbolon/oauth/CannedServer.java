package io.symbolon.oauth;

import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Answers every request at once and from memory, for tests that ask a million times. */
final class CannedServer implements Interceptor {
  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient http = new OkHttpClient.Builder().addInterceptor(this).build();
  private int status = 200;
  private byte[] body = {};

  OkHttpClient http() {
    return http;
  }

  CannedServer answer(int status, byte[] body) {
    this.status = status;
    this.body = body;
    return this;
  }

  @Override
  public Response intercept(Chain chain) {
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("")
        .body(ResponseBody.create(body, JSON))
        .build();
  }
}
