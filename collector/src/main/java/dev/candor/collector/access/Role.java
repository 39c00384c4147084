package dev.candor.collector.access;

import java.util.Locale;

/** What somebody may see and do; each role may do all that those before it may. */
public enum Role {
  /** Aggregates, with small groups folded. */
  VIEWER,
  /** Also single instances, and queries of one's own. */
  ANALYST,
  /** Also accounts, tokens, settings, the audit log and erasure. */
  ADMINISTRATOR;

  /** Whether this role may do what that one may. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** In lower case, as people read and write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of that word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Role of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    throw new IllegalArgumentException("role: expected viewer, analyst or administrator");
  }
}
