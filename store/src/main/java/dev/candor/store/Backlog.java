package dev.candor.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What the journal holds that no report sees yet.
 *
 * @param segments segment files that wait to be loaded
 * @param bytes their size
 * @param oldest when the one of them that waits longest was last written
 * @param refused segments that the database would not read and that were set aside
 */
public record Backlog(int segments, long bytes, Optional<Instant> oldest, int refused) {
  static final Backlog NONE = new Backlog(0, 0, Optional.empty(), 0);

  Backlog plus(Backlog other) {
    Optional<Instant> first =
        oldest.isPresent() && other.oldest.isPresent()
            ? oldest.filter(mine -> mine.isBefore(other.oldest.get())).or(other::oldest)
            : oldest.or(other::oldest);
    return new Backlog(
        segments + other.segments, bytes + other.bytes, first, refused + other.refused);
  }
}
