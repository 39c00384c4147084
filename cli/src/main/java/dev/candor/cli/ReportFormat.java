package dev.candor.cli;

/** How a report's rows are written. */
enum ReportFormat {
  TABLE,
  CSV,
  JSON,
  PARQUET;

  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
