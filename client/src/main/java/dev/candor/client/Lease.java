package dev.candor.client;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Decides which process of one instance sends: a cluster sends one ping. */
public interface Lease extends AutoCloseable {
  /**
   * Whether this process may act now; takes or renews the lease.
   *
   * @throws IOException if that cannot be told
   */
  boolean hold() throws IOException;

  /** When any process of the instance made its last ping, where the lease shares that. */
  Optional<Instant> lastPing() throws IOException;

  /** This process made a ping. */
  void pinged(Instant at) throws IOException;

  /** Lets it go. */
  @Override
  void close() throws IOException;
}
