package dev.candor.collector;

import dev.candor.store.Product;
import dev.candor.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Erases all that is held of an instance, and says what it did. */
public final class Erasure {
  /**
   * What was erased.
   *
   * @param product whose instance it was
   * @param time when it was done
   * @param messages messages in the store and its journal
   * @param quarantined whole bodies in quarantine
   */
  public record Done(String product, Instant time, long messages, long quarantined) {
    /** In a sentence. */
    public String sentence() {
      return "erased at %s: %d messages in the store and its journal, %d in quarantine"
          .formatted(time, messages, quarantined);
    }
  }

  private Erasure() {}

  /**
   * Erases an instance from the store, its journal and the quarantine.
   *
   * @throws IOException if something could not be erased; it can be tried again
   */
  public static Done of(Store store, Product product, Path data, String id, Clock clock)
      throws IOException {
    long quarantined = 0;
    byte[] quoted = ('"' + id + '"').getBytes(StandardCharsets.UTF_8);
    for (Path file : Quarantine.files(data.resolve("quarantine").resolve(product.name()))) {
      if (contains(Files.readAllBytes(file), quoted)) {
        Files.deleteIfExists(file);
        quarantined++;
      }
    }
    long messages = store.erase(product, id);
    return new Done(
        product.name(), clock.instant().truncatedTo(ChronoUnit.SECONDS), messages, quarantined);
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .contains(new String(part, StandardCharsets.ISO_8859_1));
  }
}
