package dev.candor.collector;

import java.net.URI;
import java.util.Locale;

/** Addresses of ours as others reach them. */
public final class PublicUrl {
  private PublicUrl() {}

  /**
   * An http or https URL without a user, a query or a fragment.
   *
   * @param option what gave it, for the message
   * @throws IllegalArgumentException if it is something else; says what was expected
   */
  public static URI of(String option, String text) {
    URI url;
    try {
      url = URI.create(text.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw wrong(option);
    }
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    String authority = url.getRawAuthority();
    if (!(http || https)
        || authority == null
        || authority.contains("@")
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw wrong(option);
    }
    return url;
  }

  private static IllegalArgumentException wrong(String option) {
    return new IllegalArgumentException(
        option + ": expected an http or https URL, such as https://candor.example.com");
  }

  /**
   * Scheme, host and port as a browser writes them: in lower case, without the scheme's own port.
   */
  public static String origin(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    return scheme + "://" + host(scheme, url.getRawAuthority());
  }

  /** A host with its port, in lower case, without the port that the scheme has anyway. */
  public static String host(String scheme, String authority) {
    return authority
        .toLowerCase(Locale.ROOT)
        .replaceFirst(scheme.equals("https") ? ":443$" : ":80$", "");
  }
}
