package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryPage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the page "What information is sent?". */
@Command(
    name = "dictionary",
    description = "Prints everything that a product may send, and why: from its dictionary alone.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  candor dictionary --format html > what-is-sent.html")
final class DictionaryCommand implements Runnable {
  /** How the page is written. */
  enum Format {
    MARKDOWN,
    HTML
  }

  @Spec private @Nullable CommandSpec spec;
  @Mixin private Products products = new Products();
  @Mixin private ProductOption product = new ProductOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "markdown",
      description = "markdown (default) or html.")
  private Format format = Format.MARKDOWN;

  @Override
  public void run() {
    Dictionary dictionary = products.named(product.name()).dictionary();
    String page =
        switch (format) {
          case MARKDOWN -> DictionaryPage.markdown(dictionary);
          case HTML -> DictionaryPage.html(dictionary);
        };
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(page);
    out.flush();
  }
}
