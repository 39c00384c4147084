package dev.candor.collector.access;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may sign in with a password.
 *
 * @param name 1 to 64 characters
 * @param role what they may do
 * @param password Argon2id hash in PHC format; none until they have chosen one
 * @param created when
 */
public record Account(String name, Role role, @Nullable String password, Instant created) {
  public Account {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(created, "created");
  }
}
