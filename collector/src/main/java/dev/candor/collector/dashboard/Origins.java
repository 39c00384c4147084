package dev.candor.collector.dashboard;

import dev.candor.collector.PublicUrl;
import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Which requests come from pages of ours. What a browser says of itself decides ({@code
 * Sec-Fetch-Site}, {@code Origin}); what a proxy could be made to say ({@code X-Forwarded-Host} and
 * its like) is never read.
 */
final class Origins {
  private static final int LONGEST = 200;

  private final Optional<URI> publicUrl;

  /**
   * Knows where browsers find the dashboard.
   *
   * @param publicUrl empty where they reach it by the name that the requests bring
   */
  Origins(Optional<URI> publicUrl) {
    this.publicUrl = publicUrl;
  }

  /**
   * Lets a request pass that one of our own pages made, or no browser.
   *
   * @throws HttpException for another site's; says what differs, and what to do if it is none
   */
  void mustBeOurs(HttpFields headers) {
    String site = headers.get("Sec-Fetch-Site");
    if ("same-origin".equals(site)) {
      return; // The browser compared the two itself, and knows where it found us.
    }
    if (site != null && !site.equals("none")) {
      throw new HttpException(
          403, "this came from another site: open the page here and send it again");
    }
    String origin = headers.get(HttpHeader.ORIGIN);
    if (origin != null && !isOurs(origin, headers.get(HttpHeader.HOST))) {
      throw new HttpException(403, differs(origin, String.valueOf(headers.get(HttpHeader.HOST))));
    }
  }

  private boolean isOurs(String origin, @org.jspecify.annotations.Nullable String host) {
    String[] parts = origin.split("://", 2);
    if (parts.length < 2 || !(parts[0].equals("http") || parts[0].equals("https"))) {
      return false;
    }
    String named = PublicUrl.host(parts[0], parts[1]);
    return (host != null && named.equals(PublicUrl.host(parts[0], host)))
        || publicUrl.map(PublicUrl::origin).filter((parts[0] + "://" + named)::equals).isPresent();
  }

  private String differs(String origin, String host) {
    return "this came from another site: the page is from \""
        + printable(origin)
        + "\", but the request names the host \""
        + printable(host)
        + "\""
        + publicUrl.map(url -> " and --public-url is " + PublicUrl.origin(url)).orElse("")
        + ". If that page is this dashboard's, a proxy in front of it hides the name: start with"
        + " \"--public-url\" and the address in the browser's bar, or let the proxy hand on the"
        + " header Host (nginx: proxy_set_header Host $http_host)";
  }

  private static String printable(String text) {
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return cut.replaceAll("[^\\x20-\\x7e…]", "?");
  }
}
