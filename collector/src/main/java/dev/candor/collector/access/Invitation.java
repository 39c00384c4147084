package dev.candor.collector.access;

import java.time.Instant;
import java.util.Objects;

/**
 * A one-time secret with which somebody chooses their password.
 *
 * @param name the account
 * @param hash SHA-256 of the secret, in hexadecimal
 * @param expires when it ends
 */
record Invitation(String name, String hash, Instant expires) {
  Invitation {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(expires, "expires");
  }
}
