package dev.candor.dictionary;

/**
 * Bounds that the sieve holds a message to.
 *
 * @param maxBytes size of a message in bytes, inflated
 * @param maxDepth how deep arrays and objects may nest
 * @param maxFindings how many findings are described; further ones still take effect, unlisted
 */
public record Limits(int maxBytes, int maxDepth, int maxFindings) {
  /** 64 MiB (a SonarQube with 100,000 projects needs about 40), 32 levels, 100 findings. */
  public static final Limits DEFAULT = new Limits(64 << 20, 32, 100);

  public Limits {
    if (maxBytes < 2 || maxDepth < 1 || maxFindings < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: maxBytes "
              + maxBytes
              + ", maxDepth "
              + maxDepth
              + ", maxFindings "
              + maxFindings);
    }
  }
}
