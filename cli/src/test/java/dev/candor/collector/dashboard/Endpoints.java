package dev.candor.collector.dashboard;

import java.util.List;

/** What a dashboard's own router has, for a test of the command that is packed. */
public final class Endpoints {
  private Endpoints() {}

  /**
   * One of them.
   *
   * @param pattern its path; a part in braces stands for any one part
   * @param role the least role that it needs; empty if it is public
   */
  public record One(String method, String pattern, String role) {}

  /** All of them. */
  public static List<One> of(Dashboard dashboard) {
    return dashboard.endpoints().stream()
        .map(
            endpoint ->
                new One(
                    endpoint.method(),
                    endpoint.pattern(),
                    endpoint.role().map(role -> role.word()).orElse("")))
        .toList();
  }
}
