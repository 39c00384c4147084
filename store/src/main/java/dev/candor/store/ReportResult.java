package dev.candor.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report's answer.
 *
 * @param columns names of its columns
 * @param rows its rows: text, numbers, dates, flags or null
 */
public record ReportResult(List<String> columns, List<List<@Nullable Object>> rows) {}
