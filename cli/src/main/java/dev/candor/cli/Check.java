package dev.candor.cli;

import dev.candor.dictionary.Dictionary;
import dev.candor.dictionary.Finding;
import dev.candor.dictionary.Limits;
import dev.candor.dictionary.MessageType;
import dev.candor.dictionary.Sieve;
import dev.candor.dictionary.Sifted;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a receiver would keep of a message. */
@Command(
    name = "check",
    description =
        "Says what a receiver would keep of a message, and what it would leave out or refuse.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:kept whole; a value made coarser still counts as kept",
      "1:something was left out",
      "2:refused, or not readable"
    },
    footerHeading = "%nExample:%n",
    footer = {"  candor check ping.json", "  gzip -dc ping.json.gz | candor check -"})
final class Check implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private Products products = new Products();
  @Mixin private ProductOption product = new ProductOption();
  @Mixin private MessageTypes types = new MessageTypes();

  @Parameters(paramLabel = "FILE", description = "A message as JSON, gzip or not; - for stdin.")
  private String file = "-";

  @Override
  public Integer call() {
    byte[] body = read();
    Dictionary dictionary = product.ofMessages(products);
    Envelope envelope;
    MessageType type;
    try {
      envelope = Envelope.open(body);
      type = types.of(dictionary, envelope);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(file + ": " + e.getMessage());
    }
    Sifted sifted = new Sieve(Limits.DEFAULT, Optional.empty()).sift(envelope.body(), type);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    sifted.findings().forEach(finding -> out.println(line(finding, envelope.place(body, finding))));
    int exitCode = summary(out, sifted, type);
    out.flush();
    return exitCode;
  }

  private byte[] read() {
    try (InputStream in =
        Lines.inflating(file.equals("-") ? System.in : Files.newInputStream(Path.of(file)))) {
      return in.readAllBytes();
    } catch (NoSuchFileException e) {
      throw Failure.usage("no such file: " + file);
    } catch (IOException e) {
      throw Failure.usage(file + ": " + e.getMessage());
    }
  }

  private String line(Finding finding, int[] where) {
    String place = finding.line() > 0 ? where[0] + ":" + where[1] : "-";
    String pointer = finding.pointer().isEmpty() ? "the message" : Printable.of(finding.pointer());
    return file
        + ":"
        + place
        + ": "
        + verb(finding)
        + " "
        + pointer
        + ": "
        + finding.expected().replaceFirst("^kept coarser: ", "");
  }

  private static String verb(Finding finding) {
    return switch (finding.reason()) {
      case MALFORMED, BOUND, MISSING -> "refused";
      case UNDECLARED, GRAMMAR -> "left out";
      case COARSENED -> "made coarser";
    };
  }

  private static int summary(PrintWriter out, Sifted sifted, MessageType type) {
    List<Finding> findings = sifted.findings();
    long dropped = findings.stream().filter(f -> f.reason().drops()).count();
    long coarser = findings.stream().filter(f -> !f.reason().drops()).count();
    return switch (sifted) {
      case Sifted.Refused refused -> {
        out.println("The " + type.name() + " would be refused.");
        yield 2;
      }
      case Sifted.Kept kept when dropped > 0 -> {
        out.println(
            "The "
                + type.name()
                + " would be kept without "
                + count(dropped, "part")
                + also(coarser)
                + ".");
        yield 1;
      }
      case Sifted.Kept kept -> {
        out.println("The " + type.name() + " would be kept whole" + also(coarser) + ".");
        yield 0;
      }
    };
  }

  private static String also(long coarser) {
    return coarser == 0 ? "" : ", with " + count(coarser, "value") + " made coarser";
  }

  private static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
