package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.DictionaryPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

  @Command(
      name = "forget",
      description = {
        "Takes a product off a data directory, which remembers each dictionary that it was given.",
        "From its next start on a receiver takes no more messages of it; what was stored stays."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  candor dictionary forget kettle --data /var/lib/candor")
  void forget(
      @Mixin DataOption data,
      @Parameters(paramLabel = "PRODUCT", description = "The product's name.") String name)
      throws IOException {
    DataDirectories.mustExist(data.path());
    Remembered remembered = new Remembered(data.path());
    if (!remembered.forget(name)) {
      throw Failure.of(
          "no dictionary of \""
              + Printable.of(name)
              + "\" is remembered in "
              + data.path()
              + ": there are "
              + remembered.products());
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(
        "forgot " + name + "; a receiver takes no more messages of it from its next start on");
    out.flush();
  }

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
