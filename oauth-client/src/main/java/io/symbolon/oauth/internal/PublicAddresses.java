package io.symbolon.oauth.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * For servers that a stranger has named: connections go to addresses of the public internet only,
 * as they are after resolution, and no redirect is followed (RFC 8725 §3.10, RFC 9728 §7.7).
 *
 * <p>An HTTP proxy on a private address is refused as well: behind one nobody could say where a
 * connection ends.
 */
public final class PublicAddresses {
  /** What OkHttp takes for an address, and does not resolve. */
  private static final Pattern LITERAL = Pattern.compile(".*:.*|[0-9.]+");

  private PublicAddresses() {}

  /** The same client, but it reaches nothing else. */
  public static OkHttpClient only(OkHttpClient base) {
    return base.newBuilder()
        .dns(new PublicDns(base.dns()))
        .addInterceptor(PublicAddresses::withoutLiterals)
        .followRedirects(false)
        .followSslRedirects(false)
        .build();
  }

  private static Response withoutLiterals(Interceptor.Chain chain) throws IOException {
    String host = chain.request().url().host();
    if (LITERAL.matcher(host).matches()) {
      throw new UnknownHostException(
          "a server that was not configured needs a name, but " + Display.clean(host) + " is none");
    }
    return chain.proceed(chain.request());
  }

  private record PublicDns(Dns base) implements Dns {
    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
      List<InetAddress> reachable = new ArrayList<>();
      for (InetAddress address : base.lookup(host)) {
        if (!isPublic(address)) {
          throw new UnknownHostException(
              Display.clean(host) + " has an address that is not of the public internet");
        }
        reachable.add(address);
      }
      return reachable;
    }
  }

  /** Whether the address is one of the public internet, of either version. */
  public static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] octets = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(octets) : isPublic6(octets);
  }

  private static boolean isPublic4(byte[] octets) {
    int first = octets[0] & 0xFF;
    int second = octets[1] & 0xFF;
    boolean shared = first == 100 && (second & 0xC0) == 64; // carrier-grade NAT, RFC 6598
    boolean protocol = first == 192 && second == 0 && octets[2] == 0; // RFC 6890
    boolean benchmark = first == 198 && (second & 0xFE) == 18; // RFC 2544
    return first != 0 && first < 240 && !shared && !protocol && !benchmark;
  }

  /** Global unicast is 2000::/3; what carries an IPv4 address inside could lead anywhere. */
  private static boolean isPublic6(byte[] octets) {
    int first = (octets[0] & 0xFF) << 8 | (octets[1] & 0xFF);
    boolean global = (first & 0xE000) == 0x2000;
    boolean teredo = first == 0x2001 && octets[2] == 0 && octets[3] == 0;
    boolean sixToFour = first == 0x2002;
    return global && !teredo && !sixToFour;
  }
}
