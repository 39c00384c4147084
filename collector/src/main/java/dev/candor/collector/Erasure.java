package dev.candor.collector;

import dev.candor.store.Faults;
import dev.candor.store.OptedOut;
import dev.candor.store.Product;
import dev.candor.store.ReceiptClock;
import dev.candor.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Erases all that is held of an instance, and says what it did. */
public final class Erasure {
  /**
   * What was erased.
   *
   * @param product whose instance it was
   * @param time when it was done
   * @param messages messages in the store and its journal
   * @param quarantined whole bodies in quarantine
   * @param whole whether the last bytes have left the files; else they leave the database's file
   *     with the next daily maintenance
   */
  public record Done(String product, Instant time, long messages, long quarantined, boolean whole) {
    /** In a sentence. */
    public String sentence() {
      return String.format(
          Locale.ROOT,
          "erased at %s: %d messages in the store and its journal, %d in quarantine; %s",
          time,
          messages,
          quarantined,
          whole
              ? "their last bytes have left the files"
              : "their last bytes leave the database's file within a day of the receiver's running");
    }
  }

  /** What an erasure is at. */
  public enum Step {
    /** Whole bodies in quarantine. */
    QUARANTINE,
    /** Messages in the store and its journal. */
    STORE,
    /** The database's file is written anew. */
    REWRITE
  }

  private static final Logger LOG = System.getLogger("dev.candor.collector");

  /** A database of fewer bytes is written anew in seconds. */
  private static final long SMALL = 1L << 30;

  private Erasure() {}

  /**
   * Erases an instance from the store, its journal and the quarantine.
   *
   * @param now whether the database's file is written anew at once, however large it is
   * @return empty if nothing is known of such an instance
   * @throws IOException if something could not be erased; it can be tried again
   */
  public static Optional<Done> of(
      Store store, Product product, Path data, String id, boolean now, Clock clock)
      throws IOException {
    return of(store, product, data, id, now, clock, _ -> {});
  }

  /**
   * As {@link #of(Store, Product, Path, String, boolean, Clock)}, and tells what it is at.
   *
   * @param told hears each step when it begins
   */
  public static Optional<Done> of(
      Store store,
      Product product,
      Path data,
      String id,
      boolean now,
      Clock clock,
      Consumer<Step> told)
      throws IOException {
    told.accept(Step.QUARANTINE);
    long quarantined = quarantined(data, product, Map.of(id, Instant.MAX), clock);
    told.accept(Step.STORE);
    long messages = store.erase(product, id);
    if (messages + quarantined == 0) {
      return Optional.empty();
    }
    told.accept(Step.REWRITE);
    return Optional.of(
        new Done(
            product.name(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS),
            messages,
            quarantined,
            isWhole(store, now)));
  }

  private static boolean isWhole(Store store, boolean now) throws IOException {
    if (now || store.size() < SMALL) {
      try {
        store.rewrite();
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "it is erased, but its bytes are still in the file: {0}",
            Faults.describe(e));
      }
    }
    return !store.isToRewrite();
  }

  /** What erases instances from the quarantine that opt out, and notes in the audit log that. */
  public static OptedOut.Listener onOptOut(Path data, Clock clock) {
    return optedOut -> {
      long quarantined = quarantined(data, optedOut.product(), optedOut.until(), clock);
      Maintenance.note(
          data,
          clock,
          "erase",
          String.format(
              Locale.ROOT,
              "%s: %d instances opted out: erased %d messages in the store and its journal, %d in quarantine",
              optedOut.product().name(),
              optedOut.until().size(),
              optedOut.messages(),
              quarantined));
    };
  }

  private static long quarantined(
      Path data, Product product, Map<String, Instant> until, Clock clock) throws IOException {
    long erased = 0;
    // What a clock that ran ahead has dated later came before now all the same.
    Instant ahead = clock.instant().plus(ReceiptClock.SMALL);
    for (Path file : Quarantine.files(data.resolve("quarantine").resolve(product.name()))) {
      Instant received = Quarantine.received(file);
      // Byte for byte: a body may hold anything.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (until.entrySet().stream()
          .anyMatch(
              one ->
                  (!received.isAfter(one.getValue()) || received.isAfter(ahead))
                      && text.contains('"' + one.getKey() + '"'))) {
        Files.deleteIfExists(file);
        erased++;
      }
    }
    return erased;
  }
}
