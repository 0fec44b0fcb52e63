package io.symbolon.oauth.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * Keeps calls to URLs that somebody else chose out of our own network: https only, and only to
 * addresses of the public Internet, looked at after the name was resolved. OkHttp connects to
 * exactly the addresses that were looked at, so that a name that resolves differently a moment
 * later gains nothing (RFC 9728 §7.7).
 *
 * <p>Origins that the program names are exempt.
 */
public final class PublicAddresses implements Dns {
  // As OkHttp decides whether to ask a Dns at all.
  private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*|[0-9.]+");

  private final Dns dns;
  private final Set<String> exemptOrigins = new LinkedHashSet<>();
  private final Set<String> exemptHosts = new LinkedHashSet<>();

  private PublicAddresses(Dns dns, Collection<String> exempt) {
    this.dns = dns;
    for (String origin : exempt) {
      HttpUrl url = HttpUrl.get(origin);
      exemptOrigins.add(origin(url));
      exemptHosts.add(url.host());
    }
  }

  /**
   * A client like the given one that stays outside. It uses no proxy, whose choice of address could
   * not be looked at.
   *
   * @param exempt origins inside that may be called all the same
   */
  public static OkHttpClient guard(OkHttpClient client, Collection<String> exempt) {
    PublicAddresses addresses = new PublicAddresses(client.dns(), exempt);
    return client
        .newBuilder()
        .proxy(Proxy.NO_PROXY)
        .dns(addresses)
        .addInterceptor(addresses::check)
        .build();
  }

  /** The same without redirects. */
  public static OkHttpClient only(OkHttpClient client, Collection<String> exempt) {
    return guard(client, exempt)
        .newBuilder()
        .followRedirects(false)
        .followSslRedirects(false)
        .build();
  }

  private static String origin(HttpUrl url) {
    return url.scheme() + "://" + url.host() + ":" + url.port();
  }

  private Response check(Interceptor.Chain chain) throws IOException {
    HttpUrl url = chain.request().url();
    if (!exemptOrigins.contains(origin(url))) {
      checkForeign(url);
    }
    return chain.proceed(chain.request());
  }

  /** Addresses that are written out are not asked for. */
  private void checkForeign(HttpUrl url) throws IOException {
    if (!url.isHttps()) {
      throw new IOException("a URL that somebody else chose must be https: " + Urls.redact(url));
    }
    if (exemptHosts.contains(url.host())) {
      throw new UnknownHostException(url.host() + " may be called at another port only");
    }
    if (LITERAL.matcher(url.host()).matches()) {
      checked(url.host(), Collections.singletonList(InetAddress.getByName(url.host())));
    }
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> found = dns.lookup(host);
    return exemptHosts.contains(host) ? found : checked(host, found);
  }

  /** One address inside makes the whole answer suspicious. */
  private static List<InetAddress> checked(String host, List<InetAddress> found)
      throws UnknownHostException {
    for (InetAddress address : found) {
      if (!isPublic(address)) {
        throw new UnknownHostException(
            host + " is at an address that is not public; name its origin if it may be called");
      }
    }
    return found;
  }

  /** Whether it is an address that anybody on the Internet could be asked at. */
  public static boolean isPublic(InetAddress address) {
    byte[] octets = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(octets) : isPublic6(octets);
  }

  private static boolean isPublic4(byte[] octets) {
    int a = octets[0] & 0xFF;
    int b = octets[1] & 0xFF;
    int c = octets[2] & 0xFF;
    return !(a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && (b & 0xC0) == 64)
        || (a == 169 && b == 254)
        || (a == 172 && (b & 0xF0) == 16)
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b & 0xFE) == 18));
  }

  /** Global unicast without the tunnels to IPv4, 6to4 and Teredo; NAT64 is outside of it anyway. */
  private static boolean isPublic6(byte[] octets) {
    int first = (octets[0] & 0xFF) << 8 | (octets[1] & 0xFF);
    int second = (octets[2] & 0xFF) << 8 | (octets[3] & 0xFF);
    return (first & 0xE000) == 0x2000 && first != 0x2002 && !(first == 0x2001 && second == 0);
  }
}
