package dev.candor.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535
 */
record Address(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

  static Address parse(String option, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > 65_535) {
      throw Failure.usage(
          option
              + " "
              + Printable.of(text)
              + ": expected HOST:PORT, such as 127.0.0.1:7700 or [::1]:7700");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new Address(host, Integer.parseInt(form.group(3)));
  }
}
