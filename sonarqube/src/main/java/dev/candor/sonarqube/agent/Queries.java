package dev.candor.sonarqube.agent;

/**
 * The statements, in SQL that H2, PostgreSQL, SQL Server and Oracle share. Every column by name:
 * beside those read here stand tokens, addresses and names.
 */
final class Queries {
  static final String SERVER_ID =
      "SELECT text_value FROM properties WHERE prop_key = 'sonar.core.id'";
  static final String INTERNAL =
      "SELECT kee, text_value FROM internal_properties"
          + " WHERE kee IN ('installation.date', 'installation.version')";
  static final String USERS =
      "SELECT uuid, active, external_identity_provider, last_connection_date,"
          + " last_sonarlint_connection FROM users ORDER BY uuid";
  static final String PROVIDERS =
      "SELECT DISTINCT external_identity_provider FROM users"
          + " WHERE external_identity_provider <> 'sonarqube'"
          + " ORDER BY external_identity_provider";

  private final SchemaVersion schema;
  private final String yes;

  Queries(SchemaVersion schema, String yes) {
    this.schema = schema;
    this.yes = yes;
  }

  String plugins() {
    return "SELECT kee FROM plugins WHERE removed <> " + yes + " ORDER BY kee";
  }

  /** Settings of the security engine that have a value, as a whole. */
  String securityConfig() {
    return "SELECT prop_key FROM properties WHERE prop_key IN ("
        + "'sonar.security.config.javasecurity', 'sonar.security.config.phpsecurity',"
        + " 'sonar.security.config.pythonsecurity',"
        + " 'sonar.security.config.roslyn.sonaranalyzer.security.cs')"
        + " AND (text_value IS NOT NULL OR clob_value IS NOT NULL)"
        + " AND user_uuid IS NULL AND "
        + schema.propertyOwner
        + " IS NULL";
  }

  /**
   * Lines by language of each project's largest branch or pull request. The server looks for the
   * branch by the value alone, whatever measure has it, and takes the smallest uuid of several.
   */
  String projects() {
    return "WITH largest AS (SELECT pb.project_uuid, MAX(lm.value) AS ncloc"
        + " FROM project_branches pb"
        + " JOIN projects p ON p.uuid = pb.project_uuid AND p.qualifier = 'TRK'"
        + " JOIN live_measures lm ON lm.component_uuid = pb.uuid"
        + " JOIN metrics m ON m.uuid = lm.metric_uuid AND m.name = 'ncloc'"
        + " WHERE lm.value IS NOT NULL"
        + " GROUP BY pb.project_uuid),"
        + " chosen AS (SELECT l.project_uuid, l.ncloc, MIN(pb.uuid) AS branch_uuid"
        + " FROM largest l"
        + " JOIN project_branches pb ON pb.project_uuid = l.project_uuid"
        + " JOIN live_measures lm ON lm.component_uuid = pb.uuid AND lm.value = l.ncloc"
        + " GROUP BY l.project_uuid, l.ncloc)"
        + " SELECT c.project_uuid, s."
        + schema.analysedAt
        + ", pm.text_value"
        + " FROM chosen c"
        + " JOIN snapshots s ON s."
        + schema.analysedBranch
        + " = c.branch_uuid AND s.islast = "
        + yes
        + " JOIN project_measures pm ON pm.analysis_uuid = s.uuid AND pm.component_uuid = c.branch_uuid"
        + " JOIN metrics md ON md.uuid = pm.metric_uuid"
        + " AND md.name = 'ncloc_language_distribution'"
        + " ORDER BY c.ncloc DESC, c.project_uuid";
  }

  /** A row for each project, applications too; what concerns the main branch from its last run. */
  String stats() {
    String main = schema.mainFlag ? "mb.uuid" : "p.uuid";
    String branch =
        schema.mainFlag
            ? " LEFT JOIN project_branches mb ON mb.project_uuid = p.uuid AND mb.is_main = " + yes
            : "";
    return "SELECT p.uuid, c.branches, c.pulls, scm.text_value AS scm, ci.text_value AS ci,"
        + " a.alm_id, a.url,"
        + " CASE WHEN uc.branch_uuid IS NULL THEN 0 ELSE 1 END AS unanalyzed_c,"
        + " CASE WHEN ucpp.branch_uuid IS NULL THEN 0 ELSE 1 END AS unanalyzed_cpp"
        + " FROM projects p"
        + branch
        + " LEFT JOIN (SELECT project_uuid,"
        + " SUM(CASE WHEN branch_type = 'BRANCH' THEN 1 ELSE 0 END) AS branches,"
        + " SUM(CASE WHEN branch_type = 'PULL_REQUEST' THEN 1 ELSE 0 END) AS pulls"
        + " FROM project_branches GROUP BY project_uuid) c ON c.project_uuid = p.uuid"
        + " LEFT JOIN snapshots s ON s."
        + schema.analysedBranch
        + " = "
        + main
        + " AND s.islast = "
        + yes
        + detected("scm")
        + detected("ci")
        + " LEFT JOIN project_alm_settings pas ON pas.project_uuid = p.uuid"
        + " LEFT JOIN alm_settings a ON a.uuid = pas.alm_setting_uuid"
        + unanalyzed("uc", "unanalyzed_c", main)
        + unanalyzed("ucpp", "unanalyzed_cpp", main)
        + " ORDER BY p.uuid";
  }

  private static String detected(String what) {
    return " LEFT JOIN analysis_properties "
        + what
        + " ON "
        + what
        + ".analysis_uuid = s.uuid AND "
        + what
        + ".kee = 'sonar.analysis.detected"
        + what
        + "'";
  }

  /** In live_measures the column project_uuid holds the branch's. */
  private static String unanalyzed(String alias, String metric, String main) {
    return " LEFT JOIN (SELECT DISTINCT lm.project_uuid AS branch_uuid FROM live_measures lm"
        + " JOIN metrics m ON m.uuid = lm.metric_uuid AND m.name = '"
        + metric
        + "') "
        + alias
        + " ON "
        + alias
        + ".branch_uuid = "
        + main;
  }
}
