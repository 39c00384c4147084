package dev.candor.collector.access;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key in the address that clients of a product are given.
 *
 * @param name what it is for
 * @param product whose messages it lets in
 * @param hash SHA-256 of the key, in hexadecimal
 * @param createdBy who made it
 * @param created when
 * @param demanded from when on the product's messages need a key; those before came in without
 * @param ends from when on it is good no more; null for never
 * @param lastUsed last day on which a message came by it
 */
public record IngestKey(
    String name,
    String product,
    String hash,
    String createdBy,
    Instant created,
    Instant demanded,
    @Nullable Instant ends,
    @Nullable LocalDate lastUsed) {
  public IngestKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(product, "product");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(demanded, "demanded");
  }

  /** Whether messages come in by it. */
  public boolean isGood(Instant now) {
    return ends == null || ends.isAfter(now);
  }

  IngestKey ending(Instant when) {
    return new IngestKey(name, product, hash, createdBy, created, demanded, when, lastUsed);
  }

  IngestKey usedOn(@Nullable LocalDate day) {
    return new IngestKey(name, product, hash, createdBy, created, demanded, ends, day);
  }
}
