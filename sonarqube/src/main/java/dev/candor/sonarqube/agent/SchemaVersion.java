package dev.candor.sonarqube.agent;

import dev.candor.client.Omission;
import dev.candor.client.SourceException;

/** How the tables of a release differ, told by the schema's own number. */
enum SchemaVersion {
  /** 8.9 to 10.0: a main branch has its project's uuid. */
  TO_10_0(false, "component_uuid", "component_uuid", "build_date"),
  /** 10.1: a flag marks the main branch, which may have a uuid of its own. */
  OF_10_1(true, "entity_uuid", "component_uuid", "build_date"),
  /** 10.2 to 10.7: analyses name their branch and their time by other columns. */
  FROM_10_2(true, "entity_uuid", "root_component_uuid", "analysis_date");

  /** Whether the column is_main of project_branches marks the main branch. */
  final boolean mainFlag;

  /** The column of properties that says whose a setting is. */
  final String propertyOwner;

  /** The column of snapshots that names the branch. */
  final String analysedBranch;

  /** The column of snapshots that has the time of the analysis. */
  final String analysedAt;

  SchemaVersion(boolean mainFlag, String propertyOwner, String analysedBranch, String analysedAt) {
    this.mainFlag = mainFlag;
    this.propertyOwner = propertyOwner;
    this.analysedBranch = analysedBranch;
    this.analysedAt = analysedAt;
  }

  /**
   * The release line of a schema.
   *
   * @param number the largest in table schema_migrations: 6609 for 9.7, 107015 for a 10.7
   * @throws SourceException if it is none of those known
   */
  static SchemaVersion of(long number) throws SourceException {
    boolean classic = number >= 4300 && number < 7000; // 8.9 to 9.9
    if (classic || (number >= 100_000 && number < 101_000)) {
      return TO_10_0;
    }
    if (number >= 101_000 && number < 102_000) {
      return OF_10_1;
    }
    if (number >= 102_000 && number < 108_000) {
      return FROM_10_2;
    }
    throw new SourceException(
        Omission.FAILED,
        "the database's schema "
            + number
            + " is not known: Candor reads those of SonarQube 8.9 to 10.7");
  }
}
