package dev.candor.collector.access;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key for programs.
 *
 * @param name what it is for
 * @param role what it may do
 * @param hash SHA-256 of the token, in hexadecimal
 * @param createdBy account that made it
 * @param created when
 * @param expires when it ends
 * @param lastUsed last day on which it was used
 */
public record Token(
    String name,
    Role role,
    String hash,
    String createdBy,
    Instant created,
    Instant expires,
    @Nullable LocalDate lastUsed) {
  public Token {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(expires, "expires");
  }
}
