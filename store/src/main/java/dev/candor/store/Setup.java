package dev.candor.store;

import java.net.URI;
import java.util.List;

/**
 * How an instance of a product is told where to send.
 *
 * @param intro what to do, in a sentence that ends with a colon
 * @param template lines of configuration, with <code>{url}</code> for the address
 */
public record Setup(String intro, List<String> template) {
  private static final String URL = "{url}";

  /** For a product that says nothing of its own. */
  public static final Setup PLAIN = new Setup("Have its messages sent to:", List.of(URL));

  public Setup {
    template = List.copyOf(template);
  }

  /** Of a text whose first line is the intro. */
  public static Setup parse(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return new Setup(lines.getFirst(), lines.subList(1, lines.size()));
  }

  /**
   * The lines of configuration.
   *
   * @param url where the product's messages are received, without a slash at its end
   */
  public List<String> lines(URI url) {
    return template.stream().map(line -> line.replace(URL, url.toString())).toList();
  }
}
