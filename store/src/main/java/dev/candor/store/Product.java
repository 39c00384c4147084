package dev.candor.store;

import dev.candor.dictionary.Dictionary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the store needs of a product.
 *
 * @param dictionary what its messages may hold
 * @param upkeep tables that are kept up to date for the views
 * @param views views over its tables by name, in the order in which to create them
 * @param reports the questions that it can answer
 */
public record Product(
    Dictionary dictionary, Upkeep upkeep, Map<String, String> views, List<Report> reports) {
  public Product {
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
    reports = List.copyOf(reports);
  }
}
