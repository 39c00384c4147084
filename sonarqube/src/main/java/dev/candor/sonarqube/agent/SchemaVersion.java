package dev.candor.sonarqube.agent;

import dev.candor.client.Omission;
import dev.candor.client.SourceException;

/** How the tables of a release differ, told by the schema's own number. */
enum SchemaVersion {
  /** 8.9 to 10.0: a main branch has its project's uuid. */
  MAIN_BRANCH_IS_PROJECT,
  /** 10.1 to 10.7: a flag marks the main branch, which may have a uuid of its own. */
  MAIN_BRANCH_FLAG;

  /**
   * The release line of a schema.
   *
   * @param number the largest in table schema_migrations: 6609 for 9.7, 107005 for a 10.7
   * @throws SourceException if it is none of those known
   */
  static SchemaVersion of(long number) throws SourceException {
    boolean classic = number >= 4300 && number < 7000; // 8.9 to 9.9
    if (classic || (number >= 100_000 && number < 101_000)) {
      return MAIN_BRANCH_IS_PROJECT;
    }
    if (number >= 101_000 && number < 108_000) {
      return MAIN_BRANCH_FLAG;
    }
    throw new SourceException(
        Omission.FAILED,
        "the database's schema "
            + number
            + " is not known: Candor reads those of SonarQube 8.9 to 10.7");
  }
}
